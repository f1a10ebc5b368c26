from django.apps import AppConfig


class ControlsConfig(AppConfig):
    name = "madoguchi.clerical.controls"
    label = "controls"
    verbose_name = "内部統制"
