from importlib import import_module

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "madoguchi.improvement.insight"
    label = "insight"
    verbose_name = "計測"

    def ready(self) -> None:
        """Load the answer to decisions.waits_long."""
        import_module("madoguchi.improvement.insight.actions")
