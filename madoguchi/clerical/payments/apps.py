from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "madoguchi.clerical.payments"
    label = "payments"
    verbose_name = "予算と支払"
