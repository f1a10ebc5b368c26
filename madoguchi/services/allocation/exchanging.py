"""A round as a file for other solvers, and their results kept beside it as 試算. Part of actions.py.

The file names children by receipt number and nothing else of a person. What comes back is checked by the independent
checker, never by the solver, and decides nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight, plain_sight
from madoguchi.services.allocation.computing import BATCH, contest_for, require_power, subject_of
from madoguchi.services.allocation.contest import Child
from madoguchi.services.allocation.errors import NotComputed, QuotasNotTold, RoundUnclear
from madoguchi.services.allocation.market import interchange
from madoguchi.services.allocation.market.checking import Finding, check
from madoguchi.services.allocation.models import Placement, Round, Trial, TrialPlacement
from madoguchi.services.allocation.outside import OutsideResult, require_form
from madoguchi.services.allocation.placing import market_of
from madoguchi.services.allocation.rules import Contest, canonical_sha256
from madoguchi.services.allocation.trying import participants, scored_package
from madoguchi.services.applications.queries import candidates
from madoguchi.services.applications.states import Outcome

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

MOST_LETTERS = 80
NOT_COMPETING = (
    "「{}」は選考の対象ではありませんが、席があります（利用の要件か、きょうだいの希望によります）。"
)


@dataclass(frozen=True)
class Exported:
    """A round in the format `madoguchi-allocation/1`."""

    round: str
    told: dict[str, Any]
    children: int


@dataclass(frozen=True)
class TakenIn:
    """A result that is kept: its key among the runs of the round, its name, and what the checker found."""

    key: str
    name: str
    round: str
    placed: int
    violations: int
    blocking: int
    again: bool
    """The same result was kept before; nothing new was written."""


@dataclass(frozen=True)
class _Whole:
    """A round with everybody in it. keys: the applications that take part, by receipt number; the market also knows those
    who have their seat from a former round."""

    found: Round
    package: Any
    contest: Contest
    keys: Mapping[str, int]
    market: interchange.Instance

    @cached_property
    def children(self) -> dict[str, Child]:
        return {child.id: child for child in self.contest.children}


def export_round(*, name: str, by: Staff, at: datetime, purpose: str) -> Exported:
    """The market of a computed round, families named by the receipt number of their first child; leaves a trace.

    name: 手続/期間, of a further round 手続/期間/2; blank when the town has one round. Refused: NotAllowed (a round with
    people out of plain sight needs somebody who sees them), RoundUnclear, NotComputed, QuotasNotTold.
    """
    require_power(by, at)
    with full_sight(), transaction.atomic():
        whole = _whole(_round_named(name), by, at)
        told = {
            **interchange.told_of(whole.market),
            "round": name_of(whole.found),
            "input_sha256": whole.contest.fingerprint,
        }
        note = {"children": len(whole.market.children), "input_sha256": whole.contest.fingerprint}
        subject = subject_of(whole.found)
        leave_trace(actor_of(by), "allocation.exported", subject, at=at, purpose=purpose, note=note)
    return Exported(name_of(whole.found), told, len(whole.market.children))


def take_in_result(*, name: str, result: OutsideResult, title: str, by: Staff, at: datetime) -> TakenIn:
    """Have a result checked and keep it as a trial under a title. The same result for the same round is kept once.

    Refused: NotAllowed, RoundUnclear, NotComputed, QuotasNotTold, OutsideFaulty. A result that breaks rules of the round is kept, with
    what the checker found.
    """
    require_power(by, at)
    with full_sight(), transaction.atomic():
        whole = _whole(_round_named(name), by, at)
        facilities = {facility.code for facility in whole.package.facilities}
        require_form(result, whole.children.keys(), facilities)
        sha256 = canonical_sha256([whole.contest.fingerprint, sorted(result.placed.items())])
        former = Trial.objects.filter(round=whole.found, result_sha256=sha256).first()
        if former is not None:
            return _taken(former, again=True)
        return _taken(_keep(whole, result, sha256, title, by, at), again=False)


def name_of(found: Round) -> str:
    """What commands and files call a round; a further one (空き枠の再調整) with its number."""
    name = f"{found.procedure}/{found.period_code}"
    return name if found.sequence == 1 else f"{name}/{found.sequence}"


def _round_named(asked: str) -> Round:
    """The round meant, locked, so that the same result taken in twice at once is kept once."""
    rounds = {name_of(each): each for each in Round.objects.order_by("procedure", "period_code", "sequence")}
    if asked in rounds or (not asked and len(rounds) == 1):
        meant = rounds[asked or next(iter(rounds))]
        return Round.objects.select_for_update().get(pk=meant.pk)
    raise RoundUnclear(asked, list(rounds))


def _whole(found: Round, by: Staff, at: datetime) -> _Whole:
    if found.computed_at is None:
        raise NotComputed
    _require_sight(found, by, at)
    everybody = list(candidates(participants(found)))
    package = scored_package(found)
    contest = contest_for(found, package, everybody)
    if contest.seats.quotas:
        raise QuotasNotTold
    market = _by_first_child(market_of(contest.children, contest.seats))
    return _Whole(found, package, contest, {each.number: each.application_id for each in everybody}, market)


def _require_sight(found: Round, by: Staff, at: datetime) -> None:
    """The market tells of everybody in it, those who have their seat from a former round included."""
    in_it = Placement.objects.filter(
        round__procedure=found.procedure,
        round__period_code=found.period_code,
        round__sequence__lte=found.sequence,
    )
    there = in_it.count()
    with plain_sight():
        seen = in_it.count()
    if seen != there and Power.SEE_PROTECTED not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.SEE_PROTECTED.label)


def _by_first_child(market: interchange.Instance) -> interchange.Instance:
    """The mark of a family is made of its name and address: no file needs it."""
    families = tuple(replace(family, id=family.children[0]) for family in market.families)
    return replace(market, families=families)


def _keep(whole: _Whole, result: OutsideResult, sha256: str, title: str, by: Staff, at: datetime) -> Trial:
    name = title.strip()[:MOST_LETTERS] or result.source[:MOST_LETTERS]
    made = Trial.objects.create(
        round=whole.found,
        name=name,
        job_id=uuid.uuid4(),
        started_by=by,
        started_at=at,
        finished_at=at,
        source=result.source[:120],
        result_sha256=sha256,
        finding=_finding(whole, result.placed),
    )
    rows = [_row(made, whole, number, result.placed.get(number, "")) for number in sorted(whole.keys)]
    TrialPlacement.objects.bulk_create(rows, batch_size=BATCH)
    note = {"trial": made.pk, "name": name, "file": made.source, "result_sha256": sha256}
    leave_trace(actor_of(by), "allocation.taken_in", subject_of(whole.found), at=at, note=note)
    return made


def _finding(whole: _Whole, placed: Mapping[str, str]) -> dict[str, Any]:
    """What the independent checker says, in the shape trial_queries.py reads."""
    competing = {child.id for child in whole.market.children}
    found: Finding = check(whole.market, {who: at for who, at in placed.items() if who in competing})
    members = {family.id: family.children for family in whole.market.families}
    return {
        "children": len(whole.keys),
        "input_sha256": whole.contest.fingerprint,
        "placed": len(placed),
        "violations": [NOT_COMPETING.format(who) for who in sorted(placed) if who not in competing]
        + found.violations,
        "blocking": [
            {"children": list(members[block.family]), "number": block.number, "wish": list(block.wish)}
            for block in found.blocking
        ],
    }


def _row(made: Trial, whole: _Whole, number: str, facility: str) -> TrialPlacement:
    """As a round keeps it: who stays where the child is now has no new seat."""
    sheet, child = whole.contest.sheets[number], whole.children[number]
    entered = "" if facility == child.present and facility not in sheet.totals else facility
    there = entered if entered in sheet.totals else next(iter(sheet.totals), "")
    without = Outcome.WAITLISTED if child.eligible else Outcome.REFUSED
    return TrialPlacement(
        trial=made,
        application_id=whole.keys[number],
        outcome=Outcome.GRANTED if entered else without,
        facility_code=entered,
        age_class=child.age_class,
        wish_rank=list(sheet.totals).index(entered) + 1 if entered in sheet.totals else None,
        total=sheet.totals.get(there, Decimal(0)),
        family=sheet.family,
    )


def _taken(made: Trial, *, again: bool) -> TakenIn:
    found = made.finding
    return TakenIn(
        str(made.pk),
        made.name,
        name_of(made.round),
        found["placed"],
        len(found["violations"]),
        len(found["blocking"]),
        again,
    )
