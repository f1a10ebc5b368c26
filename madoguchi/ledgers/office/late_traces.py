"""Traces of what was refused: written after the transaction in which it was refused has been undone."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.trace import Actor, Subject


@dataclass(frozen=True)
class LateTrace:
    by: Actor
    verb: str
    subject: Subject
    at: datetime
    note: dict[str, Any]


_waiting: ContextVar[tuple[LateTrace, ...]] = ContextVar("late_traces", default=())


def trace_late(by: Actor, verb: str, subject: Subject, *, at: datetime, note: dict[str, Any]) -> None:
    """Remember a trace for the end of the request: a refusal undoes everything written with it."""
    _waiting.set((*_waiting.get(), LateTrace(by, verb, subject, at, note)))


def write_late_traces() -> int:
    """Write what was remembered, in the order in which it happened; says how many."""
    waiting = _waiting.get()
    _waiting.set(())
    for each in waiting:
        leave_trace(each.by, each.verb, each.subject, at=each.at, note=each.note)
    return len(waiting)
