"""再開. Go on with an unsent application on another device: by its code, and by the same proof as before."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.services.applications.errors import ResumeRefused, ResumeTooOften
from madoguchi.services.applications.models import ResumeTry, UnsentApplication
from madoguchi.services.applications.resume_codes import (
    TRIES_AN_HOUR,
    code_for,
    read_code,
    spoken_code,
    stored_form,
)
from madoguchi.services.applications.unsent import actor_for, still_unsent, subject_of_unsent

if TYPE_CHECKING:
    from madoguchi.ledgers.registry.views import VisitorView


def _secret() -> bytes:
    return f"applications.resume:{settings.SECRET_KEY}".encode()


@transaction.atomic
def resume_code(*, unsent_id: uuid.UUID, owner: "VisitorView", at: datetime, anew: bool = False) -> str:
    """The code of an unsent application for its owner; `anew` makes another and the former one opens nothing.

    NotFound for anybody else, NoLongerUnsent when it was sent or has expired.
    """
    unsent = still_unsent(unsent_id, owner, at)
    if anew:
        unsent.resume_turn += 1
    code = code_for(_secret(), str(unsent.id), unsent.resume_turn)
    kept = stored_form(_secret(), code)
    if unsent.resume_sha256 != kept:
        unsent.resume_sha256 = kept
        unsent.save(update_fields=["resume_turn", "resume_sha256"])
        verb = "applications.resume_code_renewed" if anew else "applications.resume_code_made"
        leave_trace(actor_for(owner), verb, subject_of_unsent(unsent.id), at=at)
    return spoken_code(code)


def resume(*, code: str, visitor: "VisitorView", at: datetime) -> uuid.UUID:
    """The unsent application of this code, for the person who began it.

    ResumeRefused is one and the same for a wrong, foreign, expired or sent one; ResumeTooOften after ten
    wrong codes within an hour. A wrong code is counted in a transaction of its own, which the refusal cannot undo.
    """
    found = _found(code, visitor, at)
    if found is None:
        raise ResumeRefused
    return found


@transaction.atomic
def _found(code: str, visitor: "VisitorView", at: datetime) -> uuid.UUID | None:
    tries = ResumeTry.objects.filter(visitor_id=visitor.id, tried_at__gt=at - timedelta(hours=1))
    if tries.count() >= TRIES_AN_HOUR:
        raise ResumeTooOften
    read = read_code(code)
    # The look-up is made for an unreadable code too: how long the answer takes says nothing.
    kept = stored_form(_secret(), read or code[:40])
    unsent = UnsentApplication.objects.filter(
        resume_sha256=kept,
        visitor_id=visitor.id,
        application__isnull=True,
        expires_on__gte=timezone.localdate(at),
    ).first()
    if unsent is None:
        ResumeTry.objects.create(visitor_id=visitor.id, tried_at=at)
        return None
    leave_trace(actor_for(visitor), "applications.resumed", subject_of_unsent(unsent.id), at=at)
    return unsent.id
