"""Many rows of one table in one prepared statement: planned once a connection, however many rows come."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from madoguchi.ledgers.office.prepared import do


def enter_rows(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, each with the same columns by name; a column left out gets the default of its field.

    For tables whose new keys nobody needs to know. Inside the transaction of what the rows belong to.
    """
    told = list(rows)
    if told:
        do(_insert(model, tuple(told[0])), [json.dumps(told, cls=DjangoJSONEncoder)])


@cache
def _insert(model: type[Model], given: tuple[str, ...]) -> str:
    kept, read = [], []
    for field in model._meta.concrete_fields:
        if field.column in given:
            kept.append(f'"{field.column}"')
            read.append(f'"{field.column}"')
        elif not field.primary_key and not field.has_db_default():
            kept.append(f'"{field.column}"')
            read.append(_literal(field.get_default()))
    table = model._meta.db_table
    return (
        f'INSERT INTO "{table}" ({", ".join(kept)}) SELECT {", ".join(read)}'
        f' FROM jsonb_populate_recordset(NULL::"{table}", $1::jsonb)'
    )


def _literal(default: object) -> str:
    """Defaults stand in the statement; only what our models have is known here."""
    if default is None:
        return "NULL"
    if default == "":
        return "''"
    raise TypeError(f"a row needs its own value instead of the default {default!r}")
