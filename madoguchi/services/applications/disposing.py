"""廃棄・匿名化: a decided list is worked off chunk by chunk, each chunk whole or not at all. Part of actions.py."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from madoguchi.ledgers.documents.actions import forget_files
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import leave_trace, leave_traces
from madoguchi.ledgers.office.hanging import clear_columns, delete_rows, rows_below
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.procedures.retention import Kind, Method, RetentionRule
from madoguchi.services.applications.models import (
    Application,
    CoreExport,
    DisposalRecord,
    RetentionItem,
    RetentionRun,
)
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.retention import facts_of, rule_of
from madoguchi.services.applications.retention_rules import CaseFacts, first_day, reasons_to_keep
from madoguchi.services.applications.retention_running import RUN, queue_chunk
from madoguchi.services.applications.retention_treatment import (
    CLEARED,
    OF_THE_CASE,
    OUTCOME_KEPT,
    STAYS,
)
from madoguchi.services.applications.states import DisposalState, RunState

CASE = "applications.application"
FILES = "documents.document"
CHUNK = 100


@full_sight()
@transaction.atomic
def dispose_chunk(*, run_id: uuid.UUID, at: datetime) -> int:
    """Dispose of the next cases of a decided list; says how many rows of the list were settled.

    Run again after a crash it goes on where the last whole chunk ended. A case that may no longer be disposed
    of is left out with its reason.
    """
    run = RetentionRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None or run.state != RunState.RUNNING or (run.job and jobs.is_stopped(run.job)):
        return 0
    items = list(run.items.filter(state=DisposalState.WAITING).order_by("pk")[:CHUNK])
    list(
        Application.objects.select_for_update().filter(pk__in=[item.case_key for item in items]).values("pk")
    )
    rule = rule_of(run.procedure, Kind(run.kind))
    known = facts_of([item.case_key for item in items])
    for item in items:
        item.reason = _why_not(known.get(item.case_key), rule, run, at)
        item.state = DisposalState.LEFT_OUT if item.reason else DisposalState.DONE
    done = [item for item in items if item.state == DisposalState.DONE]
    if done:
        _enter_in_the_book(run, done, known, at)
        _dispose([item.case_key for item in done], Method(run.method), at)
    RetentionItem.objects.bulk_update(items, ["state", "reason"])
    _account_for(run, items, at)
    return len(items)


def _why_not(case: CaseFacts | None, rule: RetentionRule | None, run: RetentionRun, at: datetime) -> str:
    """What has come between since the list was made; empty when nothing has."""
    on = timezone.localdate(at)
    if case is None:
        return "もうありません。"
    if rule is None or rule.method != run.method:
        return "保存期間の定めが変わりました。"
    day = first_day(rule, case.closed_on, case.changed_on)
    if day is None or day > on:
        return "保存期間が終わっていません。"
    return "".join(reasons_to_keep(case, on))[:300]


def _enter_in_the_book(
    run: RetentionRun, items: Sequence[RetentionItem], known: dict[int, CaseFacts], at: datetime
) -> None:
    DisposalRecord.objects.bulk_create(
        DisposalRecord(
            run=run,
            case_key=item.case_key,
            number=item.number,
            procedure=run.procedure,
            kind=run.kind,
            class_code=run.class_code,
            method=run.method,
            closed_on=known[item.case_key].closed_on,
            disposed_at=at,
            approval=run.approved_by,
        )
        for item in items
    )
    verb = "applications.deleted" if run.method == Method.DELETE else "applications.anonymised"
    note = {"run": str(run.id), "approval": run.approved_by}
    subjects = [(Subject(KIND, str(item.case_key)), note) for item in items]
    leave_traces(SYSTEM, verb, subjects, at=at, purpose="保存期間の満了")


def _dispose(keys: list[int], method: Method, at: datetime) -> None:
    _empty_core_files(keys)
    below = rows_below(CASE, keys, STAYS.keys())
    kept = {table: CLEARED[table] for table in below if method == Method.ANONYMISE and table in CLEARED}
    gone = {table: rows for table, rows in below.items() if table not in kept}
    files = gone.pop(FILES, set())
    for table, values in kept.items():
        clear_columns(table, below[table], values)
    # Letters point at their files, and files are found by their letters: the letters go first.
    if method == Method.DELETE:
        gone[CASE] = set(keys)
    delete_rows(gone)
    forget_files(document_ids=files)
    if method == Method.ANONYMISE:
        _anonymise(keys, at)


def _empty_core_files(keys: list[int]) -> None:
    """What was handed to a core system holds many cases: none of its words outlives the first of them. That it was
    handed over, how long it was and its fingerprint stay."""
    CoreExport.objects.filter(rows__application_id__in=keys).update(body=b"")


def _anonymise(keys: list[int], at: datetime) -> None:
    clear_columns(CASE, keys, {**OF_THE_CASE, "anonymised_at": at, "edition": F("edition") + 1})
    cases = list(Application.objects.filter(pk__in=keys).only("pk", "outcome_facts"))
    for case in cases:
        case.outcome_facts = {
            key: case.outcome_facts[key] for key in OUTCOME_KEPT if key in case.outcome_facts
        }
    Application.objects.bulk_update(cases, ["outcome_facts"])


def _account_for(run: RetentionRun, items: Sequence[RetentionItem], at: datetime) -> None:
    if run.job and items:
        failures = [f"{item.number}: {item.reason}" for item in items if item.reason]
        jobs.advance(run.job, done=len(items), failures=failures)
    if run.items.filter(state=DisposalState.WAITING).exists():
        queue_chunk(run)
        return
    done = run.items.filter(state=DisposalState.DONE).count()
    run.state, run.finished_at = RunState.DONE, at
    run.save(update_fields=["state", "finished_at"])
    left = run.total - done
    if run.job:
        jobs.finish(run.job, at=at, result={"done": done, "left_out": left})
    note = {"done": done, "left_out": left, "method": run.method}
    leave_trace(SYSTEM, "applications.retention_done", Subject(RUN, str(run.id)), at=at, note=note)
