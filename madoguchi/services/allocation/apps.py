from importlib import import_module

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    name = "madoguchi.services.allocation"
    label = "allocation"
    verbose_name = "利用調整"

    def ready(self) -> None:
        """Load the answer to decisions.settled."""
        import_module("madoguchi.services.allocation.actions")
