from importlib import import_module

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "madoguchi.services.applications"
    label = "applications"
    verbose_name = "申請"

    def ready(self) -> None:
        """Load the answers to the bells of the rooms below."""
        import_module("madoguchi.services.applications.actions")
        import_module("madoguchi.services.applications.proofs")
