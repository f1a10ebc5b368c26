"""The decision on identity of a procedure: the shipped table, the file, what is missing, what suffices."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.identity import (
    METHODS,
    PRACTICES,
    Identity,
    default_row,
    default_table,
    notices,
    read_identity,
)
from madoguchi.ledgers.procedures.package import read_package
from madoguchi.ledgers.procedures.toml_source import read_toml

ON = date(2026, 11, 21)
FULL = """
[identity]
practice = "copy_by_post"
reason = { ja = "写しの提出で足りてきたため。" }
risk_note = "なりすましで給付を受ける。"
decided_by = "子ども若者課"
decided_on = 2026-04-01
review_on = 2027-03-31
"""


def read(text: str) -> tuple[Identity, list[str]]:
    table = read_toml("procedure.toml", text.encode()).table("identity")
    return read_identity(table), [fault.sentence for fault in table.source.faults]


@pytest.mark.parametrize(
    ("practice", "levels", "methods"),
    [
        ("in_person", ("3", "3"), "card counter"),
        ("copy_by_post", ("2", "2"), "card counter"),
        ("stated_only", ("1", "1"), "email sms email_sms card counter"),
    ],
)
def test_the_three_rows_of_maebashi_ship(practice: str, levels: tuple[str, str], methods: str) -> None:
    row = default_row(practice, ON)
    assert (row.results["ial"], row.results["aal"]) == levels
    assert row.results["methods"] == methods


def test_the_table_has_one_row_for_each_practice() -> None:
    assert len(default_table().rows) == len(PRACTICES) == 3
    assert all(default_row(practice, ON) for practice in PRACTICES)


def test_a_practice_gives_the_levels_and_a_full_record_needs_no_notice() -> None:
    found, faults = read(FULL)
    assert faults == []
    assert (found.ial, found.aal, found.row, found.ways) == (2, 2, "MB2", ("card", "counter"))
    assert notices(found, ON) == []


def test_an_old_table_with_levels_only_still_works_and_is_told_what_is_missing() -> None:
    found, faults = read('[identity]\nial = 1\naal = 1\nreason.ja = "足りる"\n')
    assert faults == []
    assert found.admits(1, 1)
    said = " ".join(fault.sentence for fault in notices(found, ON))
    assert "review_on" in said
    assert "decided_by" in said
    assert "reason" not in said


def test_a_missing_rationale_and_a_review_day_that_has_passed_are_told() -> None:
    found, _ = read(FULL.replace("2027-03-31", "2026-11-20").replace("写しの提出で足りてきたため。", ""))
    said = [fault.sentence for fault in notices(read(FULL.replace("2027-03-31", "2026-11-20"))[0], ON)]
    assert len(said) == 1
    assert "2026-11-20" in said[0]
    assert any("reason" in fault.sentence for fault in notices(found, ON))
    assert found.review_overdue(ON)
    assert not read(FULL)[0].review_overdue(date(2027, 3, 31))


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('practice = "by_voice"', "by_voice"),
        ('methods = ["telepathy"]', "telepathy"),
        ('methods = ["email"]', "届きません"),
        ("ial = 4", "3"),
        ('review_on = "2027-03-31"', "引用符なし"),
        ("reviewed = 1", "review_on"),
    ],
)
def test_mistakes_are_told_with_the_remedy(line: str, word: str) -> None:
    key = line.split(" ")[0]
    kept = "\n".join(each for each in FULL.splitlines() if not each.startswith(f"{key} "))
    _, faults = read(f"{kept}\n{line}\n")
    assert any(word in fault for fault in faults), faults


@given(st.integers(1, 3), st.integers(1, 3))
def test_every_way_that_is_offered_suffices_and_no_other(ial: int, aal: int) -> None:
    found = Identity(ial=ial, aal=aal)
    for method, levels in METHODS.items():
        assert (method in found.ways) == (levels[0] >= ial and levels[1] >= aal)


def test_the_shipped_packages_carry_a_whole_decision() -> None:
    folders = {file.parent for file in Path("packages").glob("*/*/procedure.toml")}
    # Released before decisions were kept this way; what is released does not change.
    for folder in sorted(folders - {Path("packages/gakudo-club/2026-04")}):
        assert notices(read_package(folder).required_identity, ON) == [], folder


def test_check_tells_what_is_missing_as_a_notice(capsys: Any, tmp_path: Path) -> None:
    import shutil
    from argparse import Namespace

    from config.commands.package import run

    folder = tmp_path / "2026-04.1"
    shutil.copytree("packages/gakudo-club/2026-04.1", folder)
    file = folder / "procedure.toml"
    file.write_text(file.read_text().replace("review_on = 2027-03-31", "review_on = 2026-01-01"))
    assert run(Namespace(what="check", folder=folder)) == 0
    said = capsys.readouterr().out
    assert "注意" in said
    assert "2026-01-01" in said
    assert "誤りはありません" in said
