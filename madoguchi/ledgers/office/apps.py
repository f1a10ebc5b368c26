from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "madoguchi.ledgers.office"
    label = "office"
    verbose_name = "庁内組織"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created
        from django.db.models.signals import post_migrate
        from django.utils.module_loading import autodiscover_modules

        from madoguchi.ledgers.office import database_role, row_security

        connection_created.connect(database_role.on_connection)
        post_migrate.connect(row_security.secure_every_table, sender=self)
        # Every room names what can rot in it; nobody imports upwards for that.
        autodiscover_modules("troubles")
