"""支出命令: due within the days of the rule, by three people, in exactly one file."""

import csv
import io
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from madoguchi.clerical.payments import actions, queries
from madoguchi.clerical.payments.errors import (
    DayUnfit,
    DueTooLate,
    NothingToPay,
    ReasonMissing,
    SamePerson,
    WrongState,
)
from madoguchi.clerical.payments.models import PaymentOrder
from madoguchi.clerical.payments.rules import due_day
from madoguchi.clerical.payments.states import OrderState
from madoguchi.common.calendar import OfficeCalendar
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from tests.factories_payments import bind, budget, claim


@pytest.fixture
def approved(clerk: Any, drafter: Any, head: Any, now: datetime) -> list[int]:
    """Three orders that may be paid."""
    bind(budget(clerk, now), drafter, head, now, "1", "2", "3")
    for key in ("1", "2", "3"):
        claim(key, now)
    ids = [row.id for row in queries.orders(None)]
    actions.submit_orders(order_ids=ids, by=drafter, at=now)
    actions.approve_orders(order_ids=ids, approver=head, at=now)
    return ids


@pytest.mark.parametrize(
    ("claimed", "due"),
    [
        (date(2026, 11, 20), date(2026, 12, 18)),  # 12月20日は日曜
        (date(2026, 12, 1), date(2026, 12, 28)),  # 12月31日から閉庁
        (date(2026, 11, 4), date(2026, 12, 4)),
    ],
)
def test_due_day__is_the_last_open_day_within_thirty(claimed: date, due: date) -> None:
    assert due_day(claimed, 30, OfficeCalendar()) == due


def test_claim__has_the_amount_of_its_commitment_and_comes_once(
    clerk: Any, drafter: Any, head: Any, now: datetime
) -> None:
    bind(budget(clerk, now), drafter, head, now, "1")
    number = claim("1", now)
    assert claim("1", now, due_on=date(2026, 12, 1)) == number
    (row,) = queries.orders(None)
    assert (row.amount, row.due_on, row.state) == (3000, date(2026, 12, 18), OrderState.CLAIMED)
    with pytest.raises(NotFound):
        claim("2", now)
    with pytest.raises(IntegrityError, match="order_amount_is_the_commitment"), transaction.atomic():
        PaymentOrder.objects.update(amount=2999)


def test_claim__is_due_within_thirty_days(clerk: Any, drafter: Any, head: Any, now: datetime) -> None:
    bind(budget(clerk, now), drafter, head, now, "1")
    with pytest.raises(DueTooLate):
        claim("1", now, due_on=now.date() + timedelta(days=31))
    claim("1", now, due_on=now.date() + timedelta(days=30))
    with pytest.raises(IntegrityError, match="order_due_within_days"), transaction.atomic():
        PaymentOrder.objects.update(due_on=now.date() + timedelta(days=31))


def test_claimed__commitment_cannot_be_cancelled(clerk: Any, drafter: Any, head: Any, now: datetime) -> None:
    bind(budget(clerk, now), drafter, head, now, "1")
    claim("1", now)
    with pytest.raises(WrongState):
        actions.cancel_commitment(subject=Subject("test.matter", "1"), reason="辞退", by=head, at=now)


def test_approve__is_not_for_the_drafter(clerk: Any, drafter: Any, head: Any, now: datetime) -> None:
    bind(budget(clerk, now), drafter, head, now, "1")
    claim("1", now)
    ids = [row.id for row in queries.orders(None)]
    with pytest.raises(WrongState):
        actions.approve_orders(order_ids=ids, approver=head, at=now)
    actions.submit_orders(order_ids=ids, by=head, at=now)
    with pytest.raises(SamePerson):
        actions.approve_orders(order_ids=ids, approver=head, at=now)
    actions.return_orders(order_ids=ids, by=head_actor(head), at=now)
    assert queries.orders(None)[0].state == OrderState.CLAIMED


def head_actor(head: Any) -> Any:
    from madoguchi.ledgers.office.actions import actor_of

    return actor_of(head)


