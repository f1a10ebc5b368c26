from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "madoguchi.web.api"
    label = "api"
    verbose_name = "API"
