"""統計: every number on the page leads to a list with just so many cases; what leaves the section hides small cells."""

import csv
import io
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.services.applications import actions
from madoguchi.services.applications.models import Application, StageStay
from madoguchi.services.applications.states import Channel, Outcome
from madoguchi.services.applications.views import Decided
from tests.factories_applications import received

LIST, PAGE = "/desk/statistics/", "/desk/statistics/mihon-club/"
CHANNELS = (
    Channel.ONLINE,
    Channel.ONLINE,
    Channel.ONLINE,
    Channel.PAPER,
    Channel.COUNTER,
    Channel.ONLINE,
    Channel.PROXY,
)


@pytest.fixture
def worked(loaded: Any, staff_with: Any, now: datetime) -> Any:
    """Seven cases of three weeks: decided, under correction, withdrawn, overdue, with somebody, with nobody."""
    clerk, first = staff_with(login="tanto"), now - timedelta(days=18)
    office.grant_role(staff=clerk, role=Role.REVIEWER, on=first.date(), by=SYSTEM, at=first)
    numbers = [
        received(loaded, first + timedelta(days=each * 2), each, channel=channel).number
        for each, channel in enumerate(CHANNELS)
    ]
    for number in numbers[:3]:
        actions.accept(number=number, by=clerk, at=now - timedelta(days=3), edition=1, staff_seconds=120)
    actions.ask_correction(
        number=numbers[3], by=clerk, at=now - timedelta(days=2), edition=1, fields=["work_days"],
        message="就労日数を直してください。", due_on=now.date() + timedelta(days=9), staff_seconds=60,
    )  # fmt: skip
    actions.withdraw(number=numbers[4], by=actor_of(clerk), at=now)
    actions.assign(numbers=numbers[:2], to=clerk, by=clerk, at=now)
    Application.objects.filter(number=numbers[5]).update(due_on=now.date() - timedelta(days=1))
    ids = list(Application.objects.filter(number__in=numbers[:2]).order_by("pk").values_list("pk", flat=True))
    actions.put_under_decision(application_ids=ids, by=actor_of(clerk), at=now)
    decided = [Decided(ids[0], Outcome.GRANTED, {}), Decided(ids[1], Outcome.WAITLISTED, {})]
    actions.decide_many(decided=decided, by=actor_of(clerk), at=now)
    return clerk


def linked(page: str) -> dict[str, set[int]]:
    """Every address on a page of figures with the cases it promises."""
    found: dict[str, set[int]] = {}
    for href, count in re.findall(r'<a href="([^"]+)" data-cases="(\d+)"', page):
        found.setdefault(unescape(href), set()).add(int(count))
    return found


def cases_on(page: str) -> int:
    return page.count('name="number"')


@pytest.mark.parametrize("query", ["unit=week", "unit=day&from=2026-11-05&to=2026-11-10", "unit=month"])
def test_every_number_leads_to_just_so_many_cases(desk_of: Any, worked: Any, query: str) -> None:
    desk = desk_of(Role.SECTION_HEAD, Role.REVIEWER)
    told = linked(desk.get(f"{PAGE}?{query}").content.decode())
    assert len(told) > 30
    for address, counts in told.items():
        (count,) = counts
        shown = desk.get(address)
        assert shown.status_code == 200, address
        assert cases_on(shown.content.decode()) == count, address


def test_the_list_of_procedures_leads_there_too(desk_of: Any, worked: Any) -> None:
    desk = desk_of(Role.REVIEWER)
    told = linked(desk.get(LIST).content.decode())
    assert told
    for address, counts in told.items():
        assert {cases_on(desk.get(address).content.decode())} == counts, address


def row_of(page: str, title: str, label: str) -> list[str]:
    table = page.split(f'<caption class="hidden-words">{title}</caption>')[1].split("</table>")[0]
    row = table.split(f'<th scope="row" class="wraps">{label}</th>')[1].split("</tr>")[0]
    return [re.sub("<.*?>", "", each) for each in re.findall(r"<td class=\"number\">.*?</td>", row)]


