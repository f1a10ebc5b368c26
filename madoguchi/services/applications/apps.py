from importlib import import_module

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "madoguchi.services.applications"
    label = "applications"
    verbose_name = "申請"

    def ready(self) -> None:
        """Load the answer to registry.protection_changed."""
        import_module("madoguchi.services.applications.actions")
