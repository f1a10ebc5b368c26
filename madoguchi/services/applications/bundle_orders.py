"""A large bundle at one press of a button: begun here, made by a worker."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.services.applications.bundles import KIND, Answers, PurposeMissing
from madoguchi.services.applications.moving import found
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.tasks import print_bundle_task

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def order_bundle(
    *, number: str, title: str, answers: Answers, purpose: str, by: "Staff", at: datetime
) -> uuid.UUID:
    """Begin to make a large bundle; the job says when it can be opened."""
    held = require(by, Power.SEE_CASES, at=at)
    found(seen_by(by, at, held=held).only("pk"), number)
    if not spoken(purpose, 200):
        raise PurposeMissing("印刷の目的が書かれていません。", next_step="目的を選ぶか書いてください。")
    job = jobs.start(kind=KIND, title=f"{number} の書類をまとめる", total=1, by=by, at=at)
    print_bundle_task.defer(
        municipality_id=current_municipality_id() or 0,
        job_id=str(job),
        login=by.login,
        ordered={"number": number, "title": title, "answers": answers, "purpose": purpose},
        at=at.isoformat(),
    )
    return job
