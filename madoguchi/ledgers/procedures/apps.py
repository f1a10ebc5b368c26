from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "madoguchi.ledgers.procedures"
    label = "procedures"
    verbose_name = "手続"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from madoguchi.ledgers.procedures import permanence

        post_migrate.connect(permanence.keep_versions, sender=self)
