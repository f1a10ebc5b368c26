"""Which classification a town uses. Part of actions.py and queries.py."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.records.classes import ClassTableFaults, RecordClass, default_classes, read_classes
from madoguchi.clerical.records.errors import ClassUnknown, TableRefused
from madoguchi.clerical.records.models import ClassTable
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import SYSTEM, Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

_READ: OrderedDict[str, dict[str, RecordClass]] = OrderedDict()
_MOST_KEPT = 32


def classes_in_force() -> Mapping[str, RecordClass]:
    """The town's own classes by code, or the shipped ones."""
    row = ClassTable.objects.order_by("-put_in_at", "-pk").first()
    if row is None:
        return default_classes()
    if row.sha256 not in _READ:
        _READ[row.sha256] = read_classes(row.text)
        if len(_READ) > _MOST_KEPT:
            _READ.popitem(last=False)
    return _READ[row.sha256]


def class_named(code: str) -> RecordClass:
    """The class with this code. Refused: ClassUnknown."""
    found = classes_in_force().get(code.strip())
    if found is None:
        raise ClassUnknown(code.strip())
    return found


@transaction.atomic
def put_in_classes(*, text: str, by: Staff | None, at: datetime) -> int:
    """Use another classification from now on; how many classes it has. Files already made keep what they were told.

    `by` is None where the installation itself enters it. Refused: NotAllowed, TableRefused with every mistake.
    """
    if by is not None and Power.MANAGE_ROUTES not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.MANAGE_ROUTES.label)
    try:
        read = read_classes(text)
    except ClassTableFaults as faults:
        raise TableRefused(str(faults), next_step="表を直して、もう一度入れてください。") from None
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    ClassTable.objects.create(text=text, sha256=sha256, put_in_by=by, put_in_at=at)
    leave_trace(
        actor_of(by) if by else SYSTEM,
        "records.classes_put_in",
        Subject("records.classes", sha256[:16]),
        at=at,
        note={"classes": len(read), "sha256": sha256},
    )
    return len(read)
