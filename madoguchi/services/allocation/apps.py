from django.apps import AppConfig


class AllocationConfig(AppConfig):
    name = "madoguchi.services.allocation"
    label = "allocation"
    verbose_name = "利用調整"
