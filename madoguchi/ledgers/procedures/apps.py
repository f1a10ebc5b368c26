from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "madoguchi.ledgers.procedures"
    label = "procedures"
    verbose_name = "手続"
