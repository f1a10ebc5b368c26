from importlib import import_module

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "madoguchi.services.webhooks"
    label = "webhooks"
    verbose_name = "知らせ"

    def ready(self) -> None:
        """Load the answers to the bells of the rooms below."""
        import_module("madoguchi.services.webhooks.actions")
