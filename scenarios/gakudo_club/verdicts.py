"""What must be true at the end of the clubs' period, beside what every period has to show."""

from collections import Counter

from madoguchi.improvement.insight.queries import measures
from scenarios.gakudo_club.season import PLAN, Season
from scenarios.report import Report
from scenarios.whole_period.portal import Visited
from scenarios.whole_period.verdicts import (
    cases_of,
    counted,
    every_case_once,
    nobody_passed_over,
    one_letter_each,
    placed_of,
    the_trace_verifies,
)


def look(report: Report, season: Season, visited: list[Visited], second: dict[str, bool]) -> None:
    """Fill in figures and checks."""
    cases = cases_of(PLAN)
    counted(report, cases, visited)
    every_case_once(
        report, cases, visited, applications=season.applications, by_http=season.through_the_portal
    )
    share = round(100 * report.figures["online_share"])
    report.check("36 % online", share == round(100 * season.online_share), f"{share} %")
    report.figures["duplicates"] = len(second)
    marked = sum(second.values())
    found = f"{marked} of {season.duplicates}"
    report.check("every second application for one child was marked", marked == season.duplicates, found)
    one_letter_each(report, cases)
    _capacity(report)
    _measured(report)
    the_trace_verifies(report)


def _capacity(report: Report) -> None:
    from madoguchi.services.allocation.queries import round_of

    found = round_of(PLAN.slug, PLAN.period)
    assert found is not None
    capacity = {club.code: club.capacity for club in found.clubs}
    placed = placed_of(found.id)
    taken = Counter(row[1] for row in placed if row[1])
    report.figures["clubs_full"] = sum(taken[code] >= seats for code, seats in capacity.items())
    over = [code for code, count in taken.items() if count > capacity[code]]
    report.check("no club over capacity", not over, ", ".join(over))
    report.figures["blocking_families"] = found.figures["blocking"]
    report.figures["blocking_at_least"] = bound = found.figures["blocking_bound"]
    report.check(
        "no family could claim a better seat by its rank, or it is proven that in every outcome some can",
        found.figures["blocking"] == 0 or bound > 0,
        f"{found.figures['blocking']}, at least {bound}",
    )
    nobody_passed_over(report, placed)


def _measured(report: Report) -> None:
    online = measures(PLAN.slug, PLAN.period, on=PLAN.release_day).measure("online_share")
    share = round(float(online.numerator or 0) / float(online.denominator or 1), 4)
    report.check("the measures page counts the same online share", share == report.figures["online_share"])
