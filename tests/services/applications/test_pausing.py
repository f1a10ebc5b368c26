"""時計の停止: several pauses, each with its reason, and the due date that follows."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from madoguchi.ledgers.office.roles import Role
from madoguchi.services.applications import access, actions, waiting
from madoguchi.services.applications.errors import ReasonMissing
from madoguchi.services.applications.models import Application, ClockPause
from madoguchi.services.applications.older_pauses import keep_older_pauses
from madoguchi.services.applications.pausing import ClockRefused
from madoguchi.services.applications.stage_times import medians
from madoguchi.services.applications.states import PauseReason, Stage
from tests.factories_applications import received, typed

DAY = timedelta(days=1)


def case(number: str) -> Application:
    return Application.objects.get(number=number)


def stop(number: str, by: Any, at: datetime, note: str = "年金事務所へ照会") -> None:
    edition = case(number).edition
    actions.stop_clock(number=number, by=by, at=at, edition=edition, reason=PauseReason.INQUIRY, note=note)


def test_two_pauses_at_once_count_once(loaded: Any, staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    number = received(loaded, now).number
    due = case(number).due_on
    stop(number, reviewer, now + 3 * DAY)
    actions.ask_correction(
        number=number,
        by=reviewer,
        at=now + 4 * DAY,
        edition=case(number).edition,
        fields=["work_days"],
        message="直してください。",
        due_on=date(2026, 12, 7),
    )
    actions.answer_correction(
        number=number, by=_actor(reviewer), at=now + 10 * DAY, raw={"work_days": ["18"]}
    )
    assert case(number).clock_stopped_on == date(2026, 11, 24)
    edition = case(number).edition
    actions.resume_clock(
        number=number, by=reviewer, at=now + 11 * DAY, edition=edition, reason=PauseReason.INQUIRY
    )
    later = case(number)
    assert later.clock_stopped_on is None
    view = access.application_for(reviewer, number, at=now + 11 * DAY, purpose="審査")
    assert [(pause.stopped_on, pause.resumed_on) for pause in view.pauses] == [
        (date(2026, 11, 24), date(2026, 12, 2)),
        (date(2026, 11, 25), date(2026, 12, 1)),
    ]
    assert later.due_on > due


def _actor(staff: Any) -> Any:
    from madoguchi.ledgers.office.actions import actor_of

    return actor_of(staff)


def test_a_pause_needs_a_sentence_and_cannot_pretend_to_be_a_correction(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    reviewer = staff_with(Role.REVIEWER)
    number = received(loaded, now).number
    with pytest.raises(ReasonMissing):
        stop(number, reviewer, now, note=" ")
    for reason, act in ((PauseReason.CORRECTION, actions.stop_clock),):
        with pytest.raises(ClockRefused):
            act(number=number, by=reviewer, at=now, edition=1, reason=reason, note="x")
    with pytest.raises(ClockRefused):
        actions.resume_clock(number=number, by=reviewer, at=now, edition=1, reason=PauseReason.INQUIRY)


def test_pauses_of_older_cases_come_from_their_corrections(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    reviewer = staff_with(Role.REVIEWER)
    number = received(loaded, now).number
    actions.ask_correction(
        number=number, by=reviewer, at=now, edition=1, fields=["work_days"], message="x", due_on=now.date()
    )
    ClockPause.objects.all().delete()
    actions.answer_correction(number=number, by=_actor(reviewer), at=now + 4 * DAY, raw={"work_days": ["18"]})
    due = case(number).due_on
    ClockPause.objects.all().delete()
    keep_older_pauses(connection.alias)
    keep_older_pauses(connection.alias)
    (pause,) = ClockPause.objects.all()
    assert (pause.stopped_on, pause.resumed_on) == (now.date(), (now + 4 * DAY).date())
    from madoguchi.services.applications.clocks import due_day

    assert due_day(case(number)) == due


def test_the_overdue_list_says_why(loaded: Any, staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    late, near, still = (received(loaded, now, number).number for number in (1, 2, 3))
    Application.objects.filter(number=late).update(due_on=now.date() - 3 * DAY)
    Application.objects.filter(number=near).update(due_on=now.date() + 3 * DAY)
    stop(still, reviewer, now)
    counted = waiting.counts_of(reviewer, now.date())
    assert {name: count for name, (count, _) in counted.items()} == {
        "over": 1, "soon": 1, "answered": 0, "marked": 0, "stopped": 1,
    }  # fmt: skip
    (row,) = waiting.waiting(reviewer, "over", now.date())
    assert (row.number, row.why, row.days) == (late, "担当がいません", -2)
    actions.explain_delay(number=late, by=reviewer, at=now, reason="住所地へ照会中")
    assert waiting.waiting(reviewer, "over", now.date())[0].why == "住所地へ照会中"
    assert waiting.waiting(reviewer, "over", now.date(), mine=True) == []


def test_an_answered_correction_waits_until_somebody_acts(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    reviewer = staff_with(Role.REVIEWER)
    number = received(loaded, now, raw=typed(1, work_days="0")).number
    actions.ask_correction(
        number=number, by=reviewer, at=now, edition=1, fields=["work_days"], message="x", due_on=now.date()
    )
    actions.answer_correction(number=number, by=_actor(reviewer), at=now + DAY, raw={"work_days": ["18"]})
    assert [row.number for row in waiting.waiting(reviewer, "answered", now.date())] == [number]
    (correction,) = access.application_for(reviewer, number, at=now, purpose="審査").corrections
    assert correction.check_changes == (("就労日数が書かれている", "確かめる", "よし"),)
    actions.accept(number=number, by=reviewer, at=now + 2 * DAY, edition=case(number).edition)
    assert waiting.waiting(reviewer, "answered", now.date()) == []
    stays = {each.stage: each.median_days for each in medians(frozenset({reviewer.section_id}), now - DAY)}
    assert (stays[Stage.CORRECTING], stays[Stage.REVIEWING]) == (1.0, 1.0)
