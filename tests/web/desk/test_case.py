from datetime import datetime
from typing import Any

from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.office.queries import recent_trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.services.applications import actions
from madoguchi.services.applications.ledger import Filters
from madoguchi.services.applications.queries import ledger
from madoguchi.web.desk.opened import stamp
from tests.factories_applications import received, typed

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def stage_of(number: str) -> str:
    return next(row.stage.value for row in ledger(Filters()).rows if row.number == number)


def test_case__shows_answers_checks_and_leaves_a_trace(desk_of: Any, loaded: Any, now: datetime) -> None:
    number = received(loaded, now).number
    page = desk_of(Role.REVIEWER).get(f"/desk/cases/{number}/").content.decode()
    assert "見本　そら1" in page
    assert "① A1 中央クラブ" in page
    assert "就労日数が書かれている" in page
    assert recent_trace()[0].verb == "applications.looked_at"


def test_case__markup_in_answers_stays_text(desk_of: Any, loaded: Any, now: datetime) -> None:
    number = received(loaded, now, raw=typed(1, child_name__family="<script>alert(1)</script>")).number
    page = desk_of(Role.REVIEWER).get(f"/desk/cases/{number}/").content.decode()
    assert "<script>alert" not in page


def test_accept__counts_the_seconds_since_the_page_was_opened(
    desk_of: Any, loaded: Any, now: datetime
) -> None:
    number = received(loaded, now).number
    form = {"edition": 1, "opened": stamp(now)}
    page = desk_of(Role.REVIEWER).post(f"/desk/cases/{number}/accept/", form, follow=True).content.decode()
    assert "受理しました" in page
    assert stage_of(number) == "accepted"
    seconds = [row.note["staff_seconds"] for row in recent_trace() if row.verb == "applications.accepted"]
    assert 0 <= seconds[0] <= 1800


def test_accept__an_old_page_is_told_who_changed_the_case(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    actions.start_review(number=number, by=desk.staff, at=now, edition=1)
    form = {"edition": 1, "back": f"/desk/cases/{number}/"}
    page = desk.post(f"/desk/cases/{number}/accept/", form, follow=True).content.decode()
    assert "佐藤　例" in page
    assert 'role="alert"' in page
    assert stage_of(number) == "reviewing"


def test_settle__needs_a_reason(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now, facts={"out_of_city": True}).number
    back = {"code": "in_city", "edition": 1, "back": f"/desk/cases/{number}/"}
    assert (
        "理由がありません" in desk.post(f"/desk/cases/{number}/settle/", back, follow=True).content.decode()
    )
    form = back | {"reason": "転入届の写しで確かめた"}
    page = desk.post(f"/desk/cases/{number}/settle/", form, follow=True).content.decode()
    assert "印を片づけました" in page
    assert "転入届の写しで確かめた" in page


def test_correct__keeps_what_was_typed_when_refused(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    form = {"edition": 1, "message": "直してください", "due": "令和8年12月4日"}
    answer = desk.post(f"/desk/cases/{number}/correct/", form)
    assert answer.status_code == 422
    assert "直してください" in answer.content.decode()
    done = desk.post(f"/desk/cases/{number}/correct/", form | {"fields": ["work_days"]}, follow=True)
    assert "補正を頼んでいます" in done.content.decode()


def test_correction__is_shown_as_a_difference(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    actions.ask_correction(
        number=number,
        by=desk.staff,
        at=now,
        edition=1,
        fields=["work_days"],
        message="日数",
        due_on=now.date(),
    )
    actions.answer_correction(number=number, by=SYSTEM, at=now, raw={"work_days": ["12"]})
    page = desk.get(f"/desk/cases/{number}/").content.decode()
    assert "前：</span>20</del>" in page
    assert "後：</span>12</ins>" in page


def test_withdraw__on_behalf_needs_the_reason_given(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.COUNTER_CLERK)
    number = received(loaded, now).number
    form = {"edition": 1, "back": f"/desk/cases/{number}/"}
    assert (
        "取下げの理由がありません"
        in desk.post(f"/desk/cases/{number}/withdraw/", form, follow=True).content.decode()
    )
    desk.post(f"/desk/cases/{number}/withdraw/", form | {"reason": "母から電話、転居"})
    assert stage_of(number) == "withdrawn"


def test_document__opens_only_with_a_purpose(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    receipt = received(loaded, now)
    owner = Subject("applications.application", str(receipt.application_id))
    kept = keep_file(name="証明書.pdf", body=PDF, owner=owner, by=SYSTEM, at=now)
    address = f"/desk/cases/{receipt.number}/documents/{kept.id}/"
    assert "何のために書類を開きますか" in desk.get(address).content.decode()
    opened = desk.get(address, {"purpose": "申請の審査"})
    assert opened.content == PDF
    assert recent_trace()[0].purpose == "申請の審査"


def test_document__of_another_case_is_not_found(desk_of: Any, loaded: Any, now: datetime) -> None:
    mine, other = received(loaded, now, 1), received(loaded, now, 2)
    owner = Subject("applications.application", str(other.application_id))
    kept = keep_file(name="証明書.pdf", body=PDF, owner=owner, by=SYSTEM, at=now)
    address = f"/desk/cases/{mine.number}/documents/{kept.id}/?purpose=x"
    assert desk_of(Role.REVIEWER).get(address).status_code == 404
