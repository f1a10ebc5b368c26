"""止めた通知: let go before the release and after it, and what a release counts of letters out of sight."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.clerical.notices import actions, holding, queries
from madoguchi.clerical.notices.models import Delivery, Letter
from madoguchi.clerical.notices.states import LetterState
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import trace_matching
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from tests.factories_applications import received, small_package
from tests.factories_notices import order
from tests.factories_protection import protected_family

ROUND = Subject("test.round", "7")


@pytest.fixture
def registrar(staff_with: Any) -> Any:
    return staff_with(Role.REGISTRY_CLERK, login="registrar")


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


def prepared(section: Any, now: datetime, orders: list[Any]) -> Any:
    release_id = actions.open_release(
        title="通知", section_id=section.pk, subject=ROUND, expected=len(orders), by=None, at=now
    )
    with full_sight():
        actions.prepare_letters(release_id=release_id, orders=orders, at=now)
    return release_id


@pytest.fixture
def held(section: Any, now: datetime) -> Any:
    """A release of two letters; one is stopped."""
    release_id = prepared(section, now, [order(1), order(2)])
    letter = Letter.objects.order_by("serial")[0]
    Letter.objects.filter(pk=letter.pk).update(held_reason=holding.REASON)
    return release_id, letter.pk


def test_let_go_before_the_release_it_goes_out_with_the_others(
    held: Any, clerk: Any, registrar: Any, now: datetime
) -> None:
    release_id, letter_id = held
    holding.let_go(letter_id=letter_id, by=registrar, at=now, reason="住所が別人のもの")
    assert Letter.objects.get(pk=letter_id).state != LetterState.RELEASED
    actions.release_all(release_id=release_id, by=clerk, at=now)
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.RELEASED}
    assert trace_matching(verb="notices.held_let_go").get().note["reason"] == "住所が別人のもの"


def test_let_go_after_the_release_it_goes_out_at_once(
    held: Any, clerk: Any, registrar: Any, now: datetime
) -> None:
    release_id, letter_id = held
    actions.release_all(release_id=release_id, by=clerk, at=now)
    assert Letter.objects.get(pk=letter_id).released_at is None
    assert not Delivery.objects.filter(letter_id=letter_id).exists()
    holding.let_go(letter_id=letter_id, by=registrar, at=now, reason="確かめた")
    letter = Letter.objects.get(pk=letter_id)
    assert (letter.state, letter.released_at, letter.held_over) == (
        LetterState.RELEASED, now, f"{registrar.name}：確かめた",
    )  # fmt: skip
    assert Delivery.objects.filter(letter_id=letter_id).exists()
    with pytest.raises(NotFound):
        holding.let_go(letter_id=letter_id, by=registrar, at=now, reason="もう一度")


def test_only_the_registry_lets_go_and_looking_leaves_the_purpose(
    held: Any, clerk: Any, registrar: Any, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        holding.let_go(letter_id=held[1], by=clerk, at=now, reason="急ぐ")
    assert len(holding.held_letters(by=registrar, at=now, purpose="照会")) == 1
    assert trace_matching(verb="notices.held_looked_at").get().purpose == "照会"


def test_a_release_counts_only_letters_in_sight(section: Any, registrar: Any, now: datetime) -> None:
    family = protected_family(registrar, now)
    loaded = small_package(now)
    hidden = received(loaded, now, resident_id=family.mother.pk)
    open_one = received(loaded, now, 5)
    orders = [
        order(number, subject=Subject("applications.application", str(receipt.application_id)))
        for number, receipt in enumerate((hidden, open_one), 1)
    ]
    release_id = prepared(section, now, orders)
    seen = queries.release(release_id)
    assert (seen.expected, seen.prepared) == (1, 1)
    with full_sight():
        whole = queries.release(release_id)
    assert (whole.expected, whole.prepared) == (2, 2)
