"""What must be true at the end, looked up in the tables by questions that share nothing with the code under test."""

import json
from collections import Counter
from statistics import median
from typing import Any

from django.db import connection

from madoguchi.improvement.insight.queries import measures
from madoguchi.ledgers.office import queries as office
from scenarios.gakudo_club.desk import SLUG
from scenarios.gakudo_club.intake import PERIOD
from scenarios.gakudo_club.portal import Visited
from scenarios.gakudo_club.season import RELEASE_DAY, Season
from scenarios.report import Report

CASES = """
SELECT application.id, application.number, application.stage, application.outcome, application.channel,
  application.person_name, application.received_at::date, application.decided_at::date,
  application.outcome_facts ->> 'facility_code'
FROM applications_application AS application WHERE procedure = %s AND period_code = %s
"""
LETTERS = """
SELECT subject_id, number, text, state, released_at, facts ->> 'number', facts ->> 'child_name'
FROM notices_letter
"""
PLACEMENTS = "SELECT application_id, facility_code, explanation -> 'wishes' FROM allocation_placement"


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def look(report: Report, season: Season, visited: list[Visited], second: dict[str, bool]) -> None:
    """Fill in figures and checks."""
    cases = rows(CASES, SLUG, PERIOD)
    _figures(report, season, cases, visited)
    _every_case_once(report, season, cases)
    report.figures["duplicates"] = len(second)
    marked = sum(second.values())
    found = f"{marked} of {season.duplicates}"
    report.check("every second application for one child was marked", marked == season.duplicates, found)
    _letters(report, cases)
    _capacity(report)
    _measured(report)
    _trace(report)


def _figures(report: Report, season: Season, cases: list[tuple[Any, ...]], visited: list[Visited]) -> None:
    outcomes = Counter(case[3] or case[2] for case in cases)
    days = [(case[7] - case[6]).days for case in cases if case[7]]
    online = sum(case[4] == "online" for case in cases)
    report.figures |= {
        "applications": len(cases),
        "notices": rows("SELECT count(*) FROM notices_letter WHERE released_at IS NOT NULL")[0][0],
        "online_share": round(online / len(cases), 4),
        "placed": outcomes["granted"],
        "waitlisted": outcomes["waitlisted"],
        "refused": outcomes["refused"] + outcomes["waitlisted"],
        "withdrawn": outcomes["withdrawn"],
        "median_days": median(days) if days else None,
        "corrections": rows("SELECT count(*) FROM applications_correction")[0][0],
        "survey_answers": rows("SELECT count(*) FROM insight_surveyanswer")[0][0],
        "through_the_portal": sum(bool(visit.number) for visit in visited),
        "portal_requests": sum(visit.requests for visit in visited),
        "trace_rows": rows("SELECT count(*) FROM office_trace")[0][0],
    }
    stuck = Counter(visit.stuck_on for visit in visited if visit.stuck_on)
    numbers = {visit.number for visit in visited if visit.number}
    report.check(
        "every family at the portal got one receipt of its own",
        len(numbers) == season.through_the_portal,
        "; ".join(f"{where}: {count}" for where, count in stuck.items()),
    )


def _every_case_once(report: Report, season: Season, cases: list[tuple[Any, ...]]) -> None:
    report.check("as many cases as the season has", len(cases) == season.applications, str(len(cases)))
    report.check("every case has a number of its own", len({case[1] for case in cases}) == len(cases))
    undecided = [case[1] for case in cases if not (case[3] or case[2] == "withdrawn")]
    report.check("every case has exactly one outcome", not undecided, ", ".join(undecided[:5]))
    share = round(100 * report.figures["online_share"])
    report.check("36 % online", share == round(100 * season.online_share), f"{share} %")


def _letters(report: Report, cases: list[tuple[Any, ...]]) -> None:
    letters = rows(LETTERS)
    by_case = Counter(letter[0] for letter in letters)
    names = {str(case[0]): (case[1], plain(case[5])) for case in cases}
    without = [case[1] for case in cases if by_case[str(case[0])] != 1]
    report.check("every case has exactly one letter", not without, ", ".join(without[:5]))
    wrong = [
        letter[1]
        for letter in letters
        if (letter[5], plain(letter[6])) != names.get(letter[0])
        or letter[5] not in letter[2]
        or letter[6] not in letter[2]
    ]
    report.check("every letter names its own case and child", not wrong, ", ".join(wrong[:5]))
    instants = {letter[4] for letter in letters}
    report.check("all letters went out at one instant", len(instants) == 1 and None not in instants)
    unsent = rows("SELECT count(*) FROM notices_delivery WHERE route = 'email' AND state <> 'sent'")[0][0]
    report.check("every mail was handed over", unsent == 0, f"{unsent} left")


def plain(name: str) -> str:
    """A name without variation selectors: a letter may print the base character of a rare variant."""
    return "".join(char for char in name if not 0xE0100 <= ord(char) <= 0xE01EF).replace("𠮷", "吉")


def _capacity(report: Report) -> None:
    from madoguchi.services.allocation.queries import round_of

    found = round_of(SLUG, PERIOD)
    assert found is not None
    capacity = {club.code: club.capacity for club in found.clubs}
    placed = [(case, club, json.loads(wishes)) for case, club, wishes in rows(PLACEMENTS)]
    taken = Counter(row[1] for row in placed if row[1])
    report.figures["clubs_full"] = sum(taken[code] >= seats for code, seats in capacity.items())
    over = [code for code, count in taken.items() if count > capacity[code]]
    report.check("no club over capacity", not over, ", ".join(over))
    envious = _passed_over(placed)
    report.figures["blocking_families"] = found.figures["blocking"]
    report.figures["blocking_at_least"] = bound = found.figures["blocking_bound"]
    report.check(
        "no family could claim a better seat by its rank, or it is proven that in every outcome some can",
        found.figures["blocking"] == 0 or bound > 0,
        f"{found.figures['blocking']}, at least {bound}",
    )
    report.check(
        "nobody lower-ranked placed where a higher-ranked one with the same wish was refused, but who is named",
        not envious,
        ", ".join(map(str, envious[:5])),
    )


def _passed_over(placed: list[tuple[Any, ...]]) -> list[int]:
    """Children who rank, at a club they would rather have, above somebody who holds a seat there.

    A wish that is not "full" was not refused for its rank: the child is there, sits at a better wish, the family's
    own sibling wish ruled it out, or it is named as a claim that no outcome is without.
    """
    last: dict[str, int] = {}
    for _, club, wishes in placed:
        held = next((wish["position"] for wish in wishes if club and wish["facility"] == club), None)
        if held is not None:
            last[club] = max(last.get(club, 0), held)
    return [
        application
        for application, _, wishes in placed
        if any(
            wish["result"] == "full" and wish["position"] and wish["position"] < last.get(wish["facility"], 0)
            for wish in wishes
        )
    ]


def _measured(report: Report) -> None:
    online = measures(SLUG, PERIOD, on=RELEASE_DAY).measure("online_share")
    share = round(float(online.numerator or 0) / float(online.denominator or 1), 4)
    report.check("the measures page counts the same online share", share == report.figures["online_share"])


def _trace(report: Report) -> None:
    town = office.municipality_by_code("999999")
    found = office.verify_chain(town)
    report.check("the trace verifies", found.broken is None, f"{found.rows} rows")
