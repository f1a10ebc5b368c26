"""Powers are roles plus added less removed exceptions, each with its last day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from madoguchi.ledgers.office import granting
from madoguchi.ledgers.office.errors import GrantRefused, NotAllowed
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.queries import grant_lines, powers_of, staff_with_power
from madoguchi.ledgers.office.roles import ExceptionKind, Power, Role

ADD, REMOVE = ExceptionKind.ADD, ExceptionKind.REMOVE


@pytest.fixture
def chief(staff_with: Any) -> Any:
    return staff_with(Role.IT_ADMIN, login="chief")


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


def make(chief: Any, now: datetime, kind: ExceptionKind, power: Power, **more: Any) -> None:
    given = {"login": "clerk", "reason": "担当の代理", "by": chief, "at": now}
    granting.make_exception(power=power, kind=kind, **(given | more))


def test_an_added_and_a_removed_power(chief: Any, clerk: Any, now: datetime) -> None:
    make(chief, now, ADD, Power.SEE_PROTECTED)
    make(chief, now, REMOVE, Power.EXPORT)
    held = powers_of(clerk, now.date())
    assert Power.SEE_PROTECTED in held
    assert Power.EXPORT not in held
    assert [each.login for each in staff_with_power(Power.SEE_PROTECTED, now.date())] == ["clerk"]
    assert clerk not in staff_with_power(Power.EXPORT, now.date())


def test_removing_wins_over_adding(chief: Any, clerk: Any, now: datetime) -> None:
    make(chief, now, ADD, Power.APPROVE)
    make(chief, now, REMOVE, Power.APPROVE)
    assert Power.APPROVE not in powers_of(clerk, now.date())


def test_nothing_outlives_the_fiscal_year(chief: Any, clerk: Any, now: datetime) -> None:
    make(chief, now, ADD, Power.SEE_PROTECTED, until=date(2030, 1, 1))
    assert Power.SEE_PROTECTED in powers_of(clerk, date(2027, 3, 31))
    assert Power.SEE_PROTECTED not in powers_of(clerk, date(2027, 4, 1))


def test_an_earlier_day_ends_it(chief: Any, clerk: Any, now: datetime) -> None:
    make(chief, now, ADD, Power.SEE_PROTECTED, until=now.date())
    assert Power.SEE_PROTECTED not in powers_of(clerk, now.date() + timedelta(days=1))


def test_taken_back_at_once_and_kept_for_the_history(chief: Any, clerk: Any, now: datetime) -> None:
    make(chief, now, ADD, Power.SEE_PROTECTED)
    line = next(each for each in grant_lines(now.date()) if each.kind == "追加")
    granting.take_back(key=line.key, reason="担当が戻った", by=chief, at=now)
    assert Power.SEE_PROTECTED not in powers_of(clerk, now.date())
    line = next(each for each in grant_lines(now.date()) if each.kind == "追加")
    assert (line.in_force, line.ended_on) == (False, now.date())
    verbs = list(Trace.objects.filter(actor_name=chief.name).values_list("verb", flat=True))
    assert {"office.exception_made", "office.grant_taken_back"} <= set(verbs)


def test_nobody_grants_to_oneself_and_nobody_without_the_power(chief: Any, clerk: Any, now: datetime) -> None:
    with pytest.raises(GrantRefused, match="自分の権限"):
        make(chief, now, ADD, Power.SEE_PROTECTED, login="chief")
    with pytest.raises(NotAllowed):
        make(clerk, now, ADD, Power.SEE_PROTECTED, login="chief")
    with pytest.raises(GrantRefused, match="理由"):
        make(chief, now, ADD, Power.SEE_PROTECTED, reason=" ")
