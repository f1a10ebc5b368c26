from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "madoguchi.web.components"
    label = "components"
