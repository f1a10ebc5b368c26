"""The worked examples of the nursery's points, the order of equals, the classes, and the hours of a certificate."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from madoguchi.ledgers.procedures.answers import read_all
from madoguchi.ledgers.procedures.cel_functions import FUNCTIONS
from madoguchi.ledgers.procedures.examples import context_of
from madoguchi.ledgers.procedures.package import Package, read_package
from madoguchi.ledgers.procedures.scoring import score, score_application
from madoguchi.ledgers.procedures.scoring_rules import ScoringRules, check_scoring
from tests.factories_scoring import PLACE, case_of, grouped, rows

FOLDER = Path(__file__).parents[3] / "packages/hoiku/2026-04"
INPUTS, EXPECTED = grouped("hoiku_examples_inputs.csv"), grouped("hoiku_examples_expected.csv")
ENTRY = date(2027, 4, 1)


@lru_cache(maxsize=1)
def hoiku() -> Package:
    return read_package(FOLDER)


def rules() -> ScoringRules:
    found = hoiku().scoring
    assert found is not None
    return found


@pytest.mark.parametrize("example", rows("hoiku_examples.csv"), ids=lambda row: row["example_id"])
def test_a_worked_example_is_scored_as_written(example: dict[str, str]) -> None:
    sheet = score(rules(), case_of(INPUTS[example["example_id"]]), date.fromisoformat(example["on"]))
    assert (sheet.base, sheet.totals[PLACE]) == (Decimal(example["base"]), Decimal(example["total"]))
    assert sheet.eligible == (example["eligible"] == "yes")
    fired = {(row.subject, row.row_id, row.points, "yes" if row.counted else "no") for row in sheet.rows}
    assert fired == {
        (row["subject"], row["row_id"], Decimal(row["points"]), row["counted"])
        for row in EXPECTED[example["example_id"]]
    }


def test_every_row_of_a_sheet_names_its_line() -> None:
    sheet = score(rules(), case_of(INPUTS["HX016"]), ENTRY)
    for row in sheet.rows:
        file, _, line = row.source.partition(":")
        assert hoiku().files[file].decode().splitlines()[int(line) - 1].startswith(f"{row.row_id},"), row


def test_no_guardian_without_a_situation_is_eligible() -> None:
    told = [{"subject": "g1.1", "fact": "reason", "value": "work_out"},
            {"subject": "g1.1", "fact": "hours_month", "value": "47.99"},
            {"subject": "g2.1", "fact": "reason", "value": "work_out"},
            {"subject": "g2.1", "fact": "hours_month", "value": "160"}]  # fmt: skip
    sheet = score(rules(), case_of(told), ENTRY)
    assert not sheet.eligible
    assert "要件" in sheet.reason


def test_the_tables_have_no_hole_and_no_warning() -> None:
    assert check_scoring(hoiku().files, hoiku().known_names)[1] == []


# ---- the order of equals

RANKED = rows("hoiku_ranking_examples.csv")
LABELS = {
    "total": "合計",
    "single parent": "ひとり親または両親がいない",
    "graduate": "小規模保育などの卒園",
    "lower guardian": "点が低い方の保護者の点が高い",
    "DIS": "お子さんの障害の加点が高い",
    "waiting months": "待っている期間が長い",
    "lower levy": "世帯の市町村民税所得割額が低い",
    "same levy": "公開した抽選番号が小さい",
}
"""How the column decided_by begins, and what our tables call that key. h10 repeats that the lottery decided."""
LOWER_HOURS = {"18": 150, "20": 160}


def key_of(row: dict[str, str]) -> list[float]:
    """Total, the keys among equals as the engine works them out of facts, and the lottery number."""
    facts = [
        ("g1.1", "reason", "work_out"), ("g1.1", "hours_month", "170"), ("g2.1", "reason", "work_out"),
        ("g2.1", "hours_month", str(LOWER_HOURS[row["lower_guardian_index"]])),
        ("c", "family", "single_with_adult" if row["single_or_no_parents"] == "yes" else "two"),
        ("c", "small_scale_graduate", row["graduate"]),
        ("c", "child_techo", "yes" if row["dis_points"] == "4" else "no"),
        ("c", "waiting_months", row["waiting_months"]), ("c", "income_levy_yen", row["income_levy_yen"]),
        ("f", "sibling_enrolled", row["sibling_enrolled_here"]), ("f", "wish_rank", "2"),
    ]  # fmt: skip
    told = [{"subject": subject, "fact": fact, "value": value} for subject, fact, value in facts]
    sheet = score(rules(), case_of(told), ENTRY)
    return [-float(row["total"]), *sheet.tie[PLACE], float(row["lottery_no"])]


def test_equals_are_ranked_as_written() -> None:
    ranked = sorted(RANKED, key=key_of)
    assert [row["child_id"] for row in ranked] == [
        row["child_id"] for row in sorted(RANKED, key=lambda row: int(row["expected_rank"]))
    ]


def decided_between(first: dict[str, str], second: dict[str, str]) -> str:
    labels = ["合計", *(tie.label for tie in rules().ties)]
    pairs = zip(labels, key_of(first), key_of(second), strict=True)
    return next(label for label, one, other in pairs if one != other)


@pytest.mark.parametrize("place", range(9))
def test_what_decided_is_as_written(place: int) -> None:
    ranked = sorted(RANKED, key=lambda row: int(row["expected_rank"]))
    before, after = ranked[place], ranked[place + 1]
    told = before["decided_by"] if before["child_id"] != "h04" else "total"
    expected = [label for words, label in LABELS.items() if told.startswith(words)]
    if before["child_id"] == "h10":
        expected = [LABELS["same levy"]]
    if before["child_id"] == "h08":
        assert decided_between(before, ranked[-1]) == LABELS["lower levy"]
    assert [decided_between(before, after)] == expected


def test_an_unknown_tax_goes_behind_every_known_one() -> None:
    known = dict(RANKED[0], income_levy_yen="5000000")
    unknown = dict(RANKED[0], income_levy_yen="")
    assert key_of(known) < key_of(unknown)


def test_the_order_of_equals_is_the_written_one() -> None:
    assert [(tie.kind, tie.names, tie.high_first) for tie in rules().ties] == [
        ("rows", ("H-A01", "H-A02", "H-A03"), True),
        ("rows", ("H-A16", "H-A17"), True),
        ("lower_guardian_points", (), True),
        ("fact", ("sibling_enrolled",), True),
        ("group", ("DIS",), True),
        ("fact", ("waiting_months",), True),
        ("fact", ("income_levy_yen",), False),
        ("lottery", (), False),
    ]


# ---- classes and hours


@pytest.mark.parametrize(
    "row", rows("hoiku_age_classes.csv"), ids=lambda row: f"{row['fiscal_year']}-{row['class']}"
)
def test_the_class_goes_by_the_age_on_1_april(row: dict[str, str]) -> None:
    """Both ends of every band; a child born in the course of the year is asked for on the day of birth."""
    first = f"{row['fiscal_year']}-04-01"
    last = f"{int(row['fiscal_year']) + 1}-03-31"
    age_class = FUNCTIONS["age_class"]
    assert age_class(row["born_from"], max(first, row["born_from"])) == int(row["class"])
    born_to = min(row["born_to"], last)
    assert age_class(born_to, max(first, born_to)) == int(row["class"])
    assert age_class(row["born_from"], last) == int(row["class"])


@pytest.mark.parametrize(
    ("birth", "on", "number"),
    [
        ("2021-04-01", "2027-04-01", -1),
        ("2021-04-02", "2027-04-01", 5),
        ("2027-04-02", "2027-04-01", -1),
        ("2024-04-01", "2027-04-01", 3),
        ("2024-04-02", "2027-04-01", 2),
        ("nonsense", "2027-04-01", None),
    ],
)
def test_whoever_is_too_old_or_not_born_has_no_class(birth: str, on: str, number: int | None) -> None:
    assert FUNCTIONS["age_class"](birth, on) == number


def sound() -> Any:
    return next(each for each in hoiku().examples if each.stage == "received" and each.score)


@pytest.mark.parametrize("example", rows("derivation_examples.csv"), ids=lambda row: row["example_id"])
def test_hours_of_a_certificate_leave_breaks_out_and_take_the_way_in(example: dict[str, str]) -> None:
    typed = {
        "guardians-0-start": [example["start"]],
        "guardians-0-end": [example["end"]],
        "guardians-0-break_minutes": [example["break_minutes"]],
        "guardians-0-commute_minutes": [str(int(example["commute_minutes_both_ways"]) // 2)],
        "guardians-0-days_month": [example["days_month"]],
    }
    found = sound()
    reading = read_all(hoiku().form, {**found.raw, **typed}, context_of(hoiku(), found))
    assert reading.values["guardians"][0]["hours_month"] == float(example["hoiku_hours_month"])


def test_the_hours_of_shifts_leave_breaks_out_and_take_the_way_in() -> None:
    typed = {
        "guardians-0-irregular": ["yes"],
        "guardians-0-shift_hours_month": ["152.33"],
        "guardians-0-shift_break_hours": ["18"],
        "guardians-0-commute_minutes": ["30"],
        "guardians-0-days_month": ["18"],
    }
    found = sound()
    reading = read_all(hoiku().form, {**found.raw, **typed}, context_of(hoiku(), found))
    assert reading.values["guardians"][0]["hours_month"] == 152.33


@pytest.mark.parametrize(("hours", "points"), [("127.9", -2), ("128", 0)])
def test_work_below_four_fifths_of_the_certificate_costs_points(hours: str, points: int) -> None:
    """160 hours certified without the way: 128 is eight tenths."""
    typed = {
        "guardians-0-start": ["9:00"],
        "guardians-0-end": ["18:00"],
        "guardians-0-break_minutes": ["60"],
        "guardians-0-days_month": ["20"],
        "guardians-0-recent_hours_month": [hours],
    }
    found = sound()
    reading = read_all(hoiku().form, {**found.raw, **typed}, context_of(hoiku(), found))
    assert reading.errors == []
    told = score_application(hoiku(), reading.values, found.facts, ENTRY)
    plain = score_application(
        hoiku(),
        read_all(hoiku().form, replace(found, raw={**found.raw, **typed, "guardians-0-recent_hours_month": [""]}).raw,
                 context_of(hoiku(), found)).values,
        found.facts,
        ENTRY,
    )  # fmt: skip
    assert told.base - plain.base == points
