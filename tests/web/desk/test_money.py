"""予算・交付決定・支払 on the desk, and the claim of one case, by the pages alone."""

import re
import uuid
from datetime import datetime
from typing import Any

import pytest

from madoguchi.clerical.decisions.queries import inbox
from madoguchi.clerical.payments import queries as payments
from madoguchi.clerical.payments.states import OrderState
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Stage
from madoguchi.services.subsidies import actions as subsidies
from tests.desk_browser import DeskBrowser
from tests.factories_subsidies import RECEIPT, SLUG, Hall, accepted, decided, hall, handed_in, listed


@pytest.fixture
def scene(staff_with: Any, now: datetime, settings: Any) -> Hall:
    settings.MADOGUCHI_CLOCK = now.date().isoformat()
    clock._shift.cache_clear()
    return hall(staff_with, now)


def page(desk: DeskBrowser, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def said(answer: Any) -> str:
    return " ".join(str(each) for each in answer.context["messages"])


def granted(scene: Hall) -> Application:
    """Drafted on the page, approved by the head."""
    case = accepted(scene)
    told = {"verb": "grant", "case": [case.pk], "budget": scene.budget, "approver": scene.head.login}
    answer = DeskBrowser(scene.reviewer).post(f"/desk/{SLUG}/subsidies/act/", told, follow=True)
    assert "1件の決裁を" in said(answer)
    case.refresh_from_db()
    assert case.stage == Stage.DECIDING
    decided(scene, inbox(scene.head)[0].id, clock.now())
    return case


def test_from_the_draft_to_the_file(scene: Hall) -> None:
    desk, accountant = DeskBrowser(scene.reviewer), DeskBrowser(scene.payer)
    case = granted(scene)
    assert "支出負担行為" in page(desk, f"/desk/cases/{case.number}/")
    desk.post(f"/desk/cases/{case.number}/claim/", {"claimed": "令和8年11月20日"})
    (order,) = payments.orders(None)
    assert (order.claimed_on.isoformat(), order.due_on.isoformat()) == ("2026-11-20", "2026-12-18")
    assert "請求受付" in page(desk, "/desk/payments/")
    desk.post("/desk/payments/act/", {"verb": "submit", "order": [order.id], "approver": scene.head.login})
    decided(scene, inbox(scene.head)[0].id, clock.now())
    items = {"key": "ic28_accounting", "item": ["claim", "decision", "payee"]}
    assert "審査を残しました。" in said(
        accountant.post(f"/desk/payments/{order.id}/examine/", items, follow=True)
    )
    press = re.search(r'name="press" value="([^"]+)"', page(accountant, "/desk/payments/"))
    assert press is not None
    accountant.post("/desk/payments/act/", {"verb": "export", "press": press[1]})
    assert payments.orders(None)[0].state == OrderState.EXPORTED
    (made,) = payments.payment_files()
    body = accountant.post(f"/desk/payments/files/{made.id}/").content.decode("utf-8-sig")
    assert "見本　花子" in body
    again = accountant.post(f"/desk/payments/files/{made.id}/", {"back": "/desk/payments/"}, follow=True)
    assert "理由がありません" in said(again)


def test_every_number_of_a_budget_leads_to_its_rows(scene: Hall) -> None:
    case, desk = granted(scene), DeskBrowser(scene.reviewer)
    text = page(desk, "/desk/budgets/?year=2026")
    assert "15,000" in text
    for address in set(re.findall(r'href="(/desk/budgets/\d+/[^"#]*)', text)):
        page(desk, address)
    assert case.number in page(desk, f"/desk/budgets/{scene.budget}/?show=unpaid")
    assert case.number not in page(desk, f"/desk/budgets/{scene.budget}/?show=paid")
    assert desk.get(f"/desk/budgets/{scene.budget}/?show=nothing").status_code == 404


def test_a_budget_is_changed_on_its_page_by_the_budget_clerk_alone(scene: Hall, staff_with: Any) -> None:
    told = {"kind": "supplementary", "amount": "△1,000", "decided": "令和8年11月20日", "reason": "見込みの減"}
    address = f"/desk/budgets/{scene.budget}/change/"
    assert DeskBrowser(scene.reviewer).post(address, told).status_code == 403
    DeskBrowser(staff_with(Role.BUDGET_CLERK, login="zaisei3")).post(address, told)
    assert payments.appropriation(scene.budget, None).budget == 19_000


NEW = {
    "year": "2026", "name": "生ごみ処理機購入費補助金", "account": "01 一般会計", "kan": "04 衛生費", "kou": "02 清掃費",
    "moku": "01 清掃総務費", "project": "020 ごみ減量事業", "setsu": "18 負担金、補助及び交付金", "saisetsu": "01 補助金",
    "amount": "150万円",
}  # fmt: skip


def test_an_initial_budget_is_entered_on_its_page_by_the_budget_clerk_alone(
    scene: Hall, staff_with: Any
) -> None:
    address, told = "/desk/budgets/new/", NEW | {"section": scene.head.section_id}
    assert DeskBrowser(scene.reviewer).post(address, told).status_code == 403
    desk = DeskBrowser(staff_with(Role.BUDGET_CLERK, login="zaisei4"))
    assert address in page(desk, "/desk/budgets/")
    answer = desk.post(address, told, follow=True)
    assert "2026年度の当初予算を登録しました。" in said(answer)
    (made,) = [row for row in payments.appropriations(2026, None) if row.id != scene.budget]
    assert (made.initial, made.left, made.setsu) == (1_500_000, 1_500_000, "18")
    text = page(desk, f"/desk/budgets/{made.id}/")
    assert desk.staff.name in text[text.index('id="changes"') :]
    desk.post(address, told)
    assert len(payments.appropriations(2026, None)) == 2
    answer = desk.post(address, told | {"amount": "1,600,000"})
    assert "すでに1,500,000円で登録されています。額を変えるときは、補正か流用" in answer.content.decode()
    prefilled = page(desk, f"{address}?from={made.id}")
    assert '<option value="2027" selected>' in prefilled
    assert 'value="02 清掃費"' in prefilled


def test_a_refused_budget_names_every_field_and_keeps_what_was_typed(scene: Hall, staff_with: Any) -> None:
    desk = DeskBrowser(staff_with(Role.BUDGET_CLERK, login="zaisei4"))
    told = NEW | {"year": "2020", "section": "999999", "name": "", "setsu": "補助金", "amount": "一万"}
    answer = desk.post("/desk/budgets/new/", told)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["faults"]) == {"year", "section", "name", "setsu", "amount"}
    for sentence in (
        "節の「補助金」は科目として読めません。「18 負担金",
        "2025年度から2027年度まで",
        "予算を使う課を選んで",
    ):
        assert sentence in text
    assert 'value="02 清掃費"' in text
    assert 'value="一万"' in text
    assert len(payments.appropriations(2026, None)) == 1


