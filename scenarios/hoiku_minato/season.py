"""The days of the story of the nurseries, and how big it is."""

from dataclasses import dataclass
from datetime import date
from random import Random

from scenarios.hoiku_minato.children import Infant
from scenarios.hoiku_minato.forms import known, typed
from scenarios.whole_period.plan import Arrival, Plan, through_http_and_otherwise

PLAN = Plan(
    slug="hoiku",
    period="2027-04",
    seed=20270402,
    first_day=date(2026, 11, 2),
    portal_day=date(2026, 11, 16),
    review_day=date(2026, 12, 7),
    allocation_day=date(2027, 1, 18),
    decision_day=date(2027, 1, 26),
    release_day=date(2027, 2, 5),
    typed=typed,
    known=known,
)

PRINTED = {
    "source": "総務省 自治体DX推進参考事例集【第2.0版】 20 東京都港区 保育所AIマッチング",
    "said": "職員15人程度が約1週間程度かけて判定していた業務をAIが数分で完了",
    "before": {"people": 15, "weeks": 1},
    "after": "数分",
}
"""What the source prints. It is never computed with: the story measures its own."""


@dataclass(frozen=True)
class Season:
    """`children` apply; `places` is how many of the package's nurseries there are for them, `staying_share` how much of
    the seats from class 1 on is taken by children who go on there and do not apply."""

    children: int
    through_the_portal: int
    places: int
    staying_share: float
    online_share: float = 0.45
    duplicates_share: float = 0.008

    @property
    def duplicates(self) -> int:
        return round(self.children * self.duplicates_share)

    @property
    def applications(self) -> int:
        return self.children + self.duplicates

    @property
    def online(self) -> int:
        return round(self.applications * self.online_share)


FULL = Season(children=3000, through_the_portal=100, places=40, staying_share=0.3)
SMALL = Season(children=300, through_the_portal=6, places=5, staying_share=0.35)


def arrivals(infants: list[Infant], season: Season, lot: Random) -> tuple[list[Infant], list[Arrival]]:
    """Who goes through the portal by HTTP, and everybody else in order of arrival."""
    return through_http_and_otherwise(
        infants,
        by_http=season.through_the_portal,
        online=season.online,
        duplicates=season.duplicates,
        first_day=PLAN.first_day,
        lot=lot,
    )
