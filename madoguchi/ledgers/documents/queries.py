"""Which files belong to a record; the bytes come only through access.py."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from madoguchi.ledgers.documents.models import Document
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.prepared import prepared, slot
from madoguchi.ledgers.office.trace import Subject

_COLUMNS = (
    "id",
    "name",
    "content__media_type",
    "content__size",
    "content__sha256",
    "content__scan",
    "content__cautions",
)


def _files() -> Any:
    rows = Document.objects.filter(owner_kind=slot("kind", "text"), owner_id=slot("id", "text"))
    return rows.order_by("added_at", "id").values(*_COLUMNS)


_ask_files = prepared(_files)


def documents_of(owner: Subject) -> list[DocumentView]:
    """The files of a record in the order they were handed in."""
    return [_view(*row.values()) for row in _ask_files(kind=owner.kind, id=owner.id)]


def documents_of_many(owners: Iterable[Subject]) -> dict[Subject, list[DocumentView]]:
    """The files of many records of one kind with one question to the database."""
    wanted = {owner: list[DocumentView]() for owner in owners}
    rows = Document.objects.filter(
        owner_kind__in={owner.kind for owner in wanted}, owner_id__in={owner.id for owner in wanted}
    ).order_by("added_at", "id")
    for kind, number, *row in rows.values_list("owner_kind", "owner_id", *_COLUMNS):
        if (owner := Subject(kind, number)) in wanted:
            wanted[owner].append(_view(*row))
    return wanted


def documents_left(kind: str, *, before: datetime) -> list[UUID]:
    """Files that were handed in before a moment and still lie with records of this kind."""
    return list(Document.objects.filter(owner_kind=kind, added_at__lt=before).values_list("pk", flat=True))


def _view(*row: Any) -> DocumentView:
    """The cautions come as a JSON list, and a view holds nothing that can be changed."""
    return replace(DocumentView(*row), cautions=tuple(row[-1]))
