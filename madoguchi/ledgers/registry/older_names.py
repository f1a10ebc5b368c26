"""Residents from before the given name had keys of its own: entered by the worker after an update of the tables."""

from typing import Any

from django.db.models import QuerySet

from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.session import Sight, municipality_session
from madoguchi.ledgers.registry.import_staging import search_keys
from madoguchi.ledgers.registry.models import Resident

KEYS = ("given_key", "given_kana_key", "joined_kana_key")


def without_given_key(after: int = 0) -> QuerySet[Resident]:
    return Resident.objects.filter(given_key="", pk__gt=after).exclude(given_name="").order_by("pk")


def key_given_names(after: int = 0, limit: int = 1000) -> int:
    """Enter the keys of the next residents behind this one; the last of them, 0 when none is left."""
    rows = list(without_given_key(after)[:limit])
    for row in rows:
        keys = search_keys(row.family_name, row.given_name, row.family_kana, row.given_kana)
        _, _, row.given_key, row.given_kana_key, row.joined_kana_key = keys
    Resident.objects.bulk_update(rows, KEYS)
    return int(rows[-1].pk) if rows else 0


def queue_given_names(using: str = "default", **_: Any) -> None:
    """Queue the work for every municipality with residents who lack the keys."""
    from madoguchi.ledgers.registry.tasks import enter_given_names

    for town in municipalities() if using == "default" else ():
        with municipality_session(town.pk, Sight.ALL):
            lacking = without_given_key().exists()
        if lacking:
            enter_given_names.defer(municipality_id=town.pk)
