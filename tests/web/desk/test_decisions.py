"""The pages of 決裁: an inbox of many, the work of a large decision, 引上げ that shows, a paper that is only shown."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.clerical.decisions import actions, queries
from madoguchi.clerical.decisions.bells import settled
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.appointing import appoint
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from scenarios.draft_rows import DraftRow, enter_rows
from tests.factories_decisions import submit

INBOX = "/desk/decisions/"
KINDS = ("K06", "K12", "K20", "K43")
MOST_QUERIES = 20


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_inbox_of_thousands_asks_no_more_and_sorts_nothing(desk_of: Any, staff_with: Any) -> None:
    browser, clerk = desk_of(Role.SECTION_HEAD, login="head"), staff_with(Role.REVIEWER, login="clerk")

    def waiting(keys: range) -> None:
        at = clock.now()
        rows = (
            DraftRow(
                key, clerk.section_id, 2026, f"見本 {key}", KINDS[key % 4], "electronic", "", 3,
                at - timedelta(minutes=key), None, None,
            )
            for key in keys
        )  # fmt: skip
        enter_rows(rows, drafter=clerk.pk, approver=browser.staff.pk)

    waiting(range(1, 121))
    browser.get(INBOX)
    with CaptureQueriesContext(connection) as few:
        browser.get(INBOX)
    waiting(range(121, 2001))
    with CaptureQueriesContext(connection) as many:
        page = text(browser.get(INBOX))
    assert len(many) == len(few) <= MOST_QUERIES
    assert "2,000件が、あなたを待っています" in page
    assert all(f"{500:,}</a>" in page for _ in KINDS)
    joined = [each["sql"] for each in many if "decisions_step" in each["sql"] and "JOIN" in each["sql"]]
    assert [sql for sql in joined if "LIMIT" not in sql] == []
    for kind in (None, "K12"):
        plan = page_plan(browser.staff, kind)
        assert "steps_to_decide" in plan
        assert "Sort" not in plan
    shown = text(browser.get(f"{INBOX}?kind=K12&after=450"))
    assert shown.count("draft-card__tags") == 50


def page_plan(staff: Any, kind: str | None) -> str:
    rows = queries._to_decide(staff)
    rows = rows if kind is None else rows.filter(matter=kind)
    return str(rows.order_by(*queries.ORDER).values_list("pk")[50:101].explain())


@pytest.fixture
def large(desk_of: Any, staff_with: Any) -> tuple[Any, int]:
    """A draft about 51 records of another room, before the head."""
    browser, clerk = desk_of(Role.SECTION_HEAD, login="head"), staff_with(Role.REVIEWER, login="clerk")
    subject = Subject("test.many", "1")
    return browser, submit(by=clerk, approver=browser.staff, at=clock.now(), subject=subject, item_count=51)


def pressed(browser: Any, draft_id: int) -> Any:
    draft = Draft.objects.get(pk=draft_id)
    told = {"verb": "approve", "seen_sha256": draft.content_sha256, "edition": draft.version}
    return browser.post(f"{INBOX}{draft_id}/decide/", told, follow=True)


def test_a_large_decision_shows_its_work_and_when_it_is_done(large: tuple[Any, int], desk_of: Any) -> None:
    browser, draft_id = large
    heard = []
    settled.answer(heard.append)
    try:
        page = text(pressed(browser, draft_id))
        assert "51件の処理を始めました" in page
        assert "処理中 0 / 51件" in page
        assert heard == []
        bar = text(browser.get(f"{INBOX}{draft_id}/carrying-out/"))
        assert "every 2s" in bar
        assert "<html" not in bar
        assert actions.carry_out(draft_id=draft_id, at=clock.now())
    finally:
        settled._answers.remove(heard.append)
    assert [(each.draft_id, each.state, each.by.id) for each in heard] == [
        (draft_id, DraftState.APPROVED, str(browser.staff.pk))
    ]
    page = text(browser.get(f"{INBOX}{draft_id}/"))
    assert "51件すべてを処理しました" in page
    assert "every 2s" not in page
    stranger = desk_of(Role.REVIEWER, login="stranger")
    stranger.staff.section = office.set_up_section(
        code="dx", fiscal_year=2026, name="デジタル課", symbol="デ", phone="0"
    )
    stranger.staff.save()
    assert stranger.get(f"{INBOX}{draft_id}/carrying-out/").status_code == 404


def test_a_refusal_of_the_work_is_on_the_page_with_both_ways_out(large: tuple[Any, int]) -> None:
    browser, draft_id = large
    pressed(browser, draft_id)

    def refuse(_: Any) -> None:
        raise NotAllowed("予算を超えて決定する")

    settled.answer(refuse)
    try:
        assert not actions.carry_out(draft_id=draft_id, at=clock.now())
    finally:
        settled._answers.remove(refuse)
    page = text(browser.get(f"{INBOX}{draft_id}/"))
    assert "できませんでした" in page
    assert "予算を超えて決定する" in page
    act = f"{INBOX}{draft_id}/act/"
    assert "処理中 0 / 51件" in text(browser.post(act, {"verb": "work_again"}, follow=True))
    settled.answer(refuse)
    try:
        actions.carry_out(draft_id=draft_id, at=clock.now())
    finally:
        settled._answers.remove(refuse)
    page = text(browser.post(act, {"verb": "give_back", "reason": "予算が足りない"}, follow=True))
    assert "差し戻しました" in page
    assert Draft.objects.get(pk=draft_id).state == DraftState.RETURNED


def test_a_pull_up_is_seen_on_the_page_and_in_the_trace(desk_of: Any, staff_with: Any, section: Any) -> None:
    head, auditor = desk_of(Role.SECTION_HEAD, login="head"), desk_of(Role.AUDITOR, login="audit")
    clerk, chief = staff_with(Role.REVIEWER, login="clerk"), staff_with(Role.SECTION_HEAD, login="chief")
    at = clock.now()
    for staff, post in ((chief, "係長"), (head.staff, "課長")):
        appoint(staff=staff, section=section, post=post, on=date(2026, 4, 1), by=None, at=at)
    draft_id = submit(by=clerk, approver=None, at=at, terms=Terms(kind="K26"))
    told = {"verb": "pull_up", "reason": "本日中の契約が要る"}
    page = text(head.post(f"{INBOX}{draft_id}/act/", told, follow=True))
    assert '<span class="tag tag--soon">引上げ</span>' in page
    assert "課長（引上げ）" in page
    assert "引き上げました。待たずに進んだ段：係長" in page
    assert "理由：本日中の契約が要る" in page
    # Whoever was passed over has set no seal; the drafter has.
    assert page.count("seal--done") == 1
    assert "引き上げた（引上げ）" in text(auditor.get("/desk/trace/"))


def test_a_paper_is_shown_to_those_who_are_to_know_it(desk_of: Any) -> None:
    clerk, reader = desk_of(Role.REVIEWER, login="clerk"), desk_of(Role.REVIEWER, login="reader")
    form = text(clerk.get(f"{INBOX}show/"))
    key = form.split('name="key" value="')[1].split('"')[0]
    typed = {"key": key, "title": "県の通知", "body": "お知らせします。"}
    refused = clerk.post(f"{INBOX}show/", typed)
    assert refused.status_code == 422
    assert "供覧する人が選ばれていません" in text(refused)
    assert "県の通知" in text(refused)
    page = text(clerk.post(f"{INBOX}show/", typed | {"reader": ["reader"]}, follow=True))
    assert "0 / 1人が確認" in page
    assert "決裁は受けません" in page
    draft_id = Draft.objects.get().pk
    assert "県の通知" in text(reader.get(INBOX))
    assert "確認した</button>" in text(reader.get(f"{INBOX}{draft_id}/"))
    page = text(reader.post(f"{INBOX}{draft_id}/act/", {"verb": "seen", "comment": "承知"}, follow=True))
    assert "全員が確認し、終わりました" in page
    assert "「承知」" in page
