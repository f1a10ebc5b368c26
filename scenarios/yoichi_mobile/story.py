"""余市町 and 昭和村: a section head on business trips decides from the phone, through the real pages, for a month.

Sources: cases 27 (approval outside the office, 2–3 days shorter, proxy and days per step) and 23 (time per step).
Drafts are laid by the action behind the page, at drawn moments before somebody looks at the phone; the minutes to the
decision therefore hold the story's own waiting. What the pages and the hand add is measured apart, in seconds and taps.
"""

import statistics
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from madoguchi.clerical.decisions import access, queries
from madoguchi.clerical.decisions.states import Capacity, DraftState, StepKind, StepOutcome
from madoguchi.clerical.decisions.views import DraftView, StepView
from madoguchi.ledgers.office.appointing import note_absence
from madoguchi.ledgers.office.health import troubles_now
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.yoichi_mobile.month import (
    AWAY,
    BACK,
    CLERK,
    DEPUTY,
    HEAD,
    PAY_DAY,
    TRAVEL,
    TRIP,
    found,
    lay,
    lay_matter,
    moment,
    staff,
)
from scenarios.yoichi_mobile.phone import INBOX, Phone, Taps, listed, waiting

SEED = 581
SINGLE = {"small": 5, "full": 6}
ALIKE = {"small": 12, "full": 14}
MOST_TAPS = 2
"""Open, decide."""


def play(stage: Stage) -> Report:
    """A month of decisions, and what stands about each of them afterwards."""
    report, lot, single, together = Report("yoichi-mobile"), Random(SEED), Taps(), Taps()
    found()
    laid = [_trip_day(stage, number, lot, single) for number in range(len(TRIP))]
    stood_in = _away(stage, lot, report)
    looked = _back(stage)
    count = _many(stage, lot, together, report)
    rows = queries.drafts_of(staff(CLERK).section_id)
    views = [access.draft_for(staff(CLERK), row.id, moment(PAY_DAY)) for row in rows]
    report.figures |= {
        "drafts": len(views),
        "decided_one_by_one": sum(laid),
        "decided_for_the_absent_head": stood_in,
        "looked_at_afterwards": looked,
        "decided_together": count,
        "median_minutes_to_decision": round(statistics.median(_minutes(views)), 1),
        "median_seconds_to_read_and_decide": round(statistics.median(single.seconds), 3),
        "taps_per_decision_one_by_one": round(single.count / sum(laid), 2),
        "taps_per_decision_together": round(together.count / count, 2),
    }
    _look(report, views, stood_in)
    return report


def _trip_day(stage: Stage, number: int, lot: Random, taps: Taps) -> int:
    """Inbox, read, decide, and the inbox again."""
    day, count = TRIP[number], SINGLE[stage.size]
    for at in range(count):
        lay_matter(number + at, moment(day, lot.randint(5, 90)))
    phone = Phone(stage.turn_to(day), HEAD, taps)
    while waits := waiting(phone.inbox):
        phone.decide(waits[0])
    phone.close()
    return count


def _away(stage: Stage, lot: Random, report: Report) -> int:
    """Two drafts came before the absence and are taken over; two come during it and go to the deputy by themselves."""
    head = staff(HEAD)
    before = [lay_matter(number, moment(AWAY, 120)) for number in (1, 2)]
    note_absence(
        staff=head,
        begins_on=AWAY,
        ends_on=BACK - timedelta(days=1),
        reason="会議のため出張",
        by=head,
        at=moment(AWAY, 90),
    )
    during = [lay_matter(number, moment(AWAY, lot.randint(5, 60))) for number in (3, 4)]
    phone = Phone(stage.turn_to(AWAY), DEPUTY, Taps())
    report.check("what came before the absence may be taken over", set(before) <= listed(phone.inbox))
    report.check("what came during it is the deputy's", set(during) == set(waiting(phone.inbox)))
    for draft_id in before:
        phone.decide(draft_id, first="stand_in")
    for draft_id in during:
        phone.decide(draft_id)
    phone.close()
    return len(before) + len(during)


