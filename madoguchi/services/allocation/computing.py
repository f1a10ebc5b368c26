"""Opening a round and computing it: everybody scored, placed, checked and told why, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import live_package, package_of
from madoguchi.services.allocation.contest import Placing
from madoguchi.services.allocation.errors import (
    NobodyAccepted,
    NoProcedure,
    Unsound,
    WrongState,
)
from madoguchi.services.allocation.explaining import Story, club_lines, explain
from madoguchi.services.allocation.market.checking import Finding
from madoguchi.services.allocation.models import HeldSeat, Placement, Round
from madoguchi.services.allocation.placing import check, place
from madoguchi.services.allocation.queries import round_view
from madoguchi.services.allocation.rules import (
    OUTCOMES,
    Contest,
    contest_of,
    explanation_of,
    figures_of,
    quota_lines,
    wording_of,
)
from madoguchi.services.allocation.seat_queries import given_seats
from madoguchi.services.allocation.states import NEXT, RoundState
from madoguchi.services.allocation.turns import former_of, participants
from madoguchi.services.allocation.views import RoundView

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "allocation.round"
BATCH = 1000


@transaction.atomic
def open_round(*, slug: str, period_code: str, by: Staff, at: datetime) -> RoundView:
    """The round of a period, opened with the live version of its package. A second press finds the first."""
    require_power(by, at)
    former = Round.objects.filter(procedure=slug, period_code=period_code).order_by("-sequence").first()
    if former:
        return round_view(former)
    live = live_package(slug)
    if live.package.scoring is None:
        raise NoProcedure(f"指数のある手続き「{slug}」が公開されていません。")
    if period_code not in {period.code for period in live.package.periods}:
        raise NoProcedure(f"手続き「{slug}」に期間「{period_code}」はありません。")
    opened = Round.objects.create(procedure=slug, period_code=period_code, version_id=live.version_id)
    leave_trace(actor_of(by), "allocation.opened", subject_of(opened), at=at)
    return round_view(opened)


def compute_round(*, round_id: int, by: Staff, at: datetime) -> RoundView:
    """Score, place, check and store. May be repeated until the list is submitted.

    Refused: NobodyAccepted, WrongState, and Unsound when the independent check finds a fault.
    """
    require_power(by, at)
    _compute(round_id, by, at)
    return round_view(Round.objects.get(pk=round_id))


@full_sight()
@transaction.atomic
def _compute(round_id: int, by: Staff, at: datetime) -> None:
    """Everybody takes part, whoever presses the button."""
    began = perf_counter()
    found = round_for_update(round_id)
    if found.state == RoundState.SUBMITTED:
        raise WrongState(RoundState.SUBMITTED, "計算する")
    require_move(found, RoundState.COMPUTED, "計算する")
    package = package_of(found.version_id).package
    candidates = participants(found)
    if not candidates:
        raise NobodyAccepted
    contest = contest_for(found, package, candidates)
    placing = place(contest.children, contest.seats)
    finding = check(contest.children, contest.seats, placing.facility, placing.first)
    refuse_unsound(finding, placing)
    stories = _store(found, package, contest, placing, {each.number: each for each in candidates})
    lines = club_lines(contest.children, contest.seats, placing)
    found.figures = {
        **figures_of(stories.values(), lines, [contest.sheets[number] for number in stories]),
        "blocking": len(finding.blocking),
        "held": sum(bool(child.held) and not child.settled for child in contest.children),
        **({"quotas": quota_lines(contest, placing)} if contest.seats.quotas else {}),
        "proof": placing.proof,
        "lottery_seed": seed_of(found),
        "seconds": round(perf_counter() - began, 2),
    }
    found.state, found.computed_at, found.input_sha256 = RoundState.COMPUTED, at, contest.fingerprint
    found.save()
    note = {"input_sha256": found.input_sha256, "applications": len(candidates), "step": "allocation"}
    leave_trace(actor_of(by), "allocation.computed", subject_of(found), at=at, note=note)


def contest_for(
    found: Round, package: Any, candidates: list[Any], changed: Mapping[str, int] | None = None
) -> Contest:
    """The contest of a round as it stands; changed: open seats of a trial, by key of the pool."""
    held = dict(HeldSeat.objects.filter(round=found).values_list("application__number", "facility_code"))
    on = entry_day(found, package)
    given = given_seats(found, on)
    return contest_of(
        package,
        candidates,
        on=on,
        seed=seed_of(found),
        held=held,
        given=given,
        changed=changed,
        former=former_of(found, candidates),
    )


def entry_day(found: Round, package: Any) -> date:
    """The day the children of this round begin."""
    days: dict[str, date] = {period.code: period.entry_on for period in package.periods}
    return days[found.period_code]


def seed_of(found: Round) -> str:
    """The published seed of the lottery among equals."""
    return f"{found.procedure}/{found.period_code}"


def refuse_unsound(finding: Finding, placing: Placing) -> None:
    """Nothing is kept that the checker does not believe: a rule broken, or a claim the allocation has not named."""
    unnamed = [block.family for block in finding.blocking if block.family not in placing.blocking]
    told = finding.violations + [f"{family} は、より上の希望の席を求められます。" for family in unnamed]
    if told:
        raise Unsound(told)


def _store(
    found: Round, package: Any, contest: Contest, placing: Placing, candidates: dict[str, Any]
) -> dict[str, Story]:
    wording = wording_of(package, entry_day(found, package))
    told = explain(contest.children, contest.seats, placing, wording)
    stories = {number: story for number, story in told.items() if number in candidates}
    Placement.objects.filter(round=found).delete()
    Placement.objects.bulk_create(
        [_placement(found, candidates[number], story, contest) for number, story in sorted(stories.items())],
        batch_size=BATCH,
    )
    return stories


def _placement(found: Round, candidate: Any, story: Story, contest: Contest) -> Placement:
    sheet = contest.sheets[story.child]
    total = sheet.totals.get(story.facility or next(iter(sheet.totals), ""), Decimal(0))
    return Placement(
        round=found,
        application_id=candidate.application_id,
        outcome=OUTCOMES[story.outcome],
        facility_code=story.facility,
        age_class=contest.class_of[story.child],
        wish_rank=story.wish_rank,
        total=total,
        position=story.position,
        explanation=explanation_of(story, sheet),
    )


def round_for_update(round_id: int) -> Round:
    found = Round.objects.select_for_update().filter(pk=round_id).first()
    if found is None:
        raise NotFound("利用調整の回")
    return found


def require_move(found: Round, to: RoundState, what: str) -> None:
    now = RoundState(found.state)
    if to not in NEXT[now]:
        raise WrongState(now, what)


def require_power(by: Staff, at: datetime, power: Power = Power.ALLOCATE) -> None:
    if power not in powers_of(by, localdate(at)):
        raise NotAllowed(power.label)


def subject_of(found: Round) -> Subject:
    return Subject(KIND, str(found.pk))
