"""補正の期限の前の知らせ. One mail before the day by which a correction is asked."""

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction

from madoguchi.clerical.notices.actions import send_mail
from madoguchi.clerical.notices.rules import message_id
from madoguchi.common.era import format_both
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.services.applications.expiring import own_list
from madoguchi.services.applications.models import Correction
from madoguchi.services.applications.moving import mark
from madoguchi.services.applications.states import Stage

REMIND_DAYS = 3
"""Days before the due day of a correction on which the applicant is reminded once."""

BODY = """申請について、直していただきたいところがまだ残っています。

受付番号：{number}
期限：{until}まで
答える画面：{link}

もう直された方、窓口へ届けられた方は、このメールを気になさらないでください。
"""


@full_sight()
def remind_of_corrections(*, on: date, at: datetime) -> int:
    """Mail once to whoever has not answered a correction due within three days; says how many mails."""
    waiting = Correction.objects.filter(
        answered_at__isnull=True,
        reminded_at__isnull=True,
        due_on__gte=on,
        due_on__lte=on + timedelta(days=REMIND_DAYS),
        application__stage=Stage.CORRECTING,
    ).exclude(application__email="")
    return sum(_remind(each, at) for each in waiting.select_related("application").order_by("pk"))


def _remind(correction: Correction, at: datetime) -> bool:
    """The mail goes first, under the same Message-ID at every try; a refused one is tried the next day."""
    case, until = correction.application, format_both(correction.due_on)
    name = uuid.uuid5(uuid.NAMESPACE_OID, f"{case.submission_key} {correction.pk}")
    try:
        send_mail(
            to=case.email,
            subject=f"【{case.municipality.name}】{until}までに直していただきたい申請があります（{case.number}）",
            body=BODY.format(number=case.number, until=until, link=own_list()),
            message_id=message_id(name, ""),
        )
    except Refusal:
        return False
    _note(correction, at)
    return True


@transaction.atomic
def _note(correction: Correction, at: datetime) -> None:
    correction.reminded_at = at
    correction.save(update_fields=["reminded_at"])
    mark(correction.application, "correction_reminded", SYSTEM, at=at, due_on=correction.due_on.isoformat())
