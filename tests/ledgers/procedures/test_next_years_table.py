"""Last year's file under the next year's table: the same facts, the rows of the other day; who changes, and by which row."""

from datetime import date
from typing import Any

import pytest

from madoguchi.ledgers.procedures.answers import read_all, scope_of
from madoguchi.ledgers.procedures.assessing import next_entry, told_points
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.package import Package, read_files
from madoguchi.ledgers.procedures.score_sheet import ScoreSheet
from madoguchi.ledgers.procedures.scoring import score, score_application
from tests.factories_scoring import PLACE, case_of, grouped, rows
from tests.factories_years import last_years_package, raw_of, shipped

LAST_YEAR, THIS_YEAR = date(2027, 3, 31), date(2027, 4, 1)
Sums = tuple[int, int]

DATED: dict[str, dict[str, tuple[Sums, str]]] = {
    "hoiku": {
        "HX004": ((27, 28), "H-B07"),
        "HX027": ((43, 45), "H-A20"),
        "HX028": ((43, 45), "H-A20"),
    },
    "gakudo-club": {
        "GX007": ((26, 27), "G-B05"),
        "GX008": ((26, 27), "G-B05"),
        "GX010": ((36, 35), "G-A24"),
        "GX048": ((31, 30), "G-A24"),
        "GX049": ((31, 30), "G-A24"),
    },
}
"""Of all worked examples those whose total the new table changes, reckoned by hand, and the row that changed."""


def both(slug: str, name: str) -> tuple[ScoreSheet, ScoreSheet]:
    scoring, told = shipped(slug).scoring, case_of(inputs(slug)[name])
    assert scoring is not None
    return score(scoring, told, LAST_YEAR), score(scoring, told, THIS_YEAR)


def inputs(slug: str) -> dict[str, list[dict[str, str]]]:
    return grouped("hoiku_examples_inputs.csv" if slug == "hoiku" else "gakudo_examples_inputs.csv")


def counted(sheet: ScoreSheet) -> set[str]:
    return {row.row_id for row in sheet.rows if row.counted}


@pytest.mark.parametrize("slug", DATED)
def test_it_lists_who_changes_and_by_which_row(slug: str) -> None:
    changed = {}
    for name in inputs(slug):
        before, after = both(slug, name)
        if before.totals != after.totals:
            (old,), (new,) = counted(before) - counted(after), counted(after) - counted(before)
            assert (old[-1], new[-1], old[:-1]) == ("a", "b", new[:-1])
            changed[name] = ((int(before.totals[PLACE]), int(after.totals[PLACE])), old[:-1])
    assert changed == DATED[slug]


def test_the_two_of_the_reference_are_one_case_in_two_years() -> None:
    """GX007 and GX008, HX027 and HX028 are the same facts on two days of entry."""
    for slug, one, other in (("gakudo-club", "GX007", "GX008"), ("hoiku", "HX027", "HX028")):
        told = inputs(slug)
        first = {(row["subject"], row["fact"], row["value"]) for row in told[one]}
        assert first == {(row["subject"], row["fact"], row["value"]) for row in told[other]}
    days = {row["example_id"]: row["on"] for row in rows("gakudo_examples.csv")}
    assert (days["GX007"], days["GX008"]) == ("2027-04-01", "2026-04-01")


# ---- a whole case of last year, and the version made for the next round


def reckoned(package: Package, old: Package, raw: dict[str, list[str]], tables_on: date | None) -> Any:
    period = old.periods[0]
    context = Context(period.opens, period, {}, package.facilities)
    values = read_all(package.form, raw, context).values
    scope = scope_of(package.form, values, context)
    return score_application(package, scope, {}, period.entry_on, tables_on)


def test_a_child_is_no_year_older_under_the_next_table() -> None:
    old, new = last_years_package("hoiku"), shipped("hoiku")
    then = next_entry(new, old, old.periods[0].code)
    assert then == date(2027, 4, 1)
    raw = raw_of("hoiku", mother_days="8", mother_end="15:00")
    before, after = reckoned(old, old, raw, None), reckoned(new, old, raw, then)
    assert (told_points(before), told_points(after)) == ("27／27・27・27", "28／28・28・28")


def test_a_correction_of_a_version_has_no_next_round() -> None:
    new = shipped("hoiku")
    assert next_entry(new, new, "2027-04") is None
    assert next_entry(new, last_years_package("hoiku"), "none") is None
    assert next_entry(last_years_package("hoiku"), new, "2027-04") is None


def test_a_version_that_keeps_the_round_and_adds_the_next_is_made_for_the_next() -> None:
    old = shipped("gakudo-club")
    more = """
[[period]]
code = "2028-04"
label.ja = "令和10年度"
opens = 2027-11-01
closes = 2027-11-30
entry_on = 2028-04-01
"""
    files = {**old.files, "procedure.toml": old.files["procedure.toml"] + more.encode()}
    assert next_entry(read_files(files), old, "2027-04") == date(2028, 4, 1)
