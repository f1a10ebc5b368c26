"""The days of the story, and how the applications come in on them."""

from dataclasses import dataclass
from datetime import date
from random import Random

from scenarios.gakudo_club.families import Pupil, typed
from scenarios.whole_period.plan import Arrival, Plan, through_http_and_otherwise

SEED = 20270401
FIRST_DAY = date(2026, 11, 2)
PLAN = Plan(
    slug="gakudo-club",
    period="2027-04",
    seed=SEED,
    first_day=FIRST_DAY,
    portal_day=date(2026, 11, 16),
    review_day=date(2026, 12, 2),
    allocation_day=date(2027, 1, 13),
    decision_day=date(2027, 1, 20),
    release_day=date(2027, 1, 29),
    typed=typed,
)


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


def arrivals(pupils: list[Pupil], season: Season, lot: Random) -> tuple[list[Pupil], list[Arrival]]:
    """Who goes through the portal by HTTP, and everybody else in order of arrival."""
    return through_http_and_otherwise(
        pupils,
        by_http=season.through_the_portal,
        online=season.online,
        duplicates=season.duplicates,
        first_day=FIRST_DAY,
        lot=lot,
    )
