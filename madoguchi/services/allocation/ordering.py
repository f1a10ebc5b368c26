"""Letters of a whole round at one press of a button."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.services.allocation.computing import require_power, round_for_update
from madoguchi.services.allocation.letters import chunks, open_letters
from madoguchi.services.allocation.tasks import prepare_letters_chunk

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def order_letters(round_id: int, *, by: Staff, at: datetime) -> UUID:
    """Open the release of a settled round and queue its letters in chunks. A second press is the same release.

    The id returned is that of the release and also of the job whose progress a page can show.
    Refused: NotAllowed, WrongState, LetterMissing when the package has no letter for an outcome.
    """
    require_power(by, at, Power.RELEASE_LETTERS)
    found = round_for_update(round_id)
    release_id, total = open_letters(found, by, at)
    jobs.start(kind="allocation.letters", title="通知の作成", total=total, by=by, at=at, job_id=release_id)
    for ids in chunks(found):
        prepare_letters_chunk.defer(
            municipality_id=current_municipality_id() or 0,
            release_id=str(release_id),
            round_id=found.pk,
            ids=ids,
        )
    return release_id
