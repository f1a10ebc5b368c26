"""Which drafts wait for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q, QuerySet

from madoguchi.clerical.decisions.models import TO_DECIDE, DocumentClass, Draft, RouteTable, Step
from madoguchi.clerical.decisions.routing.table import Row
from madoguchi.clerical.decisions.standing_in import SUBSTITUTED, substitution_for
from madoguchi.clerical.decisions.states import ApprovalMode, DraftState, PaperRule, StepKind
from madoguchi.clerical.decisions.tables_in_force import table_in_force
from madoguchi.clerical.decisions.views import DraftRow, KindCount, KindView, TableView
from madoguchi.clerical.decisions.work import work_of as work_of
from madoguchi.ledgers.office.posts import away_on, posts_held
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

PAGE = 50
LOOKS = (StepKind.LATER_LOOK, StepKind.CIRCULATE)
ORDER = ("-urgent", "opened_at", "pk")
"""Urgent first, then the longest wait."""


def inbox(
    staff: Staff, *, kind: str | None = None, most: int | None = None, after: int = 0
) -> list[DraftRow]:
    """Everything this person must decide, or what of it is of one kind; urgent first, then the longest wait."""
    rows = _to_decide(staff)
    if kind is not None:
        rows = rows.filter(matter=kind)
    rows = rows.order_by(*ORDER)
    if most is None:
        return _of_steps(rows)
    # The page is found in the index alone; only its drafts are read.
    keys = list(rows.values_list("pk", flat=True)[after : after + most])
    return _of_steps(Step.objects.filter(pk__in=keys).order_by(*ORDER))


def how_many_wait(staff: Staff) -> int:
    """How many drafts this person must decide."""
    return _to_decide(staff).count()


def how_many_steps(staff: Staff) -> tuple[int, int]:
    """How many drafts wait for this person's decision, and how many only for a look."""
    rows = Step.objects.filter(approver=staff, outcome="", opened_at__isnull=False)
    counted = rows.aggregate(decide=Count("pk", filter=TO_DECIDE), look=Count("pk", filter=Q(kind__in=LOOKS)))
    return counted["decide"], counted["look"]


def kinds_that_wait(staff: Staff, on: date) -> list[KindCount]:
    """What this person must decide, by kind, the most frequent first."""
    counted = _to_decide(staff).values("matter").annotate(count=Count("pk")).order_by("-count", "matter")
    names = {kind.code: kind.name for kind in table_in_force(on)[1].kinds(on)}
    return [KindCount(row["matter"], names.get(row["matter"], "種類なし"), row["count"]) for row in counted]


def seen_of(staff: Staff, draft_ids: Sequence[int]) -> list[DraftRow]:
    """Of these drafts, those that wait for this person, in the order of the list."""
    rows = _to_decide(staff).filter(draft_id__in=list(draft_ids))
    return _of_steps(rows.order_by(*ORDER))


def _to_decide(staff: Staff) -> QuerySet[Step]:
    return Step.objects.filter(TO_DECIDE, approver=staff)


def to_look_at(staff: Staff) -> list[DraftRow]:
    """後閲と供覧: drafts this person is only asked to look at, the oldest first."""
    rows = Step.objects.filter(approver=staff, outcome="", opened_at__isnull=False, kind__in=LOOKS)
    return _of_steps(rows.order_by("opened_at", "pk")[:PAGE])


def come_back_to(staff: Staff) -> list[DraftRow]:
    """Drafts of this person that were sent back or taken back and wait to be corrected, the oldest first."""
    back = Draft.objects.filter(drafted_by=staff, state__in=[DraftState.RETURNED, DraftState.TAKEN_BACK])
    return rows_of(back.order_by("settled_at", "pk")[:PAGE])


