"""Shares, rounding and medians; no framework, no queries, no clock."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def rounded(value: Decimal | float | None) -> Decimal | None:
    """To a tenth, half up, as reports are rounded."""
    return None if value is None else Decimal(str(value)).quantize(TENTH, ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """Percent, not rounded; None of nothing."""
    return Decimal(100) * part / whole if whole else None


def median_of(counted: Mapping[int, int]) -> Decimal | None:
    """The median of values that were each seen so many times; None of nothing."""
    total = sum(counted.values())
    if not total:
        return None
    low, high = _at(counted, (total - 1) // 2), _at(counted, total // 2)
    return Decimal(low + high) / 2


def _at(counted: Mapping[int, int], position: int) -> int:
    """The value at a place of the ordered row."""
    for value in sorted(counted):
        position -= counted[value]
        if position < 0:
            return value
    raise IndexError(position)
