"""What must be true at the end of the nurseries' period, looked up in the tables and in the story's own lists."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from madoguchi.services.allocation import queries as rounds
from madoguchi.services.allocation.actions import TakenIn
from madoguchi.services.allocation.trial_queries import Comparison
from scenarios.hoiku_minato.children import Nurseries, Seats
from scenarios.hoiku_minato.season import PLAN, Season
from scenarios.report import Report
from scenarios.whole_period.portal import Visited
from scenarios.whole_period.verdicts import (
    cases_of,
    counted,
    every_case_once,
    nobody_passed_over,
    one_letter_each,
    placed_of,
    rows,
)

LIST = """
SELECT application.number, placement.outcome, placement.facility_code, placement.age_class, placement.position
FROM allocation_placement AS placement JOIN applications_application AS application
  ON application.id = placement.application_id WHERE placement.round_id = %s ORDER BY application.number
"""
CHILDREN = """
SELECT application.number, application.resident_id, application.answers ->> 'child_class',
  CASE WHEN application.answers ->> 'transfer' = 'true' THEN application.answers ->> 'present_facility' ELSE '' END,
  coalesce(application.answers ->> 'sibling_wish', ''), placement.outcome, placement.facility_code,
  coalesce(placement.explanation ->> 'keeps', ''), jsonb_array_length(placement.explanation -> 'sentences')
FROM allocation_placement AS placement JOIN applications_application AS application
  ON application.id = placement.application_id WHERE placement.round_id = %s
"""
BOUND = {"same_only", "all_or_none"}


@dataclass(frozen=True)
class Beside:
    """What was computed beside the round before it was decided."""

    same: bool
    mixed: bool
    fewest: int
    """Fewer families who could claim a better wish are impossible: proven by the solver, 0 where nothing is."""
    claims: list[str]
    key: str
    what_if: Comparison
    ours: TakenIn
    other: TakenIn
    again: TakenIn


@dataclass(frozen=True)
class Child:
    """One child of the round. transfer: the facility whose seat it had."""

    number: str
    parent: int
    age_class: str
    transfer: str
    sibling_wish: str
    outcome: str
    facility: str
    keeps: str
    sentences: int

    @property
    def place(self) -> str:
        """Where the child will be."""
        return self.facility or self.keeps


def children_of(round_id: int) -> list[Child]:
    return [Child(*row) for row in rows(CHILDREN, round_id)]


def list_of(round_id: int) -> list[tuple[Any, ...]]:
    """The whole list, as it would be decided."""
    return rows(LIST, round_id)


def seats_now(round_id: int) -> dict[str, str]:
    """Who is where by the round, those who keep their seat included."""
    return {child.number: child.place for child in children_of(round_id) if child.place}


def most_wanted(round_id: int, places: set[str]) -> str:
    """The class with the most wishes beyond its seats, as a trial names it."""
    found = next(run for run in [rounds.round_of(PLAN.slug, PLAN.period)] if run and run.id == round_id)
    lines = [club for club in found.clubs if club.code in places]
    wanted = max(lines, key=lambda club: club.applicants - club.capacity)
    return f"{wanted.code}/{wanted.age_class}"


def look(
    report: Report,
    season: Season,
    nurseries: Nurseries,
    visited: list[Visited],
    second: dict[str, bool],
    round_id: int,
    beside: Beside,
) -> None:
    """Fill in figures and checks."""
    cases = cases_of(PLAN)
    counted(report, cases, visited)
    every_case_once(
        report, cases, visited, applications=season.applications, by_http=season.through_the_portal
    )
    _came_in(report, cases, second)
    one_letter_each(report, cases)
    children = children_of(round_id)
    _explained(report, children, cases)
    _capacity(report, children, nurseries)
    _transfers(report, children)
    _siblings(report, children)
    _claims(report, round_id, beside)
    _beside(report, beside)


def _came_in(report: Report, cases: list[tuple[Any, ...]], second: dict[str, bool]) -> None:
    """Which applications came in how: over HTTP through the portal, or by the same intake action in bulk."""
    by_http = report.figures["through_the_portal"]
    online = sum(case[4] == "online" for case in cases)
    report.figures |= {
        "online_by_http": by_http,
        "online_by_the_intake_action": online - by_http,
        "paper_keyed_by_the_intake_action": len(cases) - online,
        "duplicates": len(second),
    }
    missed = [number for number, marked in second.items() if not marked]
    report.check("every second application for one child was marked", not missed, ", ".join(missed[:5]))


def _explained(report: Report, children: list[Child], cases: list[tuple[Any, ...]]) -> None:
    in_round = {child.number for child in children}
    left = [case[1] for case in cases if case[2] != "withdrawn" and case[1] not in in_round]
    report.check("everybody who did not withdraw is in the round", not left, ", ".join(left[:5]))
    silent = [child.number for child in children if not child.sentences]
    report.check("everybody is placed or told why not", not silent, ", ".join(silent[:5]))
    both = [child.number for child in children if (child.outcome == "granted") != bool(child.facility)]
    report.check("who is granted has a facility, and nobody else", not both, ", ".join(both[:5]))
    report.figures["children_by_class"] = dict(sorted(Counter(child.age_class for child in children).items()))


def _capacity(report: Report, children: list[Child], nurseries: Nurseries) -> None:
    """Everybody who will be in a class, those who never applied included, by the story's own count."""
    entered = Counter((child.facility, child.age_class) for child in children if child.facility)
    moved = Counter(
        (child.transfer, child.age_class) for child in children if child.transfer and child.facility
    )
    over = too_full(nurseries, entered, moved)
    report.check("no class holds more children than seats", not over, "; ".join(over[:5]))
    known = {(facility.code, label) for facility in nurseries.facilities for label in facility.seats}
    elsewhere = [key for key in entered if key not in known]
    report.check("nobody is placed in a class that is not there", not elsewhere, str(elsewhere[:5]))
    seats = sum(sum(facility.seats.values()) for facility in nurseries.facilities)
    report.figures |= {
        "open_seats": seats - sum(nurseries.staying.values()),
        "passed_on_by_transfers": sum(moved.values()),
    }


