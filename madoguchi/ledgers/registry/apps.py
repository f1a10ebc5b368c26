from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "madoguchi.ledgers.registry"
    label = "registry"
    verbose_name = "住民台帳"

    def ready(self) -> None:
        """After an update of the tables the worker enters what residents from before it lack."""
        from django.db.models.signals import post_migrate

        from madoguchi.ledgers.registry.older_names import queue_given_names

        post_migrate.connect(queue_given_names, sender=self)
