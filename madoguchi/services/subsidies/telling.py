"""支払のお知らせ: the applicant reads by mail that the money is on its way; what was paid where stands on the portal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from madoguchi.clerical.notices.actions import queue_mail
from madoguchi.clerical.notices.rules import message_id
from madoguchi.clerical.payments.views import OrderRow
from madoguchi.common.era import format_era
from madoguchi.services.applications.case_reads import CaseRead

_PAID = uuid.UUID("6d61646f-6775-4368-8000-7061696421aa")
SUBJECT = "申請 {number} の補助金を振り込みます"
BODY = (
    "申請 {number} の補助金の支払の手続きが済みました。{day}までに、登録されている口座へ振り込みます。\n"
    "金額は、次のページでご確認ください。\n{link}\n\nこのメールには返信できません。\n"
)


def tell_paid(orders: Iterable[OrderRow], cases: dict[int, CaseRead], at: datetime) -> None:
    """One mail an order, for whoever left an address; the same order is told of once."""
    for order in orders:
        case = cases.get(int(order.subject.id)) if order.subject.id.isdigit() else None
        if case is not None and case.email:
            queue_mail(
                to=case.email,
                subject=SUBJECT.format(number=case.number),
                body=BODY.format(number=case.number, day=format_era(order.due_on), link=_link(case.number)),
                message_id=message_id(uuid.uuid5(_PAID, order.number), ""),
                at=at,
            )


def _link(number: str) -> str:
    base = settings.MADOGUCHI_PUBLIC_URL.rstrip("/")
    return f"{base}/applications/{number}/" if base else "（手続の窓口の「申請の状況」から開けます）"
