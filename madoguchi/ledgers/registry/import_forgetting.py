"""Imports that failed, were overtaken or that nobody went on with: their lines are not kept for ever. Part of actions.py."""

from datetime import datetime, timedelta

from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.registry.importing import discard_import
from madoguchi.ledgers.registry.models import ResidentImport
from madoguchi.ledgers.registry.states import ImportState

KEPT_FOR = timedelta(days=30)
UNFINISHED = [ImportState.WAITING, ImportState.READ, ImportState.OVERTAKEN, ImportState.FAILED]


@full_sight()
def forget_unfinished_imports(*, at: datetime) -> int:
    """Throw away, with everything that was read, what has stood unfinished for thirty days; says how many."""
    old = ResidentImport.objects.filter(state__in=UNFINISHED, started_at__lt=at - KEPT_FOR)
    keys = list(old.order_by("started_at").values_list("pk", flat=True))
    for key in keys:
        discard_import(import_id=key, by=None, at=at)
    return len(keys)
