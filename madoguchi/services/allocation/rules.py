"""From accepted applications to a contest for seats, and from its end to outcomes; no queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from json import dumps
from typing import Any, Protocol

from madoguchi.ledgers.procedures.score_sheet import ScoreSheet
from madoguchi.ledgers.procedures.scoring import score_application
from madoguchi.services.allocation.contest import Child, rank
from madoguchi.services.allocation.explaining import ClubLine, Story, Wording
from madoguchi.services.allocation.joint_wishes import WishKind
from madoguchi.services.applications.states import Outcome

OUTCOMES = {
    "placed": Outcome.GRANTED,
    "waitlisted": Outcome.WAITLISTED,
    "not_eligible": Outcome.REFUSED,
}


class Applicant(Protocol):
    """What a contest needs of an accepted application."""

    @property
    def number(self) -> str: ...
    @property
    def answers(self) -> dict[str, Any]: ...
    @property
    def facts(self) -> dict[str, Any]: ...
    @property
    def score_sheet(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Contest:
    """Children by receipt number with the score sheets they compete with."""

    children: list[Child]
    sheets: dict[str, ScoreSheet]
    capacities: dict[str, int] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything the placing depends on: who, wishes, ranks, families, capacities."""
        told = [
            [
                child.id,
                child.wishes,
                sorted(child.ranks.items()),
                child.eligible,
                child.family,
                child.together,
                *([child.held] if child.held else []),
            ]
            for child in sorted(self.children, key=lambda child: child.id)
        ]
        return canonical_sha256([told, sorted(self.capacities.items())])


def canonical_sha256(told: Any) -> str:
    return sha256(dumps(told, ensure_ascii=False, default=str, sort_keys=True).encode()).hexdigest()


def contest_of(
    package: Any,
    applicants: Iterable[Applicant],
    *,
    on: date,
    seed: str,
    held: Mapping[str, str] | None = None,
) -> Contest:
    """Everybody's ranks. Siblings who apply in the same round are scored again, knowing each other's wishes.

    held: seats given by hand, the facility by receipt number; a seat at a place no longer wished is not held.
    """
    everybody = {each.number: each for each in applicants}
    sheets = {number: _sheet(package, each, on) for number, each in everybody.items()}
    for members in _families(sheets).values():
        for number in members:
            others = [sheets[other] for other in members if other != number]
            sheets[number] = _with_siblings(package, everybody[number], others, on)
    capacities = {facility.code: facility.capacity for facility in package.facilities}
    children = [
        _child(number, sheet, seed, capacities, (held or {}).get(number, ""))
        for number, sheet in sheets.items()
    ]
    return Contest(children, sheets, capacities)


def _sheet(package: Any, each: Applicant, on: date) -> ScoreSheet:
    if each.score_sheet:
        return ScoreSheet.from_json(each.score_sheet)
    return score_application(package, each.answers, each.facts, on)


def _families(sheets: Mapping[str, ScoreSheet]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for number, sheet in sheets.items():
        if sheet.family:
            found[sheet.family].append(number)
    return {key: members for key, members in found.items() if len(members) > 1}


def _with_siblings(package: Any, each: Applicant, others: Sequence[ScoreSheet], on: date) -> ScoreSheet:
    wished = sorted({code for other in others for code in other.totals})
    first = sorted({next(iter(other.totals)) for other in others if other.totals})
    facts = {**each.facts, "sibling_wishes": wished, "sibling_first_wishes": first}
    return score_application(package, each.answers, facts, on)


def _child(number: str, sheet: ScoreSheet, seed: str, capacities: Mapping[str, int], held: str) -> Child:
    ranks = {
        code: rank(
            number,
            phase=sheet.phase_order,
            total=total,
            tie=sheet.tie[code],
            lottery=lottery_number(seed, number),
            waiver=bool(sheet.waiver),
        )
        for code, total in sheet.totals.items()
        if code in capacities
    }
    together = WishKind(sheet.together or WishKind.EITHER)
    kept = held if held in ranks else ""
    return Child(number, tuple(ranks), ranks, sheet.eligible or bool(kept), sheet.family, together, kept)


def lottery_number(seed: str, number: str) -> int:
    """公開抽選番号. Anybody can work it out again from the published seed and the receipt number."""
    return int.from_bytes(sha256(f"{seed}|{number}".encode()).digest()[:6])


def wording_of(package: Any, on: date) -> Wording:
    """Names of clubs, phases and keys among equals, as the package gives them."""
    phases = package.scoring.tables["phases"].rows
    return Wording(
        {facility.code: facility.name for facility in package.facilities},
        {int(row.results["order"]): row.text for row in reversed(phases) if row.starts <= on <= row.ends},
        [tie.label for tie in package.scoring.ties],
    )


def explanation_of(story: Story, sheet: ScoreSheet) -> dict[str, Any]:
    """What is kept with a placement: where and why, and how the points were counted."""
    facility = story.facility or next(iter(sheet.totals), "")
    score = sheet.sentences(facility) if facility else [sheet.reason]
    return {**story.as_json(), "score": score, "base": str(sheet.base), "family": sheet.family}


def figures_of(
    stories: Iterable[Story], lines: Sequence[ClubLine], sheets: Iterable[ScoreSheet]
) -> dict[str, Any]:
    """The sums of a round for its page and its draft."""
    told = list(stories)
    outcomes = Counter(story.outcome for story in told)
    wishes = Counter(story.wish_rank for story in told if story.wish_rank)
    return {
        "applications": len(told),
        "placed": outcomes["placed"],
        "waitlisted": outcomes["waitlisted"],
        "refused": outcomes["not_eligible"],
        "by_wish": {str(number): wishes[number] for number in sorted(wishes)},
        "undecided": sum(bool(sheet.undecided) for sheet in sheets),
        "clubs": [asdict(line) for line in lines],
    }
