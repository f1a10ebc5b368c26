"""Questions that every page asks: compiled once a process, planned once a connection, asked with new values.

A queryset says what is asked; Django compiles it at the first asking only, and PostgreSQL keeps the plan under the
prepared statement. Row-level security stands in the plan and reads the session anew each time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from types import SimpleNamespace
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL
from psycopg import RawCursor

Rows = list[dict[str, Any]]
Converters = tuple[tuple[int, Sequence[Any], Any], ...]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Slot:
    """Where a value of each asking goes."""

    name: str


def slot(name: str, kind: str) -> RawSQL:
    """A value given at each asking, of a type of PostgreSQL, e.g. slot("number", "text")."""
    return RawSQL(f"%s::{kind}", [Slot(name)])  # noqa: S611 - types are our own words


def one_of(column: str, name: str, kind: str = "bigint") -> RawSQL:
    """Whether a column, by its full name, is among the values of a slot; None lets every row pass."""
    told = Slot(name)
    return RawSQL(  # noqa: S611 - columns and types are our own words
        f"%s::{kind}[] IS NULL OR {column} = ANY(%s::{kind}[])", [told, told], output_field=BooleanField()
    )


def among(column: str, name: str, kind: str = "bigint") -> RawSQL:
    """Whether a column, by its full name, is among the values of a slot; its index is used."""
    return RawSQL(f"{column} = ANY(%s::{kind}[])", [Slot(name)], output_field=BooleanField())  # noqa: S611 - our own words


def prepared(make: Callable[[], QuerySet[Any, Any]]) -> Callable[..., Rows]:
    """`make` gives a queryset of `values` with slots in it; what comes back asks it with the values of the slots."""
    compiled = cache(lambda: _compile(make()))

    def ask(**given: Any) -> Rows:
        question = compiled()
        return [dict(zip(question.names, row, strict=True)) for row in question.rows(given)]

    return ask


def prepared_objects(
    make: Callable[[], QuerySet[Row, Row]], *, only: Sequence[str] = ()
) -> Callable[..., list[Row]]:
    """The same for rows of one model; what they point at, and columns left out by `only`, come when looked at."""

    @cache
    def question() -> tuple[type[Row], tuple[str, ...], _Question]:
        rows = make()
        names = tuple(only) or tuple(field.attname for field in rows.model._meta.concrete_fields)
        return rows.model, names, _compile(rows.values(*names))

    def ask(**given: Any) -> list[Row]:
        model, names, found = question()
        return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in found.rows(given)]

    return ask


def run(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of one prepared statement; values stand in it as $1, $2 …"""
    here: Any = connections[DEFAULT_DB_ALIAS]
    here.close_if_health_check_failed()
    here.ensure_connection()
    # Django's own cursor puts the values into the text, so that no two questions are ever the same; making one only to
    # lay it aside would cost as much as the question.
    with here._prepare_cursor(_Preparing(here.connection)) as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        return rows


def run_first(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The first question of a request, which may be asked twice: it also shows whether the kept connection lives.

    Django would ask for that apart, once a request.
    """
    here: Any = connections[DEFAULT_DB_ALIAS]
    kept = here.connection is not None and not here.health_check_done and not here.in_atomic_block
    here.health_check_done = True
    try:
        return run(sql, values)
    except (OperationalError, InterfaceError):
        if not kept:
            raise
        here.close()
        return run(sql, values)


def do(sql: str, values: Sequence[Any]) -> None:
    """One prepared statement that tells no rows."""
    run(sql, values)


class _Preparing(RawCursor[Any]):
    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        done = super().execute(query, params, prepare=True)
        # Where Django looks for what it writes into its log of questions.
        self._query = SimpleNamespace(query=query.encode())  # type: ignore[assignment]
        return done


@dataclass(frozen=True)
class _Question:
    sql: str
    slots: tuple[str, ...]
    names: tuple[str, ...]
    converters: Converters

    def rows(self, given: Mapping[str, Any]) -> list[list[Any]]:
        """The rows for these values, each in the order of `names`."""
        found = run(self.sql, [given[name] for name in self.slots])
        return [_converted(row, self.converters) for row in found]


@dataclass
class Written:
    """A question with its values, put into SQL once. Without SQL nothing can be found.

    For questions whose best plan hangs on their values: what is asked a second time is prepared with its values in
    it, so that the plan is theirs alone.
    """

    sql: str
    values: tuple[Any, ...]
    converters: Converters = ()
    asked: int = 0

    def rows(self) -> list[list[Any]]:
        """The rows now."""
        if not self.sql:
            return []
        self.asked += 1
        found = run(self._text, ()) if self.asked > 1 else self._planned_anew()
        return [_converted(row, self.converters) for row in found]

    def _planned_anew(self) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    @cached_property
    def _text(self) -> str:
        text: str = connection.ops.compose_sql(self.sql, self.values)  # type: ignore[attr-defined]
        return text


def written(asked: QuerySet[Any, Any]) -> Written:
    """A queryset of `values` or `values_list` as it would be asked."""
    compiler = asked.query.get_compiler(connection=connection)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return Written("", ())
    return Written(sql, tuple(values), _converters(compiler))


def _converted(row: Sequence[Any], converters: Converters) -> list[Any]:
    values = list(row)
    for place, steps, expression in converters:
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return values


def _converters(compiler: Any) -> Converters:
    selected = [expression for expression, _, _ in compiler.select]
    return tuple(
        (place, steps, expression) for place, (steps, expression) in compiler.get_converters(selected).items()
    )


def _compile(asked: QuerySet[Any, Any]) -> _Question:
    compiler = asked.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    pieces = sql.replace("%%", "%").split("%s")
    slots: list[str] = []
    told = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        if isinstance(value, Slot):
            slots.append(value.name)
        told += [f"${len(slots)}" if isinstance(value, Slot) else _literal(value), piece]
    return _Question("".join(told), tuple(slots), tuple(asked.query.selected or ()), _converters(compiler))


def _literal(value: Any) -> str:
    told: str = connection.ops.compose_sql("%s", [value])  # type: ignore[attr-defined]
    return told
