from importlib import import_module
from ipaddress import ip_network

from django.apps import AppConfig
from django.conf import settings

from madoguchi.clerical.notices.errors import MailUnavailable
from madoguchi.clerical.notices.ports import Mail, plug_mail, plug_signing_keys
from madoguchi.connectors.clamd import Clamd
from madoguchi.connectors.courier import HttpCourier
from madoguchi.connectors.dry_antivirus import DryScanner
from madoguchi.connectors.dry_mail import DryMail
from madoguchi.connectors.dry_sms import DrySms
from madoguchi.connectors.providers import providers_from
from madoguchi.connectors.signing_keys import chosen_keys
from madoguchi.connectors.sms_gateway import SmsGateway
from madoguchi.connectors.smtp import SmtpMail
from madoguchi.ledgers.office.errors import ScannerUnknown
from madoguchi.ledgers.office.ports import plug_providers
from madoguchi.ledgers.office.scanning import Scanner, plug_scanner
from madoguchi.ledgers.registry.errors import TextUnavailable
from madoguchi.ledgers.registry.ports import Texts, plug_texts
from madoguchi.services.webhooks.ports import plug_courier


class ConnectorsConfig(AppConfig):
    name = "madoguchi.connectors"
    label = "connectors"
    verbose_name = "外部連携"

    def ready(self) -> None:
        import_module("madoguchi.connectors.looks")
        plug_mail(chosen_mail(settings.MADOGUCHI_MAIL))
        plug_signing_keys(chosen_keys(settings.MADOGUCHI_SIGNING, settings.MADOGUCHI_SIGNING_DIR))
        plug_scanner(chosen_scanner(settings.MADOGUCHI_ANTIVIRUS))
        inside = tuple(ip_network(each) for each in settings.MADOGUCHI_WEBHOOK_NETWORKS)
        plug_courier(HttpCourier(inside))
        plug_texts(chosen_texts(settings.MADOGUCHI_SMS))
        plug_providers("staff", providers_from(settings.MADOGUCHI_STAFF_OIDC, "MADOGUCHI_STAFF_OIDC"))
        plug_providers("citizen", providers_from(settings.MADOGUCHI_CITIZEN_OIDC, "MADOGUCHI_CITIZEN_OIDC"))


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


def chosen_scanner(address: str) -> Scanner:
    """The virus scanner that the settings name: dry, or the address of a clamd."""
    if address == "dry":
        return DryScanner()
    if address.startswith("/") or address.rpartition(":")[2].isdigit():
        return Clamd(address)
    raise ScannerUnknown(
        f"MADOGUCHI_ANTIVIRUS「{address}」というウイルス検査の相手はありません。",
        next_step="dry か、clamd の住所（例: 127.0.0.1:3310、/run/clamav/clamd.ctl）を指定してください。",
    )


def chosen_texts(name: str) -> Texts | None:
    """The way of sending SMS that the settings name: off, dry or gateway."""
    if name == "off":
        return None
    if name == "dry":
        return DrySms(settings.MADOGUCHI_SMS_DIR)
    if name == "gateway" and settings.MADOGUCHI_SMS_URL and settings.MADOGUCHI_SMS_SECRET:
        return SmsGateway(
            settings.MADOGUCHI_SMS_URL, settings.MADOGUCHI_SMS_SECRET, settings.MADOGUCHI_SMS_SENDER
        )
    raise TextUnavailable(
        f"MADOGUCHI_SMS「{name}」のままではSMSを送れません。",
        next_step="off か dry、または gateway と MADOGUCHI_SMS_URL・MADOGUCHI_SMS_SECRET を指定してください。",
    )
