"""The worked examples of the club's points, and the facts behind them."""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from madoguchi.ledgers.procedures.scoring import score
from madoguchi.ledgers.procedures.scoring_facts import CaseFacts
from madoguchi.ledgers.procedures.scoring_rules import check_scoring

DATA = Path(__file__).parent / "data"
PACKAGE = Path(__file__).parents[3] / "packages/gakudo-club/2026-04"
FILES = {str(path.relative_to(PACKAGE)): path.read_bytes() for path in PACKAGE.rglob("*.*") if path.is_file()}
FIELDS = ["child_birth", "clubs", "guardians", "siblings", "sibling_wish", "family", "siblings_u12", "school"]
FIELDS += ["care_needs", "grandparents_home", "grandparents_near"]
RULES, WARNINGS = check_scoring(FILES, FIELDS)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def grouped(name: str) -> dict[str, list[dict[str, str]]]:
    by_example = defaultdict(list)
    for row in rows(name):
        by_example[row["example_id"]].append(row)
    return by_example


def number_or_text(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


INPUTS, EXPECTED = grouped("gakudo_examples_inputs.csv"), grouped("gakudo_examples_expected.csv")


def case_of(example: str) -> CaseFacts:
    facts: dict[str, dict[str, float | str]] = defaultdict(dict)
    for row in INPUTS[example]:
        facts[row["subject"]][row["fact"]] = number_or_text(row["value"])
    people = sorted({subject.split(".")[0] for subject in facts if subject.startswith("g")})
    return CaseFacts(
        situations=tuple(
            tuple(facts[subject] for subject in sorted(facts) if subject.startswith(f"{person}."))
            for person in people
        ),
        guardians=tuple(facts[person] for person in people),
        case=facts["c"],
        wishes=(("club", facts["f"]),),
    )


@pytest.mark.parametrize("example", rows("gakudo_examples.csv"), ids=lambda row: row["example_id"])
def test_a_worked_example_is_scored_as_written(example: dict[str, str]) -> None:
    sheet = score(RULES, case_of(example["example_id"]), date.fromisoformat(example["on"]))
    assert (sheet.base, sheet.totals["club"]) == (Decimal(example["base"]), Decimal(example["total"]))
    assert sheet.eligible == (example["eligible"] == "yes")
    assert sheet.phase == example["phase"]
    fired = {(row.subject, row.row_id, row.points, "yes" if row.counted else "no") for row in sheet.rows}
    assert fired == {
        (row["subject"], row["row_id"], Decimal(row["points"]), row["counted"])
        for row in EXPECTED[example["example_id"]]
    }
