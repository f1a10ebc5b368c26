"""Letters of a settled batch at one press of a button."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.notices.actions import open_release
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id, full_sight
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.case_reads import case_reads
from madoguchi.services.subsidies.errors import WrongState
from madoguchi.services.subsidies.granting import require_power, subject_of
from madoguchi.services.subsidies.letters import letter_of
from madoguchi.services.subsidies.models import Batch, BatchItem
from madoguchi.services.subsidies.states import BatchKind, BatchState
from madoguchi.services.subsidies.tasks import prepare_letters_chunk

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

CHUNK = 100


@transaction.atomic
def order_letters(batch_id: int, *, by: Staff, at: datetime) -> UUID:
    """Open the release of a settled batch and queue its letters in chunks. A second press is the same release.

    Refused: NotAllowed, WrongState, LetterMissing when the package has no letter for an outcome.
    """
    require_power(by, Power.RELEASE_LETTERS, at)
    with full_sight():
        release_id, ids = _open(batch_id, by, at)
    jobs.start(kind="subsidies.letters", title="通知の作成", total=len(ids), by=by, at=at, job_id=release_id)
    for first in range(0, len(ids), CHUNK):
        prepare_letters_chunk.defer(
            municipality_id=current_municipality_id() or 0,
            release_id=str(release_id),
            batch_id=batch_id,
            ids=ids[first : first + CHUNK],
        )
    return release_id


def _open(batch_id: int, by: Staff, at: datetime) -> tuple[UUID, list[int]]:
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state != BatchState.SETTLED or batch.kind != BatchKind.GRANT:
        raise WrongState(str(BatchState(batch.state).label), "通知を作る")
    rows = BatchItem.objects.filter(batch=batch).order_by("application_id")
    ids = list(rows.values_list("application_id", flat=True))
    package = package_of(case_reads(ids[:1])[0].version_id).package
    for outcome in rows.values_list("outcome", flat=True).distinct().order_by():
        letter_of(package, outcome)
    release_id = open_release(
        title=f"{package.names.ja}の決定（{len(ids)}件）"[:120],
        section_id=batch.section_id,
        subject=subject_of(batch),
        expected=len(ids),
        by=by,
        at=at,
        dated_on=localdate(batch.settled_at),
    )
    return release_id, ids
