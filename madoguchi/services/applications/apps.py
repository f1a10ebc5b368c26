from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "madoguchi.services.applications"
    label = "applications"
    verbose_name = "申請"
