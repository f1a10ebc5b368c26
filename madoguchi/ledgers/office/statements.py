"""Prepared statements straight over libpq: what a cursor does around a short question costs more than the question.

Every page asks several, so this is where a request spends or saves its time. What a cursor gives besides (a log of
questions, wrappers, the first statement of a transaction) is left to Django's cursor: `told` then says None.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Rows = list[tuple[Any, ...]]
Key = tuple[str, tuple[int, ...]]
KEPT = 300
"""Statements a connection keeps; the one that was not asked for longest is forgotten."""
PLANNED_BEFORE = frozenset({"26000", "0A000"})
"""The server has forgotten the statement, or its columns have changed since it was planned."""
_kept: WeakKeyDictionary[psycopg.Connection[Any], "_Statements"] = WeakKeyDictionary()


def told(line: Any, sql: str, values: Sequence[Any]) -> Rows | None:
    """The rows of one prepared statement on a connection of Django; None where only a cursor can ask it."""
    if line.execute_wrappers or line.queries_logged:
        return None
    asked: psycopg.Connection[Any] = line.connection
    begun = asked.pgconn.transaction_status
    if begun == TransactionStatus.IDLE and not asked.autocommit:
        return None
    line.validate_no_broken_transaction()
    try:
        with asked.lock:
            return _of(asked).rows(
                Transformer(asked), sql, values, may_repeat=begun == TransactionStatus.IDLE
            )
    except psycopg.Error:
        with line.wrap_database_errors:
            raise


def _of(asked: psycopg.Connection[Any]) -> "_Statements":
    known = _kept.get(asked)
    if known is None:
        known = _kept[asked] = _Statements(asked.pgconn, asked.info.encoding)
    return known


class _Statements:
    """What one connection has prepared, by text and types."""

    def __init__(self, pgconn: PGconn, encoding: str) -> None:
        self.pgconn, self.encoding = pgconn, encoding
        self.names: OrderedDict[Key, bytes] = OrderedDict()
        self.made = 0

    def rows(self, shaped: Any, sql: str, values: Sequence[Any], *, may_repeat: bool) -> Rows:
        given = shaped.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types = shaped.types or ()
        name = self.names.get((sql, types)) or self.prepare(sql, types)
        self.names.move_to_end((sql, types))
        answer = self.pgconn.exec_prepared(name, given, shaped.formats)
        if answer.status == ExecStatus.TUPLES_OK:
            shaped.set_pgresult(answer)
            rows: Rows = shaped.load_rows(0, answer.ntuples, tuple)
            return rows
        if answer.status == ExecStatus.COMMAND_OK:
            return []
        error = self.error(answer)
        if error.sqlstate in PLANNED_BEFORE:
            self.names.clear()
            if may_repeat:
                return self.rows(shaped, sql, values, may_repeat=False)
        raise error

    def prepare(self, sql: str, types: tuple[int, ...]) -> bytes:
        self.made += 1
        name = f"madoguchi_{self.made}".encode()
        answer = self.pgconn.prepare(name, sql.encode(self.encoding), types)
        if answer.status != ExecStatus.COMMAND_OK:
            raise self.error(answer)
        self.names[sql, types] = name
        if len(self.names) > KEPT:
            self.pgconn.exec_(b"DEALLOCATE " + self.names.popitem(last=False)[1])
        return name

    def error(self, answer: PGresult) -> psycopg.Error:
        if self.pgconn.status == ConnStatus.BAD:
            return psycopg.OperationalError(self.pgconn.get_error_message(self.encoding))
        return psycopg.errors.error_from_result(answer, encoding=self.encoding)
