"""A list for disposal from its making to the decision. Part of actions.py."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.decisions import bells
from madoguchi.clerical.decisions.actions import submit_draft
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import staff_by_id
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.procedures.queries import live_package
from madoguchi.ledgers.procedures.retention import KIND_NAMES, METHOD_NAMES, Kind, Method
from madoguchi.services.applications.models import RetentionItem, RetentionRun
from madoguchi.services.applications.people import require
from madoguchi.services.applications.retention import due_now, procedures_of
from madoguchi.services.applications.retention_errors import ListOpen, NothingDue, WrongRunState
from madoguchi.services.applications.retention_rules import list_sha256
from madoguchi.services.applications.states import RunState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

RUN = "applications.retention"
DOCUMENT_KIND = "K41"
"""廃棄の決裁 in the table of who decides what."""
OPEN = [RunState.PREPARED, RunState.SUBMITTED, RunState.RUNNING]


@full_sight()
@transaction.atomic
def prepare_run(*, slug: str, kind: Kind, by: "Staff", at: datetime) -> uuid.UUID:
    """Make the list of everything of one kind that is due today; it stays as it is until it is decided.

    Refused: NothingDue, ListOpen while another list of the kind is open.
    """
    require(by, Power.RUN_RETENTION, at=at)
    if slug not in procedures_of(by, at=at):
        raise NotFound("手続")
    open_run = RetentionRun.objects.filter(procedure=slug, kind=kind, state__in=OPEN).first()
    if open_run is not None:
        raise ListOpen(open_run.title)
    package = live_package(slug).package
    rule = package.retention_rules.rules[kind]
    on = timezone.localdate(at)
    rows = due_now(slug, kind, on)
    if not rows:
        raise NothingDue
    run = RetentionRun.objects.create(
        procedure=slug,
        title=f"{package.names.ja} {KIND_NAMES[kind]}の{METHOD_NAMES[rule.method]}"[:120],
        kind=kind,
        class_code=package.retention_rules.class_code,
        method=rule.method,
        needs_decision=rule.needs_decision,
        listed_on=on,
        total=len(rows),
        list_sha256=list_sha256((key, number) for key, number, _ in rows),
        prepared_by=by,
        prepared_at=at,
    )
    RetentionItem.objects.bulk_create(
        [RetentionItem(run=run, case_key=key, number=number, due_on=day) for key, number, day in rows],
        batch_size=1000,
    )
    _trace(actor_of(by), "retention_listed", run, at)
    return run.id


@full_sight()
@transaction.atomic
def submit_run(*, run_id: uuid.UUID, approver: "Staff", by: "Staff", at: datetime) -> int:
    """Lay the list before an approver; the id of the draft. Refused: WrongRunState, OwnDraft, NotTheApprover."""
    run = _theirs(run_id, "起案する", by, at)
    run.draft_id = submit_draft(
        section_id=live_package(run.procedure).section_id,
        approver=approver,
        subject=Subject(RUN, str(run.id)),
        content_sha256=run.list_sha256,
        terms=Terms(kind=DOCUMENT_KIND),
        by=by,
        at=at,
        **_words(run),
    )
    run.state = RunState.SUBMITTED
    run.save(update_fields=["draft", "state"])
    _trace(actor_of(by), "retention_submitted", run, at, draft=run.draft_id)
    return run.draft_id


def _words(run: RetentionRun) -> dict[str, Any]:
    method = METHOD_NAMES[Method(run.method)]
    return {
        "title": f"{run.title}について"[:120],
        "body": "\n".join(
            [
                f"保存期間を過ぎた申請{run.total}件を、別紙の一覧のとおり{method}してよろしいか伺います。",
                f"保存年限は{run.class_code}、一覧は{run.listed_on}現在です。",
                "審査請求の期間、補正、廃棄停止、未決裁の起案、送達中の通知のある申請は、一覧に含めていません。",
                "処理の前にもう一度確かめ、その間に差し支えの生じた申請は外して、理由を残します。",
                "処理した申請の番号・年限・方法・日・決裁は、廃棄簿に残ります。",
            ]
        ),
        "figures": [{"label": f"{method}する申請", "value": run.total, "unit": "件"}],
        "item_count": run.total,
    }


@transaction.atomic
def begin_run(*, run_id: uuid.UUID, by: "Staff", at: datetime) -> None:
    """Start a list whose class demands no decision. Refused: WrongRunState for one that does."""
    run = _theirs(run_id, "処理する", by, at)
    if run.needs_decision:
        raise WrongRunState(RunState(run.state), "決裁なしで処理する")
    _begin(run, actor_of(by), f"決裁不要（{run.class_code}）{by.name}", at)


@transaction.atomic
def drop_run(*, run_id: uuid.UUID, by: "Staff", at: datetime) -> None:
    """Throw a list away that has not been submitted, or that was sent back."""
    run = _theirs(run_id, "取りやめる", by, at)
    _drop(run, actor_of(by), at)


def _drop(run: RetentionRun, by: Actor, at: datetime) -> None:
    run.state, run.finished_at = RunState.DROPPED, at
    run.save(update_fields=["state", "finished_at"])
    _trace(by, "retention_dropped", run, at)


@bells.settled.answer
@full_sight()
@transaction.atomic
def answer_disposal_settled(settled: bells.Settled) -> None:
    """An approved list is worked off; one sent back may be submitted again; a rejected one is at an end."""
    if settled.subject.kind != RUN:
        return
    run = _locked(uuid.UUID(settled.subject.id), RunState.SUBMITTED, "決裁を受ける")
    if settled.state == DraftState.APPROVED:
        number = run.draft.number if run.draft else ""
        _begin(run, settled.by, f"{number} {settled.by.name}", settled.at)
    elif settled.state == DraftState.REJECTED:
        _drop(run, settled.by, settled.at)
    else:
        run.state = RunState.PREPARED
        run.save(update_fields=["state"])
        _trace(settled.by, "retention_returned", run, settled.at)


def _begin(run: RetentionRun, by: Actor, approval: str, at: datetime) -> None:
    starter = staff_by_id(by.id)
    run.job = jobs.start(kind=RUN, title=run.title, total=run.total, by=starter, at=at)
    run.state, run.approved_by = RunState.RUNNING, approval[:120]
    run.save(update_fields=["job", "state", "approved_by"])
    _trace(by, "retention_begun", run, at)
    queue_chunk(run)


def queue_chunk(run: RetentionRun) -> None:
    """The next chunk is queued with the one before it: neither is without the other."""
    app.configure_task("applications.dispose_chunk").defer(
        municipality_id=run.municipality_id, run_id=str(run.id)
    )


def _theirs(run_id: uuid.UUID, what: str, by: "Staff", at: datetime) -> RetentionRun:
    """A list that waits, of a procedure this person handles; another section's is NotFound."""
    require(by, Power.RUN_RETENTION, at=at)
    run = _locked(run_id, RunState.PREPARED, what)
    if run.procedure not in procedures_of(by, at=at):
        raise NotFound("廃棄の一覧")
    return run


def _locked(run_id: uuid.UUID, state: RunState, what: str) -> RetentionRun:
    run = RetentionRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None:
        raise NotFound("廃棄の一覧")
    if run.state != state:
        raise WrongRunState(RunState(run.state), what)
    return run


def _trace(by: Actor, verb: str, run: RetentionRun, at: datetime, **note: Any) -> None:
    known = {"cases": run.total, "sha256": run.list_sha256, "method": run.method}
    leave_trace(by, f"applications.{verb}", Subject(RUN, str(run.id)), at=at, note=known | note)
