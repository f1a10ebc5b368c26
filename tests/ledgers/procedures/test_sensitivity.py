"""機微な項目: which fields a reader is shown, and answers without the rest."""

from pathlib import Path
from typing import Any

import pytest

from madoguchi.ledgers.office.roles import POWERS, Power, Role
from madoguchi.ledgers.procedures.changes import compare
from madoguchi.ledgers.procedures.package import read_package
from madoguchi.ledgers.procedures.sensitivity import (
    WITHHELD,
    all_fields,
    sensitive_checks,
    sensitive_facts,
    sensitive_fields,
    sensitive_rows,
    shown_fields,
    withheld_answers,
    withheld_files,
    withheld_raw,
)

CLERK = POWERS[Role.COUNTER_CLERK]


@pytest.fixture(scope="module")
def package() -> Any:
    return read_package(Path("packages/gakudo-club/2026-10"))


def test_marked_fields_and_what_is_calculated_from_them_are_shown_to_holders_only(package: Any) -> None:
    shown = shown_fields(package.form, CLERK)
    assert {"child_name", "guardians", "guardians.employer"} <= shown
    assert not {"family", "allergy_detail", "fee_reason", "guardians.reason", "guardians.level"} & shown
    assert shown_fields(package.form, {Power.SEE_SENSITIVE}) == all_fields(package.form)


def test_a_released_version_has_no_marks_and_withholds_nothing() -> None:
    old = read_package(Path("packages/gakudo-club/2026-04"))
    assert sensitive_fields(old.form) == frozenset()
    assert shown_fields(old.form, ()) == all_fields(old.form)


def test_withheld_whether_answered_or_not(package: Any) -> None:
    shown = shown_fields(package.form, CLERK)
    answers = {
        "child_name": "見本",
        "guardians": [{"name": "父", "illness_level": "hospital"}, {"name": "母"}],
    }
    told = withheld_answers(package.form, answers, shown)
    assert told["child_name"] == "見本"
    assert told["allergy_detail"] == told["family"] == WITHHELD
    assert [row["illness_level"] for row in told["guardians"]] == [WITHHELD, WITHHELD]
    assert [row["name"] for row in told["guardians"]] == ["父", "母"]


def test_raw_inputs_and_files_of_withheld_fields_go(package: Any) -> None:
    shown = shown_fields(package.form, CLERK)
    raw = {
        "child_name-family": ["見本"], "allergy_detail": ["たまご"], "guardians-0-reason": ["illness"],
        "guardians-0-name-family": ["見本"], "care_document": ["7"], "guardians-1-certificate": ["8"],
    }  # fmt: skip
    assert set(withheld_raw(package.form, raw, shown)) == {"child_name-family", "guardians-0-name-family"}
    assert withheld_files(package.form, raw, shown) == {"7", "8"}


def test_facts_rows_and_checks_that_would_tell_it(package: Any) -> None:
    assert {"family", "child_techo", "level", "welfare", "reason"} <= sensitive_facts(package)
    assert {"grade", "siblings_u12"} & sensitive_facts(package) == set()
    assert {"G-A07", "G-A10", "G-B01"} <= sensitive_rows(package)
    assert {"G-A01", "G-C01"} & sensitive_rows(package) == set()
    assert "care" in sensitive_checks(package)


def test_a_new_mark_is_told_and_moves_no_case(package: Any) -> None:
    old = read_package(Path("packages/gakudo-club/2026-04"))
    changes = compare(old, read_package(Path("packages/gakudo-club/2026-04.1")))
    marked = [each for each in changes.changes if each.kind == "sensitive_changed"]
    assert {"allergy", "family", "guardians"} <= {each.field for each in marked}
    assert "権限のある職員だけが見る項目" in marked[0].sentence
    assert "allergy" not in changes.fields
