from importlib import import_module

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "madoguchi.clerical.records"
    label = "records"
    verbose_name = "簿冊と保存"

    def ready(self) -> None:
        """Load the answers to the bells of the rooms below."""
        import_module("madoguchi.clerical.records.actions")
