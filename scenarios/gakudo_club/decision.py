"""From the accepted list to the letters everyone reads: allocate, decide, prepare, release, answer."""

from random import Random

from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.actions import approve
from madoguchi.clerical.notices import queries as notices
from madoguchi.clerical.notices.actions import read_letter, release_all
from madoguchi.clerical.notices.holding import held_letters, let_go
from madoguchi.clerical.notices.views import ReleaseView
from madoguchi.improvement.insight.actions import answer_survey
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.services.allocation import actions as allocation
from madoguchi.services.allocation import queries as rounds
from scenarios.gakudo_club.desk import SLUG, every_row, staff, wait_for
from scenarios.gakudo_club.intake import PERIOD
from scenarios.gakudo_club.season import ALLOCATION_DAY, DECISION_DAY, RELEASE_DAY, at
from scenarios.stage import Stage as Scene

READING_SHARE = 0.35
ANSWERING_SHARE = 0.12


def allocate() -> None:
    """Score, place, check; one draft for the whole list."""
    reviewer, head = staff("shinsa"), staff("kacho")
    opened = allocation.open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=at(ALLOCATION_DAY, 9))
    allocation.compute_round(round_id=opened.id, by=reviewer, at=at(ALLOCATION_DAY, 9, 30))
    allocation.submit_round(round_id=opened.id, approver=head, by=reviewer, at=at(ALLOCATION_DAY, 17))


def decide(scene: Scene) -> None:
    """The section head approves the draft, on what is seen; the worker moves the cases when they are many."""
    scene.turn_to(DECISION_DAY)
    head = staff("kacho")
    found = rounds.round_of(SLUG, PERIOD)
    assert found is not None
    assert found.draft_id is not None
    draft = draft_for(head, found.draft_id, at=at(DECISION_DAY, 10))
    approve(
        draft_id=draft.id,
        by=head,
        at=at(DECISION_DAY, 10, 20),
        seen_sha256=draft.content_sha256,
        edition=draft.edition,
        staff_seconds=600,
    )
    ordered = draft_for(head, draft.id, at=at(DECISION_DAY, 10, 30)).work
    if ordered is not None:
        wait_for(ordered)


def prepare_letters() -> None:
    """The worker sets every letter."""
    found = rounds.round_of(SLUG, PERIOD)
    assert found is not None
    wait_for(allocation.order_letters(round_id=found.id, by=staff("shinsa"), at=at(DECISION_DAY, 13)))


def release(scene: Scene) -> None:
    """All letters at one instant; the mails follow from the worker. Stopped ones are looked at before."""
    scene.turn_to(RELEASE_DAY)
    look_at_stopped_letters()
    released = release_all(release_id=the_release().id, by=staff("shinsa"), at=at(RELEASE_DAY, 10))
    if released.delivery_job is not None:
        wait_for(released.delivery_job)


def look_at_stopped_letters() -> None:
    """住民記録担当 reads each letter that names somebody protected, here a namesake, and lets it go out."""
    clerk, when = staff("jumin", Power.SEE_PROTECTED), at(RELEASE_DAY, 9)
    for letter in held_letters(by=clerk, at=when, purpose="通知の発送前の確認"):
        let_go(letter_id=letter.id, by=clerk, at=when, reason="同姓同名の別の人と確かめた")


def the_release() -> ReleaseView:
    """The one release of the story."""
    (found,) = notices.releases()
    return found


def read_and_answer(lot: Random) -> None:
    """Families open their letters; some answer the one question."""
    for row in every_row():
        subject = Subject("applications.application", str(row.id))
        family = Actor("resident", "", row.person_name)
        letters = notices.released_letters_of(subject) if lot.random() < READING_SHARE else []
        for letter in letters:
            read_letter(letter.id, subject=subject, by=family, at=at(RELEASE_DAY, 10, lot.randint(1, 59)))
            if lot.random() < ANSWERING_SHARE:
                answer_survey(
                    slug=SLUG,
                    period_code=PERIOD,
                    subject=subject,
                    score=lot.choices((4, 3, 2, 1), weights=(45, 40, 11, 4))[0],
                    comment="",
                    by=family,
                    at=at(RELEASE_DAY, 12),
                )