def to_stand_in_for(staff: Staff, at: datetime, on: date) -> list[DraftRow]:
    """Drafts whose decider is away today and for whom this person's post stands in."""
    if not posts_held(staff, on):
        return []
    deciders = Step.objects.filter(SUBSTITUTED, outcome="", opened_at__isnull=False)
    waiting = deciders.filter(draft__state=DraftState.SUBMITTED).exclude(approver=staff)
    away = away_on(on, set(waiting.values_list("approver_id", flat=True).distinct()))
    rows = waiting.filter(approver_id__in=away).select_related("draft__drafted_by").order_by("opened_at")
    return [_row(step.draft, step) for step in rows[:PAGE] if substitution_for(staff, step.draft, at)]


def _of_steps(steps: QuerySet[Step]) -> list[DraftRow]:
    """Each table by its keys: joined, a database that has no statistics yet reads every draft for one page."""
    drafts = Draft.objects.defer("body", "figures", "route").prefetch_related("drafted_by")
    return [_row(step.draft, step) for step in steps.prefetch_related(Prefetch("draft", drafts))]


def drafts_of(section_id: int, *, most: int = 200) -> list[DraftRow]:
    """What a section has drafted, newest first."""
    return rows_of(Draft.objects.filter(section_id=section_id).order_by("-drafted_at", "-pk")[:most])


def draft_of(subject: Subject) -> DraftRow | None:
    """The latest draft about a record of another room."""
    about = Draft.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return next(iter(rows_of(about.order_by("-drafted_at", "-pk")[:1])), None)


def rows_of(drafts: QuerySet[Draft]) -> list[DraftRow]:
    """Drafts as lists show them."""
    return [_row(draft) for draft in drafts.select_related("drafted_by")]


def _row(draft: Draft, step: Step | None = None) -> DraftRow:
    more: dict[str, Any] = {}
    if step:
        more = {
            "step_kind": StepKind(step.kind),
            "opened_at": step.opened_at,
            "reminded_at": step.reminded_at,
        }
    return DraftRow(
        draft.pk,
        draft.number,
        draft.title,
        draft.item_count,
        DraftState(draft.state),
        draft.drafted_by.name,
        draft.drafted_at,
        draft.section_id,
        draft.kind,
        draft.amount,
        ApprovalMode(draft.mode),
        draft.urgent,
        draft.content_sha256,
        draft.version,
        **more,
    )


def undecided_about(kind: str, keys: Iterable[str]) -> set[str]:
    """Which of these records have a draft that nobody has decided yet."""
    about = Draft.objects.filter(subject_kind=kind, subject_id__in=list(keys))
    waiting = about.filter(
        Q(state=DraftState.SUBMITTED) | Q(state=DraftState.RETURNED) | Q(state=DraftState.TAKEN_BACK)
    )
    return set(waiting.values_list("subject_id", flat=True))


def kind_name(kind: str, on: date) -> str:
    """The name of a kind in the table in force, empty for none."""
    return next((each.name for each in kinds(on) if each.code == kind), "")


def kinds(on: date) -> list[KindView]:
    """What a drafter may choose from, with what the town demands of paper for each."""
    rules = {row.kind: row for row in DocumentClass.objects.all()}
    found = table_in_force(on)[1].kinds(on)
    return [_kind(each.code, each.name, rules.get(each.code)) for each in found]


def _kind(code: str, name: str, rule: DocumentClass | None) -> KindView:
    if rule is None:
        return KindView(code, name)
    return KindView(
        code, name, PaperRule(rule.paper_rule), rule.paper_reason, rule.class_code, rule.retention
    )


def route_tables() -> list[TableView]:
    """The town's tables, the newest first; none while the shipped one is in use."""
    rows = RouteTable.objects.select_related("put_in_by").order_by("-effective_from")
    return [
        TableView(row.effective_from, row.sha256, row.put_in_by.name if row.put_in_by else "", row.put_in_at)
        for row in rows
    ]


def rows_in_force(on: date) -> list[Row]:
    """The lines of the table in force, for reading."""
    return [row for row in table_in_force(on)[1].rows if row.in_force(on)]
