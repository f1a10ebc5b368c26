"""保存期間: on which day a case may be disposed of, and what stands in the way; no queries.

Periods are of the package (ledgers.procedures.retention). A case is never disposed of while it could still be
contested: 行政不服審査法18条 gives three months from the day after the person knew of the decision, and one year from
the decision whoever knew of it; before the letter has gone out neither has begun.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from madoguchi.common.ages import fiscal_year
from madoguchi.common.periods import Length, add_months, period_end
from madoguchi.ledgers.procedures.retention import Kind, Method, RetentionRule, Start
from madoguchi.services.applications.states import Outcome, Stage

APPEAL = Length(months=3)
APPEAL_UNKNOWN = Length(years=1)
CLOSED = frozenset({Stage.DECIDED, Stage.WITHDRAWN})


@dataclass(frozen=True)
class Hold:
    """廃棄停止: somebody keeps a case back, until a day or until further notice."""

    label: str
    until: date | None


@dataclass(frozen=True)
class CaseFacts:
    """What the rule must know of one case. Days are of Tokyo; `letter_out_on` and `letter_read_on` of its decision."""

    stage: Stage
    outcome: Outcome | None
    closed_on: date
    changed_on: date
    letter_out_on: date | None = None
    letter_read_on: date | None = None
    open_correction: bool = False
    open_draft: bool = False
    mail_under_way: bool = False
    work_under_way: bool = False
    holds: tuple[Hold, ...] = field(default=())


def kind_of(stage: Stage, outcome: Outcome | None) -> Kind | None:
    """Which rule a case falls under; None while it is open."""
    if stage == Stage.WITHDRAWN:
        return Kind.ABANDONED
    if stage != Stage.DECIDED:
        return None
    return Kind.FAILED if outcome == Outcome.REFUSED else Kind.FINISHED


def first_day(rule: RetentionRule, closed_on: date, changed_on: date) -> date | None:
    """The first day on which the period is over; None when it never ends."""
    if rule.method == Method.KEEP:
        return None
    if rule.start == Start.FISCAL_YEAR_END:
        begins = date(fiscal_year(closed_on) + 1, 4, 1)
        length = Length(years=rule.years, days=rule.days)
        return period_end(begins, length, count_start=True) + timedelta(days=1)
    begins = changed_on if rule.start == Start.LAST_CHANGE else closed_on
    return period_end(begins, Length(years=rule.years, days=rule.days)) + timedelta(days=1)


def closed_before(rule: RetentionRule, on: date) -> date | None:
    """Cases that ended on this day or later cannot be due; those before it may be. None when none ever is."""
    if rule.method == Method.KEEP:
        return None
    if rule.start == Start.FISCAL_YEAR_END and rule.years:
        return date(fiscal_year(on) - rule.years, 4, 1)
    return add_months(on, -12 * rule.years) - timedelta(days=rule.days)


def appeal_until(case: CaseFacts) -> date | None:
    """Last day on which the decision may be contested; None where there is no decision to contest, or no letter."""
    if case.stage != Stage.DECIDED or case.letter_out_on is None:
        return None
    if case.letter_read_on is not None:
        return period_end(max(case.letter_read_on, case.letter_out_on), APPEAL)
    return max(period_end(case.letter_out_on, APPEAL), period_end(case.letter_out_on, APPEAL_UNKNOWN))


def reasons_to_keep(case: CaseFacts, on: date) -> tuple[str, ...]:
    """Everything that keeps a case back on a day, whatever its period; empty when nothing does."""
    if case.stage not in CLOSED:
        return ("まだ終わっていません。",)
    until = appeal_until(case)
    undelivered = case.stage == Stage.DECIDED and case.letter_out_on is None
    checks = [
        (undelivered, "決定の通知がまだ発送されていません。"),
        (until is not None and on <= until, f"審査請求の期間（{until}まで）が終わっていません。"),
        (case.open_correction, "補正の返事を待っています。"),
        (case.open_draft, "この申請についての起案が決裁されていません。"),
        (case.mail_under_way, "通知の送達が済んでいません。"),
        (case.work_under_way, "一括処理が済んでいません。"),
    ]
    found = [sentence for stands, sentence in checks if stands]
    held = [hold for hold in case.holds if hold.until is None or hold.until >= on]
    return (*found, *(f"廃棄を止めています（{hold.label}）。" for hold in held))


def is_due(case: CaseFacts, rule: RetentionRule, on: date) -> bool:
    """Whether a case is disposed of on this day: its period is over and nothing keeps it back."""
    day = first_day(rule, case.closed_on, case.changed_on)
    return day is not None and on >= day and not reasons_to_keep(case, on)


def list_sha256(rows: Iterable[tuple[int, str]]) -> str:
    """The hash of the list that is decided: every case by key and number, with no word about anybody."""
    text = "\n".join(f"{key} {number}" for key, number in sorted(rows))
    return hashlib.sha256(text.encode()).hexdigest()
