"""今日の異常 by mail: every morning when something is wrong, once a week when nothing is."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from madoguchi.clerical.notices.mailing import queue_mail
from madoguchi.ledgers.office.health import troubles_now
from madoguchi.ledgers.office.queries import municipality_here, powers_of, staff_with_power
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight, plain_sight
from madoguchi.ledgers.office.watching import Trouble, sentences

ALL_WELL_ON = 0
"""Monday."""


def send_digest(*, at: datetime) -> int:
    """Queue the mail of the day for everybody who may see troubles; again on the same day it queues nothing.

    Each is told what their own sight shows.
    """
    on = timezone.localdate(at)
    readers = [staff for staff in staff_with_power(Power.SEE_TROUBLES, on) if staff.email]
    found: dict[bool, list[Trouble]] = {}
    sent = 0
    for staff in readers:
        sees_all = Power.SEE_PROTECTED in powers_of(staff, on)
        if sees_all not in found:
            found[sees_all] = _seen(sees_all, at)
        if found[sees_all] or on.weekday() == ALL_WELL_ON:
            _queue(staff.login, staff.email, found[sees_all], at)
            sent += 1
    return sent


def _seen(sees_all: bool, at: datetime) -> list[Trouble]:
    with full_sight() if sees_all else plain_sight():
        return troubles_now(at)


def _queue(login: str, email: str, found: list[Trouble], at: datetime) -> None:
    town = municipality_here()
    on = timezone.localdate(at)
    where = (
        f"{settings.MADOGUCHI_PUBLIC_URL}/desk/troubles/"
        if settings.MADOGUCHI_PUBLIC_URL
        else "窓口の「今日の異常」"
    )
    if found:
        subject = f"【{town.name}】今日の異常 {len(found)}件（{on:%-m月%-d日}）"
        body = "\n".join([*sentences(found), "", f"直し方は、次の画面にあります。\n{where}"])
    else:
        subject = f"【{town.name}】異常はありません（{on:%-m月%-d日}）"
        body = f"先週から、異常は見つかっていません。この知らせは週に一度届きます。\n{where}"
    message_id = f"<troubles-{town.code}-{login}-{on.isoformat()}@{town.host or 'madoguchi.invalid'}>"[:120]
    queue_mail(to=email, subject=subject, body=f"{body}\n", message_id=message_id, at=at)
