"""From the accepted list to the letters everyone reads: allocate, decide, prepare, release, answer."""

from datetime import date
from random import Random
from uuid import UUID

from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.actions import approve
from madoguchi.clerical.notices import queries as notices
from madoguchi.clerical.notices.actions import read_letter, release_all
from madoguchi.improvement.insight.actions import answer_survey
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.services.allocation import actions as allocation
from scenarios.held_letters import look_at_stopped_letters
from scenarios.stage import Stage as Scene
from scenarios.whole_period.desk import every_row, staff, wait_for
from scenarios.whole_period.plan import Plan, at

READING_SHARE = 0.35
ANSWERING_SHARE = 0.12


def begin(plan: Plan) -> int:
    """Open the round of the period; its key."""
    return allocation.open_round(
        slug=plan.slug,
        period_code=plan.period,
        by=staff(plan, "shinsa"),
        at=at(plan.allocation_day, 9),
    ).id


def compute(plan: Plan, round_id: int, minute: int = 30) -> None:
    """Score, place, check."""
    allocation.compute_round(
        round_id=round_id, by=staff(plan, "shinsa"), at=at(plan.allocation_day, 9, minute)
    )


def submit(plan: Plan, round_id: int, day: date) -> int:
    """One draft for the whole list; its key."""
    return allocation.submit_round(
        round_id=round_id, approver=staff(plan, "kacho"), by=staff(plan, "shinsa"), at=at(day, 17)
    )


def decide(scene: Scene, plan: Plan, draft_id: int, day: date) -> None:
    """The section head approves the draft, on what is seen; the worker moves the cases when they are many."""
    scene.turn_to(day)
    head = staff(plan, "kacho")
    draft = draft_for(head, draft_id, at=at(day, 10))
    approve(
        draft_id=draft.id,
        by=head,
        at=at(day, 10, 20),
        seen_sha256=draft.content_sha256,
        edition=draft.edition,
        staff_seconds=600,
    )
    ordered = draft_for(head, draft.id, at=at(day, 10, 30)).work
    if ordered is not None:
        wait_for(ordered)


def prepare_letters(plan: Plan, round_id: int, day: date) -> UUID:
    """The worker sets every letter; the release they belong to."""
    release_id = allocation.order_letters(round_id=round_id, by=staff(plan, "shinsa"), at=at(day, 13))
    wait_for(release_id)
    return release_id


def release(scene: Scene, plan: Plan, release_id: UUID, day: date) -> None:
    """All letters at one instant; the mails follow from the worker. Stopped ones are looked at before."""
    scene.turn_to(day)
    look_at_stopped_letters(staff(plan, "jumin", Power.SEE_PROTECTED), at(day, 9))
    released = release_all(release_id=release_id, by=staff(plan, "shinsa"), at=at(day, 10))
    if released.delivery_job is not None:
        wait_for(released.delivery_job)


def read_and_answer(plan: Plan, lot: Random) -> None:
    """Families open their letters; some answer the one question."""
    for row in every_row(plan):
        subject = Subject("applications.application", str(row.id))
        family = Actor("resident", "", row.person_name)
        letters = notices.released_letters_of(subject) if lot.random() < READING_SHARE else []
        for letter in letters:
            read_letter(
                letter.id, subject=subject, by=family, at=at(plan.release_day, 10, lot.randint(1, 59))
            )
            if lot.random() < ANSWERING_SHARE:
                answer_survey(
                    slug=plan.slug,
                    period_code=plan.period,
                    subject=subject,
                    score=lot.choices((4, 3, 2, 1), weights=(45, 40, 11, 4))[0],
                    comment="",
                    by=family,
                    at=at(plan.release_day, 12),
                )