def test_the_figures_are_those_of_the_cases(desk_of: Any, worked: Any) -> None:
    page = desk_of(Role.SECTION_HEAD).get(PAGE).content.decode()
    assert row_of(page, "経路", "ネット") == ["4", "57.1%"]
    assert row_of(page, "結果", "承認") == ["1", "50.0%"]
    assert row_of(page, "補正した項目", "月の就労日数") == ["1"]
    assert row_of(page, "補正のお願いの文", "就労日数を直してください。") == ["1"]
    assert row_of(page, "職員の時間", "受理") == ["6.0分", "2.0分", "3"]
    assert row_of(page, "状態ごとの日数", "受理") == ["3.0日", "3.0日", "2"]
    assert row_of(page, "前の受付期間とくらべる", "期限を過ぎた") == ["1"]
    assert row_of(page, "前の受付期間とくらべる", "受付から決定まで（中央値）") == ["17.0日"]
    assert row_of(page, "担当ごと", "佐藤　例") == ["0", "0", "2"]
    assert "<svg" in page


def test_stays_follow_every_change_of_stage(worked: Any, now: datetime) -> None:
    case = Application.objects.order_by("pk").first()
    stays = StageStay.objects.filter(application=case).order_by("pk").values_list("stage", "left_at")
    assert [stage for stage, _ in stays] == ["received", "accepted", "deciding", "decided"]
    assert [left for _, left in stays] == [now - timedelta(days=3), now, now, None]


def test_the_work_of_clerks_is_for_the_head(desk_of: Any, worked: Any) -> None:
    assert "担当ごと" in desk_of(Role.SECTION_HEAD).get(PAGE).content.decode()
    assert "担当ごと" not in desk_of(Role.REVIEWER).get(PAGE).content.decode()
    assert desk_of(Role.COUNTER_CLERK).get(PAGE).status_code == 403


def test_outside_the_section_small_cells_are_hidden(desk_of: Any, worked: Any) -> None:
    desk = desk_of(Role.AUDITOR)
    assert desk.get(PAGE)["Location"] == f"{PAGE}public/"
    page = desk.get(f"{PAGE}public/").content.decode()
    assert "data-cases" not in page
    assert re.findall(r'<td class="number">([1-4])</td>', page) == []
    assert '<td class="number">x</td>' in page
    file = desk.get(f"{PAGE}file/csv/")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert not {row[3] for row in rows} & {"1", "2", "3", "4"}
    assert "public" in file["Content-Disposition"]


def test_the_file_has_a_line_for_each_figure_and_stands_in_the_record(desk_of: Any, worked: Any) -> None:
    desk = desk_of(Role.REVIEWER)
    rows = list(csv.reader(io.StringIO(desk.get(f"{PAGE}file/csv/").content.decode("utf-8-sig"))))
    assert rows[0] == ["表", "行", "列", "値", "件数"]
    assert ["経路", "ネット", "件数", "4", "4"] in rows
    assert desk.get(f"{PAGE}file/xlsx/").content[:2] == b"PK"
    assert desk.get(f"{PAGE}file/pdf/").status_code == 404
    assert Trace.objects.filter(verb="applications.statistics_exported").count() == 2


def test_as_many_questions_for_seven_cases_as_for_sixty(
    desk_of: Any, worked: Any, loaded: Any, now: datetime
) -> None:
    desk = desk_of(Role.SECTION_HEAD)
    desk.get(f"{PAGE}?unit=month")

    def questions() -> int:
        with CaptureQueriesContext(connection) as seen:
            desk.get(f"{PAGE}?unit=month")
        return len(seen)

    before = questions()
    for each in range(20, 70):
        received(loaded, now, each)
    assert questions() == before <= 45
