"""What clerks add to a case on its page, and what the second clerk is told."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.ledgers.office.queries import recent_trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.services.applications import actions
from madoguchi.services.applications.models import Application, Comment, CorrectionText
from madoguchi.web.desk.opened import stamp
from tests.factories_applications import received, typed

SETTINGS = ("SELECT set_config", "SAVEPOINT", "RELEASE SAVEPOINT")


def asked(captured: Any) -> list[str]:
    """Questions to tables; what binds the session is none."""
    return [each["sql"] for each in captured if not each["sql"].startswith(SETTINGS)]


def case(number: str) -> Application:
    return Application.objects.get(number=number)


def test_the_case_asks_the_database_at_most_ten_times(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    first, second = (received(loaded, now, raw=typed(1)).number for _ in range(2))
    actions.write_comment(number=first, by=desk.staff, at=now, text="電話した", calls=["reviewer"])
    actions.ask_correction(
        number=first, by=desk.staff, at=now, edition=1, fields=["work_days"], message="x", due_on=now.date()
    )
    desk.get(f"/desk/cases/{second}/")
    desk.get(f"/desk/cases/{first}/")
    with CaptureQueriesContext(connection) as captured:
        page = desk.get(f"/desk/cases/{first}/").content.decode()
    assert "電話した" in page
    assert len(asked(captured)) <= 10, "\n".join(asked(captured))


def test_the_case_page_is_cheap(desk_of: Any, loaded: Any, now: datetime) -> None:
    """A guard against accidents, far above what the bench measures."""
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    desk.get(f"/desk/cases/{number}/")
    began = time.process_time()
    for _ in range(5):
        desk.get(f"/desk/cases/{number}/")
    assert (time.process_time() - began) / 5 < 0.1


def test_the_morning_list_asks_at_most_fifteen_times(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER, Role.SECTION_HEAD)
    received(loaded, now)
    desk.get("/desk/")
    with CaptureQueriesContext(connection) as captured:
        assert desk.get("/desk/").status_code == 200
    assert len(asked(captured)) <= 15, "\n".join(asked(captured))


def test_the_second_clerk_sees_what_changed_and_does_it_again(
    desk_of: Any, loaded: Any, now: datetime
) -> None:
    first, second = desk_of(Role.REVIEWER), desk_of(Role.REVIEWER, login="second")
    number = received(loaded, now).number
    from madoguchi.ledgers.office.clock import now as moment

    opened = stamp(moment() - timedelta(minutes=1))
    first.post(f"/desk/cases/{number}/review/", {"edition": 1, "opened": opened})
    first.post(f"/desk/cases/{number}/comments/", {"text": "母へ電話した"})
    typed_in = {"message": "就労日数を直してください。", "due": "令和8年12月4日", "fields": ["work_days"]}
    told = second.post(f"/desk/cases/{number}/correct/", {"edition": 1, "opened": opened} | typed_in)
    page = told.content.decode()
    assert told.status_code == 409
    for word in ("確認を始めた", "母へ電話した", "就労日数を直してください。", "確認中"):
        assert word in page
    assert case(number).stage == "reviewing"
    again = second.post(
        f"/desk/cases/{number}/correct/", {"edition": case(number).edition} | typed_in, follow=True
    )
    assert "補正を頼んでいます" in again.content.decode()


def test_what_can_no_longer_be_done_is_only_kept_to_copy(desk_of: Any, loaded: Any, now: datetime) -> None:
    first, second = desk_of(Role.REVIEWER), desk_of(Role.REVIEWER, login="second")
    number = received(loaded, now).number
    first.post(f"/desk/cases/{number}/withdraw/", {"edition": 1, "reason": "母から電話"})
    page = second.post(f"/desk/cases/{number}/accept/", {"edition": 1}).content.decode()
    assert "今の状態では「受理する」はできません" in page


def test_who_else_has_the_case_open(desk_of: Any, loaded: Any, now: datetime) -> None:
    first, second = desk_of(Role.REVIEWER), desk_of(Role.REVIEWER, login="second")
    number = received(loaded, now).number
    assert "さんも見ています" not in first.get(f"/desk/cases/{number}/").content.decode()
    assert "佐藤　例さんも見ています" in second.get(f"/desk/cases/{number}/").content.decode()


def test_a_comment_calls_and_is_struck(desk_of: Any, loaded: Any, now: datetime) -> None:
    writer, called = desk_of(Role.REVIEWER), desk_of(Role.SECTION_HEAD)
    number = received(loaded, now).number
    form = {"text": "<b>見てください</b>", "calls": ["section_head"]}
    writer.post(f"/desk/cases/{number}/comments/", form)
    assert "あなたへのメモ" in called.get("/desk/").content.decode()
    page = called.get(f"/desk/cases/{number}/").content.decode()
    assert "&lt;b&gt;見てください" in page
    assert "あなたへのメモ" not in called.get("/desk/").content.decode()
    told = {"comment": Comment.objects.get().pk, "verb": "strike"}
    assert called.post(f"/desk/cases/{number}/comments/", told).status_code == 404
    writer.post(f"/desk/cases/{number}/comments/", told)
    assert "<s>" in writer.get(f"/desk/cases/{number}/").content.decode()


def test_the_clock_stands_and_goes_on(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    form = {"edition": 1, "why": "inquiry", "note": "年金事務所へ照会", "verb": "stop"}
    page = desk.post(f"/desk/cases/{number}/clock/", form, follow=True).content.decode()
    assert "停止中" in page
    assert "年金事務所へ照会" in page
    form = {"edition": 2, "why": "inquiry", "verb": "resume"}
    assert (
        "時計を動かしました" in desk.post(f"/desk/cases/{number}/clock/", form, follow=True).content.decode()
    )
    assert desk.post(f"/desk/cases/{number}/clock/", {"edition": 3, "why": "sleep"}).status_code == 404


def test_the_overdue_page_takes_a_reason(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    Application.objects.update(due_on=now.date() - timedelta(days=7))
    assert "担当がいません" in desk.get("/desk/overdue/").content.decode()
    form = {"verb": "explain", "reason": "住所地へ照会中", "back": "/desk/overdue/"}
    page = desk.post(f"/desk/cases/{number}/clock/", form, follow=True).content.decode()
    assert "住所地へ照会中" in page
    assert number not in desk.get("/desk/overdue/?mine=1").content.decode()
    assert "期限を過ぎた" in desk.get("/desk/").content.decode()


def test_a_text_of_the_section_is_put_in_and_counted(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    form = {"procedure": "mihon-club", "title": "就労日数", "fields": ["work_days"]}
    form["text"] = "{受付番号}の{項目名}を{期限}までに直してください。{何か}"
    assert "就労日数" in desk.post("/desk/texts/", form, follow=True).content.decode()
    assert "同じ題" in desk.post("/desk/texts/", form).content.decode()
    kept = CorrectionText.objects.get()
    page = f"/desk/cases/{number}/correct/"
    told = {"edition": 1, "message": "お世話になります。", "due": "令和8年12月4日", "fields": ["clubs"]}
    shown = desk.post(page, told | {"insert": kept.pk}).content.decode()
    assert (
        f"お世話になります。\n{number}の月の就労日数を令和8年12月4日までに直してください。{{何か}}" in shown
    )
    assert shown.count(" checked") == 2
    assert "就労日数を直してください。" in desk.post(page, told | {"insert": "p:work_days"}).content.decode()
    desk.post(page, told | {"used": [kept.pk, "p:work_days"]})
    kept.refresh_from_db()
    assert kept.used == 1
    desk.post("/desk/texts/", {"text_id": kept.pk, "verb": "retire"})
    assert "回使用" not in desk.get("/desk/texts/").content.decode()
    assert desk.post("/desk/texts/", {"text_id": kept.pk, "verb": "retire"}).status_code == 404


def test_two_cases_are_compared_and_made_one(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    kept, gone = received(loaded, now).number, received(loaded, now, raw=typed(1, work_days="12")).number
    page = f"/desk/cases/{kept}/merge/"
    shown = desk.get(f"{page}?other={gone}").content.decode()
    assert "月の就労日数" in shown
    form = {"other": gone, "edition": 1, "other_edition": 1, "fields": ["work_days"]}
    refused = desk.post(page, form)
    assert refused.status_code == 422
    assert " checked" in refused.content.decode()
    done = desk.post(page, form | {"reason": "紙と重なった"}, follow=True).content.decode()
    assert "まとめた申請" in done
    led = desk.get(f"/desk/cases/{gone}/", follow=True)
    assert led.redirect_chain[-1][0] == f"/desk/cases/{kept}/?from={gone}"
    assert "にまとめました" in desk.get(f"/desk/cases/{gone}/?own=1").content.decode()
    merge = case(kept).took_in.get()
    back = desk.post(f"/desk/cases/{kept}/unmerge/", {"merge": merge.pk, "reason": "別の子"}, follow=True)
    assert "元に戻しました" in back.content.decode()
    assert desk.get(f"{page}?other=XX").status_code == 404
    assert recent_trace().filter(verb="applications.merge_undone").count() == 2


def test_the_bundle_asks_for_a_purpose_and_comes_as_pdf(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.COUNTER_CLERK)
    number = received(loaded, now).number
    page = f"/desk/cases/{number}/bundle/"
    assert "目的" in desk.get(page).content.decode()
    answer = desk.post(page, {"purpose": "申請の審査"})
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert recent_trace()[0].verb == "applications.printed"
