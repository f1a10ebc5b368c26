from django.apps import AppConfig


class ResidentConfig(AppConfig):
    name = "madoguchi.web.resident"
    label = "resident"
