"""A mail to everybody who asked to be told of an exception."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from madoguchi.clerical.controls.bells import Found, found
from madoguchi.clerical.controls.overseeing import subscribers
from madoguchi.clerical.notices.actions import queue_mail
from madoguchi.ledgers.office.queries import municipality_here, powers_of, sections_of, units_of_subjects
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.controls import ControlResult

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

MESSAGE_ID_LENGTH = 120


@found.answer
def tell_subscribers(event: Found) -> None:
    """Queue one mail for each subscriber who may see the exception; one a control and hour, however many there are.

    What could not be run yet is no exception to be told of: it waits for its facts and stops the case by itself.
    """
    if event.result != ControlResult.VIOLATED:
        return
    readers = subscribers(event.procedure, event.control)
    hidden = bool(readers) and bool(units_of_subjects([event.subject]))
    for staff in readers:
        if staff.email and _may_see(staff, event, hidden):
            _queue(staff, event)


def _may_see(staff: Staff, event: Found, hidden: bool) -> bool:
    """Who lost the power, looks after another section, or may not see a protected person is told nothing."""
    on = timezone.localdate(event.at)
    held = powers_of(staff, on)
    if Power.SEE_CONTROLS not in held or (hidden and Power.SEE_PROTECTED not in held):
        return False
    return Power.SEE_ALL_SECTIONS in held or event.section_id in sections_of(staff, on)


def _queue(staff: Staff, event: Found) -> None:
    town = municipality_here()
    hour = timezone.localtime(event.at)
    page = f"/desk/controls/findings/?procedure={event.procedure}&key={event.control}&state=open"
    where = f"{settings.MADOGUCHI_PUBLIC_URL}{page}" if settings.MADOGUCHI_PUBLIC_URL else "窓口の「例外」"
    body = (
        f"統制「{event.label}」に反する件が見つかりました。\n"
        f"手続　{event.procedure}\n件　{event.case or '番号なし'}\n日時　{hour:%Y年%-m月%-d日 %-H時%-M分}\n\n"
        f"この統制で1時間のうちに続いて見つかった件は、別のメールになりません。一覧で確かめてください。\n{where}\n"
    )
    place = town.host or "madoguchi.invalid"
    which = sha256(f"{event.procedure} {event.control}".encode()).hexdigest()[:16]
    message_id = f"<controls-{town.code}-{staff.pk}-{which}-{hour:%Y%m%d%H}@{place}>"
    queue_mail(
        to=staff.email,
        subject=f"【{town.name}】内部統制の例外：{event.label}"[:200],
        body=body,
        message_id=message_id[:MESSAGE_ID_LENGTH],
        at=event.at,
    )
