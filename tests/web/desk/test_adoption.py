"""電子決裁の割合: every number leads to its drafts, printed values stand apart, and the file says what the page says."""

import csv
import io
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.clerical.decisions import actions
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.states import ApprovalMode, PaperReason
from madoguchi.clerical.decisions.terms import Paper, Terms
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import submit

PAGE = "/desk/adoption/"
TERMS = {
    "electronic": Terms(kind="K12", sheets=7),
    "mixed": Terms(
        kind="K12", mode=ApprovalMode.MIXED, paper_reason=PaperReason.BOUND, papers=(Paper("冊子", "棚1"),)
    ),
    "paper": Terms(kind="K12", mode=ApprovalMode.PAPER, paper_reason=PaperReason.SEAL),
}


@pytest.fixture
def worked(desk_of: Any, staff_with: Any, now: datetime) -> Any:
    """Two sections that do the same work: ours 6 of 8 electronic, the other 2 of 5."""
    browser = desk_of(Role.SECTION_HEAD, login="head")
    clerk = staff_with(Role.REVIEWER, login="clerk")
    above = office.set_up_section(code="fukushi", fiscal_year=2026, name="福祉部", symbol="福", phone="0")
    other = office.set_up_section(
        code="minami", fiscal_year=2026, name="南事務所", symbol="南", phone="0", parent="fukushi"
    )
    neighbour = office.employ(login="n", name="見本　南", name_kana="ミ", section=other, password="demo")
    office.grant_role(staff=neighbour, role=Role.REVIEWER, on=now.date(), by=actions_of(clerk), at=now)
    ours = ["electronic"] * 5 + ["mixed"] + ["paper"] * 2
    theirs = ["electronic"] * 2 + ["paper"] * 3
    start = now - timedelta(days=6)
    for person, ways in ((clerk, ours), (neighbour, theirs)):
        grant_since(person, start)
        for at, way in enumerate(ways):
            one(person, browser.staff, f"{person.login}-{at}", TERMS[way], start, now)
    assert above
    return browser


def actions_of(staff: Any) -> Any:
    return office.actor_of(staff)


def grant_since(staff: Any, at: datetime) -> None:
    office.grant_role(staff=staff, role=Role.REVIEWER, on=at.date(), by=office.actor_of(staff), at=at)


def one(clerk: Any, head: Any, serial: str, terms: Terms, start: datetime, now: datetime) -> None:
    draft_id = submit(by=clerk, approver=head, at=now, subject=Subject("test.matter", serial), terms=terms)
    draft = Draft.objects.get(pk=draft_id)
    if terms.mode == ApprovalMode.PAPER:
        actions.record_paper_decision(draft_id=draft_id, decided_on=now.date(), by=clerk, at=now)
        return
    actions.approve(
        draft_id=draft_id, by=head, at=now, seen_sha256=draft.content_sha256, edition=draft.version
    )


