from importlib import import_module

from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "madoguchi.services.subsidies"
    label = "subsidies"
    verbose_name = "補助金"

    def ready(self) -> None:
        """Load the answer to decisions.settled."""
        import_module("madoguchi.services.subsidies.actions")
