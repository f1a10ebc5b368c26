"""What the stories of one whole period with an allocation have in common: their days, who applies, how papers come in."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from madoguchi.ledgers.procedures.queries import LoadedPackage
from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow
from madoguchi.services.applications.states import Channel

TOKYO = ZoneInfo("Asia/Tokyo")
Raw = dict[str, list[str]]
"""What is typed, by the name of the input."""
Typed = Callable[[Any, Random, LoadedPackage, bool], Raw]
"""What the family of an Applicant types or writes into the form; the last word is whether with an e-mail address."""


class Applicant(Protocol):
    """One child of a family who applies."""

    @property
    def household(self) -> HouseholdRow: ...
    @property
    def child(self) -> MemberRow: ...
    @property
    def parents(self) -> list[MemberRow]: ...


Who = TypeVar("Who", bound=Applicant)


@dataclass(frozen=True)
class Arrival:
    """One application as it comes in. `keyed_seconds` is how long the clerk of the story typed."""

    pupil: Any
    channel: Channel
    at: datetime
    key: uuid.UUID
    keyed_seconds: int | None
    duplicate: bool = False


def nothing_known(_: Applicant) -> dict[str, object]:
    """No fact of the town's other ledgers."""
    return {}


@dataclass(frozen=True)
class Plan:
    """One procedure, one period, its days, and the words of a story. `known` are facts of the town's other ledgers."""

    slug: str
    period: str
    seed: int
    first_day: date
    portal_day: date
    review_day: date
    allocation_day: date
    decision_day: date
    release_day: date
    typed: Typed
    known: Callable[[Any], dict[str, object]] = nothing_known
    corrections_share: float = 0.06
    withdrawals_share: float = 0.015


def through_http_and_otherwise(
    people: Sequence[Who], *, by_http: int, online: int, duplicates: int, first_day: date, lot: Random
) -> tuple[list[Who], list[Arrival]]:
    """Who goes through the portal by HTTP, and everybody else in order of arrival.

    online: how many applications come in online, those by HTTP included. duplicates: children for whom a second paper
    comes in later.
    """
    order = list(people)
    lot.shuffle(order)
    chosen = _one_a_family(order, by_http)
    left = {id(each) for each in chosen}
    rest = [each for each in order if id(each) not in left]
    more_online = online - by_http
    drawn = [_arrival(each, Channel.ONLINE, first_day, lot) for each in rest[:more_online]]
    drawn += [_arrival(each, _on_paper(lot), first_day, lot) for each in rest[more_online:]]
    twice = lot.sample(rest[:more_online], duplicates)
    drawn += [_arrival(each, Channel.PAPER, first_day, lot, duplicate=True) for each in twice]
    return chosen, sorted(drawn, key=lambda arrival: (arrival.duplicate, arrival.at))


def _one_a_family(order: list[Who], count: int) -> list[Who]:
    """One child a family, so that no two people type on one paper at once."""
    chosen: dict[int, Who] = {}
    for each in order:
        if len(chosen) < count:
            chosen.setdefault(each.household.number, each)
    return list(chosen.values())


def _on_paper(lot: Random) -> Channel:
    return lot.choices((Channel.PAPER, Channel.COUNTER, Channel.PROXY), weights=(64, 33, 3))[0]


def _arrival(
    who: Applicant, channel: Channel, first_day: date, lot: Random, *, duplicate: bool = False
) -> Arrival:
    day = first_day + timedelta(days=lot.randint(20, 28) if duplicate else lot.randint(0, 28))
    hour = lot.randint(6, 23) if channel == Channel.ONLINE else lot.randint(9, 16)
    moment = datetime(day.year, day.month, day.day, hour, lot.randint(0, 59), tzinfo=TOKYO)
    keyed = None if channel == Channel.ONLINE else max(60, round(lot.gauss(260, 70)))
    return Arrival(who, channel, moment, uuid.UUID(int=lot.getrandbits(128)), keyed, duplicate)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of the story."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)
