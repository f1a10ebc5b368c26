"""What people try that no control may let through: two approvals for one budget, one person twice, money elsewhere."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from unittest.mock import patch

from django.db import IntegrityError, connection, transaction

from madoguchi.clerical.controls.errors import ControlsOpen
from madoguchi.clerical.payments.actions import (
    change_appropriation,
    enter_appropriation,
    fail_transfer,
    take_claim,
    take_return,
)
from madoguchi.clerical.payments.budgeting import BudgetSubject
from madoguchi.clerical.payments.order_csv import file_bytes
from madoguchi.clerical.payments.ordering import Account
from madoguchi.clerical.payments.queries import appropriation, order_about, orders
from madoguchi.clerical.payments.states import ChangeKind, OrderState
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.database_role import take_the_running_role
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import current_municipality_id, municipality_session
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.controls import evaluate_one
from madoguchi.ledgers.procedures.queries import LoadedPackage
from madoguchi.services.subsidies import actions as subsidies
from scenarios.neko_hojokin.desk import about, decide, draft, order_all, staff
from scenarios.neko_hojokin.season import CLAIM_DAY, DECISION_DAY, PAYMENT_DAY, at

GRANTS = BudgetSubject(
    account="01 一般会計",
    kan="04 衛生費",
    kou="01 保健衛生費",
    moku="03 環境衛生費",
    project="010 動物愛護事業",
    setsu="18 負担金、補助及び交付金",
    saisetsu="01 補助金",
)
GOODS = BudgetSubject(**(vars(GRANTS) | {"setsu": "10 需用費", "saisetsu": "01 消耗品費"}))


def enter_budget(loaded: LoadedPackage, subject: BudgetSubject, amount: int) -> int:
    return enter_appropriation(
        fiscal_year=2026,
        section_id=loaded.section_id,
        subject=subject,
        name="猫の去勢・不妊手術費補助金",
        amount=amount,
        by=staff("zaisei"),
        at=at(DECISION_DAY, 8),
    )


def more_budget(budget: int, amount: int) -> None:
    """補正."""
    change_appropriation(
        appropriation_id=budget,
        kind=ChangeKind.SUPPLEMENTARY,
        amount=amount,
        reason="申請の増加による補正",
        decided_on=DECISION_DAY,
        by=staff("zaisei"),
        at=at(DECISION_DAY, 12),
    )


def refused(act: Callable[[], object]) -> str:
    """The sentence with which an act was refused; nothing when it was not."""
    try:
        with transaction.atomic():
            act()
    except Refusal as refusal:
        return refusal.sentence
    except IntegrityError as error:
        return f"画面には出ない。データベースが書込みを拒む: {str(error).splitlines()[0]}"
    return ""


def at_decision(loaded: LoadedPackage, ids: Sequence[int], budget: int) -> dict[str, str]:
    """起案者＝決裁者, another 節, more than the head may decide; each with the refusal."""
    goods = enter_budget(loaded, GOODS, 1_000_000)
    controls = loaded.package.controls
    point = controls.point("ic16_authority")
    told = {"facts": {"approver_limit": 500_000}, "seikyu_money": 500_001}
    return {
        "ic15_four_eyes": refused(lambda: draft(ids[:1], budget, approver="eisei")),
        "ic25_setsu": refused(lambda: draft(ids[:1], goods)),
        "ic16_authority": evaluate_one(controls, point, told).sentence if point else "",
    }


def two_at_once(drafts: Sequence[int], budget: int) -> list[str]:
    """Two heads' buttons pressed at one moment for money that suffices for one; what became of each, sorted.

    A large draft is refused by the worker that finds no money left, after the press: that counts as refused too.
    """
    town, gate = current_municipality_id() or 0, Barrier(len(drafts))

    def press(draft_id: int) -> str:
        try:
            take_the_running_role(connection)
            with municipality_session(town):
                gate.wait(timeout=60)
                return "approved" if decide(draft_id, at(DECISION_DAY, 11)) else "refused"
        except Refusal:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(drafts)) as pool:
        told = sorted(pool.map(press, drafts))
    found = appropriation(budget, None)
    return [*told, "overspent"] if found.committed > found.budget else told


def late_claim(application_id: int) -> dict[str, str]:
    """Payment on the 31st day after the claim."""
    account = Account("9999", "997", "1", "0000001", "ミホン")
    claim = partial(
        take_claim,
        subject=about(application_id),
        claimed_on=CLAIM_DAY,
        due_on=CLAIM_DAY + timedelta(days=31),
        within_days=30,
        account=account,
        by=SYSTEM,
        at=at(CLAIM_DAY, 9),
    )
    return {"ic23_thirty_days": refused(claim)}


def at_payment() -> dict[str, str]:
    """決裁者＝支払者, and another amount than was bound."""
    head = staff("eikacho")
    office.grant_role(staff=head, role=Role.ACCOUNTANT, on=PAYMENT_DAY, by=SYSTEM, at=at(PAYMENT_DAY, 8))
    pay = partial(subsidies.export_payments, press=uuid.uuid4(), by=head, at=at(PAYMENT_DAY, 10))
    return {
        "ic22_payer": refused(pay),
        "ic24_amount": refused(_another_amount),
        "ic26_file": refused(_a_file_with_another_yen),
    }


def _another_amount() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_paymentorder SET amount = amount + 1")


def _a_file_with_another_yen() -> None:
    """The writer of the file adds a yen to the last line: 照合 before the file is made sees it."""

    def one_more(rows: Iterable[Mapping[str, object]]) -> bytes:
        *others, last = rows
        return file_bytes([*others, {**last, "amount": int(str(last["amount"])) + 1}])

    with patch("madoguchi.clerical.payments.paying.file_bytes", one_more):
        try:
            subsidies.export_payments(press=uuid.uuid4(), by=staff("kaikei"), at=at(PAYMENT_DAY, 10))
        except ControlsOpen as refusal:
            if "支払データの件数・合計" in refusal.sentence:
                raise


def second_head() -> None:
    """Another head of the section, in office when the decision is made."""
    head, when = staff("eikacho"), at(DECISION_DAY, 8)
    other = office.employ(
        login="eikacho2", name="木村　例", name_kana="キムラ　レイ", section=head.section, password="-" * 16
    )
    office.grant_role(staff=other, role=Role.SECTION_HEAD, on=DECISION_DAY, by=SYSTEM, at=when)


def end_the_right(days: int) -> None:
    """人事 enters late that the second head had left `days` before the decision; 0 puts it right again."""
    last = DECISION_DAY - timedelta(days=days) if days else date(2027, 3, 31)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE office_grant SET granted_on = least(granted_on, %s), expires_on = %s FROM office_staff"
            " WHERE office_staff.id = office_grant.staff_id AND login = 'eikacho2'",
            [last, last],
        )


def pay_again(numbers: Sequence[str], ids: dict[str, int]) -> None:
    """The bank sends these transfers back; each is claimed and ordered a second time before the money came back."""
    kaikei, clerk = staff("kaikei"), actor_of(staff("eisei"))
    for number in numbers:
        paid = order_about(about(ids[number]))
        assert paid is not None
        fail_transfer(
            order_id=paid.id, failed_on=PAYMENT_DAY, reason="該当口座なし", by=kaikei, at=at(PAYMENT_DAY, 12)
        )
        subsidies.claim(number=number, by=clerk, at=at(PAYMENT_DAY, 12))
    order_all(at(PAYMENT_DAY, 12, 30))


def money_back() -> None:
    """戻入 of everything the bank sent back."""
    for order in orders(None, state=OrderState.FAILED):
        take_return(
            order_id=order.id, returned_on=PAYMENT_DAY, by=staff("kaikei"), at=at(PAYMENT_DAY, 15, 30)
        )