def _back(stage: Stage) -> int:
    """後閲: what was decided meanwhile is read and marked as seen."""
    phone = Phone(stage.turn_to(BACK), HEAD, Taps())
    asked = [row.id for row in queries.to_look_at(staff(HEAD)) if row.step_kind == StepKind.LATER_LOOK]
    for draft_id in asked:
        phone.press(phone.open(f"{INBOX}{draft_id}/"), "seen")
    phone.close()
    return len(asked)


def _many(stage: Stage, lot: Random, taps: Taps, report: Report) -> int:
    """Travel orders of a month, decided together after the sampled look."""
    for number in range(1, ALIKE[stage.size] + 1):
        lay(f"見本の出張（{number}件目）について", TRAVEL, moment(PAY_DAY, lot.randint(5, 90)))
    phone = Phone(stage.turn_to(PAY_DAY), HEAD, taps)
    count, sample = phone.decide_together(TRAVEL.kind)
    phone.close()
    report.check("all like drafts were ticked", count == ALIKE[stage.size], str(count))
    report.check("a sample was shown before", "無作為に選んだ" in sample.text)
    return count


def _minutes(views: list[DraftView]) -> Iterator[float]:
    """From the submission to the deciding step of each draft."""
    for view in views:
        decided = [step.decided_at for step in view.now if step.kind == StepKind.DECIDE and step.decided_at]
        if decided:
            yield (max(decided) - view.drafted_at).total_seconds() / 60


def _look(report: Report, views: list[DraftView], stood_in: int) -> None:
    steps = [(view, step) for view in views for step in view.now]
    approved = [view for view in views if view.state == DraftState.APPROVED]
    report.check("20 to 30 drafts in the month", 20 <= len(views) <= 30, str(len(views)))
    report.check("every draft is decided", len(approved) == len(views), f"{len(approved)}／{len(views)}")
    bare = [view.number for view, step in steps if not _is_told(view, step)]
    report.check("every step has who, as whom, second and hash", bare == [], "、".join(bare))
    own = [view.number for view, step in steps if step.approver_id == view.drafted_by_id]
    report.check("nobody decided a draft of their own", own == [])
    for_head = [step for _, step in steps if step.capacity == Capacity.SUBSTITUTE]
    told = all(step.stands_for == "課長" and step.post == "課長補佐" for step in for_head)
    report.check("代決 says for whom and as what", told and len(for_head) == stood_in, str(len(for_head)))
    _look_at_later_looks(report, views)
    routeless = [view.number for view in views if not (view.route and view.now)]
    stuck = [each.what for each in troubles_now(moment(PAY_DAY)) if each.kind == "drafts"]
    report.check("no draft waits without a route", not routeless and not stuck, "、".join(routeless + stuck))
    taps = report.figures["taps_per_decision_one_by_one"]
    report.check(f"one by one at most {MOST_TAPS} taps", taps <= MOST_TAPS, str(taps))
    fewer = report.figures["taps_per_decision_together"] < taps
    report.check("fewer together", fewer, str(report.figures["taps_per_decision_together"]))


def _look_at_later_looks(report: Report, views: list[DraftView]) -> None:
    """The table leaves the later look out for light matters; every other 代決 has one, and it was done."""
    taken = [view for view in views if any(step.capacity == Capacity.SUBSTITUTE for step in view.now)]
    wanted = {view.number for view in taken if view.route.get("later_look")}
    seen = {
        view.number
        for view in taken
        for step in view.now
        if step.kind == StepKind.LATER_LOOK and step.outcome == StepOutcome.SEEN
    }
    report.check(
        "the head looked afterwards at each the table asks for", seen == wanted and bool(seen), str(len(seen))
    )


def _is_told(view: DraftView, step: StepView) -> bool:
    """Who, as whom, when to the second, and the hash of what the draft still is."""
    return bool(
        step.approver_name and step.capacity and step.decided_at and step.seen_sha256 == view.content_sha256
    )