def test_a_transfer_the_bank_sent_back_is_entered_on_the_page_of_payments(scene: Hall) -> None:
    case, now_ = granted(scene), clock.now()
    subsidies.claim(number=case.number, by=actor_of(scene.reviewer), at=now_)
    ids = [row.id for row in payments.orders(None)]
    told = {"order_ids": ids, "approver": scene.head, "by": scene.reviewer, "at": now_}
    decided(scene, subsidies.submit_payments(**told), now_)
    listed(scene, case, "ic28_accounting", ("claim", "decision", "payee"), scene.payer)
    subsidies.export_payments(press=uuid.uuid4(), by=scene.payer, at=now_)
    desk, address = DeskBrowser(scene.payer), f"/desk/payments/{ids[0]}/transfer/"
    day = scene.now.date().isoformat()
    assert "振込不能とする" in page(desk, "/desk/payments/")
    assert DeskBrowser(scene.reviewer).post(address, {"verb": "returned", "day": day}).status_code == 403
    desk.post(address, {"verb": "failed", "day": day, "reason": "該当口座なし"})
    assert "該当口座なし" in page(desk, "/desk/payments/")
    assert "請求を受け付ける" in page(DeskBrowser(scene.reviewer), f"/desk/cases/{case.number}/")
    desk.post(address, {"verb": "returned", "day": day})
    assert payments.orders(None)[0].returned_on == scene.now.date()
    assert desk.post(address, {"verb": "other", "day": day}).status_code == 404


