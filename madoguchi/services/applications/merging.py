"""重複の統合. Two applications for one person become one; both numbers lead to it, and it can be undone."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.documents.actions import hand_over
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.casefacts import given_facts
from madoguchi.services.applications.clocks import go_on
from madoguchi.services.applications.errors import ReasonMissing
from madoguchi.services.applications.intake import WORKED_OUT_COLUMNS
from madoguchi.services.applications.merge_rules import still_as_taken, taken_over, why_not
from madoguchi.services.applications.models import Application, Merge
from madoguchi.services.applications.moving import end_correction, keep, mark, stale, subject_of
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.staff_facts import work_out_again
from madoguchi.services.applications.states import Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


class CannotMerge(Refusal):
    code = "applications.cannot_merge"

    def __init__(self, why: str) -> None:
        super().__init__(why, next_step="二つの申請を開いて、内容を確かめてください。")


@transaction.atomic
def merge_cases(
    *,
    kept: str,
    gone: str,
    editions: tuple[int, int],
    fields: Sequence[str],
    reason: str,
    by: "Staff",
    at: datetime,
) -> None:
    """Let `gone` go into `kept`: the chosen fields and every file are taken over, the receipt stays findable.

    Raises CannotMerge (another person, another period, already under decision) and StaleEdition.
    """
    held = require(by, Power.REVIEW_CASES, at=at)
    stays, goes = _both(kept, gone, seen_by(by, at, held=held))
    if why := why_not(stays, goes):
        raise CannotMerge(why)
    for application, edition in zip((stays, goes), editions, strict=True):
        if application.edition != edition:
            raise stale(application)
    said = spoken(reason, 300)
    if not said:
        raise ReasonMissing
    merge = _entered(stays, goes, fields, said, by, at)
    _let_go(goes, at)
    _take_in(stays, taken_over(stays.raw, goes.raw, fields), at)
    note: dict[str, Any] = {
        "kept": kept,
        "gone": gone,
        "merge": merge.pk,
        "reason": said,
        "fields": list(fields),
    }
    for application in (stays, goes):
        mark(application, "merged", actor_of(by), at=at, step="merge", **note)


def _both(kept: str, gone: str, seen: QuerySet[Application]) -> tuple[Application, Application]:
    """Both rows, locked in the order of their keys."""
    rows = seen.select_for_update(of=("self",)).filter(number__in=[kept, gone]).order_by("pk")
    found = {each.number: each for each in rows}
    if kept not in found or gone not in found:
        raise NotFound("申請")
    return found[kept], found[gone]


def _entered(
    stays: Application, goes: Application, fields: Sequence[str], reason: str, by: "Staff", at: datetime
) -> Merge:
    papers = [str(each.id) for each in documents_of(subject_of(goes))]
    takes_visitor = stays.visitor_id is None and goes.visitor_id is not None
    merge = Merge.objects.create(
        gone=goes,
        kept=stays,
        reason=reason,
        taken=list(fields),
        former_raw=stays.raw,
        former_stage=goes.stage,
        documents=papers,
        visitor_taken=takes_visitor,
        merged_by=by,
        merged_at=at,
    )
    hand_over(from_owner=subject_of(goes), to_owner=subject_of(stays), only=papers)
    if takes_visitor:
        stays.visitor_id = goes.visitor_id
    return merge


def _let_go(goes: Application, at: datetime) -> None:
    goes.stage = Stage.WITHDRAWN
    end_correction(goes, at)
    go_on(goes, timezone.localdate(at))
    keep(goes, ["stage", "due_on", "clock_stopped_on"], at=at)


def _take_in(stays: Application, raw: dict[str, list[str]], at: datetime) -> None:
    work_out_again(stays, given_facts(stays.facts), raw)
    keep(stays, ["raw", "visitor", *WORKED_OUT_COLUMNS], at=at)


@transaction.atomic
def undo_merge(*, merge_id: int, number: str, by: "Staff", at: datetime, reason: str) -> str:
    """Make two cases of one again; the number of the one that had gone. Refused once the decision is under way."""
    held = require(by, Power.REVIEW_CASES, at=at)
    merge = Merge.objects.select_for_update().filter(pk=merge_id, undone_at__isnull=True).first()
    if merge is None or number not in (merge.kept.number, merge.gone.number):
        raise NotFound("統合")
    stays, goes = _both(merge.kept.number, merge.gone.number, seen_by(by, at, held=held))
    _refuse_undoing(merge, stays, goes)
    said = spoken(reason, 300)
    if not said:
        raise ReasonMissing
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    hand_over(from_owner=subject_of(stays), to_owner=subject_of(goes), only=merge.documents)
    if merge.visitor_taken:
        stays.visitor_id = None
    # 補正中 ended with the merge: whoever undoes it looks at the case again.
    goes.stage = Stage.REVIEWING if merge.former_stage == Stage.CORRECTING else merge.former_stage
    keep(goes, ["stage"], at=at)
    _take_in(stays, taken_over(stays.raw, merge.former_raw, merge.taken), at)
    note: dict[str, Any] = {"kept": stays.number, "gone": goes.number, "merge": merge.pk, "reason": said}
    for application in (stays, goes):
        mark(application, "merge_undone", actor_of(by), at=at, step="merge", **note)
    return goes.number


def _refuse_undoing(merge: Merge, stays: Application, goes: Application) -> None:
    if Stage(stays.stage) in (Stage.DECIDING, Stage.DECIDED, Stage.WITHDRAWN):
        raise CannotMerge(f"{stays.number}は「{Stage(stays.stage).label}」なので、もう元に戻せません。")
    if not still_as_taken(stays.raw, goes.raw, merge.taken):
        raise CannotMerge("引き継いだ項目が、その後に直されています。")
