"""The calendar of periods as page and as file."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from icalendar import Calendar

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures import period_days
from madoguchi.ledgers.procedures.actions import load_package
from madoguchi.ledgers.procedures.offers import Period
from madoguchi.ledgers.procedures.words import Words
from madoguchi.web.resident.views.calendar import chosen_month, closed_weekdays, shifted, weeks_of
from tests.factories_procedures import GAKUDO

pytestmark = pytest.mark.django_db


@pytest.fixture
def gakudo(section: Any, now: datetime) -> Any:
    clock._shift.cache_clear()
    return load_package(GAKUDO, by=SYSTEM, at=now)


def page(client: Any, query: str = "") -> str:
    answer = client.get(f"/calendar/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_closes_soon_stands_on_top(client: Any, gakudo: Any) -> None:
    text = page(client)
    assert text.index("まもなく締切") < text.index("いま受付中") < text.index("2026年11月の予定")
    assert "あと8日" in text
    assert "学童クラブ" in text


def test_the_days_of_another_month(client: Any, gakudo: Any) -> None:
    january = page(client, "?month=2027-01")
    assert "結果のお知らせ" in january
    assert "決定する予定" in january
    assert "成人の日" in january
    empty = page(client, "?month=2026-12")
    assert "この月に、受付や結果の日はありません" in empty
    assert "次は" in empty
    assert "年末年始" in empty


def test_a_life_event_filters(client: Any, gakudo: Any) -> None:
    assert "学童クラブ" in page(client, "?event=school")
    assert "いま受付中の手続はありません" in page(client, "?event=end")
    assert "学童クラブ" in page(client, "?event=unknown")


@pytest.mark.parametrize("month", ["", "2026-13", "x", "99999-01", "2026-11-01", "-", "²-1"])
def test_an_unreadable_month_is_this_month(month: str) -> None:
    assert chosen_month(month, date(2026, 11, 18)) == date(2026, 11, 1)


def test_the_file_is_read_by_another_library(client: Any, gakudo: Any) -> None:
    answer = client.get("/calendar.ics?event=school")
    assert answer["Content-Type"].startswith("text/calendar")
    events = {str(each["UID"]): each for each in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert len(events) == 4
    closes = events["gakudo-club-2027-04-closes@testserver"]
    assert closes["DTSTART"].dt == date(2026, 11, 30)
    assert "締切：学童クラブ 入所申請" in str(closes["SUMMARY"])
    assert str(closes["URL"]) == "http://testserver/procedures/gakudo-club/"
    assert Calendar.from_ical(client.get("/calendar.ics?event=end").content).walk("VEVENT") == []


def test_the_file_speaks_the_readers_language(client: Any, gakudo: Any) -> None:
    client.cookies["language"] = "en"
    assert b"Closes" in client.get("/calendar.ics").content


def test_a_decision_told_on_its_day_is_one_day() -> None:
    period = Period("r9", Words("一斉"), date(2026, 11, 2), date(2026, 11, 30), date(2027, 4, 1),
                    decision_on=date(2027, 1, 20), released_at=datetime(2027, 1, 20, 10))  # fmt: skip
    package = SimpleNamespace(slug="x", periods=(period,))
    kinds = [str(day.kind) for day in period_days.days_of([package])]
    assert kinds == ["opens", "closes", "told"]
    assert period_days.open_now([package], date(2026, 12, 1)) == []
    assert [day.on for day in period_days.opens_next([package], date(2026, 11, 1))] == [date(2026, 11, 2)]


def test_weeks_hold_the_whole_month() -> None:
    first = date(2026, 11, 1)
    cells = [cell for week in weeks_of(first, [], first) for cell in week]
    assert sum(cell["inside"] for cell in cells) == 30
    assert cells[0]["on"].weekday() == 6
    assert shifted(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert shifted(date(2026, 1, 1), -1) == date(2025, 12, 1)


def test_closed_weekdays_name_the_reason() -> None:
    day = date(2026, 11, 17)
    closed = closed_weekdays(date(2026, 11, 1), OfficeCalendar([day]))
    assert {"on": day, "why": "臨時休業日"} in closed
    assert {"on": date(2026, 11, 3), "why": "文化の日"} in closed
    assert all(each["on"].weekday() < 5 for each in closed)
    assert day + timedelta(days=1) not in [each["on"] for each in closed]
