"""A round with a protected case: its figures, its draft, and who may decide it."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.errors import NotTheApprover
from madoguchi.ledgers.office import granting
from madoguchi.ledgers.office.roles import ExceptionKind, Power, Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.services.allocation.actions import compute_round, open_round, submit_round
from madoguchi.services.allocation.queries import placements, round_of, sums_in_sight
from madoguchi.services.allocation.settling import UNSEEN
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Outcome
from tests.factories_allocation import PERIOD, accepted, accepted_out_of_sight, few_seats
from tests.factories_protection import protected_family

SLUG = "gakudo-club"


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD, login="head")


@pytest.fixture
def holder(staff_with: Any, now: datetime) -> Any:
    """A section head who also sees protected people."""
    made = staff_with(Role.SECTION_HEAD, login="holder")
    chief = staff_with(Role.IT_ADMIN, login="chief")
    granting.make_exception(
        login="holder",
        power=Power.SEE_PROTECTED,
        kind=ExceptionKind.ADD,
        reason="決裁のため",
        by=chief,
        at=now,
    )
    return made


@pytest.fixture
def computed(section: Any, reviewer: Any, staff_with: Any, now: datetime) -> Any:
    """Two cases, one of them of a protected mother."""
    loaded = few_seats(now)
    family = protected_family(staff_with(Role.REGISTRY_CLERK, login="registry"), now)
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    accepted_out_of_sight(loaded, reviewer, now, "もも", ["club01"], family.mother)
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    return compute_round(round_id=opened.id, by=reviewer, at=now)


def test_the_figures_of_a_round_are_those_in_sight(computed: Any) -> None:
    seen = round_of(SLUG, PERIOD)
    assert seen is not None
    assert (seen.figures["applications"], seen.figures["placed"]) == (1, 1)
    assert next(club for club in seen.clubs if club.code == "club01").placed == 1
    assert len(list(placements(seen.id))) == 1
    with full_sight():
        whole = round_of(SLUG, PERIOD)
        assert whole is not None
        assert (whole.figures["applications"], whole.figures["placed"]) == (2, 2)
        assert next(club for club in whole.clubs if club.code == "club01").placed == 2


def test_only_whoever_sees_all_cases_may_be_asked_to_decide(
    computed: Any, reviewer: Any, head: Any, holder: Any, now: datetime
) -> None:
    with pytest.raises(NotTheApprover, match="支援措置の人を見る"):
        submit_round(round_id=computed.id, approver=head, by=reviewer, at=now)
    draft_id = submit_round(round_id=computed.id, approver=holder, by=reviewer, at=now)
    draft = draft_for(holder, draft_id, now)
    assert UNSEEN in draft.body
    assert draft.item_count == 1, "no number gives the hidden cases away"
    assert [figure["value"] for figure in draft.figures][:2] == [1, 1]
    with full_sight():
        assert sums_in_sight(draft.subject.id)[:2] == [("申請", 2), ("承認", 2)]
    decisions.approve(
        draft_id=draft_id, by=holder, at=now, seen_sha256=draft.content_sha256, edition=draft.edition
    )
    with full_sight():
        assert set(Application.objects.values_list("outcome", flat=True)) == {Outcome.GRANTED}


def test_an_approver_whose_right_has_ended_may_not_decide_any_more(
    computed: Any, reviewer: Any, holder: Any, staff_with: Any, now: datetime
) -> None:
    draft_id = submit_round(round_id=computed.id, approver=holder, by=reviewer, at=now)
    draft = draft_for(holder, draft_id, now)
    granting.make_exception(
        login="holder", power=Power.SEE_PROTECTED, kind=ExceptionKind.REMOVE, reason="異動",
        by=staff_with(Role.IT_ADMIN, login="other"), at=now,
    )  # fmt: skip
    with pytest.raises(NotTheApprover):
        decisions.approve(
            draft_id=draft_id, by=holder, at=now, seen_sha256=draft.content_sha256, edition=draft.edition
        )
