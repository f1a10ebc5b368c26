"""Every decided application gets its own letter, once."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.notices.actions import release_all
from madoguchi.clerical.notices.errors import ReleaseIncomplete
from madoguchi.clerical.notices.models import Letter
from madoguchi.clerical.notices.queries import release
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.jobs import job_progress
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.services.allocation.actions import (
    compute_round,
    open_round,
    order_letters,
    prepare_chunk,
    submit_round,
)
from madoguchi.services.allocation.errors import WrongState
from madoguchi.services.allocation.letters import chunks
from madoguchi.services.allocation.models import Round
from madoguchi.services.applications.actions import withdraw
from tests.factories_allocation import PERIOD, accepted, few_seats


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


@pytest.fixture
def settled(section: Any, reviewer: Any, staff_with: Any, now: datetime) -> Any:
    """A settled round with one child placed, one waiting and one who does not meet the condition."""
    loaded = few_seats(now, club01=1)
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    accepted(loaded, reviewer, now, "もも", ["club01"])
    accepted(loaded, reviewer, now, "うめ", ["club01"], **{"guardians-1-days_month": "3"})
    return settle(reviewer, staff_with(Role.SECTION_HEAD), now)


def settle(reviewer: Any, head: Any, now: datetime) -> Round:
    """Compute, submit and approve whatever is accepted."""
    view = open_round(slug="gakudo-club", period_code=PERIOD, by=reviewer, at=now)
    compute_round(round_id=view.id, by=reviewer, at=now)
    draft_id = submit_round(round_id=view.id, approver=head, by=reviewer, at=now)
    draft = draft_for(head, draft_id, now)
    decisions.approve(
        draft_id=draft_id, by=head, at=now, seen_sha256=draft.content_sha256, edition=draft.edition
    )
    return Round.objects.get()


def prepared(settled: Any, reviewer: Any, now: datetime) -> Any:
    release_id = order_letters(round_id=settled.pk, by=reviewer, at=now)
    for ids in chunks(settled):
        prepare_chunk(round_id=settled.pk, release_id=release_id, ids=ids, at=now)
    return release_id


def test_each_application_has_the_letter_of_its_outcome(settled: Any, reviewer: Any, now: datetime) -> None:
    release_id = prepared(settled, reviewer, now)
    view = release(release_id)
    assert (view.expected, view.prepared) == (3, 3)
    progress = job_progress(release_id)
    assert (progress.done, progress.is_over) == (3, True)
    titles = sorted(Letter.objects.values_list("title", flat=True))
    assert titles == [
        "学童クラブ入所不承認通知書",
        "学童クラブ入所不承認（待機）通知書",
        "学童クラブ入所承認通知書",
    ]
    granted = Letter.objects.get(title="学童クラブ入所承認通知書")
    assert "さくら台第一学童クラブ（第1希望）" in granted.text
    assert "6,000円" in granted.text
    waiting = Letter.objects.get(title="学童クラブ入所不承認（待機）通知書")
    assert "入所した方" in waiting.text or "同点のときの順" in waiting.text


def test_preparing_again_makes_no_second_letter(settled: Any, reviewer: Any, now: datetime) -> None:
    first = prepared(settled, reviewer, now)
    assert prepared(settled, reviewer, now) == first
    assert Letter.objects.count() == 3


def test_letters_wait_for_the_decision(section: Any, reviewer: Any, now: datetime) -> None:
    loaded = few_seats(now)
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    view = open_round(slug="gakudo-club", period_code=PERIOD, by=reviewer, at=now)
    with pytest.raises(WrongState):
        order_letters(round_id=view.id, by=reviewer, at=now)


def test_who_may_not_release_letters_may_not_order_them(settled: Any, staff_with: Any, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        order_letters(round_id=settled.pk, by=staff_with(Role.COUNTER_CLERK), at=now)


def test_whoever_withdrew_is_told_so_without_a_disposition(
    section: Any, reviewer: Any, staff_with: Any, now: datetime
) -> None:
    loaded = few_seats(now)
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    taken_back = accepted(loaded, reviewer, now, "もも", ["club01"])
    withdraw(number=taken_back.number, by=SYSTEM, at=now)
    settled = settle(reviewer, staff_with(Role.SECTION_HEAD), now)
    assert release(prepared(settled, reviewer, now)).prepared == 2
    letter = Letter.objects.get(kind="withdrawn")
    assert letter.title == "学童クラブ入所申請取下確認通知書"
    assert taken_back.number in letter.text
    assert "教示" not in letter.text


def test_a_rare_variant_is_printed_by_its_base_character(
    section: Any, reviewer: Any, staff_with: Any, now: datetime
) -> None:
    accepted(few_seats(now), reviewer, now, "邉\U000e0101𠮷", ["club01"])
    prepared(settle(reviewer, staff_with(Role.SECTION_HEAD), now), reviewer, now)
    assert Letter.objects.get().facts["child_name"].endswith("邉吉")


def test_a_letter_that_cannot_be_set_holds_back_only_itself(
    section: Any, reviewer: Any, staff_with: Any, now: datetime
) -> None:
    loaded = few_seats(now)
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    rare = accepted(loaded, reviewer, now, "\U0001b0a6", ["club01"])
    release_id = prepared(settle(reviewer, staff_with(Role.SECTION_HEAD), now), reviewer, now)
    progress = job_progress(release_id)
    assert Letter.objects.count() == 1
    assert progress.is_over
    assert len(progress.failures) == 1
    assert rare.number in progress.failures[0]
    with pytest.raises(ReleaseIncomplete):
        release_all(release_id=release_id, by=reviewer, at=now)
