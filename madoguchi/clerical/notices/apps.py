from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "madoguchi.clerical.notices"
    label = "notices"
    verbose_name = "通知"
