from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from madoguchi.clerical.notices import access, actions, queries
from madoguchi.clerical.notices.errors import (
    AlreadyReleased,
    CharactersUnprintable,
    FactsMismatched,
    PairingBroken,
    ReleaseIncomplete,
)
from madoguchi.clerical.notices.models import Delivery, Letter
from madoguchi.clerical.notices.rules import Pairing, Town, complete_facts, fill_text
from madoguchi.clerical.notices.states import DeliveryState, LetterState, ReleaseState, Route
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.jobs import job_progress
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import Actor, Subject
from tests.factories_notices import order

ROUND = Subject("test.round", "1")
PARENT = Actor("resident", "1", "見本　ひかり")
CASE = Subject("applications.application", "1")


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


def opened(section: Any, now: datetime, expected: int = 3) -> Any:
    return actions.open_release(
        title="学童クラブ入所決定通知",
        section_id=section.pk,
        subject=ROUND,
        expected=expected,
        by=None,
        at=now,
    )


@pytest.fixture
def ready(section: Any, now: datetime) -> Any:
    """A release whose three letters are prepared; the third addressee has no mail."""
    release_id = opened(section, now)
    orders = [order(1), order(2, "waitlisted"), order(3, "refused", email="")]
    assert actions.prepare_letters(release_id=release_id, orders=orders, at=now) == 3
    return release_id


def test_open_release__is_one_a_subject(section: Any, now: datetime) -> None:
    first = opened(section, now)
    assert opened(section, now, expected=5) == first
    assert queries.release(first).expected == 5
    assert queries.release_of(ROUND) == queries.releases()[0]
    assert queries.release_of(Subject("test.round", "2")) is None


def test_prepare_letters__numbers_them_and_keeps_the_pdf(ready: Any, now: datetime) -> None:
    letters = list(Letter.objects.order_by("serial"))
    assert [letter.number for letter in letters] == [f"サ子青第{n}号" for n in (1, 2, 3)]
    assert queries.release(ready).state == ReleaseState.READY
    assert letters[0].text.startswith("サ子青第1号\n令和9年1月29日\n\n見本　ひかり1 様")
    body = access.letter_pdf(
        letters[0].pk, subject=CASE, by=Actor("staff", "9", "例"), at=now, purpose="確認"
    )
    printed = "".join(PdfReader(BytesIO(body)).pages[0].extract_text().split())
    assert "サ子青第1号" in printed
    assert "見本ひかり1様" in printed


def test_prepare_letters__again_makes_nothing_new(ready: Any, now: datetime) -> None:
    again = [order(1), order(1), order(2, "waitlisted")]
    assert actions.prepare_letters(release_id=ready, orders=again, at=now) == 0
    assert Letter.objects.count() == 3


def test_prepare_letters__one_bad_letter_keeps_all_back_and_uses_no_number(
    section: Any, now: datetime
) -> None:
    release_id = opened(section, now)
    with pytest.raises(CharactersUnprintable, match="GK0000002"):
        actions.prepare_letters(release_id=release_id, orders=[order(1), order(2, addressee="😀")], at=now)
    assert not Letter.objects.exists()
    actions.prepare_letters(release_id=release_id, orders=[order(3)], at=now)
    assert Letter.objects.get().number == "サ子青第1号"


def test_numbers_run_by_the_fiscal_year_of_the_letter(section: Any, now: datetime) -> None:
    days = [date(2027, 3, 31), date(2027, 4, 1), date(2027, 3, 31)]
    orders = [order(serial, dated_on=day) for serial, day in enumerate(days)]
    actions.prepare_letters(release_id=opened(section, now), orders=orders, at=now)
    assert list(Letter.objects.order_by("subject_id").values_list("fiscal_year", "serial")) == [
        (2026, 1),
        (2027, 1),
        (2026, 2),
    ]


