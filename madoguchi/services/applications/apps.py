from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApplicationsConfig(AppConfig):
    name = "madoguchi.services.applications"
    label = "applications"
    verbose_name = "申請"

    def ready(self) -> None:
        from madoguchi.services.applications.older_pauses import keep_older_pauses

        post_migrate.connect(keep_older_pauses, sender=self)
