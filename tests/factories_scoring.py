"""Worked examples of the points from CSV: facts of a case in long form, and the rows that must fire."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from madoguchi.ledgers.procedures.scoring_facts import CaseFacts

DATA = Path(__file__).parent / "ledgers/procedures/data"
PLACE = "place"
"""The one facility an example wishes for."""
Told = list[dict[str, str]]


def rows(name: str) -> Told:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grouped(name: str) -> dict[str, Told]:
    by_example = defaultdict(list)
    for row in rows(name):
        by_example[row["example_id"]].append(row)
    return by_example


def number_or_text(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def case_of(told: Iterable[dict[str, str]]) -> CaseFacts:
    """Facts as written: subject g1.1 (a situation), g1, c (child and household) or f (the wished facility)."""
    facts: dict[str, dict[str, float | str]] = defaultdict(dict)
    for row in told:
        facts[row["subject"]][row["fact"]] = number_or_text(row["value"])
    people = sorted({subject.split(".")[0] for subject in facts if subject.startswith("g")})
    on_time = facts["c"].pop("on_time", "yes") == "yes"
    return CaseFacts(
        situations=tuple(
            tuple(facts[subject] for subject in sorted(facts) if subject.startswith(f"{person}."))
            for person in people
        ),
        guardians=tuple(facts[person] for person in people),
        case=facts["c"],
        wishes=((PLACE, facts["f"]),),
        on_time=on_time,
    )
