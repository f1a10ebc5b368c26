"""Putting a draft before those who decide it. Part of actions.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.editions import File, add_files, seal
from madoguchi.clerical.decisions.errors import AlreadyDrafted, NotTheApprover, OwnDraft, SectionUnnamed
from madoguchi.clerical.decisions.models import Draft, PaperMaterial, Step
from madoguchi.clerical.decisions.rules import document_number, require_move
from madoguchi.clerical.decisions.seating import Plan, named, planned
from madoguchi.clerical.decisions.states import ApprovalMode, DraftState
from madoguchi.clerical.decisions.tables_in_force import filing_of, paper_rule
from madoguchi.clerical.decisions.terms import Terms, require_disclosure, require_paper
from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.queries import powers_of, section_in_year
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

_NUMBERING_LOCK = 7301


@dataclass(frozen=True)
class Content:
    title: str
    body: str
    figures: list[dict[str, Any]]
    item_count: int
    subject_sha256: str
    also_needs: str = ""


@transaction.atomic
def submit_draft(
    *,
    section_id: int,
    title: str,
    body: str,
    figures: list[dict[str, Any]],
    item_count: int,
    subject: Subject,
    content_sha256: str,
    by: Staff,
    at: datetime,
    approver: Staff | None = None,
    also_needs: Power | None = None,
    terms: Terms | None = None,
    files: Sequence[File] = (),
) -> int:
    """Put a draft before those who decide it and return its id. `content_sha256` is of what the draft is about.

    Without a named approver the town's route table says who sits on the route, for `terms.kind` and amount.
    `also_needs`: a power without which nobody may decide it. The same content on the same subject is the same
    draft; one that came back keeps its number.
    Refused: OwnDraft, NotTheApprover (without the power to approve), AlreadyDrafted, BeyondLimit, RouteMissing,
    PaperRefused, DisclosureReasonMissing.
    """
    terms = terms or Terms()
    require_paper(terms, *paper_rule(terms.kind))
    require_disclosure(terms)
    content = Content(title, body, figures, item_count, content_sha256, also_needs or "")
    on = localdate(at)
    plan = named(approver, terms, section_id, by, on) if approver else planned(terms, section_id, by, on)
    for seat in plan.seats:
        require_approver(seat.staff, by, at)
        require_also(also_needs or "", seat.staff, at)
    serial = next_serial(section_id, at)
    former = _former(subject)
    if former is not None and former.state in {DraftState.SUBMITTED, DraftState.APPROVED}:
        return _the_same(former, content, plan)
    if former is not None and former.state in {DraftState.RETURNED, DraftState.TAKEN_BACK}:
        draft = _submit_again(former, content, terms, by, at)
    else:
        draft = number(content, terms, subject, section_id, serial, by, at)
    _lay_out(draft, plan, terms, files, by, at)
    return draft.pk


def _lay_out(draft: Draft, plan: Plan, terms: Terms, files: Sequence[File], by: Staff, at: datetime) -> None:
    places = draft.paper_materials.count()
    for place, paper in enumerate(terms.papers, places + 1):
        PaperMaterial.objects.create(draft=draft, place=place, **vars(paper))
    if files:
        add_files(draft, files, by, at)
    draft.route = plan.basis
    seal(draft, at)
    draft.save(update_fields=["route", "content_sha256"])
    _seat(draft, plan, at)
    note = {"number": draft.number, "sha256": draft.content_sha256, "mode": draft.mode}
    names = "、".join(seat.staff.name for seat in plan.seats)
    subject = Subject("decisions.draft", str(draft.pk))
    leave_trace(actor_of(by), "decisions.submitted", subject, at=at, note=note | {"approver": names})


def _seat(draft: Draft, plan: Plan, at: datetime) -> None:
    first = draft.steps.count()
    Step.objects.bulk_create(
        Step(
            draft=draft,
            place=first + place,
            submission=draft.submissions,
            stage=seat.stage,
            kind=seat.kind,
            post=seat.post,
            capacity=seat.capacity,
            stands_for=seat.stands_for,
            approver=seat.staff,
            opened_at=at if seat.stage == 1 else None,
            matter=draft.kind,
            urgent=draft.urgent,
            on_paper=draft.mode == ApprovalMode.PAPER,
        )
        for place, seat in enumerate([*plan.seats, *plan.later], 1)
    )


def require_approver(approver: Staff, by: Staff, at: datetime) -> None:
    if approver.pk == by.pk:
        raise OwnDraft(
            "自分の起案を自分で決裁することはできません。", next_step="別の決裁者を選んでください。"
        )
    if not approver.is_active or Power.APPROVE not in powers_of(approver, localdate(at)):
        raise NotTheApprover(
            f"{approver.name}さんには決裁の権限がありません。", next_step="権限のある決裁者を選んでください。"
        )


def require_also(power: str, approver: Staff, at: datetime) -> None:
    """Whoever decides must see everything that is decided."""
    if power and Power(power) not in powers_of(approver, localdate(at)):
        raise NotTheApprover(
            f"この起案には、「{Power(power).label}」の権限がないと見えない件があります。"
            f"{approver.name}さんにはその権限がありません。",
            next_step="権限のある決裁者を選ぶか、情報システム担当に権限の例外を頼んでください。",
        )


def _former(subject: Subject) -> Draft | None:
    about = Draft.objects.select_for_update().filter(subject_kind=subject.kind, subject_id=subject.id)
    return about.exclude(state=DraftState.DISCARDED).order_by("-pk").first()


def _the_same(draft: Draft, content: Content, plan: Plan) -> int:
    """A second press of the same button; another content has to wait for the decision."""
    seated = draft.steps.filter(submission=draft.submissions, stage__gt=0).order_by("place")
    people = list(seated.values_list("approver_id", flat=True))
    same = draft.subject_sha256 == content.subject_sha256
    if same and people == [seat.staff.pk for seat in plan.seats]:
        return draft.pk
    raise AlreadyDrafted(
        f"同じ内容について、起案「{draft.number}」が「{DraftState(draft.state).label}」です。",
        next_step="先の起案が差し戻されてから、直して出し直してください。",
    )


def next_serial(section_id: int, at: datetime) -> int:
    """Numbers have no gap and no double: who numbers for a section waits for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NUMBERING_LOCK, section_id])
    numbered = Draft.objects.filter(section_id=section_id, fiscal_year=fiscal_year(localdate(at)))
    return (numbered.aggregate(last=Max("serial"))["last"] or 0) + 1