def test_what_stands_in_the_way_is_shown_before_and_after(scene: Hall) -> None:
    case, desk = accepted(scene, days_ago=70), DeskBrowser(scene.reviewer)
    told = {"verb": "grant", "case": [case.pk], "budget": scene.budget, "approver": scene.head.login}
    answer = desk.post(
        f"/desk/{SLUG}/subsidies/act/", told | {"back": f"/desk/{SLUG}/subsidies/"}, follow=True
    )
    assert "申請期限内" in said(answer)
    assert "手術日が当該年度内で申請期限内" in page(desk, f"/desk/{SLUG}/subsidies/")
    assert "手術の日から数えて" in page(desk, f"/desk/cases/{case.number}/")


def test_nothing_is_drafted_without_a_choice(scene: Hall) -> None:
    desk = DeskBrowser(scene.reviewer)
    told = {"verb": "grant", "budget": scene.budget, "approver": scene.head.login, "back": "/desk/"}
    assert "1件も選ばれていません" in said(desk.post(f"/desk/{SLUG}/subsidies/act/", told, follow=True))


def test_what_was_taken_back_is_listed_until_its_letter_is_made(scene: Hall) -> None:
    gone, desk = handed_in(scene), DeskBrowser(scene.reviewer)
    address = f"/desk/{SLUG}/subsidies/"
    assert "取り下げられた申請" not in page(desk, address)
    desk.post(f"/desk/cases/{gone.number}/withdraw/", {"edition": gone.edition, "reason": "電話で申出"})
    shown = page(desk, address)
    assert "取下げの確認通知をまだ作っていないもの 1件" in shown
    assert gone.number in shown
    told = {"verb": "withdrawals", "back": address}
    assert "取下げの確認通知を1件作りました" in said(desk.post(f"{address}act/", told, follow=True))
    assert "取り下げられた申請" not in page(desk, address)
    assert f"取下げの確認（{gone.number}）" in page(desk, "/desk/letters/")
    assert "通知を作る取下げが1件も" in said(desk.post(f"{address}act/", told, follow=True))
    assert DeskBrowser(scene.payer).post(f"{address}act/", told).status_code == 403


def test_another_sections_budget_is_not_there(scene: Hall, staff_with: Any) -> None:
    from madoguchi.ledgers.office import actions as office

    section = office.set_up_section(
        code="other", fiscal_year=2026, name="別の課", unit="", symbol="別", phone="000-0000-0000"
    )
    stranger = office.employ(login="betsu", name="別　例", name_kana="ベツ", section=section, password="demo")
    office.grant_role(staff=stranger, role=Role.REVIEWER, on=scene.now.date(), by=_system(), at=scene.now)
    desk = DeskBrowser(stranger)
    assert "猫の手術費補助金" not in page(desk, "/desk/budgets/?year=2026")
    assert desk.get(f"/desk/budgets/{scene.budget}/").status_code == 404


def _system() -> Any:
    from madoguchi.ledgers.office.trace import SYSTEM

    return SYSTEM


def test_checklists_and_exceptions_are_filled_in_on_the_case(scene: Hall) -> None:
    case, desk, head = handed_in(scene, days_ago=70), DeskBrowser(scene.reviewer), DeskBrowser(scene.head)
    here = f"/desk/cases/{case.number}/"
    half = desk.post(f"{here}checklist/", {"key": "ic12_receipt_seen", "item": RECEIPT[:2]}, follow=True)
    assert "まだ印のない行" in said(half)
    desk.post(f"{here}checklist/", {"key": "ic12_receipt_seen", "item": RECEIPT})
    desk.post(f"{here}checklist/", {"key": "ic13_origin", "item": ["asked"]})
    assert "片付いていないものは1件" in said(desk.post(f"{here}controls/", follow=True))
    finding = re.search(r'name="finding" value="(\d+)"', page(head, here))
    assert finding is not None
    told = {"finding": finding[1], "reason": "入院の申立てを見た", "back": here}
    assert "認められるのは課長" in said(desk.post(f"{here}let-stand/", told, follow=True))
    assert "例外を認めました（課長）" in said(head.post(f"{here}let-stand/", told, follow=True))
