from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "madoguchi.clerical.decisions"
    label = "decisions"
    verbose_name = "決裁"
