"""From accepted applications to a contest for seats, and from its end to outcomes; no queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from json import dumps
from typing import Any, Protocol

from madoguchi.ledgers.procedures.score_sheet import ScoreSheet
from madoguchi.ledgers.procedures.scoring import score_application
from madoguchi.ledgers.procedures.seat_rules import QuotaRule, SeatFacts, seat_facts
from madoguchi.services.allocation.contest import (
    EVERYBODY,
    Child,
    Placing,
    Pool,
    Quota,
    Seats,
    rank,
    seat_key,
)
from madoguchi.services.allocation.explaining import ClubLine, Story, Wording
from madoguchi.services.allocation.joint_wishes import WishKind
from madoguchi.services.allocation.round_seats import Given, label_of, seats_of
from madoguchi.services.allocation.standing import NOBODY, Former
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
    seats: Seats = field(default_factory=lambda: Seats({}))
    taken: Mapping[Pool, int] = field(default_factory=dict)
    """The seats that somebody keeps, by pool."""

    def open_at(self, pool: Pool) -> int:
        """The seats nobody has."""
        return self.seats.by_pool.get(pool, 0) - self.taken.get(pool, 0)

    @cached_property
    def class_of(self) -> dict[str, str]:
        """The class of each child, by receipt number."""
        return {child.id: child.age_class for child in self.children}

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything the placing depends on: who, wishes, ranks, families, classes, seats."""
        told = [
            [
                child.id,
                child.wishes,
                sorted(child.ranks.items()),
                child.eligible,
                child.family,
                child.together,
                *([child.held] if child.held else []),
                *([child.age_class, child.present] if child.present or child.age_class != EVERYBODY else []),
                *([sorted(child.quotas)] if child.quotas else []),
            ]
            for child in sorted(self.children, key=lambda child: child.id)
        ]
        seats = sorted((seat_key(pool), count) for pool, count in self.seats.by_pool.items())
        quotas = [asdict(quota) for quota in self.seats.quotas]
        return canonical_sha256([told, seats, *([quotas] if quotas else [])])


def canonical_sha256(told: Any) -> str:
    return sha256(dumps(told, ensure_ascii=False, default=str, sort_keys=True).encode()).hexdigest()


def contest_of(
    package: Any,
    applicants: Iterable[Applicant],
    *,
    on: date,
    seed: str,
    held: Mapping[str, str] | None = None,
    given: Given | None = None,
    changed: Mapping[str, int] | None = None,
    former: Former = NOBODY,
) -> Contest:
    """Everybody's ranks. Siblings who apply in the same round are scored again, knowing each other's wishes.

    held: seats given by hand, the facility by receipt number; a seat at a place no longer wished is not held.
    given: what was given for the classes of this round; changed: open seats of a trial, by key of the pool.
    former: what the rounds before leave to this one.
    """
    competing = {each.number: each for each in applicants}
    everybody = competing | {each.number: each for each in former.others}
    sheets = {number: _sheet(package, each, on) for number, each in everybody.items()}
    for members in _families(sheets).values():
        for number in members:
            others = [sheets[other] for other in members if other != number]
            sheets[number] = _with_siblings(package, everybody[number], others, on)
    facts = _seat_facts(package, everybody, on)
    children = [
        _child(number, sheets[number], seed, facts[number], (held or {}).get(number, ""))
        for number in competing
    ]
    keeping = _keeping(package, facts, former, competing)
    children = [_improving(child, keeping) for child in children]
    left = [number for number in keeping if number not in competing]
    children += [_settled(number, keeping[number], facts[number], sheets[number]) for number in left]
    taken = Counter(keeping.values())
    seats = seats_of(package.facilities, given or {}, _holders(facts.values()), taken, changed or {})
    if not former.standing:
        seats = replace(seats, quotas=_quotas(package))
        children = [_meeting(child, package, everybody[child.id], on) for child in children]
    return Contest(children, sheets, seats, taken)


def _quotas(package: Any) -> tuple[Quota, ...]:
    """The quotas of a package; they hold in the first round of a period."""
    places = {place.code: place for place in package.facilities}
    return tuple(
        Quota(
            _quota_key(number, each),
            (each.facility, label_of(places[each.facility], each.age_class)),
            each.seats,
            each.name,
        )
        for number, each in enumerate(package.scoring.seats.quotas, 1)
    )


def _quota_key(number: int, each: QuotaRule) -> str:
    return f"{each.facility}#{number}"


def _meeting(child: Child, package: Any, applicant: Applicant, on: date) -> Child:
    """The child with the quotas of its class whose condition it meets."""
    rules = enumerate(package.scoring.seats.quotas, 1)
    met = frozenset(
        _quota_key(number, each)
        for number, each in rules
        if each.age_class == child.age_class and each.is_met(applicant.answers, applicant.facts, on)
    )
    return replace(child, quotas=met) if met else child