def test_export__writes_each_order_once_and_keeps_the_bytes(
    approved: list[int], payer: Any, now: datetime
) -> None:
    press = uuid.uuid4()
    (made,) = actions.export_orders(press=press, by=payer, at=now)
    assert actions.export_orders(press=press, by=payer, at=now) == [made]
    with pytest.raises(NothingToPay):
        actions.export_orders(press=uuid.uuid4(), by=payer, at=now)
    fetched = actions.fetch_payment_file(file_id=made, by=payer, at=now)
    with pytest.raises(ReasonMissing):
        actions.fetch_payment_file(file_id=made, by=payer, at=now)
    again = actions.fetch_payment_file(file_id=made, reason="取込みエラー", by=payer, at=now)
    assert again == fetched
    rows = list(csv.DictReader(io.StringIO(fetched.body.decode("utf-8-sig"))))
    assert [row["命令額"] for row in rows] == ["3000"] * 3
    assert {row["節"] for row in rows} == {"18 負担金、補助及び交付金"}
    assert rows[0]["口座番号"].endswith("0123456")
    assert queries.payment_files()[0].total == 9000
    assert {row.payer for row in queries.orders(None)} == {payer.name}


def test_export__is_for_somebody_who_neither_drafted_nor_approved(
    approved: list[int], head: Any, staff_with: Any, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        actions.export_orders(press=uuid.uuid4(), by=head, at=now)
    from madoguchi.ledgers.office import actions as office
    from madoguchi.ledgers.office.trace import SYSTEM

    office.grant_role(staff=head, role=Role.ACCOUNTANT, on=now.date(), by=SYSTEM, at=now)
    with pytest.raises(SamePerson, match="決裁者"):
        actions.export_orders(press=uuid.uuid4(), by=head, at=now)
    with pytest.raises(IntegrityError, match=r"order_by_three_people|order_exported"), transaction.atomic():
        PaymentOrder.objects.filter(pk=approved[0]).update(payer=head)


@pytest.fixture
def handed_over(approved: list[int], payer: Any, now: datetime) -> PaymentOrder:
    actions.export_orders(press=uuid.uuid4(), by=payer, at=now)
    return PaymentOrder.objects.get(pk=approved[0])


def test_failed_transfer__keeps_the_order_and_frees_the_claim(
    handed_over: PaymentOrder, payer: Any, now: datetime
) -> None:
    told = {"order_id": handed_over.pk, "by": payer, "at": now}
    with pytest.raises(WrongState):
        actions.take_return(returned_on=now.date(), **told)
    with pytest.raises(ReasonMissing):
        actions.fail_transfer(failed_on=now.date(), reason=" ", **told)
    for day in (now.date() - timedelta(days=1), now.date() + timedelta(days=1)):
        with pytest.raises(DayUnfit, match="振込不能の日"):
            actions.fail_transfer(failed_on=day, reason="該当口座なし", **told)
    actions.fail_transfer(failed_on=now.date(), reason="該当口座なし", **told)
    with pytest.raises(WrongState):
        actions.fail_transfer(failed_on=now.date(), reason="該当口座なし", **told)
    assert claim("1", now) != handed_over.number
    actions.take_return(returned_on=now.date(), **told)
    with pytest.raises(WrongState, match="戻入済み"):
        actions.take_return(returned_on=now.date(), **told)
    with pytest.raises(IntegrityError, match="order_failed_with_day_and_reason"), transaction.atomic():
        PaymentOrder.objects.filter(pk=handed_over.pk).update(failed_reason="")


def test_failed_transfer__is_recorded_by_those_who_pay(
    handed_over: PaymentOrder, drafter: Any, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        actions.fail_transfer(
            order_id=handed_over.pk, failed_on=now.date(), reason="該当口座なし", by=drafter, at=now
        )


def test_a_second_living_order_on_one_commitment_is_refused_whoever_writes(approved: list[int]) -> None:
    row = PaymentOrder.objects.get(pk=approved[0])
    row.pk, row.serial = None, 99
    with pytest.raises(IntegrityError, match="one_live_order_a_commitment"), transaction.atomic():
        row.save(force_insert=True)