def too_full(nurseries: Nurseries, entered: Seats, moved: Seats) -> list[str]:
    """Classes, or classes that share their seats, with more children than seats: those who stay, who entered, less who moved."""
    over = []
    for facility in nurseries.facilities:
        shared = [tuple(group) for group in facility.shared]
        joint = {label for group in shared for label in group}
        for group in [*shared, *((label,) for label in facility.seats if label not in joint)]:
            keys = [(facility.code, label) for label in group]
            seats = sum(facility.seats[label] for label in group)
            there = sum(nurseries.staying[key] + entered[key] - moved[key] for key in keys)
            if there > seats:
                over.append(f"{facility.code}/{'+'.join(group)}: {there} > {seats}")
    return over


def _transfers(report: Report, children: list[Child]) -> None:
    asked = [child for child in children if child.transfer]
    lost = [child.number for child in asked if not (child.facility or child.keeps == child.transfer)]
    report.check("no transfer loses a seat", not lost, ", ".join(lost[:5]))
    report.figures |= {"transfers": len(asked), "transfers_met": sum(bool(child.facility) for child in asked)}


def _siblings(report: Report, children: list[Child]) -> None:
    """Families of one parent with several children in the round, by what they wrote."""
    families: dict[int, list[Child]] = defaultdict(list)
    for child in children:
        families[child.parent].append(child)
    several = [members for members in families.values() if len(members) > 1]
    broken = []
    for members in several:
        wish = members[0].sibling_wish
        entered = [child.facility for child in members if child.facility]
        torn = wish in BOUND and len(entered) not in {0, len(members)}
        if torn or (wish == "same_only" and len(set(entered)) > 1):
            broken.append(f"{wish}: {', '.join(child.number for child in members)}")
    report.check("no sibling wish is broken", not broken, "; ".join(broken[:5]))
    follow = [child for child in children if child.sibling_wish == "follow_enrolled"]
    report.figures |= {
        "sibling_families": len(several),
        "sibling_wishes": dict(Counter(members[0].sibling_wish for members in several))
        | {"follow_enrolled": len(follow)},
    }


def _claims(report: Report, round_id: int, beside: Beside) -> None:
    found = rounds.round_of(PLAN.slug, PLAN.period)
    assert found is not None
    figures = found.figures
    report.figures |= {
        "blocking_families": figures["blocking"],
        "proof": figures["proof"],
        "by_wish": figures["by_wish"],
        "matching_seconds": figures["seconds"],
    }
    report.figures["families_with_a_claim"] = beside.claims
    report.check(
        "no family could claim a better seat, or the fewest that must, named",
        figures["blocking"] == beside.fewest == len(beside.claims),
        f"{figures['blocking']}, at least {beside.fewest}: {'; '.join(beside.claims[:5])}",
    )
    nobody_passed_over(report, placed_of(round_id))


def _beside(report: Report, beside: Beside) -> None:
    report.check("computed again, the list is the same", beside.same)
    report.check("with the rows in another order, the list is the same", beside.mixed)
    ours, other = beside.ours, beside.other
    clean = (ours.violations, ours.blocking) == (0, report.figures["blocking_families"])
    report.check("our list, taken in as a file, passes the checker", clean, str(ours))
    report.check("another way to allocate keeps the rules of seats", other.violations == 0, str(other))
    report.check("it is kept once however often it is taken in", beside.again.key == other.key)
    before, after = beside.what_if.one.outcomes, beside.what_if.other.outcomes
    assert before is not None
    assert after is not None
    changed = [club.code for club in beside.what_if.clubs if club.seats[0] != club.seats[1]]
    report.check("the what-if changes one class only", changed == [beside.key.split("/")[0]], str(changed))
    report.figures |= {
        "what_if": {
            "class": beside.key,
            "placed": [before["granted"], after["granted"]],
            "children_who_end_otherwise": len(beside.what_if.moved),
        },
        "by_order_of_receipt": {"placed": other.placed, "families_passed_over": other.blocking},
        "by_our_round": {"placed": ours.placed, "families_passed_over": ours.blocking},
    }
