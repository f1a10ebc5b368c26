"""The days of the story, and how the applications come in on them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from madoguchi.services.applications.states import Channel
from scenarios.gakudo_club.families import Pupil

TOKYO = ZoneInfo("Asia/Tokyo")
PORTAL_DAY = date(2026, 11, 16)
REVIEW_DAY = date(2026, 12, 2)
ALLOCATION_DAY = date(2027, 1, 13)
DECISION_DAY = date(2027, 1, 20)
RELEASE_DAY = date(2027, 1, 29)
FIRST_DAY = date(2026, 11, 2)
SEED = 20270401


@dataclass(frozen=True)
class Season:
    """How big the story is. The full one has the 5,849 applications that 八王子市 printed, 36 % of them online.

    `clubs` is how many of the package's clubs families wish for: a small season crowds into a few of them.
    """

    applications: int
    through_the_portal: int
    clubs: int
    online_share: float = 0.36
    duplicates_share: float = 0.008
    corrections_share: float = 0.06
    withdrawals_share: float = 0.015

    @property
    def duplicates(self) -> int:
        return round(self.applications * self.duplicates_share)

    @property
    def children(self) -> int:
        return self.applications - self.duplicates

    @property
    def online(self) -> int:
        return round(self.applications * self.online_share)


FULL = Season(applications=5849, through_the_portal=200, clubs=80)
SMALL = Season(applications=300, through_the_portal=8, clubs=4)


@dataclass(frozen=True)
class Arrival:
    """One application as it comes in. `keyed_seconds` is how long the clerk of the story typed."""

    pupil: Pupil
    channel: Channel
    at: datetime
    key: uuid.UUID
    keyed_seconds: int | None
    duplicate: bool = False


def arrivals(pupils: list[Pupil], season: Season, lot: Random) -> tuple[list[Pupil], list[Arrival]]:
    """Who goes through the portal by HTTP, and everybody else in order of arrival."""
    order = pupils[:]
    lot.shuffle(order)
    by_http = _one_a_family(order, season.through_the_portal)
    rest = [pupil for pupil in order if not any(pupil is chosen for chosen in by_http)]
    more_online = season.online - season.through_the_portal
    drawn = [_arrival(pupil, Channel.ONLINE, lot) for pupil in rest[:more_online]]
    drawn += [_arrival(pupil, _on_paper(lot), lot) for pupil in rest[more_online:]]
    twice = lot.sample(rest[:more_online], season.duplicates)
    drawn += [_arrival(pupil, Channel.PAPER, lot, duplicate=True) for pupil in twice]
    return by_http, sorted(drawn, key=lambda arrival: (arrival.duplicate, arrival.at))


def _one_a_family(order: list[Pupil], count: int) -> list[Pupil]:
    """One child a family, so that no two people type on one paper at once."""
    chosen: dict[int, Pupil] = {}
    for pupil in order:
        if len(chosen) < count:
            chosen.setdefault(pupil.household.number, pupil)
    return list(chosen.values())


def _on_paper(lot: Random) -> Channel:
    return lot.choices((Channel.PAPER, Channel.COUNTER, Channel.PROXY), weights=(64, 33, 3))[0]


def _arrival(pupil: Pupil, channel: Channel, lot: Random, *, duplicate: bool = False) -> Arrival:
    day = FIRST_DAY + timedelta(days=lot.randint(20, 28) if duplicate else lot.randint(0, 28))
    hour = lot.randint(6, 23) if channel == Channel.ONLINE else lot.randint(9, 16)
    at = datetime(day.year, day.month, day.day, hour, lot.randint(0, 59), tzinfo=TOKYO)
    keyed = None if channel == Channel.ONLINE else max(60, round(lot.gauss(260, 70)))
    return Arrival(pupil, channel, at, uuid.UUID(int=lot.getrandbits(128)), keyed, duplicate)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of the story."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)
