"""照会. What the lists of other systems say of the applicant, with the day they speak of, their source and the time asked.

Only what the package declares among its facts is asked: a procedure that needs no arrears never sees any.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.clerical.payments.queries import arrears_of, creditors_of
from madoguchi.clerical.payments.states import Plan
from madoguchi.clerical.payments.views import ArrearsFound, CreditorFound, Source
from madoguchi.ledgers.registry.queries import atena_numbers_of

LOOKED_UP = "looked_up"
"""The fact that keeps how the others were found: one line a list."""
ARREARS = frozenset({"arrears_months", "arrears_plan"})
CREDITOR = frozenset({"creditor_registered", "creditor_number"})


@dataclass(frozen=True)
class Asked:
    """Of whom, which facts the package declares, and when."""

    resident_id: int
    wanted: frozenset[str]
    at: datetime


def wanted_by(package: Any) -> frozenset[str]:
    """The facts of these lists that a package declares."""
    return frozenset(fact.key for fact in package.facts) & (ARREARS | CREDITOR)


def look_up(asked: Iterable[Asked]) -> dict[Asked, dict[str, Any]]:
    """The facts of many people with two questions; nothing for a list that was never taken in."""
    wanted = [each for each in dict.fromkeys(asked) if each.wanted]
    numbers = atena_numbers_of(each.resident_id for each in wanted)
    arrears = arrears_of(numbers[each.resident_id] for each in wanted if _asks(each, numbers, ARREARS))
    creditors = creditors_of(numbers[each.resident_id] for each in wanted if _asks(each, numbers, CREDITOR))
    return {
        each: _facts(each, arrears.get(number), creditors.get(number))
        for each in wanted
        if (number := numbers.get(each.resident_id)) is not None
    }


def _asks(each: Asked, numbers: Mapping[int, int], names: frozenset[str]) -> bool:
    return each.resident_id in numbers and bool(each.wanted & names)


def _facts(asked: Asked, arrears: ArrearsFound | None, creditor: CreditorFound | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    lines = []
    if arrears is not None:
        found |= {"arrears_months": arrears.months, "arrears_plan": arrears.plan}
        lines.append(_line("滞納", _arrears_words(arrears), ARREARS, arrears.source, asked.at))
    if creditor is not None:
        found |= {"creditor_registered": creditor.is_registered, "creditor_number": creditor.number}
        words = f"債権者番号 {creditor.number}" if creditor.is_registered else "登録なし"
        lines.append(_line("債権者", words, CREDITOR, creditor.source, asked.at))
    told = {name: value for name, value in found.items() if name in asked.wanted and value is not None}
    return told | ({LOOKED_UP: lines} if lines else {})


def _arrears_words(found: ArrearsFound) -> str:
    if found.months is None:
        return "一覧の行を読めませんでした（分かりません）"
    if not found.months:
        return "滞納なし"
    return f"{found.months}か月（分納の約束 {Plan(found.plan).label}）"


def _line(what: str, value: str, facts: frozenset[str], source: Source, at: datetime) -> dict[str, Any]:
    return {
        "what": what,
        "value": value,
        "facts": sorted(facts),
        "source": source.name,
        "as_of": source.as_of.isoformat(),
        "at": at.isoformat(),
    }
