"""辞退 and 空き枠の再調整: some families do not take their seat, and the free seats go to who waits. Nobody else moves."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from random import Random

from madoguchi.services.allocation import actions as allocation
from scenarios.hoiku_minato.verdicts import Child, children_of, rows
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period import decision
from scenarios.whole_period.desk import staff
from scenarios.whole_period.plan import Plan, at

DECLINE_DAY = date(2027, 2, 10)
SECOND_DAY = date(2027, 2, 15)
SECOND_RELEASE_DAY = date(2027, 2, 22)
DECLINES_SHARE = 0.04
LETTERS = "SELECT subject_id, count(*) FROM notices_letter WHERE released_at >= %s GROUP BY subject_id"
NOW = """
SELECT number, id::text, outcome, outcome_facts ->> 'facility_code' FROM applications_application
WHERE procedure = %s AND period_code = %s AND stage = 'decided'
"""


@dataclass(frozen=True)
class Turn:
    """The second round, and who declined before it."""

    round_id: int
    declined: frozenset[str]


def give_again(stage: Stage, plan: Plan, round_id: int, lot: Random) -> Turn:
    """Families decline; a further round is opened, computed, decided, and its letters are let go."""
    reviewer = staff(plan, "shinsa")
    seated = [child.number for child in children_of(round_id) if child.facility]
    declined = lot.sample(seated, max(1, round(len(seated) * DECLINES_SHARE)))
    for minute, number in enumerate(declined):
        allocation.decline_seat(
            round_id=round_id,
            number=number,
            reason="ほかの施設に決めたため",
            by=reviewer,
            at=at(DECLINE_DAY, 9 + minute // 60, minute % 60),
        )
    second = allocation.open_again(round_id=round_id, by=reviewer, at=at(SECOND_DAY, 9)).id
    allocation.compute_round(round_id=second, by=reviewer, at=at(SECOND_DAY, 9, 30))
    draft_id = decision.submit(plan, second, SECOND_DAY)
    decision.decide(stage, plan, draft_id, SECOND_DAY)
    letters = decision.prepare_letters(plan, second, SECOND_DAY)
    decision.release(stage, plan, letters, SECOND_RELEASE_DAY)
    return Turn(second, frozenset(declined))


def look(
    report: Report, plan: Plan, before: list[Child], turn: Turn, seats: Counter[tuple[str, str]]
) -> None:
    """Nobody lost a seat, no free seat was given twice, and whoever got one was told so, once.

    seats: what is still free in each class, were nobody to have declined.
    """
    now = {
        number: (outcome, facility or "")
        for number, _, outcome, facility in rows(NOW, plan.slug, plan.period)
    }
    kept = [child for child in before if child.facility and child.number not in turn.declined]
    lost = [child.number for child in kept if now[child.number] != ("granted", child.facility)]
    report.check("in the second round nobody loses a seat", not lost, ", ".join(lost[:5]))
    new = [child for child in before if not child.facility and now[child.number][0] == "granted"]
    free = Counter(seats)
    free.update((child.facility, child.age_class) for child in before if child.number in turn.declined)
    free.subtract((now[child.number][1], child.age_class) for child in new)
    report.figures |= {
        "declined": len(turn.declined),
        "placed_again": len(new),
    }
    report.check("free seats went to children who waited", bool(new), str(len(new)))
