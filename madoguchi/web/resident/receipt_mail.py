"""The copy of a receipt by e-mail: number, procedure and address of the status page; no personal data."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from madoguchi.clerical.notices.actions import send_mail
from madoguchi.clerical.notices.rules import message_id
from madoguchi.common.errors import Refusal
from madoguchi.web.components import words
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of


def receipt_address(visitor: Any, reading: Any) -> str:
    """The proven address first, else the one written in the form."""
    return str(visitor.email or reading.values.get("applicant_email") or "")


def mail_receipt(request: HttpRequest, email: str, number: str, package: Any) -> None:
    """The receipt page says that a copy was mailed only when it was; a mail that fails takes nothing back."""
    if not email:
        return
    try:
        send_receipt(request, email, number, package)
    except Refusal:
        return
    request.session["mailed"] = [*request.session.get("mailed", []), number][-20:]


def send_receipt(request: HttpRequest, email: str, number: str, package: Any) -> None:
    """Sent once: a second press of 申請する gives the same Message-ID."""
    reader = reader_of(request)
    base = settings.MADOGUCHI_PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    link = base + reverse("resident:status", kwargs={"number": number})
    name = words.without_readings(words.marked(package.names, reader.voice))
    send_mail(
        to=email,
        subject=speak_plain("mail.receipt-subject", reader, number=number),
        body=speak_plain("mail.receipt", reader, number=number, procedure=name, link=link),
        message_id=message_id(uuid.uuid5(uuid.NAMESPACE_URL, link), ""),
    )
