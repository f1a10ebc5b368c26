"""The copy of a receipt by e-mail: number, procedure and address of the status page; no personal data."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from madoguchi.clerical.notices.orders import MailOrder
from madoguchi.clerical.notices.queries import address_of_mail
from madoguchi.clerical.notices.rules import message_id
from madoguchi.services.applications.views import Receipt
from madoguchi.web.components import words
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of


def receipt_address(visitor: Any, reading: Any) -> str:
    """The proven address first, else the one written in the form."""
    return str(visitor.email or reading.values.get("applicant_email") or "")


def confirmation(request: HttpRequest, email: str, package: Any) -> Callable[[Receipt], MailOrder | None]:
    """What is mailed with the application; a second press of 申請する gives the same Message-ID."""

    def written(receipt: Receipt) -> MailOrder | None:
        if not email:
            return None
        reader = reader_of(request)
        link = status_link(request, receipt.number)
        name = words.without_readings(words.marked(package.names, reader.voice))
        return MailOrder(
            to=email,
            subject=speak_plain("mail.receipt-subject", reader, number=receipt.number),
            body=speak_plain("mail.receipt", reader, number=receipt.number, procedure=name, link=link),
            message_id=receipt_message_id(receipt.number),
        )

    return written


def status_link(request: HttpRequest, number: str) -> str:
    base = settings.MADOGUCHI_PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    return base + reverse("resident:status", kwargs={"number": number})


def receipt_message_id(number: str) -> str:
    """The same for one case at every try, whatever address the portal was opened under."""
    return message_id(uuid.uuid5(uuid.NAMESPACE_URL, f"receipt/{number}"), "")


def copy_goes_to(number: str) -> str:
    """The address a copy of the receipt went or goes to; empty when none does."""
    return address_of_mail(receipt_message_id(number))
