"""What can rot in the decisions room: drafts nobody can decide, and drafts that wait."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from madoguchi.clerical.decisions.carrying_out import carry_out_again
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.rerouting import change_approver
from madoguchi.clerical.decisions.states import BLOCKING, DraftState
from madoguchi.clerical.decisions.work import stuck_work
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import staff_by_login, staff_with_power
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.watching import Repair, Trouble, mends, watch

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

WAITS_LONG = timedelta(days=7)
LATE = timedelta(minutes=15)


@watch("drafts")
def drafts(at: datetime) -> Iterator[Trouble]:
    """Drafts without an approver who can decide, and those that have waited for a week."""
    able = staff_with_power(Power.APPROVE, timezone.localdate(at))
    known = {staff.pk for staff in able}
    waiting = Draft.objects.filter(state=DraftState.SUBMITTED).prefetch_related("steps__approver")
    for draft in waiting.order_by("drafted_at"):
        holder = _holder(draft)
        choices = tuple((staff.login, staff.name) for staff in able if staff.pk != draft.drafted_by_id)
        other = Repair("決裁する人を変える", "decisions.change_approver", str(draft.pk), choices=choices)
        if holder is None or holder.pk not in known:
            why = f"{holder.name}さんは、いま決裁できません" if holder else "決裁する人がいません"
            yield Trouble(
                "drafts",
                f"起案 {draft.number} が進みません（{why}）。",
                since=draft.drafted_at,
                repairs=(other,),
            )
        elif draft.drafted_at < at - WAITS_LONG:
            said = f"起案 {draft.number} が、{holder.name}さんのところで7日以上待っています。"
            yield Trouble("drafts", said, since=draft.drafted_at, soon=True, repairs=(other,))


@watch("draft_work")
def work_of_decisions(at: datetime) -> Iterator[Trouble]:
    """Decided drafts whose cases have not moved: refused, failed, or not begun for a quarter of an hour."""
    for row in stuck_work(at, LATE):
        why = "。理由は起案のページにあります。" if row.failed else "（15分以上、処理が終わりません）。"
        yield Trouble(
            "draft_work",
            f"決裁した起案 {row.number} の {row.items:,}件が、まだ動いていません{why}",
            since=row.settled_at,
            repairs=(
                Repair("もう一度処理する", "decisions.carry_out_again", str(row.draft_id)),
                Repair("起案を見る", page="draft", page_key=str(row.draft_id)),
            ),
        )


def _holder(draft: Draft) -> "Staff | None":
    """Whoever the draft waits for; of several side by side, the first."""
    waiting = [
        step
        for step in draft.steps.all()
        if not step.outcome
        and step.opened_at
        and step.kind in BLOCKING
        and step.submission == draft.submissions
    ]
    return min(waiting, key=lambda step: step.place).approver if waiting else None


@mends("decisions.change_approver")
def another_approver(key: str, choice: str, by: "Staff", at: datetime) -> str:
    approver = staff_by_login(choice)
    if approver is None or not key.isdecimal():
        raise NotFound("決裁する人")
    change_approver(draft_id=int(key), approver=approver, by=by, at=at)
    return f"{approver.name}さんに決裁を頼みました。"


@mends("decisions.carry_out_again")
def work_again(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    if not key.isdecimal():
        raise NotFound("起案")
    carry_out_again(draft_id=int(key), by=by, at=at)
    return "もう一度、処理の待ち行列に入れました。"
