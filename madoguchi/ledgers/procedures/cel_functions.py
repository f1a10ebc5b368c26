"""Our words inside a rule: what package authors may call besides the Common Expression Language itself.

Every function is pure, takes plain values (dates are ISO strings, times "HH:MM") and gives a plain value.
Given something missing or unfit a function gives nothing (null), so the rule is "not decided", never true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from typing import Any

from cel.stdlib import STDLIB_FUNCTIONS

from madoguchi.common import ages
from madoguchi.common.errors import Refusal
from madoguchi.common.yen import format_yen

DAY_MINUTES = 24 * 60
"""Minutes in a day: a shift that ends before it begins ends on the next day."""


def age_on(birth: str, on: str) -> int:
    """Age in full years on a day (年齢計算ニ関スル法律: a year is added on the eve of the birthday)."""
    return ages.age_on(date.fromisoformat(birth), date.fromisoformat(on))


def school_grade(birth: str, on: str) -> int:
    """Grade of primary school 1..6 in the school year of the day; 0 for anybody else."""
    return ages.primary_grade(date.fromisoformat(birth), date.fromisoformat(on)) or 0


def age_class(birth: str, on: str) -> int:
    """歳児クラス 0..5 in the fiscal year of the day (born on 1 April: the older class); -1 for anybody else."""
    found = ages.nursery_class(date.fromisoformat(birth), date.fromisoformat(on))
    return -1 if found is None else found


def fiscal_year(on: str) -> int:
    """The fiscal year (April to March) a day belongs to."""
    return ages.fiscal_year(date.fromisoformat(on))


def days(start: str, end: str) -> int:
    """Days from one date to another, 0 for the same day."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def minute_of_day(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def minutes_between(start: str, end: str) -> int:
    """Minutes from start to end; past midnight when the end is the earlier one."""
    return (minute_of_day(end) - minute_of_day(start)) % DAY_MINUTES


def hours_between(start: str, end: str) -> float:
    """Bound hours from start to end, breaks included, two decimals cut (never rounded up into a band)."""
    return minutes_between(start, end) * 100 // 60 / 100


def minutes_after(time: str, mark: str) -> int:
    """Minutes a time lies after a mark of the same day; negative when before."""
    return minute_of_day(time) - minute_of_day(mark)


def contains(container: Any, item: Any) -> bool:
    """Whether a list has a member, a mapping a key or a text a part."""
    return item in container


def count(items: Sequence[Any], item: Any) -> int:
    """How often a value stands in a list."""
    return sum(1 for each in items if each == item)


def number(value: Any) -> float:
    """A number as a decimal one, nothing as 0: for sums over columns that may be empty."""
    return float(value or 0)


def yen(amount: Any) -> str:
    """An amount as sentences say it: 3,000円. Half a yen is not paid, so what is below one is cut."""
    return format_yen(int(amount))


def text(value: Any) -> str:
    """A value as text, nothing as the empty text."""
    return "" if value is None else str(value)


STANDARD = [
    "min",
    "max",
    "sum",
    "indexOf",
    "split",
    "trim",
    "substring",
    "distinct",
    "flatten",
    "sort",
    "math.floor",
    "math.ceil",
    "math.round",
    "math.abs",
    "math.greatest",
    "math.least",
    "sets.contains",
    "sets.intersects",
]


MOST = 100_000
"""Letters or items a function takes and gives; beyond it the rule is not decided."""


def small(value: Any) -> Any:
    """The value, unless it is too long. Raises ValueError."""
    if isinstance(value, (str, list)) and len(value) > MOST:
        raise ValueError("too long for a rule")
    return value


def replace(text: str, old: str, new: str) -> str:
    """The text with every old part replaced. Raises ValueError before it grows too long."""
    if text.count(old) * len(new) > MOST:
        raise ValueError("too long for a rule")
    return text.replace(old, new)


def join(parts: Sequence[str], separator: str = "") -> str:
    """The parts as one text. Raises ValueError before it grows too long."""
    if sum(map(len, parts)) + len(parts) * len(separator) > MOST:
        raise ValueError("too long for a rule")
    return separator.join(parts)


def gentle(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, giving nothing where it would fail (answers are missing half of the time) or grow."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        try:
            return small(function(*map(small, arguments)))
        except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, Refusal):
            return None

    return call


OWN: Mapping[str, Callable[..., Any]] = {
    "age_on": age_on,
    "school_grade": school_grade,
    "age_class": age_class,
    "fiscal_year": fiscal_year,
    "days": days,
    "minutes_between": minutes_between,
    "hours_between": hours_between,
    "minutes_after": minutes_after,
    "contains": contains,
    "replace": replace,
    "join": join,
    "count": count,
    "number": number,
    "text": text,
    "yen": yen,
}

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    name: gentle(function)
    for name, function in {**{name: STDLIB_FUNCTIONS[name] for name in STANDARD}, **OWN}.items()
}
"""Functions we register, by the name used in a rule."""

NATIVE = frozenset(["size", "int", "double", "string", "startsWith", "endsWith", "matches"])
"""Functions the language brings along."""

MACROS = frozenset(["all", "exists", "exists_one", "map", "filter"])
"""Words that walk a list and bind a name of their own."""
