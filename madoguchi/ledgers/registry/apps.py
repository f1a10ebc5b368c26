from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "madoguchi.ledgers.registry"
    label = "registry"
    verbose_name = "住民台帳"
