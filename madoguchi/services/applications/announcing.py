"""Telling the applicant by e-mail that a message waits: from whom and where, never what it says."""

import uuid

from django.conf import settings

from madoguchi.clerical.notices.actions import send_mail
from madoguchi.clerical.notices.rules import message_id
from madoguchi.ledgers.registry.queries import visitor
from madoguchi.services.applications.models import Application, Message

BODY = """受付番号 {number} の申請について、{town}の担当から連絡があります。
内容は、次のページで読んでください。
{link}

（やさしい日本語）
市役所から 連絡が あります。上の ページを 開いて ください。

(English)
{town} has sent you a message about your application {number}.
Please open the page above to read it.

このメールには返信できません。
"""


def send_announcement(message_pk: int) -> None:
    """Send the mail about one message. The same message gives the same Message-ID: a second run sends nothing new."""
    rows = Message.objects.select_related("application", "municipality")
    message = rows.filter(pk=message_pk).first()
    to = address_of(message.application) if message else ""
    if message is None or not to:
        return
    number, town = message.application.number, message.municipality.name
    send_mail(
        to=to,
        subject=f"【{town}】申請 {number} に連絡があります",
        body=BODY.format(number=number, town=town, link=link_of(number)),
        message_id=message_id(uuid.uuid5(message.key, str(message.pk)), ""),
    )


def address_of(application: Application) -> str:
    """The proven address first, else the one written in the form."""
    proven = visitor(application.visitor_id) if application.visitor_id else None
    return (proven.email if proven else "") or application.email


def link_of(number: str) -> str:
    base = settings.MADOGUCHI_PUBLIC_URL.rstrip("/")
    return f"{base}/applications/{number}/messages/" if base else "（手続の窓口の「申請の状況」から開けます）"
