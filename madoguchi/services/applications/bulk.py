"""一括処理. One act on many applications, ordered once: the set is fixed, then worked off in chunks that may be killed.

Each application of a bulk is a row with its own end: done, or not and why. A chunk is one transaction, so a bulk that is
taken up again goes on where it was; a case that waits in one bulk is left out of the next.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.services.applications.bulk_verbs import WORK, Outcome
from madoguchi.services.applications.errors import BulkEmpty, BulkTooLarge, NotUndone
from madoguchi.services.applications.ledger import order_of
from madoguchi.services.applications.ledger_filters import Filters, chosen_rows
from madoguchi.services.applications.models import Application, Bulk, BulkItem
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.queues import begin_work
from madoguchi.services.applications.states import BulkVerb, ItemState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

Chosen = Sequence[str] | Filters
CHUNK = 100
MOST = 50_000
"""Cases of one bulk; more are two bulks."""
MOST_PRINTED = 500
UNDO_MINUTES = 30
UNDOABLE = (BulkVerb.ASSIGN, BulkVerb.CORRECT, BulkVerb.ACCEPT)
TAKEN = "ほかの一括処理が先に扱っています。"

ENTER = """
INSERT INTO applications_bulkitem (bulk_id, application_id, position, state, reason, holds, before)
SELECT %s, chosen.id, chosen.position, CASE WHEN taken THEN 'failed' ELSE 'waiting' END,
  CASE WHEN taken THEN %s ELSE '' END, %s, '{{}}'
FROM (SELECT id, row_number() OVER () AS position, %s AND EXISTS (
    SELECT 1 FROM applications_bulkitem AS other
    WHERE other.application_id = listed.id AND other.state = 'waiting' AND other.holds) AS taken
  FROM ({rows}) AS listed (id)) AS chosen
"""


def begin_bulk(
    *,
    verb: BulkVerb,
    told: dict[str, Any],
    chosen: Chosen,
    by: "Staff",
    at: datetime,
    job_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Order one act on many; the work goes on when the page is closed. The same `job_id` again orders nothing.

    `told` is what the act needs: ASSIGN {"to": login}, CORRECT {"fields", "message", "due_on"}, PRINT {"purpose"}.
    Raises BulkEmpty, BulkTooLarge.
    """
    require(by, Power.SEE_CASES if verb == BulkVerb.PRINT else Power.REVIEW_CASES, at=at)
    key = job_id or uuid.uuid4()
    for _ in range(2):
        try:
            return _ordered(key, BulkVerb(verb), told, chosen, by, at)
        except IntegrityError as error:
            # Somebody ordered a bulk with the same cases at this moment; its rows can be seen now.
            clash = error
    raise clash


@transaction.atomic
def _ordered(
    key: uuid.UUID, verb: BulkVerb, told: dict[str, Any], chosen: Chosen, by: "Staff", at: datetime
) -> uuid.UUID:
    if Bulk.objects.filter(pk=key).exists():
        return key
    most = MOST_PRINTED if verb == BulkVerb.PRINT else MOST
    bulk = Bulk.objects.create(id=key, verb=verb, told=told, asked_by=by, asked_at=at)
    count, taken = _enter(bulk, chosen, most, seen_by(by, at))
    if count == 0:
        raise BulkEmpty
    if count > most:
        raise BulkTooLarge(most)
    jobs.start(
        kind=f"applications.{verb}",
        title=f"{verb.label}（{count:,}件）",
        total=count,
        by=by,
        at=at,
        job_id=key,
    )
    if taken:
        jobs.advance(key, done=len(taken), failures=[f"{number}: {TAKEN}" for number in taken])
    begin_work(current_municipality_id() or 0, key)
    return key


