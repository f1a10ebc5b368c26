"""A calendar file that other people's calendars can read."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from madoguchi.common.icalendar_file import DayEvent, calendar_file, folded

AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
NASTY = "受付が始まる：学童クラブ, 入所; 申請\\ 2行目\nあ" * 5


def read(events: list[DayEvent]) -> Calendar:
    return Calendar.from_ical(calendar_file("受付の\nカレンダー", events, at=AT, domain="example.lg.jp"))


def test_another_library_reads_what_was_written() -> None:
    event = DayEvent("gakudo-r9-closes", date(2026, 11, 30), NASTY, NASTY, "https://example.lg.jp/", "締切")
    calendar = read([event])
    assert calendar["VERSION"] == "2.0"
    assert "//madoguchi//" in calendar["PRODID"]
    (one,) = calendar.walk("VEVENT")
    assert one["UID"] == "gakudo-r9-closes@example.lg.jp"
    assert one["DTSTAMP"].dt == AT
    assert (one["DTSTART"].dt, one["DTEND"].dt) == (date(2026, 11, 30), date(2026, 12, 1))
    assert str(one["SUMMARY"]) == NASTY
    assert str(one["DESCRIPTION"]) == NASTY


def test_lines_are_short_and_end_as_they_must() -> None:
    body = calendar_file("名", [DayEvent("a", date(2026, 1, 1), NASTY)], at=AT, domain="x")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
def test_folding_loses_nothing(line: str) -> None:
    pieces = list(folded(line))
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(len(piece.encode()) <= 75 for piece in pieces)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=80))
def test_any_title_comes_back(title: str) -> None:
    (one,) = read([DayEvent("a", date(2026, 1, 1), title)]).walk("VEVENT")
    assert str(one["SUMMARY"]) == title
