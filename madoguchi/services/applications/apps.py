from importlib import import_module

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "madoguchi.services.applications"
    label = "applications"
    verbose_name = "申請"

    def ready(self) -> None:
        """Load the answers to the bells of the registry, and lay down the rule of the search after each migration."""
        from django.db.models.signals import post_migrate

        from madoguchi.services.applications import search_rule

        import_module("madoguchi.services.applications.actions")
        import_module("madoguchi.services.applications.proofs")
        post_migrate.connect(search_rule.lay_down_the_rule, sender=self)
