"""電子決裁の普及 as measured from the decided drafts, with what others printed beside it. Part of queries.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from madoguchi.clerical.decisions import adoption_facts as facts
from madoguchi.clerical.decisions.adoption_facts import LongWait, StepDays
from madoguchi.clerical.decisions.queries import kinds
from madoguchi.clerical.decisions.states import ApprovalMode
from madoguchi.improvement.insight import adoption as pure
from madoguchi.improvement.insight.adoption import MODES, Mode, ReasonCount, SameWork, Shares, Tally
from madoguchi.improvement.insight.arithmetic import median_of
from madoguchi.improvement.insight.printed_rates import PrintedRate, printed_rates
from madoguchi.ledgers.office.queries import organisation, section_in_year

MODE_OF: dict[ApprovalMode, Mode] = dict(zip(ApprovalMode, MODES, strict=True))


@dataclass(frozen=True)
class Place:
    """A section as it is called, and the office it stands in: the section above it, or itself."""

    section_id: int
    name: str
    office: str


@dataclass(frozen=True)
class ModeDays:
    """Median calendar days from the last submission to the decision, over so many drafts."""

    median: Decimal | None
    drafts: int


@dataclass(frozen=True)
class Adoption:
    """Everything the page of electronic decisions shows for the days from `first` to `last`."""

    first: date
    last: date
    at: datetime
    whole: Shares
    by_month: dict[date, Shares]
    by_section: dict[int, Shares]
    by_office: dict[str, Shares]
    same_work: list[SameWork]
    reasons: list[ReasonCount]
    sheets_not_printed: int
    days: dict[ApprovalMode, ModeDays]
    steps: list[StepDays]
    long_waits: list[LongWait]
    places: Mapping[int, Place]
    kind_names: Mapping[str, str]
    printed: tuple[PrintedRate, ...]

    @property
    def days_saved(self) -> Decimal | None:
        """Median days of paper less those of electronic drafts; None before both were decided."""
        paper, electronic = self.days[ApprovalMode.PAPER].median, self.days[ApprovalMode.ELECTRONIC].median
        return None if paper is None or electronic is None else paper - electronic


def adoption(first: date, last: date, *, at: datetime) -> Adoption:
    """How drafts were decided between two days, and what waits too long now."""
    tallies = [_tally(row) for row in facts.decided_counts(first, last)]
    waits = facts.long_waits(at)
    places = places_of({each.section for each in tallies} | {each.section_id for each in waits}, last)
    took = facts.days_to_decision(first, last)
    return Adoption(
        first,
        last,
        at,
        pure.shares_of(tallies),
        dict(sorted(pure.shares_by(tallies, lambda each: each.month).items())),
        pure.shares_by(tallies, lambda each: each.section),
        pure.shares_by(tallies, lambda each: places[each.section].office),
        pure.same_work(tallies),
        pure.reasons_for_paper(tallies),
        pure.sheets_not_printed(tallies),
        {mode: ModeDays(median_of(took.get(mode, {})), _drafts(took, mode)) for mode in ApprovalMode},
        facts.step_days(first, last),
        waits,
        places,
        {each.code: each.name for each in kinds(last)},
        printed_rates(),
    )


def _drafts(took: Mapping[ApprovalMode, Mapping[int, int]], mode: ApprovalMode) -> int:
    return sum(took.get(mode, {}).values())


def _tally(row: facts.Decided) -> Tally:
    return Tally(
        row.month,
        row.section_id,
        row.kind,
        MODE_OF[row.mode],
        row.reason.value if row.reason else "",
        row.drafts,
        row.sheets,
    )


def sections_of_office(office: str, on: date) -> frozenset[int]:
    """Every section with decided drafts that stands in the office of that name on a day."""
    places = places_of(facts.sections_that_decided(on), on)
    return frozenset(place.section_id for place in places.values() if place.office == office)


def places_of(sections: set[int], on: date) -> dict[int, Place]:
    """What these sections and their offices are called on a day; a section not entered that year by its last name."""
    named = {row.section_id: row for row in organisation(on)}
    for section in sections - named.keys():
        if (row := section_in_year(section, on)) is not None:
            named[section] = row
    found = {}
    for section in sections:
        row = named.get(section)
        above = named.get(row.parent_id) if row and row.parent_id else None
        name = row.name if row else f"課 {section}"
        found[section] = Place(section, name, above.name if above else name)
    return found
