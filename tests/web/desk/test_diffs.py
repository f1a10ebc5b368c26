"""The diff of corrected answers: nothing is lost, nothing is invented, rows are followed by who they are about."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.package import read_files
from madoguchi.web.desk import happenings
from madoguchi.web.desk.diffs import Part, changes, marked, pairs
from tests.factories_applications import FILES

TEXT = st.text(st.sampled_from("市中央一丁目マンションABC12号 \nー"), max_size=30)
PACKAGE = read_files(FILES)


@given(TEXT, TEXT)
def test_the_marks_hold_both_texts(before: str, after: str) -> None:
    parts = marked(before, after)
    assert "".join(part.text for part in parts if part.kind != "new") == before
    assert "".join(part.text for part in parts if part.kind != "gone") == after


@given(TEXT.filter(bool))
def test_equal_texts_have_no_marks(text: str) -> None:
    assert marked(text, text) == (Part("same", text),)


def test_only_the_word_that_changed_is_marked() -> None:
    parts = marked("サンプル市中央1-2-3 見本荘", "サンプル市中央1-2-4 見本荘")
    assert [(part.kind, part.text) for part in parts] == [
        ("same", "サンプル市中央"),
        ("gone", "1-2-3"),
        ("new", "1-2-4"),
        ("same", " 見本荘"),
    ]


def person(given: str, end: str) -> dict[str, Any]:
    return {"who": {"family": "見本", "given": given}, "end": end}


FIELD = SimpleNamespace(
    has_rows=True,
    columns=[SimpleNamespace(key="who", type="name"), SimpleNamespace(key="end", type="text")],
)
ROWS = st.lists(
    st.builds(person, st.sampled_from(["花子", "太郎", "次郎"]), st.sampled_from(["16:00", "17:30"])),
    max_size=4,
)


def test_a_row_is_followed_by_whom_it_is_about() -> None:
    before = [person("花子", "16:00"), person("太郎", "18:00")]
    after = [person("次郎", "15:00"), person("花子", "17:30")]
    assert pairs(FIELD, before, after) == [
        (None, after[0]),
        (before[0], after[1]),
        (before[1], None),
    ] or pairs(FIELD, before, after) == [
        (None, after[0]),
        (before[1], None),
        (before[0], after[1]),
    ]


@given(ROWS, ROWS)
def test_every_row_stands_in_one_pair(before: list[Any], after: list[Any]) -> None:
    found = pairs(FIELD, before, after)
    assert sorted(str(old) for old, _ in found if old) == sorted(map(str, before))
    assert sorted(str(new) for _, new in found if new) == sorted(map(str, after))


def test_files_are_told_by_their_names() -> None:
    (change,) = changes(PACKAGE, "certificate", ["a"], ["b"], {"b": "令和8年度様式.pdf"})
    assert (change.before, change.after) == ("（外した書類）", "令和8年度様式.pdf")


AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


def row(minutes_ago: int, actor: str, verb: str = "applications.looked_at") -> Any:
    return SimpleNamespace(
        at=AT - timedelta(minutes=minutes_ago),
        actor_kind="staff",
        actor_id=actor,
        actor_name=actor,
        verb=verb,
    )


def test_since_one_last_looked_forgets_the_present_sitting() -> None:
    timeline = [row(2, "1"), row(20, "1"), row(90, "2", "applications.accepted"), row(200, "1")]
    seen = happenings.last_sitting(timeline, 1, AT)
    assert seen == AT - timedelta(minutes=200)
    assert [each.verb for each in happenings.since(timeline, 1, seen)] == ["applications.accepted"]
    assert happenings.since(timeline, 2, seen) == []
    assert happenings.last_sitting(timeline, 9, AT) is None


def test_who_is_present() -> None:
    timeline = [row(1, "2"), row(4, "2"), row(5, "1"), row(40, "3")]
    assert happenings.present(timeline, 1, AT) == [happenings.Present("2", 4)]
