"""The seventeen shapes a rule of points may have, and dated rows: each fires in a worked example, for club and nursery.

rule_shapes.csv lists shapes with the rows that show them. The section's worked examples do not exercise every row;
row_examples.csv has one, reckoned by hand, for each row left, and tie_examples.csv one pair for each key among equals.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest

from madoguchi.ledgers.procedures.decision_tables import decide
from madoguchi.ledgers.procedures.package import Package, read_package
from madoguchi.ledgers.procedures.score_sheet import ScoreSheet
from madoguchi.ledgers.procedures.scoring import score
from madoguchi.ledgers.procedures.scoring_facts import CaseFacts
from madoguchi.ledgers.procedures.scoring_rules import ScoringRules
from tests.factories_scoring import PLACE, case_of, grouped, rows

PACKAGES = Path(__file__).parents[3] / "packages"
FOLDERS = {"hoiku": "hoiku/2026-04", "gakudo-club": "gakudo-club/2026-04"}
USUAL = {
    "H": "g2.1 reason=work_out hours_month=160; c family=two; f wish_rank=2",
    "G": "g2.1 reason=work_out days_month=20 hours_day=8; c family=two grade=1; f wish_rank=2",
}
"""What every example of row_examples.csv has besides, unless it says otherwise."""
USUAL_ROWS = {"H": {"g2.1 H-B01 20"}, "G": {"g2.1 G-B01 25", "c G-A01 10"}}
OWN = rows("row_examples.csv")


@lru_cache
def package(slug: str) -> Package:
    return read_package(PACKAGES / FOLDERS[slug])


def rules_of(slug: str) -> ScoringRules:
    found = package(slug).scoring
    assert found is not None
    return found


def facts(text: str) -> Iterator[dict[str, str]]:
    """g1.1 reason=care days_week=5; c family=two: a subject and its facts, then the next."""
    for part in text.split("; "):
        subject, *told = part.split(" ")
        for each in told:
            fact, _, value = each.partition("=")
            yield {"subject": subject, "fact": fact, "value": value}


def with_usual(text: str, letter: str) -> list[dict[str, str]]:
    """The facts over the usual ones; `g2 none` leaves the second guardian out."""
    told = {(each["subject"], each["fact"]): each for each in (*facts(USUAL[letter]), *facts(text))}
    alone = "g2 none" in text
    return [each for each in told.values() if not (alone and each["subject"].startswith("g2"))]


def slug_of(letter: str) -> str:
    return "hoiku" if letter == "H" else "gakudo-club"


def own_case(example: dict[str, str]) -> CaseFacts:
    return case_of(with_usual(example["facts"], example["example_id"][0]))


def sheet_of(example: dict[str, str]) -> ScoreSheet:
    slug = slug_of(example["example_id"][0])
    return score(rules_of(slug), own_case(example), date.fromisoformat(example["on"]))


@pytest.mark.parametrize("example", OWN, ids=lambda row: row["example_id"])
def test_an_example_of_ours_is_scored_as_reckoned_by_hand(example: dict[str, str]) -> None:
    sheet, letter = sheet_of(example), example["example_id"][0]
    assert (sheet.base, sheet.totals[PLACE]) == (Decimal(example["base"]), Decimal(example["total"]))
    assert (sheet.eligible, sheet.phase) == (example["eligible"] == "yes", example["phase"])
    told = {each.removesuffix(" undecided") for each in example["rows"].split("; ")}
    usual = USUAL_ROWS[letter] if "g2 none" not in example["facts"] else USUAL_ROWS[letter] & {"c G-A01 10"}
    if "grade=" in example["facts"]:
        usual = usual - {"c G-A01 10"}
    fired = {f"{row.subject} {row.row_id} {row.points.normalize():f}" for row in sheet.rows}
    assert fired == {each for each in told if not each.startswith("C ")} | usual
    assert {each.removeprefix("C ") for each in told if each.startswith("C ")} <= combined(sheet, letter)
    waiver = waived(own_case(example), slug_of(letter), date.fromisoformat(example["on"]))
    assert waiver == ({example["waiver"]} if example["waiver"] else set())
    assert bool(sheet.waiver) == bool(waiver)
    assert bool(sheet.undecided) == ("undecided" in example["rows"])


def ids_by_text(letter: str, table: str) -> dict[str, set[str]]:
    """Rows by what they say."""
    found: dict[str, set[str]] = {}
    for row in rules_of(slug_of(letter)).tables[table].rows:
        found.setdefault(row.text, set()).add(row.id)
    return found


def combined(sheet: ScoreSheet, letter: str) -> set[str]:
    """The rules by which guardians and situations were put together."""
    ids = ids_by_text(letter, "combine")
    beaten = [ids.get(row.why_not, set()) for row in sheet.rows if row.why_not]
    return ids.get(sheet.reason, set()).union(*beaten)


def waived(case: CaseFacts, slug: str, on: date) -> set[str]:
    """The waiver these facts have; two of the club's say the same on the sheet."""
    row = decide(rules_of(slug).tables["waivers"], case.case, on)
    return {row.id} if row else set()


