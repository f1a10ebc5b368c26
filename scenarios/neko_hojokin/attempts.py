"""What people try that no control may let through: two approvals for one budget, one person twice, money elsewhere."""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

from django.db import IntegrityError, connection, transaction

from madoguchi.clerical.payments.actions import change_appropriation, enter_appropriation, take_claim
from madoguchi.clerical.payments.budgeting import BudgetSubject
from madoguchi.clerical.payments.ordering import Account
from madoguchi.clerical.payments.queries import appropriation
from madoguchi.clerical.payments.states import ChangeKind
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.database_role import take_the_running_role
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import current_municipality_id, municipality_session
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.queries import LoadedPackage
from madoguchi.services.subsidies import actions as subsidies
from scenarios.neko_hojokin.desk import about, decide, draft, staff
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
        return str(error).splitlines()[0]
    return ""


def at_decision(loaded: LoadedPackage, ids: Sequence[int], budget: int) -> dict[str, str]:
    """起案者＝決裁者, another 節, more than the head may decide; each with the refusal."""
    goods = enter_budget(loaded, GOODS, 1_000_000)
    point = loaded.package.controls.point("ic16_authority")
    told = {"facts": {"approver_limit": 500_000}, "seikyu_money": 500_001}
    return {
        "ic15_four_eyes": refused(lambda: draft(ids[:1], budget, approver="eisei")),
        "ic25_setsu": refused(lambda: draft(ids[:1], goods)),
        "ic16_authority": point.says.ja if point and point.rule and point.rule.holds(told) else "",
    }


def two_at_once(drafts: Sequence[int], budget: int) -> list[str]:
    """Two heads' buttons pressed at one moment for money that suffices for one; what became of each, sorted."""
    town, gate = current_municipality_id() or 0, Barrier(len(drafts))

    def press(draft_id: int) -> str:
        try:
            take_the_running_role(connection)
            with municipality_session(town):
                gate.wait(timeout=60)
                decide(draft_id, at(DECISION_DAY, 11))
        except Refusal:
            return "refused"
        else:
            return "approved"
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
    return {"ic22_payer": refused(pay), "ic24_amount": refused(_another_amount)}


def _another_amount() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_paymentorder SET amount = amount + 1")