def linked(page: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for href, count in re.findall(r'href="([^"]+)" data-cases="(\d+)"', page):
        found.setdefault(unescape(href), set()).add(int(count))
    return found


def test_every_number_leads_to_just_so_many_drafts(worked: Any) -> None:
    page = worked.get(PAGE).content.decode()
    links = linked(page)
    assert len(links) > 20
    for href, promised in links.items():
        shown = re.search(r'data-total="(\d+)"', worked.get(href).content.decode())
        assert shown, href
        assert promised == {int(shown[1])}, href


def test_steps_reminders_and_long_waits_lead_to_their_drafts(worked: Any, staff_with: Any) -> None:
    clerk, since = staff_with(Role.REVIEWER, login="late"), clock.now() - timedelta(days=12)
    grant_since(clerk, since)
    by = office.actor_of(clerk)
    office.grant_role(staff=worked.staff, role=Role.SECTION_HEAD, on=since.date(), by=by, at=since)
    told = {"by": clerk, "approver": worked.staff, "terms": TERMS["electronic"]}
    waits, reminded = (
        submit(at=since, subject=Subject("test.matter", name), **told) for name in ("waits", "reminded")
    )
    assert actions.remind(draft_id=reminded, by=clerk, at=clock.now()) == 1
    decide(reminded, worked.staff, clock.now())
    page = worked.get(PAGE).content.decode()
    links = linked(page)
    for href, promised in links.items():
        assert promised == {int(total_of(worked, href))}, href
    (late,) = [href for href in links if "waiting=1" in href]
    assert links[late] == {1}
    assert f"/desk/decisions/{waits}/" in worked.get(late).content.decode()
    (spurred,) = [href for href in links if "reminded=1" in href]
    assert "step=decide" in spurred
    assert f"/desk/decisions/{reminded}/" in worked.get(spurred).content.decode()
    bare = [row for table in ("steps", "waits") for row in cells_of(page, table) if "<a" not in row]
    assert bare == []


def decide(draft_id: int, head: Any, at: datetime) -> None:
    draft = Draft.objects.get(pk=draft_id)
    actions.approve(
        draft_id=draft_id, by=head, at=at, seen_sha256=draft.content_sha256, edition=draft.version
    )


def total_of(browser: Any, href: str) -> str:
    shown = re.search(r'data-total="(\d+)"', browser.get(href).content.decode())
    assert shown, href
    return shown[1]


def cells_of(page: str, table: str) -> list[str]:
    """Every cell with a figure of one table."""
    part = page[page.index(f'id="{table}"') :].split("</table>")[0]
    return re.findall(r"<td[^>]*>.*?</td>", part, flags=re.DOTALL)


def test_the_page_says_rate_sheets_reasons_and_compares_the_same_work(worked: Any) -> None:
    page = worked.get(PAGE).content.decode()
    assert "61.5%" in page  # 8 of 13
    assert ">49<" in page  # seven electronic drafts of seven sheets
    assert "押印が要る" in page
    assert "35.0ポイント" in page  # 75.0 % beside 40.0 %
    assert "福祉部" in page
    assert page.count("<svg") >= 2


def test_printed_values_stand_under_their_own_name_and_in_no_measured_table(worked: Any) -> None:
    page = worked.get(PAGE).content.decode()
    printed = page[page.index('id="printed"') :]
    for value in ("36.7%", "32.9%", "56.5%", "86.8%", "94.0%", "98.2%"):
        assert value in printed
        assert value not in page[: page.index('id="printed"')].split("<svg")[0]
    assert "測った値とは足しません" in printed


def test_the_file_holds_what_the_page_holds_and_leaves_its_purpose(worked: Any) -> None:
    answer = worked.post(PAGE, {"purpose": "統計・報告"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["表", "行", "列", "値", "件数"]
    assert ["紙の理由", "押印が要る", "計", "5", "5"] in rows
    assert ["印刷された値（神奈川県）", "令和5年度", "電子決裁率", "98.2%", ""] in rows
    assert Trace.objects.filter(verb="insight.exported", purpose="統計・報告").count() == 1
    assert worked.post(PAGE, {"purpose": " "}).status_code == 302
    assert Trace.objects.filter(verb="insight.exported").count() == 1


def test_a_reader_without_the_drafts_sees_the_numbers_only(worked: Any, desk_of: Any) -> None:
    worked.get(PAGE)
    auditor = desk_of(Role.IT_ADMIN, login="it")
    auditor.staff.section = office.set_up_section(
        code="dx", fiscal_year=2026, name="デジタル課", symbol="デ", phone="0"
    )
    auditor.staff.save()
    page = auditor.get(f"{PAGE}drafts/?year=2026").content.decode()
    assert 'data-total="13"' in page
    assert "13件のうち13件は、ここに表示しません" in page
    assert "学童クラブ入所の決定" not in page


def test_another_year_is_empty_and_nonsense_is_this_year(worked: Any) -> None:
    assert "まだありません" in worked.get(f"{PAGE}?year=2025").content.decode()
    assert "2026年度" in worked.get(f"{PAGE}?year=9999999&month=x-99").content.decode()
    assert worked.get(f"{PAGE}drafts/?month=2026-13&section=0&mode=magic&reason=none").status_code == 200


def test_the_page_asks_no_question_a_draft(worked: Any, staff_with: Any, now: datetime) -> None:
    worked.get(PAGE)
    with CaptureQueriesContext(connection) as before:
        worked.get(PAGE)
    clerk = staff_with(Role.REVIEWER, login="more")
    for at in range(8):
        one(clerk, worked.staff, f"more-{at}", TERMS["electronic"], now, now)
    with CaptureQueriesContext(connection) as after:
        worked.get(PAGE)
    assert len(after) == len(before)
