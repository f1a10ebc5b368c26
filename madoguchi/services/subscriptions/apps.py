from importlib import import_module

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "madoguchi.services.subscriptions"
    label = "subscriptions"
    verbose_name = "例外の購読"

    def ready(self) -> None:
        """Load the answers to the bells of the rooms below."""
        import_module("madoguchi.services.subscriptions.actions")