def test_numbers_kept_for_a_release_go_by_place_and_to_nobody_else(section: Any, now: datetime) -> None:
    """Two workers set the halves in any order; the next release begins after the kept numbers."""
    kept = {"section_id": section.pk, "expected": 3, "by": None, "at": now, "dated_on": order(1).dated_on}
    first = actions.open_release(title="一つ目", subject=ROUND, **kept)
    second = actions.open_release(title="二つ目", subject=Subject("test.round", "2"), **kept)
    placed = [replace(order(n), place=n - 1) for n in (1, 2, 3)]
    actions.prepare_letters(release_id=first, orders=placed[2:], at=now)
    actions.prepare_letters(release_id=second, orders=[replace(order(9), place=0)], at=now)
    actions.prepare_letters(release_id=first, orders=placed[:2], at=now)
    numbers = {letter.subject_id: letter.serial for letter in Letter.objects.all()}
    assert numbers == {"1": 1, "2": 2, "3": 3, "9": 4}


def test_prepare_letters__facts_of_somebody_else_are_refused(section: Any, now: datetime) -> None:
    swapped = order(1, facts={**order(1).facts, "addressee": "別人　太郎"})
    with pytest.raises(FactsMismatched, match="addressee"):
        actions.prepare_letters(release_id=opened(section, now), orders=[swapped], at=now)


def test_release_all__one_instant_one_update(ready: Any, clerk: Any, now: datetime) -> None:
    with CaptureQueriesContext(connection) as seen:
        shown = actions.release_all(release_id=ready, by=clerk, at=now)
    updates = [row for row in seen.captured_queries if row["sql"].startswith('UPDATE "notices_letter"')]
    assert len(updates) == 1
    assert set(Letter.objects.values_list("state", "released_at")) == {(LetterState.RELEASED, now)}
    assert (shown.state, shown.released_at) == (ReleaseState.RELEASED, now)
    assert shown.deliveries == {
        (Route.STATUS_PAGE, DeliveryState.SENT): 3,
        (Route.EMAIL, DeliveryState.WAITING): 2,
        (Route.POST, DeliveryState.WAITING): 1,
    }
    assert [row.verb for row in trace_of(CASE)] == ["notices.released"]


def test_release_all__twice_is_once(ready: Any, clerk: Any, now: datetime) -> None:
    first = actions.release_all(release_id=ready, by=clerk, at=now)
    assert actions.release_all(release_id=ready, by=clerk, at=now + timedelta(minutes=1)) == first
    assert Delivery.objects.count() == 6
    assert ProcrastinateJob.objects.filter(task_name="notices.deliver_chunk").count() == 1
    with pytest.raises(AlreadyReleased):
        actions.prepare_letters(release_id=ready, orders=[order(4)], at=now)


def test_release_all__needs_the_power(ready: Any, staff_with: Any, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.release_all(release_id=ready, by=staff_with(Role.COUNTER_CLERK), at=now)


@pytest.mark.parametrize("expected", [2, 4])
def test_release_all__refuses_unless_all_are_there(
    ready: Any, section: Any, clerk: Any, now: datetime, expected: int
) -> None:
    opened(section, now, expected)
    with pytest.raises(ReleaseIncomplete):
        actions.release_all(release_id=ready, by=clerk, at=now)
    assert not Letter.objects.filter(state=LetterState.RELEASED).exists()


def swap(**fields: Any) -> None:
    first, second = Letter.objects.order_by("serial")[:2]
    for name in fields:
        mine, other = getattr(first, name), getattr(second, name)
        Letter.objects.filter(pk=first.pk).update(**{name: other})
        Letter.objects.filter(pk=second.pk).update(**{name: mine})


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("addressee", "宛名"),
        ("number", "文書番号"),
        ("facts", "宛名・文書番号"),
        ("pdf_id", "PDF"),
        ("text", "宛名"),
    ],
)
def test_release_all__refuses_a_letter_that_is_not_its_case(
    ready: Any, clerk: Any, now: datetime, field: str, said: str
) -> None:
    swap(**{field: None})
    with pytest.raises(PairingBroken, match=said):
        actions.release_all(release_id=ready, by=clerk, at=now)
    assert not Letter.objects.filter(state=LetterState.RELEASED).exists()


NAMES = st.text("見本例示太郎花子 ", min_size=1, max_size=8)


