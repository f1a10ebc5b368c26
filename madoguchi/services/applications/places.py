"""A place in an order of the ledger, as it stands in an address: the value of the last row and its id; no queries."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

MOMENTS = ("changed_at", "received_at")
DAYS = ("due_on",)
NUMBERS = ("score_order", "grade_order", "checks_to_look_at")


@dataclass(frozen=True)
class Place:
    value: Any
    id: int


def place_of(value: Any, row_id: int) -> str:
    """`2026-11-18T10:00:00+09:00~12`."""
    return f"{value.isoformat() if hasattr(value, 'isoformat') else value}~{row_id}"


def read_place(text: str, key: str) -> Place | None:
    """The place a text names in the order of this column; None when it names none."""
    value, mark, row_id = text.rpartition("~")
    if not mark or not row_id.isdecimal() or not row_id.isascii() or len(row_id) > 18:
        return None
    read = _value(value, key)
    return None if read is None else Place(read, int(row_id))


def _value(text: str, key: str) -> Any:
    try:
        if key in MOMENTS:
            moment = parse_datetime(text)
            return moment if moment and moment.tzinfo else None
        if key in DAYS:
            return parse_date(text)
        return int(text) if key in NUMBERS else text.replace("\x00", "")
    except ValueError:
        return None