PHASES = {"hoiku": {"2": "first", "3": "second", "4": "monthly"},
          "gakudo-club": {"1": "first_low", "2": "first_high", "3": "second"}}  # fmt: skip
IN_PACKAGE = {
    "TR3": "転園 そのほかの理由", "TR4": "転園 入って6か月たたない", "TR5": "小規模保育の卒園 第1希望が連携施設",
    "TR6": "育児休業で退園した施設へ戻る", "SB1": "双子 同じ施設だけ", "SB2": "育児休業から復職 きょうだいが第1希望に在籍",
    "SB3": "双子 同時の申込みで全員のときだけ", "SB4": "双子 同じ施設がよいが別でもよい",
    "SB5": "在籍のきょうだいと同じ施設だけ",
}  # fmt: skip
"""Rules about transfers and siblings that are answers and checks of the form: the example of the package that shows each."""
NOT_POINTS = {"TR1", "TR2", "TR7", "phases:0", "phases:1"}
"""Rules of the allocation: who keeps, leaves or swaps a seat, and phases in which nobody is scored (quiet clubs, none)."""
NOT_POINTS_OF_CLUB = {"phases:4"}
"""The club's monthly round goes on with the waiting list of the last one; it has no row of its own."""


def cases(slug: str) -> Iterator[tuple[CaseFacts, date]]:
    """Every worked example: those of the reference and ours."""
    letter, name = ("H", "hoiku") if slug == "hoiku" else ("G", "gakudo")
    inputs = grouped(f"{name}_examples_inputs.csv")
    for example in rows(f"{name}_examples.csv"):
        yield case_of(inputs[example["example_id"]]), date.fromisoformat(example["on"])
    for example in OWN:
        if example["example_id"][0] == letter:
            yield own_case(example), date.fromisoformat(example["on"])


@lru_cache
def fired(slug: str) -> frozenset[str]:
    """Everything that fires in a worked example: rows, rules of combination, waivers, phases, keys among equals."""
    letter, found = "H" if slug == "hoiku" else "G", set()
    for case, on in cases(slug):
        sheet = score(rules_of(slug), case, on)
        found |= {row.row_id for row in sheet.rows} | combined(sheet, letter) | waived(case, slug, on)
        found |= {f"phases:{number}" for number, phase in PHASES[slug].items() if phase == sheet.phase}
    found |= {f"tie_order:{each['place']}" for each in rows("tie_examples.csv") if each["package"] == slug}
    return frozenset(found | {f"tie_order:{len(rules_of(slug).ties)}"})