@given(NAMES, NAMES, st.integers(1, 9999), st.integers(1, 9999))
def test_pairing__holds_for_its_own_letter_and_for_no_other(mine: str, other: str, a: int, b: int) -> None:
    town = Town("サンプル市", "例示　太郎", "電話")
    facts = complete_facts(order(addressee=mine), f"第{a}号", town)
    text = fill_text("{document_number} {addressee}", facts, "1")
    key = Letter().pk
    right = Pairing(
        f"第{a}号", mine, order().title, order().dated_on, facts, text, key, str(key), "f" * 64, "f" * 64
    )
    assert right.faults() == ()
    assert bool(replace(right, addressee=other).faults()) == (mine != other)
    assert bool(replace(right, number=f"第{b}号").faults()) == (a != b)
    assert replace(right, kept_sha256="e" * 64).faults() == ("PDF",)


def test_a_resident_sees_a_letter_after_the_release_and_only_of_the_own_case(
    ready: Any, clerk: Any, now: datetime
) -> None:
    letter = queries.letters_of(CASE)[0]
    assert queries.released_letters_of(CASE) == []
    with pytest.raises(NotFound):
        access.letter_pdf(letter.id, subject=CASE, by=PARENT, at=now)
    actions.release_all(release_id=ready, by=clerk, at=now)
    assert access.letter_pdf(letter.id, subject=CASE, by=PARENT, at=now).startswith(b"%PDF")
    assert [shown.id for shown in queries.released_letters_of(CASE)] == [letter.id]
    other = Subject("applications.application", "2")
    for wrong in (letter.id, "not-a-number"):
        with pytest.raises(NotFound):
            access.letter_pdf(wrong, subject=other, by=PARENT, at=now)
        with pytest.raises(NotFound):
            actions.read_letter(wrong, subject=other, by=PARENT, at=now)


def test_another_town_has_no_such_letter(ready: Any, clerk: Any, now: datetime, other_town: Any) -> None:
    letter = queries.letters_of(CASE)[0]
    enter_municipality(other_town.pk)
    with pytest.raises(NotFound):
        access.letter_pdf(letter.id, subject=CASE, by=actor_of(clerk), at=now, purpose="確認")
    with pytest.raises(NotFound):
        queries.release(ready)
    with pytest.raises(NotFound):
        actions.prepare_letters(release_id=ready, orders=[order(4)], at=now)
    with pytest.raises(NotAllowed):
        actions.release_all(release_id=ready, by=clerk, at=now)


def test_read_letter__the_first_look_of_the_resident_is_kept(ready: Any, clerk: Any, now: datetime) -> None:
    actions.release_all(release_id=ready, by=clerk, at=now)
    letter = queries.letters_of(CASE)[0]
    staff = actions.read_letter(letter.id, subject=CASE, by=actor_of(clerk), at=now, purpose="確認")
    assert staff.first_read_at is None
    for minutes in (6, 7):
        later = now + timedelta(minutes=minutes)
        read = actions.read_letter(letter.id, subject=CASE, by=PARENT, at=later)
        assert read.first_read_at == now + timedelta(minutes=6)
    verbs = [row.verb for row in trace_of(Subject("notices.letter", str(letter.id)))]
    assert verbs == ["documents.kept", "notices.looked_at"]
    assert [row.verb for row in trace_of(CASE)] == ["notices.released", "notices.read"]


def test_release_without_any_mail_is_done_at_once(section: Any, clerk: Any, now: datetime) -> None:
    release_id = opened(section, now, expected=1)
    actions.prepare_letters(release_id=release_id, orders=[order(1, email="")], at=now)
    shown = actions.release_all(release_id=release_id, by=clerk, at=now)
    assert shown.delivery_job is not None
    progress = job_progress(shown.delivery_job)
    assert progress is not None
    assert progress.is_over


def test_releases__cost_the_same_for_one_and_for_more(section: Any, now: datetime) -> None:
    def asked(count: int) -> int:
        for number in range(count):
            subject = Subject("test.round", f"{count}-{number}")
            actions.open_release(
                title="発送", section_id=section.pk, subject=subject, expected=0, by=None, at=now
            )
        with CaptureQueriesContext(connection) as seen:
            queries.releases()
        return len(seen)

    assert asked(1) == asked(9)
