from django.apps import AppConfig


class ResidentConfig(AppConfig):
    name = "madoguchi.web.resident"
    label = "resident"
    verbose_name = "住民の画面"

    def ready(self) -> None:
        from madoguchi.web.resident import texts  # noqa: F401 - puts its sentences into the book
