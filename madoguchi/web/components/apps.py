from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "madoguchi.web.components"
    label = "components"
    verbose_name = "画面の部品"