def number(
    content: Content, terms: Terms, subject: Subject, section_id: int, serial: int, by: Staff, at: datetime
) -> Draft:
    section = section_in_year(section_id, localdate(at))
    if section is None:
        raise SectionUnnamed(
            "課の文書記号が登録されていません。",
            next_step="庁内組織で、この年度の課名と文書記号を登録してください。",
        )
    return Draft.objects.create(
        number=document_number(section.symbol, serial),
        section_id=section_id,
        fiscal_year=fiscal_year(localdate(at)),
        serial=serial,
        subject_kind=subject.kind,
        subject_id=subject.id,
        drafted_by=by,
        drafted_at=at,
        **vars(content),
        **_marks(terms),
    )


def _marks(terms: Terms) -> dict[str, Any]:
    """What of the terms is kept with the draft; filing falls back to the town's rule for the kind."""
    class_code, retention = filing_of(terms.kind)
    return {
        "kind": terms.kind,
        "amount": terms.amount,
        "class_code": terms.class_code or class_code,
        "retention": terms.retention or retention,
        "disclosure": terms.disclosure or "",
        "disclosure_reason": terms.disclosure_reason.strip(),
        "mode": terms.mode,
        "paper_reason": terms.paper_reason or "",
        "paper_note": terms.paper_note.strip(),
        "sheets": terms.sheets,
        "urgent": terms.urgent,
        "important": terms.important,
        "instructed": terms.instructed,
        "quoted_from_id": terms.quoted_from,
    }


def _submit_again(draft: Draft, content: Content, terms: Terms, by: Staff, at: datetime) -> Draft:
    require_move(DraftState(draft.state), DraftState.SUBMITTED)
    for name, value in {**vars(content), **_marks(terms)}.items():
        setattr(draft, name, value)
    draft.state = DraftState.SUBMITTED
    draft.drafted_by, draft.drafted_at = by, at
    draft.version += 1
    draft.submissions += 1
    draft.save()
    return draft
