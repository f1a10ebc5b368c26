"""A budget, people who spend it, and lists of other systems."""

from datetime import date, datetime
from typing import Any

from madoguchi.clerical.payments import actions
from madoguchi.clerical.payments.budgeting import BudgetSubject
from madoguchi.clerical.payments.committing import CommitmentRequest, Payee
from madoguchi.clerical.payments.ordering import Account
from madoguchi.clerical.payments.states import SnapshotKind
from madoguchi.ledgers.office.trace import SYSTEM, Subject

SUBJECT = BudgetSubject(
    account="01 一般会計",
    kan="04 衛生費",
    kou="01 保健衛生費",
    moku="03 環境衛生費",
    project="010 動物愛護事業",
    setsu="18 負担金、補助及び交付金",
    saisetsu="01 補助金",
)
ACCOUNT = Account("9999", "997", "1", "0123456", "ミホン ハナコ")
ARREARS = "宛名番号,滞納月数,分納の約束\n"
CREDITORS = (
    "債権者番号,宛名番号,債権者名,債権者カナ,金融機関コード,支店コード,預金種目,口座番号,口座名義カナ\n"
)


def budget(clerk: Any, at: datetime, amount: int = 10_000, **changes: Any) -> int:
    """An appropriation of the clerk's section in the year of `at`."""
    told = {
        "section_id": clerk.section_id,
        "fiscal_year": 2026,
        "subject": SUBJECT,
        "name": "猫の手術費補助金",
    }
    return actions.enter_appropriation(**(told | changes), amount=amount, by=clerk, at=at)


def request(key: str, amount: int = 3000) -> CommitmentRequest:
    return CommitmentRequest(
        Subject("test.matter", key), f"補助金 {key}", amount, Payee(f"K{key}", "見本　花子", "ミホン　ハナコ")
    )


def bind(
    appropriation_id: int, drafter: Any, approver: Any, at: datetime, *keys: str, amount: int = 3000
) -> list[int]:
    return actions.commit(
        appropriation_id=appropriation_id,
        requests=[request(key, amount) for key in keys],
        setsu="18",
        decision_rank="課長",
        drafter=drafter,
        approver=approver,
        at=at,
    )


def claim(key: str, at: datetime, **changes: Any) -> str:
    told = {"claimed_on": at.date(), "due_on": date(2026, 12, 18), "within_days": 30, "account": ACCOUNT}
    return actions.take_claim(subject=Subject("test.matter", key), by=SYSTEM, at=at, **(told | changes))


def take(kind: SnapshotKind, text: str, at: datetime, as_of: date = date(2026, 11, 1), **changes: Any) -> Any:
    told = {"file_name": f"{kind}.csv", "source": "収納システム"} | changes
    return actions.take_snapshot(kind=kind, body=text.encode(), as_of=as_of, by=SYSTEM, at=at, **told)


def arrears(text: str, at: datetime, **changes: Any) -> Any:
    return take(SnapshotKind.ARREARS, ARREARS + text, at, **changes)


def creditors(text: str, at: datetime, **changes: Any) -> Any:
    return take(SnapshotKind.CREDITORS, CREDITORS + text, at, **changes)
