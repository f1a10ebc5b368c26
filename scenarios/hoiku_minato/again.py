"""辞退 and 空き枠の再調整: some families do not take their seat, and the free seats go to who waits. Nobody else moves."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from random import Random

from madoguchi.services.allocation import actions as allocation
from scenarios.hoiku_minato.children import Nurseries
from scenarios.hoiku_minato.verdicts import Child, children_of, too_full
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period import decision
from scenarios.whole_period.desk import staff
from scenarios.whole_period.plan import Plan, at
from scenarios.whole_period.verdicts import rows

DECLINE_DAY = date(2027, 2, 10)
SECOND_DAY = date(2027, 2, 15)
SECOND_DECISION_DAY = date(2027, 2, 16)
SECOND_RELEASE_DAY = date(2027, 2, 22)
DECLINES_SHARE = 0.04
NOW = """
SELECT number, id::text, outcome = 'granted', coalesce(outcome_facts ->> 'facility_code', ''),
  outcome_facts ->> 'declined_on' IS NOT NULL
FROM applications_application WHERE procedure = %s AND period_code = %s AND stage = 'decided'
"""
SECOND_LETTERS = (
    "SELECT subject_id, text FROM notices_letter WHERE release_id = %s AND released_at IS NOT NULL"
)


@dataclass(frozen=True)
class Turn:
    """The further round: who declined before it, and the release of its letters."""

    declined: frozenset[str]
    release_id: str


@dataclass(frozen=True)
class Now:
    """Where a case stands at the end."""

    key: str
    granted: bool
    facility: str
    declined: bool


def give_again(stage: Stage, plan: Plan, round_id: int, lot: Random) -> Turn:
    """Families decline; a further round is opened, computed, decided, and its letters are let go."""
    reviewer = staff(plan, "shinsa")
    seated = [child.number for child in children_of(round_id) if child.facility]
    declined = lot.sample(sorted(seated), max(1, round(len(seated) * DECLINES_SHARE)))
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
    decision.decide(stage, plan, draft_id, SECOND_DECISION_DAY)
    letters = decision.prepare_letters(plan, second, SECOND_DECISION_DAY)
    decision.release(stage, plan, letters, SECOND_RELEASE_DAY)
    return Turn(frozenset(declined), str(letters))


def look(report: Report, plan: Plan, before: list[Child], turn: Turn, nurseries: Nurseries) -> None:
    """Nobody lost a seat, no seat was given twice, and whoever got one was told so, once."""
    now = {number: Now(*row) for number, *row in rows(NOW, plan.slug, plan.period)}
    declined = {number for number, standing in now.items() if standing.declined}
    report.check("who declined is written down, and nobody else", declined == turn.declined)
    kept = [child for child in before if child.facility and child.number not in declined]
    lost = [each.number for each in kept if not _still_there(each, now)]
    report.check("in the further round nobody loses a seat", not lost, ", ".join(lost[:5]))
    new = [child for child in before if not child.facility and now[child.number].granted]
    report.check("free seats went to children who waited", bool(new), str(len(new)))
    _seats(report, before, now, nurseries)
    letters = Counter(subject for subject, _ in rows(SECOND_LETTERS, turn.release_id))
    told = letters == Counter(now[child.number].key for child in new)
    report.check("each of them has one letter more, and nobody else", told, str(sum(letters.values())))
    report.figures |= {"declined": len(declined), "placed_in_the_further_round": len(new)}


def _still_there(child: Child, now: dict[str, Now]) -> bool:
    standing = now[child.number]
    return standing.granted and standing.facility == child.facility


def _seats(report: Report, before: list[Child], now: dict[str, Now], nurseries: Nurseries) -> None:
    """The count of every class once more, by where everybody is at the end."""
    entered = Counter(
        (now[child.number].facility, child.age_class)
        for child in before
        if now[child.number].granted and not now[child.number].declined
    )
    moved = Counter(
        (child.transfer, child.age_class) for child in before if child.transfer and now[child.number].granted
    )
    over = too_full(nurseries, entered, moved)
    report.check("after the further round no class holds more than its seats", not over, "; ".join(over[:5]))
