"""歳出予算 and 支出負担行為: nothing is overwritten, nothing is overspent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from madoguchi.clerical.payments import actions, queries
from madoguchi.clerical.payments.errors import (
    AlreadyCommitted,
    BudgetExceeded,
    BudgetUnfit,
    ReasonMissing,
    SamePerson,
    WrongSetsu,
)
from madoguchi.clerical.payments.models import Appropriation, Commitment
from madoguchi.clerical.payments.states import ChangeKind
from madoguchi.ledgers.office.database_role import take_the_running_role
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import Subject
from tests.factories_payments import SUBJECT, bind, budget

ON = date(2026, 11, 20)


def change(appropriation_id: int, amount: int, by: Any, at: datetime, **changed: Any) -> None:
    told = {"kind": ChangeKind.SUPPLEMENTARY, "reason": "申請の増加", "decided_on": ON} | changed
    actions.change_appropriation(appropriation_id=appropriation_id, amount=amount, by=by, at=at, **told)


def test_changes__stand_beside_the_initial_budget(clerk: Any, now: datetime) -> None:
    found = budget(clerk, now, 10_000)
    change(found, 5_000, clerk, now)
    change(found, -2_000, clerk, now, kind=ChangeKind.TRANSFER)
    row = queries.appropriation(found, None)
    assert (row.initial, row.budget, row.changed, row.left) == (10_000, 13_000, 3_000, 13_000)
    assert [(each.amount, each.reason) for each in queries.changes_of(found)] == [
        (5_000, "申請の増加"),
        (-2_000, "申請の増加"),
    ]


def test_budget__is_entered_once_and_changed_with_a_reason(clerk: Any, drafter: Any, now: datetime) -> None:
    found = budget(clerk, now)
    assert budget(clerk, now) == found
    with pytest.raises(BudgetUnfit, match="補正か流用"):
        budget(clerk, now, 20_000)
    with pytest.raises(ReasonMissing):
        change(found, 1, clerk, now, reason=" ")
    with pytest.raises(BudgetUnfit, match="先の日付"):
        change(found, 1, clerk, now, decided_on=date(2027, 1, 1))
    with pytest.raises(NotAllowed):
        change(found, 1, drafter, now)
    with pytest.raises(BudgetUnfit, match="科目として読めません"):
        budget(clerk, now, subject=type(SUBJECT)(**(vars(SUBJECT) | {"setsu": "補助金"})))


def test_commit__binds_all_or_none_and_numbers_them(
    clerk: Any, drafter: Any, head: Any, now: datetime
) -> None:
    found = budget(clerk, now, 10_000)
    bind(found, drafter, head, now, "1", "2")
    with pytest.raises(BudgetExceeded) as refused:
        bind(found, drafter, head, now, "3", "4")
    assert (refused.value.left, refused.value.wanted) == (4_000, 6_000)
    assert "残額は4,000円" in str(refused.value)
    assert "あと2,000円の補正か流用" in str(refused.value)
    assert [row.left_then for row in reversed(queries.commitments_of(found))] == [7_000, 4_000]
    assert [row.number for row in reversed(queries.commitments_of(found))] == [
        "2026-サ子青-負1",
        "2026-サ子青-負2",
    ]
    assert queries.appropriation(found, None).left == 4_000


def test_commit__refuses_a_second_one_the_same_person_and_another_setsu(
    clerk: Any, drafter: Any, head: Any, now: datetime
) -> None:
    found = budget(clerk, now)
    bind(found, drafter, head, now, "1")
    with pytest.raises(AlreadyCommitted, match="負1"):
        bind(found, drafter, head, now, "1")
    with pytest.raises(SamePerson):
        bind(found, head, head, now, "2")
    goods = budget(clerk, now, subject=type(SUBJECT)(**(vars(SUBJECT) | {"setsu": "10 需用費"})))
    with pytest.raises(WrongSetsu, match="「10 需用費」"):
        bind(goods, drafter, head, now, "2")
    late = budget(clerk, now, fiscal_year=2025)
    with pytest.raises(BudgetUnfit, match="2025年度"):
        bind(late, drafter, head, now, "2")


def test_cancel__frees_the_money_with_a_reason(clerk: Any, drafter: Any, head: Any, now: datetime) -> None:
    found = budget(clerk, now)
    bind(found, drafter, head, now, "1")
    actions.cancel_commitment(subject=Subject("test.matter", "1"), reason="辞退", by=head, at=now)
    assert queries.appropriation(found, None).committed == 0
    bind(found, drafter, head, now, "1")
    assert queries.appropriation(found, None).committed == 3_000


def test_budget__cannot_fall_below_what_is_bound(clerk: Any, drafter: Any, head: Any, now: datetime) -> None:
    found = budget(clerk, now, 3_000)
    bind(found, drafter, head, now, "1")
    with pytest.raises(BudgetExceeded):
        change(found, -1, clerk, now)


def test_database__refuses_overspending_whoever_writes(
    clerk: Any, drafter: Any, head: Any, now: datetime
) -> None:
    found = budget(clerk, now, 3_000)
    bind(found, drafter, head, now, "1")
    first = Commitment.objects.get()
    first.pk, first.serial, first.subject_id = None, 99, "2"
    with pytest.raises(IntegrityError, match="appropriation_not_overspent"), transaction.atomic():
        first.save(force_insert=True)
    with pytest.raises(IntegrityError, match="appropriation_not_overspent"), transaction.atomic():
        Appropriation.objects.update(budget=2_999)


def test_two_approvals_at_one_moment_never_overspend(
    committed_town: Any, staff_with: Any, now: datetime
) -> None:
    """Two real transactions on connections of their own, let go at once, ten times over."""
    clerk, drafter = staff_with(Role.BUDGET_CLERK), staff_with(Role.REVIEWER)
    head = staff_with(Role.SECTION_HEAD)
    budgets = [budget(clerk, now, 5_000, subject=_project(place)) for place in range(10)]
    for place, found in enumerate(budgets):
        gate = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            acts = [
                pool.submit(_approve, gate, committed_town.pk, found, drafter, head, now, f"{place}-{side}")
                for side in (1, 2)
            ]
            assert sorted(act.result() for act in acts) == ["committed", "refused"]
        assert queries.appropriation(found, None).committed == 3_000


def _project(place: int) -> Any:
    return type(SUBJECT)(**(vars(SUBJECT) | {"project": f"0{place:02d} 事業{place}"}))


def _approve(gate: Barrier, town: int, found: int, drafter: Any, head: Any, now: datetime, key: str) -> str:
    try:
        take_the_running_role(connection)
        with municipality_session(town):
            gate.wait(timeout=20)
            bind(found, drafter, head, now, key)
    except BudgetExceeded:
        return "refused"
    else:
        return "committed"
    finally:
        connection.close()
