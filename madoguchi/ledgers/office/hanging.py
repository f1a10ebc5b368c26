"""What hangs on a record, in every room: by foreign key, or by the kind and key that its guard names.

The tables are found from the models themselves, so a new table cannot be forgotten; whoever disposes of records
says for each of them what becomes of it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from madoguchi.ledgers.office.guards import Both, BySubject, Guard, Through

Model = type[models.Model]


@dataclass(frozen=True)
class Link:
    """How rows of `table` name rows of `parent`: by one column, or by two that say kind and key."""

    table: str
    parent: str
    column: str
    kind_column: str = ""
    kind: str = ""
    as_text: bool = False


def links_from(root: str, stays: Collection[str]) -> list[Link]:
    """Every way from a table downwards, e.g. links_from("applications.application", …).

    Tables that stay are named and not followed.
    """
    found: list[Link] = []
    waiting, seen = [root], {root}
    while waiting:
        for link in _links_to(waiting.pop()):
            found.append(link)
            if link.table not in seen:
                seen.add(link.table)
                if link.table not in stays:
                    waiting.append(link.table)
    return found


@cache
def _links_to(parent: str) -> tuple[Link, ...]:
    model = apps.get_model(parent)
    marks = getattr(getattr(model, "guarded_by", None), "marks", "") or ""
    return tuple(
        link
        for each in _models()
        for link in (*_by_key(each, model, parent), *_by_guard(each, parent, marks))
    )


def _models() -> list[Model]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _by_key(model: Model, parent: Model, name: str) -> Iterator[Link]:
    for field in model._meta.local_fields:
        if field.is_relation and field.related_model is parent and model is not parent:
            yield Link(model._meta.label_lower, name, str(field.column))


def _by_guard(model: Model, parent: str, marks: str) -> Iterator[Link]:
    if not marks:
        return
    keys = {str(field.column) for field in model._meta.local_fields if field.is_relation}
    for guard in _parts(getattr(model, "guarded_by", None)):
        if isinstance(guard, BySubject):
            yield Link(model._meta.label_lower, parent, guard.key, guard.kind, marks, as_text=True)
        elif isinstance(guard, Through) and guard.kind == marks and guard.column not in keys:
            yield Link(model._meta.label_lower, parent, guard.column, as_text=guard.key_type == "text")


def _parts(guard: Guard | None) -> tuple[Any, ...]:
    return (guard.first, guard.second) if isinstance(guard, Both) else (guard,)


def rows_below(root: str, keys: Collection[Any], stays: Collection[str]) -> dict[str, set[Any]]:
    """The keys of every row that hangs on these records, by table; the records themselves are not among them."""
    links = links_from(root, stays)
    found: dict[str, set[Any]] = {}
    fresh: dict[str, set[Any]] = {root: set(keys)}
    while fresh:
        new: dict[str, set[Any]] = {}
        for link in links:
            if link.table in stays or not fresh.get(link.parent):
                continue
            known = found.setdefault(link.table, set())
            more = set(_rows(link, fresh[link.parent])) - known
            known |= more
            new.setdefault(link.table, set()).update(more)
        fresh = {table: rows for table, rows in new.items() if rows}
    return {table: rows for table, rows in found.items() if rows}


def _rows(link: Link, keys: Collection[Any]) -> list[Any]:
    model = apps.get_model(link.table)
    attribute = _attribute(model, link.column)
    wanted: dict[str, Any] = {f"{attribute}__in": [str(key) for key in keys] if link.as_text else list(keys)}
    if link.kind_column:
        wanted[link.kind_column] = link.kind
    return list(model._base_manager.filter(**wanted).values_list("pk", flat=True))


def _attribute(model: Model, column: str) -> str:
    return next(field.attname for field in model._meta.local_fields if field.column == column)


def delete_rows(rows: Mapping[str, Collection[Any]]) -> int:
    """Delete rows of many tables, whoever points at others first; says how many rows went."""
    count = 0
    for table in _order(rows.keys()):
        model = apps.get_model(table)
        count += len(rows[table])
        manager = model._base_manager.filter(pk__in=list(rows[table]))
        manager._raw_delete(manager.db)  # type: ignore[attr-defined]
    return count


def _order(tables: Collection[str]) -> list[str]:
    """Tables that point at another of these come before it."""
    points = {table: _points_at(table) & set(tables) - {table} for table in tables}
    ordered: list[str] = []
    while points:
        free = sorted(table for table in points if not any(table in others for others in points.values()))
        if not free:
            raise ValueError(f"tables point at each other in a circle: {sorted(points)}")
        ordered += free
        for table in free:
            del points[table]
    return ordered


def _points_at(table: str) -> set[str]:
    fields = apps.get_model(table)._meta.local_fields
    owners = [field.related_model for field in fields if field.is_relation]
    return {
        owner._meta.label_lower
        for owner in owners
        if isinstance(owner, type) and issubclass(owner, models.Model)
    }


def clear_columns(table: str, keys: Collection[Any], values: Mapping[str, Any]) -> None:
    """Overwrite columns of these rows. Raises FieldDoesNotExist for a column that is not there."""
    model = apps.get_model(table)
    for name in values:
        model._meta.get_field(name)
    if values:
        model._base_manager.filter(pk__in=list(keys)).update(**values)