def listed(row: dict[str, str], slug: str) -> set[str]:
    """The rows named for a shape (a long list is cut there: `... 38 rows`)."""
    names = row["hoiku_rows" if slug == "hoiku" else "gakudo_rows"].split(";")
    return {name for name in names if name and not name.startswith("...")}


SHAPES = [(row, slug) for row in rows("rule_shapes.csv") for slug in FOLDERS if listed(row, slug)]


def test_the_seventeen_shapes_and_dated_rows_are_there() -> None:
    assert {row["shape"] for row, _ in SHAPES} == {f"S{number:02}" for number in range(1, 18)} | {"EFF"}


@pytest.mark.parametrize(
    ("row", "slug"), SHAPES, ids=lambda each: each if isinstance(each, str) else each["shape"]
)
def test_every_row_that_shows_a_shape_fires_in_an_example(row: dict[str, str], slug: str) -> None:
    wanted = listed(row, slug) - NOT_POINTS - (NOT_POINTS_OF_CLUB if slug == "gakudo-club" else set())
    of_form = wanted & set(IN_PACKAGE)
    assert wanted - of_form
    assert wanted - of_form - fired(slug) == set()
    names = {example.name for example in package("hoiku").examples}
    assert {IN_PACKAGE[each] for each in of_form} <= names


@pytest.mark.parametrize("slug", FOLDERS)
def test_every_row_of_every_table_fires_in_an_example(slug: str) -> None:
    tables = rules_of(slug).tables
    everything = {
        row.id for name in ("base", "guardian", "adjust", "combine", "waivers") for row in tables[name].rows
    }
    assert everything - fired(slug) == set()


@pytest.mark.parametrize("pair", rows("tie_examples.csv"), ids=lambda row: f"{row['package']}-{row['place']}")
def test_a_key_among_equals_decides_where_all_before_are_equal(pair: dict[str, str]) -> None:
    letter = "H" if pair["package"] == "hoiku" else "G"
    usual = {
        "H": "g1.1 reason=work_out hours_month=160",
        "G": "g1.1 reason=work_out days_month=20 hours_day=8",
    }

    def key(text: str) -> list[float]:
        told = with_usual(f"{usual[letter]}; {text}", letter)
        return score(rules_of(pair["package"]), case_of(told), date(2027, 4, 1)).tie[PLACE]

    first, then, place = key(pair["first"]), key(pair["then"]), int(pair["place"]) - 1
    assert first[:place] == then[:place]
    assert first[place] < then[place]


@pytest.mark.parametrize("slug", FOLDERS)
def test_the_published_lottery_is_the_last_key(slug: str) -> None:
    kinds = [tie.kind for tie in rules_of(slug).ties]
    assert kinds.index("lottery") == len(kinds) - 1


# ---- dated rows: the same facts under the table of the other year


@pytest.mark.parametrize(
    ("slug", "first", "told", "before", "after"),
    [
        ("hoiku", "H-B07a", "g1.1 reason=work_out hours_month=48", 27, 28),
        ("hoiku", "H-A20a", "g1.1 reason=work_out hours_month=160; c nursery_worker_city=yes", 43, 45),
        ("gakudo-club", "G-B05a", "g1.1 reason=work_out days_month=20 hours_day=4", 26, 27),
        ("gakudo-club", "G-A24a", "g1.1 reason=work_out days_month=20 hours_day=8; c gp_cohabiting_able=1", 31, 30),
    ],
)  # fmt: skip
def test_a_dated_row_gives_way_on_its_day(slug: str, first: str, told: str, before: int, after: int) -> None:
    letter = "H" if slug == "hoiku" else "G"
    case = case_of(with_usual(told, letter))
    last_day, next_day = (score(rules_of(slug), case, on) for on in (date(2027, 3, 31), date(2027, 4, 1)))
    assert (last_day.totals[PLACE], next_day.totals[PLACE]) == (before, after)
    assert first in {row.row_id for row in last_day.rows}
    assert f"{first[:-1]}b" in {row.row_id for row in next_day.rows}
