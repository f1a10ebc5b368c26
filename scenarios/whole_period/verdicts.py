"""What must be true at the end of every such period, looked up in the tables by questions that share nothing with the code
under test."""

import json
from collections import Counter
from statistics import median
from typing import Any

from django.db import connection

from madoguchi.ledgers.office import queries as office
from scenarios.report import Report
from scenarios.whole_period.plan import Plan
from scenarios.whole_period.portal import Visited

CASES = """
SELECT application.id, application.number, application.stage, application.outcome, application.channel,
  application.person_name, application.received_at::date, application.decided_at::date,
  application.outcome_facts ->> 'facility_code'
FROM applications_application AS application WHERE procedure = %s AND period_code = %s
"""
PLACEMENTS = """
SELECT application_id, facility_code, explanation -> 'wishes' FROM allocation_placement WHERE round_id = %s
"""
LETTERS = """
SELECT subject_id, number, text, state, released_at, facts ->> 'number', facts ->> 'child_name'
FROM notices_letter
"""


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def cases_of(plan: Plan) -> list[tuple[Any, ...]]:
    """Every case of the period: key, number, stage, outcome, channel, name, days, facility."""
    return rows(CASES, plan.slug, plan.period)


def counted(report: Report, cases: list[tuple[Any, ...]], visited: list[Visited]) -> None:
    """The figures that every period has."""
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


def every_case_once(
    report: Report, cases: list[tuple[Any, ...]], visited: list[Visited], *, applications: int, by_http: int
) -> None:
    """As many cases as came in, each with a number and one outcome, each visit with a receipt."""
    stuck = Counter(visit.stuck_on for visit in visited if visit.stuck_on)
    numbers = {visit.number for visit in visited if visit.number}
    where = "; ".join(f"{place}: {count}" for place, count in stuck.items())
    report.check("every family at the portal got one receipt of its own", len(numbers) == by_http, where)
    report.check("as many cases as the season has", len(cases) == applications, str(len(cases)))
    report.check("every case has a number of its own", len({case[1] for case in cases}) == len(cases))
    undecided = [case[1] for case in cases if not (case[3] or case[2] == "withdrawn")]
    report.check("every case has exactly one outcome", not undecided, ", ".join(undecided[:5]))


def one_letter_each(report: Report, cases: list[tuple[Any, ...]]) -> None:
    """Every case has exactly one letter, its own, all went out at one instant, and every mail was handed over."""
    letters = rows(LETTERS)
    by_case = Counter(letter[0] for letter in letters)
    names = {str(case[0]): (case[1], plain(case[5])) for case in cases}
    without = [case[1] for case in cases if by_case[str(case[0])] != 1]
    report.check("every case has exactly one letter", not without, ", ".join(without[:5]))
    wrong = [letter[1] for letter in letters if not _names_its_own(letter, names)]
    report.check("every letter names its own case and child", not wrong, ", ".join(wrong[:5]))
    instants = {letter[4] for letter in letters}
    report.check("all letters went out at one instant", len(instants) == 1 and None not in instants)
    unsent = rows("SELECT count(*) FROM notices_delivery WHERE route = 'email' AND state <> 'sent'")[0][0]
    report.check("every mail was handed over", unsent == 0, f"{unsent} left")


def _names_its_own(letter: tuple[Any, ...], names: dict[str, tuple[str, str]]) -> bool:
    said = (letter[5], plain(letter[6]))
    return said == names.get(letter[0]) and letter[5] in letter[2] and letter[6] in letter[2]


def plain(name: str) -> str:
    """A name without variation selectors: a letter may print the base character of a rare variant."""
    return "".join(char for char in name if not 0xE0100 <= ord(char) <= 0xE01EF).replace("𠮷", "吉")


def placed_of(round_id: int) -> list[tuple[Any, ...]]:
    """What a round made of each application: its key, the facility, and its wishes one by one."""
    return [(case, place, json.loads(wishes)) for case, place, wishes in rows(PLACEMENTS, round_id)]


def nobody_passed_over(report: Report, placed: list[tuple[Any, ...]]) -> None:
    envious = _passed_over(placed)
    report.check(
        "nobody lower-ranked placed where a higher-ranked one with the same wish was refused, but who is named",
        not envious,
        ", ".join(map(str, envious[:5])),
    )


def _passed_over(placed: list[tuple[Any, ...]]) -> list[int]:
    """Children who rank, at a place they would rather have, above somebody who got a seat of the same class there.

    A wish that is not "full" was not refused for its rank: the child is there, sits at a better wish, the family's
    own sibling wish ruled it out, or it is named as a claim that no outcome is without.
    """
    last: dict[tuple[str, str], int] = {}
    for _, place, wishes in placed:
        held = next((wish for wish in wishes if place and wish["facility"] == place), None)
        if held is not None and held["position"] is not None:
            last[seats_of(held)] = max(last.get(seats_of(held), 0), held["position"])
    return [
        application
        for application, _, wishes in placed
        if any(
            wish["result"] == "full" and wish["position"] and wish["position"] < last.get(seats_of(wish), 0)
            for wish in wishes
        )
    ]


def seats_of(wish: dict[str, Any]) -> tuple[str, str]:
    """The seats a wish is for: a place and its class, or classes that share theirs."""
    return wish["facility"], wish["age_class"]


def the_trace_verifies(report: Report) -> None:
    found = office.verify_chain(office.municipality_by_code("999999"))
    report.check("the trace verifies", found.broken is None, f"{found.rows} rows")
