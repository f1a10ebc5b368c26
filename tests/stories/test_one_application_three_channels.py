"""One application, three channels: from the first question to the measured effect.

Three families want a place in an after-school club. One applies online, one at the counter, one on paper; from then on
nobody can tell them apart. Read this to see every room of the house once, in the order in which a case meets them.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from demo.papers import certificate
from madoguchi.clerical.notices import actions as notices
from madoguchi.clerical.notices.queries import released_letters_of
from madoguchi.improvement.insight.actions import answer_survey
from madoguchi.improvement.insight.queries import measures
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.registry.actions import prove_by_demo_card
from madoguchi.services.allocation.queries import placement_of, round_of
from madoguchi.services.applications import actions
from madoguchi.services.applications.access import application_for, status_for
from madoguchi.services.applications.states import Channel, Stage
from tests import whole_case as office_work
from tests.whole_case import NOW, PERIOD, SLUG, package, staff

pytestmark = pytest.mark.django_db
REVIEW_DAY = NOW + timedelta(days=1)
ALLOCATION_DAY = NOW + timedelta(days=56)
DECISION_DAY = NOW + timedelta(days=63)
RELEASE_DAY = NOW + timedelta(days=72)


def test_one_application_three_channels() -> None:
    town, _ = office_work.found_towns()
    mother, father, grandmother = office_work.families(3)

    # 1. Each family hands in the same package its own way; numbers come from one series.
    visitor = prove_by_demo_card(resident_id=mother.id, at=NOW)
    online = apply_on_the_portal(visitor, mother, NOW)
    clerk = actor_of(staff("madoguchi"))
    counter = office_work.handed_in(father, Channel.COUNTER, by=clerk, at=NOW).number
    paper = office_work.handed_in(grandmother, Channel.PAPER, by=clerk, at=NOW).number
    numbers = [online, counter, paper]
    assert len({number[:2] for number in numbers}) == 1
    assert numbers == sorted(numbers)
    cases = [seen_by_reviewer(number, NOW) for number in numbers]
    assert [case.channel for case in cases] == [Channel.ONLINE, Channel.COUNTER, Channel.PAPER]
    assert {(case.procedure, case.stage, case.version_id) for case in cases} == {
        (SLUG, Stage.RECEIVED, package().version_id)
    }
    assert all(case.score is not None and case.checks for case in cases)

    # 2. The reviewer looks, asks one family for a better phone number, and accepts all three.
    office_work.ask_correction(online, REVIEW_DAY)
    asked = status_for(visitor.id, online).correction
    assert asked is not None
    assert "電話番号" in asked.message
    actions.answer_correction(
        number=online,
        by=office_work.resident(visitor),
        at=REVIEW_DAY,
        raw={"applicant_phone": ["090-0000-0009"]},
    )
    for number in numbers:
        office_work.review_and_accept(number, REVIEW_DAY)

    # 3. The round: scored, placed in the clubs, checked by a second program, laid before the section head.
    draft_id = office_work.allocate_and_submit(ALLOCATION_DAY)
    assert {seen_by_reviewer(number, ALLOCATION_DAY).stage for number in numbers} == {Stage.DECIDING}
    office_work.approve(draft_id, DECISION_DAY)
    decided = [seen_by_reviewer(number, DECISION_DAY) for number in numbers]
    assert {case.stage for case in decided} == {Stage.DECIDED}
    assert all(placement_of(case.id).sentences for case in decided)

    # 4. The family learns nothing before the letters go out, and everybody at one instant.
    assert status_for(visitor.id, online).outcome is None
    release_id = office_work.prepare_letters(DECISION_DAY)
    assert not letter_of(decided[0])
    notices.release_all(release_id=release_id, by=staff("shinsa"), at=RELEASE_DAY)
    letters = [letter_of(case)[0] for case in decided]
    assert {letter.released_at for letter in letters} == {RELEASE_DAY}
    for case, letter in zip(decided, letters, strict=True):
        assert case.number in letter.text
        assert case.person_name in letter.text
    assert status_for(visitor.id, online).outcome == decided[0].outcome

    # 5. The letter is read, the one question answered, and the effect measured from the trace.
    read = notices.read_letter(
        letters[0].id, subject=subject_of(decided[0]), by=office_work.resident(visitor), at=RELEASE_DAY
    )
    assert read.first_read_at == RELEASE_DAY
    answer_survey(
        slug=SLUG,
        period_code=PERIOD,
        subject=subject_of(decided[0]),
        score=4,
        by=office_work.resident(visitor),
        at=RELEASE_DAY,
    )
    figures = {measure.key: measure for measure in measures(SLUG, PERIOD, on=RELEASE_DAY.date()).measures}
    assert (figures["online_share"].numerator, figures["online_share"].denominator) == (1, 3)
    assert figures["satisfaction"].numerator == figures["satisfaction"].denominator == 1
    assert figures["corrections"].numerator == 1
    assert figures["staff_minutes"].value > 0
    assert round_of(SLUG, PERIOD).figures["applications"] == 3
    assert office.verify_chain(town).broken is None


def apply_on_the_portal(visitor: Any, parent: Any, at: datetime) -> str:
    """Page by page, with the certificate attached, as the portal does it; the receipt number."""
    unsent = actions.begin(slug=SLUG, period_code=PERIOD, visitor=visitor, staff=None, at=at)
    typed = office_work.answers(parent)
    for page in package().package.form.pages:
        actions.save_page(unsent_id=unsent.id, owner=visitor, page_key=page.key, raw=typed, at=at)
    row = next(name.removesuffix("-employer") for name in typed if name.endswith("-employer"))
    actions.add_file(
        unsent_id=unsent.id,
        owner=visitor,
        field=f"{row}-certificate",
        name="就労証明書.pdf",
        body=certificate(),
        at=at,
    )
    sent = {"unsent_id": unsent.id, "owner": visitor, "submission_key": unsent.id, "channel": Channel.ONLINE}
    receipt = actions.submit(**sent, at=at)
    assert actions.submit(**sent, at=at).number == receipt.number
    return str(receipt.number)


def seen_by_reviewer(number: str, at: datetime) -> Any:
    return application_for(staff("shinsa"), number, at=at, purpose="審査")


def subject_of(case: Any) -> Subject:
    return Subject("applications.application", str(case.id))


def letter_of(case: Any) -> list[Any]:
    return released_letters_of(subject_of(case))
