from django.apps import AppConfig
from django.conf import settings

from madoguchi.clerical.notices.errors import MailUnavailable
from madoguchi.clerical.notices.ports import Mail, plug_mail
from madoguchi.connectors.dry_mail import DryMail
from madoguchi.connectors.smtp import SmtpMail


class ConnectorsConfig(AppConfig):
    name = "madoguchi.connectors"
    label = "connectors"
    verbose_name = "外部連携"

    def ready(self) -> None:
        plug_mail(chosen_mail(settings.MADOGUCHI_MAIL))


def chosen_mail(name: str) -> Mail:
    """The way of sending mail that the settings name: dry or smtp."""
    if name == "dry":
        return DryMail(settings.MADOGUCHI_MAIL_DIR, settings.DEFAULT_FROM_EMAIL)
    if name == "smtp":
        return SmtpMail(settings.MADOGUCHI_SMTP_URL, settings.DEFAULT_FROM_EMAIL)
    raise MailUnavailable(
        f"MADOGUCHI_MAIL「{name}」というメールの送り方はありません。",
        next_step="dry か smtp を指定してください。",
    )
