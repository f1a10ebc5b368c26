import io
import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from madoguchi.ledgers.office.queries import recent_trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.services.applications.states import Channel
from tests.factories_applications import received, typed

LEDGER = "/desk/mihon-club/"


def without_keys(html: str) -> str:
    """The page without what is new on every load: form keys and CSRF tokens."""
    return re.sub(r'name="(job|csrfmiddlewaretoken)" value="[^"]*"', "", html)


def test_ledger__costs_the_same_for_one_and_for_fifty(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    desk.get(LEDGER)

    def queries_after_adding(numbers: range) -> int:
        for number in numbers:
            received(loaded, now, number)
        with CaptureQueriesContext(connection) as seen:
            desk.get(LEDGER)
        return len(seen)

    assert queries_after_adding(range(1)) == queries_after_adding(range(1, 50))


def test_ledger__swapped_rows_equal_a_reload(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    received(loaded, now)
    part = desk.get(LEDGER, headers={"HX-Request": "true", "HX-Target": "ledger-rows"}).content.decode()
    page = desk.get(LEDGER).content.decode()
    assert without_keys(part).strip() in without_keys(page)
    assert "<html" not in part


def test_ledger__filters_and_sorts_by_get(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    online, paper = received(loaded, now, 1), received(loaded, now, 2, channel=Channel.PAPER)
    page = desk.get(LEDGER, {"channel": "paper", "sort": "-number"}).content.decode()
    assert paper.number in page
    assert online.number not in page
    assert 'aria-sort="descending"' in page


@pytest.mark.parametrize(
    "query", ["page=x", "from=x", "stage=x", "sort=x", "grade=９", "view=x", "assigned=-1"]
)
def test_ledger__unreadable_conditions_narrow_nothing(
    query: str, desk_of: Any, loaded: Any, now: datetime
) -> None:
    number = received(loaded, now).number
    assert number in desk_of(Role.REVIEWER).get(f"{LEDGER}?{query}").content.decode()


def test_ledger__narrows_by_score(desk_of: Any, loaded: Any, now: datetime) -> None:
    number = received(loaded, now).number
    page = desk_of(Role.REVIEWER).get(LEDGER, {"score_from": "20"}).content.decode()
    assert number not in page
    assert "指数 20以上" in page


def test_ledger__zero_rows_keep_the_head_and_say_what_next(desk_of: Any) -> None:
    page = desk_of(Role.REVIEWER).get(LEDGER).content.decode()
    assert "受付番号" in page
    assert "この条件に合う申請はありません" in page


def test_export__no_cell_becomes_a_formula_and_the_trace_says_why(
    desk_of: Any, loaded: Any, now: datetime
) -> None:
    desk = desk_of(Role.REVIEWER)
    received(loaded, now, raw=typed(1, child_name__family="=cmd|'/c calc'!A1"))
    answer = desk.post(f"{LEDGER}export/", {"purpose": "統計・報告", "kind": "csv"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "'=cmd" in answer.content.decode()
    trace = recent_trace()[0]
    assert (trace.verb, trace.purpose, trace.note["rows"]) == ("applications.exported", "統計・報告", 1)


def test_export__xlsx_holds_the_same_rows_as_text(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now, raw=typed(1, child_name__family="=1+1")).number
    answer = desk.post(f"{LEDGER}export/", {"purpose": "統計・報告", "kind": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == number
    assert rows[1][3].startswith("'=1+1")


def test_export__without_a_purpose_hands_over_nothing(desk_of: Any) -> None:
    answer = desk_of(Role.REVIEWER).post(f"{LEDGER}export/", {"purpose": " ", "kind": "csv"})
    assert answer.status_code == 422
    assert "目的がありません" in answer.content.decode()


def test_bulk__accepting_shows_a_job(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    numbers = [received(loaded, now, number).number for number in range(3)]
    answer = desk.post(f"{LEDGER}bulk/", {"verb": "accept", "number": numbers}, follow=True)
    page = answer.content.decode()
    assert "受理する（3件）" in page
    assert "0 / 3件" in page


def test_bulk__everything_that_matches_is_asked_about_first(desk_of: Any, loaded: Any, now: datetime) -> None:
    received(loaded, now)
    answer = desk_of(Role.REVIEWER).post(f"{LEDGER}bulk/", {"verb": "accept", "scope": "all", "query": ""})
    assert "1件を受理しますか" in answer.content.decode()


def test_bulk__nothing_chosen_is_said_back(desk_of: Any) -> None:
    answer = desk_of(Role.REVIEWER).post(f"{LEDGER}bulk/", {"verb": "accept", "back": LEDGER}, follow=True)
    assert "申請が選ばれていません" in answer.content.decode()


def test_bulk__assigning_is_a_job_too(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    form = {"verb": "assign", "number": [number], "to": desk.staff.login, "back": LEDGER}
    assert "担当を変える（1件）" in desk.post(f"{LEDGER}bulk/", form, follow=True).content.decode()