def quota_lines(contest: Contest, placing: Placing) -> list[dict[str, Any]]:
    """Each quota with its seats and how many children have one by it; the others were given to everybody."""
    used = Counter(
        (contest.seats.pool(placing.facility[child], contest.class_of[child]), name)
        for child, name in placing.by_quota.items()
    )
    return [
        {
            "code": quota.pool[0],
            "age_class": quota.pool[1],
            "name": quota.name,
            "seats": quota.seats,
            "used": used[quota.pool, quota.name],
        }
        for quota in contest.seats.quotas
    ]


def seats_now(
    package: Any, applicants: Iterable[Applicant], former: Former, given: Given, on: date
) -> tuple[Seats, Counter[Pool]]:
    """The seats of a round without its contest, and who keeps which of them."""
    competing = {each.number: each for each in applicants}
    facts = _seat_facts(package, competing | {each.number: each for each in former.others}, on)
    taken = Counter(_keeping(package, facts, former, competing).values())
    return seats_of(package.facilities, given, _holders(facts.values()), taken, {}), taken


def _keeping(
    package: Any, facts: Mapping[str, _Seated], former: Former, competing: Collection[str]
) -> dict[str, Pool]:
    """The pool whose seat nobody can take from a child, by number: that of a round before, else the one it had.

    Who has declined a seat has left both.
    """
    places = {place.code: place for place in package.facilities}
    found = {number: fact.pool for number, fact in facts.items() if fact.pool[0]}
    for number, standing in former.standing.items():
        if standing.seated and standing.facility in facts[number].fitting:
            label = label_of(places[standing.facility], facts[number].age_class)
            found[number] = (standing.facility, label)
        elif standing.facility and number not in competing:
            found.pop(number, None)
    return found


def _improving(child: Child, keeping: Mapping[str, Pool]) -> Child:
    """A child with a seat of a round before competes only for what it wishes more."""
    code = keeping.get(child.id, ("", ""))[0]
    if not code or code == child.present:
        return child
    better = child.wishes[: child.wishes.index(code)] if code in child.wishes else child.wishes
    ranks = {wish: child.ranks[wish] for wish in better}
    return replace(child, wishes=better, ranks=ranks, eligible=True, present=code, settled=True)


def _settled(number: str, pool: Pool, seated: _Seated, sheet: ScoreSheet) -> Child:
    """A child that takes no part any more and holds its seat."""
    return Child(
        number,
        (),
        {},
        family=sheet.family,
        held=pool[0],
        age_class=seated.age_class,
        settled=True,
    )


def _holders(facts: Iterable[_Seated]) -> Counter[Pool]:
    return Counter(fact.pool for fact in facts if fact.pool[0])


@dataclass(frozen=True)
class _Seated:
    """The class of a child, the facilities there are, those with such a class, and the pool whose seat the child holds."""

    age_class: str
    known: frozenset[str]
    fitting: frozenset[str]
    pool: Pool = ("", "")


def _seat_facts(package: Any, everybody: Mapping[str, Applicant], on: date) -> dict[str, _Seated]:
    places = {facility.code: facility for facility in package.facilities}
    if not any(facility.seats for facility in package.facilities):
        known = frozenset(places)
        return {number: _Seated(EVERYBODY, known, known) for number in everybody}
    rules = package.scoring.seats
    told = {number: seat_facts(rules, each.answers, each.facts, on) for number, each in everybody.items()}
    return {number: _seated(fact, places) for number, fact in told.items()}


def _seated(fact: SeatFacts, places: Mapping[str, Any]) -> _Seated:
    """A present facility without the child's class (卒園) is no seat to keep."""
    fitting = frozenset(code for code, place in places.items() if fact.age_class in place.seats)
    found = _Seated(fact.age_class, frozenset(places), fitting)
    if fact.present not in fitting:
        return found
    return replace(found, pool=(fact.present, label_of(places[fact.present], fact.age_class)))


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


def _child(number: str, sheet: ScoreSheet, seed: str, seated: _Seated, held: str) -> Child:
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
        if code in seated.known
    }
    together = WishKind(sheet.together or WishKind.EITHER)
    kept = held if held in ranks and held in seated.fitting else ""
    eligible = sheet.eligible or bool(kept)
    return Child(
        number, tuple(ranks), ranks, eligible, sheet.family, together, kept, seated.age_class, seated.pool[0]
    )


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
        "staying": sum(bool(story.keeps) for story in told),
        "by_wish": {str(number): wishes[number] for number in sorted(wishes)},
        "undecided": sum(bool(sheet.undecided) for sheet in sheets),
        "clubs": [asdict(line) for line in lines],
    }