def _enter(bulk: Bulk, chosen: Chosen, most: int, seen: QuerySet[Application]) -> tuple[int, list[str]]:
    """Fix the set: how many there are, and the numbers of those another bulk has."""
    holds = bulk.verb != BulkVerb.PRINT
    try:
        rows, values = rows_of(chosen, seen)[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return 0, []
    with connection.cursor() as cursor:
        cursor.execute(ENTER.format(rows=rows), [bulk.pk, TAKEN, holds, holds, *values])
        count = int(cursor.rowcount)
    failed = BulkItem.objects.filter(bulk=bulk, state=ItemState.FAILED)
    return count, list(failed.values_list("application__number", flat=True)[: jobs.FAILURES_KEPT])


def rows_of(chosen: Chosen, seen: QuerySet[Application]) -> Any:
    """The keys of the chosen applications, in the order in which they are worked off; numbers among those seen.

    Filters carry the sections of their reader themselves.
    """
    if not isinstance(chosen, Filters):
        return seen.filter(number__in=list(chosen)).order_by("number").values_list("pk", flat=True)
    key, down = order_of(chosen.sort)
    rows = chosen_rows(chosen).order_by(f"{'-' if down else ''}{key}", f"{'-' if down else ''}pk")
    return rows.values_list("pk", flat=True)


@transaction.atomic
def work_chunk(*, bulk_id: uuid.UUID, by: "Staff") -> bool:
    """Do the next cases of a bulk; False when none is left."""
    bulk = Bulk.objects.select_related("undo_of").get(pk=bulk_id)
    waiting = BulkItem.objects.filter(bulk=bulk, state=ItemState.WAITING).order_by("position")
    items = list(waiting.select_for_update(of=("self",), skip_locked=True)[:CHUNK])
    if not items:
        return False
    rows = Application.objects.select_for_update().filter(pk__in=[each.application_id for each in items])
    cases = {each.pk: each for each in rows.defer("raw", "score_sheet").order_by("pk")}
    outcomes = WORK[BulkVerb(bulk.verb)](bulk, cases, by)
    for item in items:
        end = outcomes.get(item.application_id, Outcome("その申請は見つかりません。"))
        item.state = ItemState.FAILED if end.reason else ItemState.DONE
        item.reason, item.before = end.reason[:300], end.before
    BulkItem.objects.bulk_update(items, ["state", "reason", "before"])
    failures = [f"{_number(cases, each)}: {each.reason}" for each in items if each.reason]
    jobs.advance(bulk_id, done=len(items), failures=failures)
    return True


def _number(cases: dict[int, Application], item: BulkItem) -> str:
    case = cases.get(item.application_id)
    return case.number if case else "—"


@transaction.atomic
def leave_the_rest(*, bulk_id: uuid.UUID) -> None:
    """A stopped bulk: what was not reached stays as it is, and other bulks may have it."""
    waiting = BulkItem.objects.filter(bulk=bulk_id, state=ItemState.WAITING)
    waiting.update(state=ItemState.FAILED, reason="止めたので、手を付けていません。")


def accept_many(
    *, numbers: Sequence[str], by: "Staff", at: datetime, job_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Begin to accept many. The same `job_id` again begins nothing."""
    return begin_bulk(verb=BulkVerb.ACCEPT, told={}, chosen=numbers, by=by, at=at, job_id=job_id)


@transaction.atomic
def undo_bulk(*, bulk_id: uuid.UUID, by: "Staff", at: datetime) -> uuid.UUID:
    """Take a bulk back, case by case, where nothing happened since. Raises NotUndone with the reason."""
    require(by, Power.REVIEW_CASES, at=at)
    bulk = Bulk.objects.select_for_update().filter(pk=bulk_id).first()
    reason = why_not_undone(bulk, by, at) if bulk else "その処理は見つかりません。"
    if bulk is None or reason:
        raise NotUndone(reason)
    key = uuid.uuid4()
    undo = Bulk.objects.create(id=key, verb=BulkVerb.UNDO, told={}, asked_by=by, asked_at=at, undo_of=bulk)
    done = list(bulk.items.filter(state=ItemState.DONE).order_by("position"))
    BulkItem.objects.bulk_create(
        (
            BulkItem(
                bulk=undo, application_id=each.application_id, position=each.position, before=each.before
            )
            for each in done
        ),
        batch_size=2000,
    )
    title = f"「{BulkVerb(bulk.verb).label}」を元に戻す（{len(done):,}件）"
    jobs.start(kind="applications.undo", title=title, total=len(done), by=by, at=at, job_id=key)
    begin_work(current_municipality_id() or 0, key)
    return key


def why_not_undone(bulk: Bulk, by: "Staff", at: datetime) -> str:
    """The sentence why a whole bulk cannot be taken back by this person now; empty when it can."""
    if bulk.verb not in UNDOABLE:
        return "印刷と、元に戻した処理は、元に戻せません。"
    if bulk.asked_by_id != by.pk:
        return "元に戻せるのは、処理をした本人だけです。"
    if at > bulk.asked_at + timedelta(minutes=UNDO_MINUTES):
        return f"元に戻せるのは{UNDO_MINUTES}分以内です。1件ずつ直してください。"
    if Bulk.objects.filter(undo_of=bulk).exists():
        return "もう元に戻しています。"
    if bulk.items.filter(state=ItemState.WAITING).exists():
        return "まだ処理の途中です。止めるか、終わるのを待ってください。"
    return "" if bulk.items.filter(state=ItemState.DONE).exists() else "済んだ申請がありません。"
