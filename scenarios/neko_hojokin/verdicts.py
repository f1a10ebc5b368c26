"""What must be true at the end, looked up in the tables by questions that share nothing with the code under test."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from madoguchi.ledgers.office import queries as office
from madoguchi.services.subsidies.paying import Exported
from scenarios.neko_hojokin.people import Handed
from scenarios.neko_hojokin.season import AT_PAYMENT, SEEDED
from scenarios.report import Report


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('madoguchi.sight', 'all', false)")
        cursor.execute(sql, values)
        found = list(cursor.fetchall())
        cursor.execute("SELECT set_config('madoguchi.sight', '', false)")
        return found


def one(sql: str, *values: Any) -> int:
    return int(rows(sql, *values)[0][0] or 0)


def controls(report: Report, handed: dict[str, Handed], found: dict[str, set[str]]) -> None:
    """Every seeded mistake was named by its own control point; nothing else was stopped."""
    early = {
        number: each.wrong for number, each in handed.items() if each.wrong and each.wrong not in AT_PAYMENT
    }
    missed = [f"{number} {wrong}" for number, wrong in early.items() if wrong not in found[number]]
    stopped = [
        f"{number} {sorted(found[number])}" for number in found if number not in early and found[number]
    ]
    report.check(
        "every seeded violation before the decision was caught by its control",
        not missed,
        "; ".join(missed[:5]),
    )
    report.check("none of the clean applications was stopped", not stopped, "; ".join(stopped[:5]))
    report.figures |= {
        "applications": len(handed),
        "seeded": Counter(each.wrong for each in handed.values() if each.wrong),
        "control_points_seeded": len(SEEDED),
        "clean": sum(not each.wrong for each in handed.values()),
    }


def refusals(report: Report, told: dict[str, str]) -> None:
    for key, sentence in told.items():
        report.check(f"{key} refused", bool(sentence), sentence)


def amount_of(application_id: int) -> int:
    return one(
        "SELECT (answers ->> 'seikyu_money')::int FROM applications_application WHERE id = %s", application_id
    )


def pair_for_one(ids: Sequence[int], budget: int) -> tuple[list[list[int]], list[int]]:
    """Two batches each of which the budget bears, but not both; and what is left over."""
    left = one("SELECT budget - committed FROM payments_appropriation WHERE id = %s", budget)
    parts: list[list[int]] = [[], []]
    rest, part, total = [], 0, 0
    for each in ids:
        amount = amount_of(each)
        if part < 2 and total + amount <= left * 3 // 5:
            parts[part].append(each)
            total += amount
        elif part == 0:
            part, total = 1, amount
            parts[1].append(each)
        else:
            part = 2
            rest.append(each)
    return parts, rest


def still_needed(budget: int, rest: Sequence[int], drafts: Sequence[int]) -> int:
    """What 補正 must bring so that everything granted fits."""
    left = one("SELECT budget - committed FROM payments_appropriation WHERE id = %s", budget)
    waiting = one(
        "SELECT sum(item.amount) FROM subsidies_batchitem item JOIN subsidies_batch batch ON batch.id = item.batch_id"
        " WHERE batch.state = 'submitted' AND batch.draft_id = ANY(%s)",
        list(drafts),
    )
    return max(1, waiting + sum(amount_of(each) for each in rest) - left)


def is_waiting(draft_id: int) -> bool:
    """Whether nobody decided it yet."""
    return bool(one("SELECT count(*) FROM decisions_draft WHERE id = %s AND state = 'submitted'", draft_id))


def is_refused(draft_id: int) -> bool:
    """Whether it is decided, and its work was refused and moved nothing."""
    return bool(
        one(
            "SELECT count(*) FROM decisions_draft WHERE id = %s AND state = 'approved' AND work IS NOT NULL"
            " AND worked_off_at IS NULL",
            draft_id,
        )
    )


def bound_by(drafts: Sequence[int]) -> int:
    """How many of the cases of these drafts have money bound."""
    return one(
        "SELECT count(*) FROM subsidies_batchitem item JOIN subsidies_batch batch ON batch.id = item.batch_id"
        " JOIN payments_commitment bound ON bound.subject_kind = 'applications.application'"
        "  AND bound.subject_id = item.application_id::text AND bound.state = 'standing'"
        " WHERE batch.draft_id = ANY(%s)",
        list(drafts),
    )


def held(report: Report, made: Exported, wrong: dict[str, str], cases: dict[str, str]) -> None:
    """Exactly the seeded orders stayed behind, each named by its own control; the others went."""
    said = {cases[number]: sentence for number, sentence in made.held}
    unnamed = [case for case, label in wrong.items() if f"「{label}」" not in said.get(case, "")]
    report.check(
        "exactly the orders seeded wrong at payment were held back, each by its own control",
        said.keys() == wrong.keys() and not unnamed,
        f"{len(said)} of {len(wrong)}; {', '.join(sorted(set(wrong.values())))}",
    )


def money(report: Report, budget: int, granted: int, stopped: int) -> None:
    """One sum all the way: decided, bound, ordered, handed over; never more than the budget."""
    decided = one(
        "SELECT sum((outcome_facts ->> 'amount')::int) FROM applications_application WHERE outcome = 'granted'"
    )
    bound = one("SELECT sum(amount) FROM payments_commitment WHERE state = 'standing'")
    ordered = one("SELECT sum(amount) FROM payments_paymentorder WHERE state = 'exported'")
    sent_back = one(
        "SELECT sum(amount) FROM payments_paymentorder WHERE state = 'failed' AND returned_on IS NOT NULL"
    )
    files = one("SELECT sum(total) FROM payments_paymentfile") - sent_back
    cases = one("SELECT count(*) FROM applications_application WHERE outcome = 'granted'")
    report.check(
        "decided = bound = ordered = handed over, less what the bank sent back",
        len({decided, bound, ordered, files}) == 1,
        f"{decided} {bound} {ordered} {files}",
    )
    report.check("every clear application was granted, no other", cases == granted, f"{cases} of {granted}")
    told, committed = rows("SELECT budget, committed FROM payments_appropriation WHERE id = %s", budget)[0]
    report.check("the budget was never overspent", committed <= told, f"{committed} of {told}")
    twice = one(
        "SELECT count(*) - count(DISTINCT commitment_id) FROM payments_paymentorder WHERE returned_on IS NULL"
    )
    report.check("nobody is paid twice", twice == 0)
    late = one("SELECT count(*) FROM payments_paymentorder WHERE due_on - claimed_on > 30")
    report.check("every claim is due within 30 days", late == 0, f"{late} late")
    same = one(
        "SELECT count(*) FROM payments_paymentorder WHERE payer_id IN (drafted_by_id, approved_by_id)"
        " OR drafted_by_id = approved_by_id"
    )
    report.check("three different people for every payment", same == 0)
    letters = one("SELECT count(*) FROM notices_letter WHERE released_at IS NOT NULL")
    report.check("every decision has its letter", letters == cases, f"{letters} of {cases}")
    found = office.verify_chain(office.municipality_by_code("999999"))
    report.check("the trace verifies", found.broken is None, f"{found.rows} rows")
    report.figures |= {
        "granted": cases,
        "stopped": stopped,
        "granted_yen": decided,
        "budget_yen": told,
        "trace_rows": found.rows,
    }
