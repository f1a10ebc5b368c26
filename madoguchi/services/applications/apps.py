from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "madoguchi.services.applications"
    label = "applications"
    verbose_name = "申請"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from madoguchi.services.applications import search_rule

        post_migrate.connect(search_rule.lay_down_the_rule, sender=self)
