from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "madoguchi.improvement.insight"
    label = "insight"
    verbose_name = "計測"
