from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "madoguchi.web.desk"
    label = "desk"
