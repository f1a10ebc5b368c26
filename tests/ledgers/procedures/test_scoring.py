"""The worked examples of the club's points, and the facts behind them."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from madoguchi.ledgers.procedures.examples import run_example
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import read_package
from madoguchi.ledgers.procedures.score_sheet import ScoreSheet
from madoguchi.ledgers.procedures.scoring import score, score_application, score_example
from madoguchi.ledgers.procedures.scoring_facts import CaseFacts, case_facts
from madoguchi.ledgers.procedures.scoring_rules import check_scoring
from tests.factories_scoring import PLACE, case_of, grouped, rows

PACKAGE = Path(__file__).parents[3] / "packages/gakudo-club/2026-04"
FILES = {str(path.relative_to(PACKAGE)): path.read_bytes() for path in PACKAGE.rglob("*.*") if path.is_file()}
FIELDS = ["child_birth", "clubs", "guardians", "siblings", "sibling_wish", "family", "siblings_u12", "school"]
FIELDS += [
    "care_needs",
    "grandparents_home",
    "grandparents_near",
    "applicant_name",
    "applicant_address",
    "moving_in",
]
RULES, WARNINGS = check_scoring(FILES, FIELDS)


INPUTS, EXPECTED = grouped("gakudo_examples_inputs.csv"), grouped("gakudo_examples_expected.csv")


@pytest.mark.parametrize("example", rows("gakudo_examples.csv"), ids=lambda row: row["example_id"])
def test_a_worked_example_is_scored_as_written(example: dict[str, str]) -> None:
    sheet = score(RULES, case_of(INPUTS[example["example_id"]]), date.fromisoformat(example["on"]))
    assert (sheet.base, sheet.totals[PLACE]) == (Decimal(example["base"]), Decimal(example["total"]))
    assert sheet.eligible == (example["eligible"] == "yes")
    assert sheet.phase == example["phase"]
    fired = {(row.subject, row.row_id, row.points, "yes" if row.counted else "no") for row in sheet.rows}
    assert fired == {
        (row["subject"], row["row_id"], Decimal(row["points"]), row["counted"])
        for row in EXPECTED[example["example_id"]]
    }


FACILITIES = (SimpleNamespace(code="f1", school_district="さくら台小学校"),)
WORK = {
    "relationship": "mother",
    "name": {"family": "例示", "given": "花"},
    "reason": "work_out",
    "days_month": 20,
    "start": "09:00",
    "end": "18:00",
    "break_minutes": 60,
    "commute_minutes": 30,
}
ANSWERS = {
    "applicant_name": {"family": "例示", "given": "花"},
    "applicant_address": {"postcode": "9999999", "town": "例町", "block": "1-1", "building": ""},
    "child_birth": "2019-06-14",
    "school": "さくら台小学校",
    "family": "single_alone",
    "siblings_u12": 1,
    "guardians": [WORK],
    "siblings": [],
    "clubs": ["f1", "f9"],
    "care_needs": ["techo"],
}
ENTRY = date(2027, 4, 1)


def facts_of(answers: dict[str, object], **given: object) -> CaseFacts:
    return case_facts(RULES, answers, given, FACILITIES, ENTRY)


@pytest.mark.parametrize("example", rows("derivation_examples.csv"), ids=lambda row: row["example_id"])
def test_hours_of_a_certificate_count_breaks_but_not_the_way(example: dict[str, str]) -> None:
    row = {**WORK, "start": example["start"], "end": example["end"]}
    hours = facts_of({**ANSWERS, "guardians": [row]}).situations[0][0]["hours_day"]
    assert hours == float(example["gakudo_hours_day"])


def test_facts_come_from_the_answers_and_what_is_not_known_stays_unknown() -> None:
    case = facts_of(ANSWERS, arrears_months=2)
    assert case.case["grade"] == 2
    assert case.case["child_techo"] is True
    assert case.case["return_minutes_after_17"] == 90
    assert case.case["arrears_months"] == 2
    assert "welfare" not in case.case
    assert case.wishes == (("f1", {"wish_rank": 1, "school_district": True, **SIBLINGLESS}),)


SIBLINGLESS = {"sibling_enrolled": False, "siblings_same_wish": False}


def test_two_rows_of_one_person_are_two_situations_and_two_people_are_two() -> None:
    father = {**WORK, "relationship": "father"}
    case = facts_of({**ANSWERS, "guardians": [WORK, father, {**WORK, "reason": "care", "level": "light"}]})
    assert [len(person) for person in case.situations] == [2, 1]


def test_a_guardian_at_home_means_no_late_return() -> None:
    ill = {"relationship": "father", "name": {"family": "例示", "given": "一"}, "reason": "illness"}
    case = facts_of({**ANSWERS, "guardians": [WORK, {**ill, "level": "rest"}]})
    assert "return_minutes_after_17" not in case.case


def test_a_family_is_known_by_its_name_and_address_without_showing_them() -> None:
    sibling = {"applying": True, "clubs": ["f1"]}
    one = facts_of({**ANSWERS, "siblings": [sibling], "sibling_wish": "same_only"})
    other = facts_of({**ANSWERS, "siblings": [sibling], "child_birth": "2018-06-14"})
    assert one.family == other.family != ""
    assert "例" not in one.family
    assert (one.together, other.together) == ("same_only", "either")
    assert facts_of(ANSWERS).family == ""


def test_the_wishes_a_sibling_really_sent_in_go_before_those_promised() -> None:
    answers = {**ANSWERS, "siblings": [{"applying": True, "clubs": ["f1"]}]}
    assert facts_of(answers).wishes[0][1]["siblings_same_wish"] is True
    assert facts_of(answers, sibling_wishes=["f2"]).wishes[0][1]["siblings_same_wish"] is False


def test_the_sheet_comes_back_from_json_and_tells_the_sum() -> None:
    package = SimpleNamespace(scoring=RULES, facilities=FACILITIES)
    sheet = score_application(package, ANSWERS, {}, ENTRY)
    again = ScoreSheet.from_json(json.loads(json.dumps(sheet.as_json())))
    assert again == sheet
    told = sheet.sentences("f1")
    assert told[0] == "保護者1: 家の外で働く、月20日以上、1日8時間以上 +25点"
    assert told[-1] == "合計は50.5点です。"


def test_nobody_without_a_situation_is_eligible_but_a_disaster_waives() -> None:
    package = SimpleNamespace(scoring=RULES, facilities=FACILITIES)
    nothing = {**WORK, "days_month": 3}
    sheet = score_application(package, {**ANSWERS, "guardians": [nothing]}, {}, ENTRY)
    assert not sheet.eligible
    assert "要件" in sheet.sentences("f1")[0]
    waived = score_application(package, {**ANSWERS, "guardians": [{**WORK, "reason": "disaster"}]}, {}, ENTRY)
    assert waived.eligible
    assert waived.waiver


def test_points_a_person_decides_are_asked_for_until_they_are_there() -> None:
    package = SimpleNamespace(scoring=RULES, facilities=FACILITIES)
    other = {**ANSWERS, "guardians": [{**WORK, "reason": "other"}]}
    assert score_application(package, other, {}, ENTRY).undecided
    decided = {**ANSWERS, "guardians": [{**WORK, "reason": "other", "decided_points": 15}]}
    sheet = score_application(package, decided, {}, ENTRY)
    assert sheet.base == 15
    assert not sheet.undecided


def test_scoring_faults_tell_file_line_and_remedy() -> None:
    broken = FILES["scoring.toml"].replace(b"row.days_month", b"row.days_month + dayz")
    with pytest.raises(PackageFaults) as caught:
        check_scoring({**FILES, "scoring.toml": broken}, FIELDS)
    assert caught.value.faults[0].line > 1
    assert "dayz" in caught.value.faults[0].sentence


def test_our_own_tables_have_no_hole() -> None:
    assert WARNINGS == []


def test_the_examples_of_the_section_score_as_the_section_wrote() -> None:
    package = read_package(PACKAGE)
    scored = [example for example in package.examples if example.score]
    assert len(scored) >= 3
    told = [
        difference
        for example in scored
        for difference in run_example(package, example, score_example).differences
    ]
    assert told == []
