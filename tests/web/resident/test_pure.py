"""Prefill, wishes and search without a database."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.words import Words
from madoguchi.web.resident import form_pages, prefill, searching
from madoguchi.web.resident.life_events import DOORS, door_of
from tests.factories_years import shipped

ENTRY = date(2027, 4, 1)


def member(number: int, code: int, birth: str, given: str) -> dict[str, Any]:
    return {
        "resident_id": number,
        "relationship_code": code,
        "birth": birth,
        "name": {"family": "見本", "given": given},
    }


FAMILY = {
    "resident": {"name": {"family": "見本", "given": "ひかり"}},
    "household": [
        member(1, 2, "1985-04-02", "太郎"),
        member(2, 12, "1986-05-03", "ひかり"),
        member(3, 20, "2014-01-01", "りく"),
        member(4, 20, "2020-06-14", "そら"),
    ],
}  # fmt: skip


def pupils(birth: str) -> bool:
    return prefill.will_be_pupil(birth, ENTRY)


@pytest.mark.parametrize(
    ("slug", "births", "given"),
    [
        ("gakudo-club", ["2026-05-01", "2022-06-14"], ["そら"]),
        ("hoiku", ["2026-05-01", "2022-06-14"], ["りく", "そら"]),
        ("hoiku", ["2027-03-01", "2014-01-01"], ["りく", "そら"]),
    ],
)
def test_children_are_offered_whom_the_form_would_take(
    slug: str, births: list[str], given: list[str]
) -> None:
    """A club takes the pupil, a nursery those below school age; where nobody fits, nobody is left out."""
    package = shipped(slug)
    context = Context(date(2026, 11, 21), package.periods[0], {}, package.facilities)
    eldest = "2020-06-14" if slug == "gakudo-club" else births[1]
    household = [member(3, 20, births[0], "りく"), member(4, 20, eldest, "そら")]
    offered = prefill.children({"household": household}, prefill.fitting(package.form, context))
    assert [each["name"]["given"] for each in offered] == given


def test_only_children_who_will_be_pupils_are_offered() -> None:
    assert [each["name"]["given"] for each in prefill.children(FAMILY, pupils)] == ["そら"]


def test_the_family_is_told_from_the_childs_side() -> None:
    members = prefill.sources(FAMILY, "", 0, pupils)["household"]
    assert [each["relationship"] for each in members] == ["father", "mother", "sibling", "self"]


def test_what_the_register_cannot_tell_is_left_open() -> None:
    alone = {"household": [FAMILY["household"][0], FAMILY["household"][3]]}
    assert prefill.sources(alone, "", 0, pupils)["household"][0]["relationship"] == ""


def test_a_known_date_is_written_as_people_write_it() -> None:
    birth = SimpleNamespace(type="date")
    assert prefill.as_typed(birth, "2020-06-14") == "令和2年6月14日"


CLUBS: Any = SimpleNamespace(key="clubs", ranks=3)
WISHES = {"clubs-1": ["A"], "clubs-2": ["B"], "clubs-3": ["C"], "other": ["x"]}


@pytest.mark.parametrize(
    ("button", "name", "order", "focus"),
    [
        ("_up", "clubs-2", "BAC", "clubs-1"),
        ("_down", "clubs-2", "ACB", "clubs-3"),
        ("_clear", "clubs-1", "BC", "clubs-1"),
        ("_up", "clubs-1", "ABC", "clubs-1"),
        ("_down", "clubs-3", "ABC", "clubs-3"),
    ],
)
def test_wishes_move(button: str, name: str, order: str, focus: str) -> None:
    raw, focused = form_pages.with_move(WISHES, button, name, CLUBS)

    assert "".join(raw[f"clubs-{rank}"][0] for rank in (1, 2, 3)) == order
    assert raw["other"] == ["x"]
    assert focused == focus


def test_a_removed_row_takes_all_its_inputs() -> None:
    raw = {"guardians-0-name-family": ["a"], "guardians-1-name-family": ["b"], "guardians-10-start": ["9:00"]}
    assert set(form_pages.without_row(raw, "guardians", 1)) == {
        "guardians-0-name-family",
        "guardians-10-start",
    }


def package(**words: Any) -> Any:
    names = Words("｜学童《がくどう》クラブ ｜入所申請《にゅうしょしんせい》", "After-school club")
    base = {
        "slug": "club",
        "names": names,
        "summary": Words("放課後に家に大人がいない小学生のための申請です。"),
        "search_words": ("あずける", "放課後"),
    }
    return SimpleNamespace(package=SimpleNamespace(**base | words))


@pytest.mark.parametrize(
    "query", ["学童", "がくどう クラブ", "放課後 預けたい", "ほうかご あずけたい", "after-school", "ガクドウ"]
)
def test_spoken_words_find_it(query: str) -> None:
    club = package()
    other = package(
        slug="other",
        names=Words("住民票の写し"),
        summary=Words("住所の証明です。"),
        search_words=("じゅうみんひょう",),
    )
    assert searching.best(query, [other, club])[:1] == [club]


def test_nonsense_finds_nothing() -> None:
    assert searching.best("xyzzy", [package()]) == []


def test_a_procedure_stands_behind_one_door() -> None:
    assert door_of(("school_entry", "work_start")) == "school"
    assert door_of(("unknown",)) == ""
    assert len(DOORS) == 8
