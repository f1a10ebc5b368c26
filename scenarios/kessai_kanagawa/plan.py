"""Which drafts the prefecture of the story decides in six years, and how; no database.

The share of each year is the printed one. Sections of the same work differ because each has an eagerness of its own:
the year's electronic decisions go to the eager ones first, with some luck.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from madoguchi.improvement.insight.adoption import Mode
from madoguchi.improvement.insight.printed_rates import printed_rates

WHOSE = "神奈川県"
SEED = 982
KINDS = ("K02", "K03", "K06", "K08", "K10", "K12", "K20", "K21", "K25", "K36")
MIXED_FROM = 2020
MIXED_SHARE = Decimal("0.18")
"""併用 was introduced in 令和2年度; how much of the electronic rate it makes up is not printed and drawn so here."""
REASONS = ("habit", "large", "original", "seal", "bound", "other_side")
WEIGHTS = {"paper": (40, 14, 18, 16, 6, 6), "mixed": (0, 52, 18, 0, 22, 8)}
LUCK = 0.16
WAITS = {"electronic": (0, 1, 1, 2, 2, 3, 4), "mixed": (1, 1, 2, 3, 4, 5), "paper": (2, 3, 4, 5, 6, 8, 11)}
LAST_START = 330
"""Days after the first of April: everything is decided in the year in which it was drafted."""


@dataclass(frozen=True)
class Size:
    sections: int
    kinds: int
    drafts: int
    acted_sections: int
    """Sections whose drafts all go through the real actions."""


SIZES = {"small": Size(20, 4, 600, 20), "full": Size(200, 10, 60_000, 7)}


@dataclass(frozen=True)
class Planned:
    """One draft of the story; `section` counts from nothing, `days` until the decision."""

    key: int
    year: int
    section: int
    kind: str
    mode: Mode
    reason: str
    drafted_on: date
    days: int
    sheets: int

    @property
    def decided_on(self) -> date:
        return self.drafted_on + timedelta(days=self.days)


def years() -> dict[int, Decimal]:
    """The printed rate of each fiscal year."""
    return {each.fiscal_year: each.percent for each in printed_rates() if each.whose == WHOSE}


def kind_of(section: int, size: Size) -> str:
    """Every so-manyth section does the same work."""
    return KINDS[section % size.kinds]


def electronic_of(count: int, percent: Decimal) -> int:
    """So many of `count` are the printed percent, as near as whole drafts come to it."""
    return int((percent * count / 100).quantize(Decimal(1), ROUND_HALF_UP))


def planned(size: Size) -> Iterator[Planned]:
    """Every draft, year by year."""
    lot, key = Random(SEED), 0
    eager = [lot.random() for _ in range(size.sections)]
    each_year = size.drafts // len(years())
    for year, percent in years().items():
        slots = [number % size.sections for number in range(each_year)]
        ways = _ways(slots, eager, electronic_of(each_year, percent), year, lot)
        for section, mode in zip(slots, ways, strict=True):
            key += 1
            yield _draft(key, year, section, mode, size, lot)


def _ways(slots: list[int], eager: list[float], electronic: int, year: int, lot: Random) -> list[Mode]:
    order = sorted(range(len(slots)), key=lambda at: eager[slots[at]] + lot.gauss(0, LUCK), reverse=True)
    mixed = round(electronic * MIXED_SHARE) if year >= MIXED_FROM else 0
    beside = set(lot.sample(order[:electronic], mixed))
    ways: list[Mode] = ["paper"] * len(slots)
    for at in order[:electronic]:
        ways[at] = "mixed" if at in beside else "electronic"
    return ways


def _draft(key: int, year: int, section: int, mode: Mode, size: Size, lot: Random) -> Planned:
    reason = "" if mode == "electronic" else lot.choices(REASONS, WEIGHTS[mode])[0]
    drafted_on = date(year, 4, 1) + timedelta(days=lot.randrange(LAST_START))
    days, sheets = lot.choice(WAITS[mode]), lot.randint(1, 30)
    return Planned(key, year, section, kind_of(section, size), mode, reason, drafted_on, days, sheets)
