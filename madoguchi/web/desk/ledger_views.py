"""The saved views of the ledger as the desk words them, and what an address narrows the list to."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import QueryDict

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.ledgers.office.clock import today
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.applications.queries import SORTS, SORTS_EVERYWHERE, Filters, ledger
from madoguchi.services.applications.rules import soon_until
from madoguchi.services.applications.states import Channel, Stage


@dataclass(frozen=True)
class SavedView:
    """A tab. `key` is the room's name of the view; `morning` puts it on the morning list."""

    key: str
    name: str
    about: str
    morning: bool = True
    urgent: bool = False


VIEWS = (
    SavedView("mine", "自分の担当", "あなたが受け持っている申請"),
    SavedView("due", "期限が近い", "標準処理期間が3開庁日以内か、過ぎた申請", urgent=True),
    SavedView("correcting", "補正中", "申請した人の返事を待っている申請"),
    SavedView("paper", "紙・確認待ち", "紙で届き、まだ確認していない申請"),
    SavedView("marked", "自動チェックに印", "人が見て確かめる印のある申請"),
    SavedView("all", "すべて", "この受付期間の申請", morning=False),
)


def read_filters(slug: str, period, asked: QueryDict, staff, held=frozenset(), town=None) -> Filters:
    """The conditions in an address. What cannot be read narrows nothing; no slug is every procedure of one's section."""
    given: dict[str, Any] = {
        "procedure": slug or one_word(asked.get("procedure")),
        "period": period.code if period else "",
        "stage": one_of(asked.get("stage"), Stage.values),
        "channel": one_of(asked.get("channel"), Channel.values),
        "first_wish": asked.get("first_wish", "")[:20],
        "grade": whole(asked.get("grade")),
        "text": asked.get("text", "").strip()[:60],
        "view": one_of(asked.get("view"), [view.key for view in VIEWS]) or "all",
        "sort": sort_of(asked.get("sort", ""), bool(slug)),
        "after": asked.get("after", "")[:300],
        "before": asked.get("before", "")[:300],
        "assigned_to": staff.pk if asked.get("assigned") == "me" else whole(asked.get("assigned")),
        "received_from": day(asked.get("from")),
        "received_to": day(asked.get("to")),
        "outcome": asked.get("outcome", "")[:10],
        "corrected": asked.get("corrected") == "1",
        "figure": asked.get("figure", "")[:60],
        "score_from": whole(asked.get("score_from")),
        "me": staff.pk,
        "on": today(),
        "sections": only(sections_seen(staff, today(), held=held or None)),
        "near": near_until(today(), tuple(town.closed_days)) if town else None,
        "sees_sensitive": Power.SEE_SENSITIVE in held,
    }
    return Filters(**given)


def only(sections: frozenset[int] | None) -> tuple[int, ...] | None:
    """The sections in an order that can stand in a record."""
    return None if sections is None else tuple(sorted(sections))


@lru_cache(maxsize=64)
def near_until(on: date, closed_days: tuple[str, ...]) -> date:
    """The last due date that counts as near on a day, with the town's own closed days."""
    return soon_until(on, OfficeCalendar(map(date.fromisoformat, closed_days)))


def one_word(text: str | None) -> str:
    return (text or "")[:60]


def counts(slug: str, period, staff) -> dict[str, int]:
    """How many applications each saved view holds for this person today."""
    return dict(ledger(read_filters(slug, period, QueryDict(), staff)).counts_by_view)


def sort_of(text: str, of_one: bool = True) -> str:
    offered = SORTS if of_one else SORTS_EVERYWHERE
    return text if text.removeprefix("-") in offered else "-changed"


def one_of(text: str | None, allowed: list[str]) -> str:
    return text if text in allowed else ""


def whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else None


def day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def headers(columns, sort: str, of_one: bool) -> list[dict]:
    """The heads of the columns: how each is sorted now, and what a press makes of it."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    offered = SORTS if of_one else SORTS_EVERYWHERE
    return [
        {
            "key": column.sort if column.sort in offered else "",
            "label": column.label,
            "kind": column.kind,
            "sorted": ("descending" if down else "ascending") if column.sort and column.sort == key else "",
            "next": next_sort(column.sort, key, down),
        }
        for column in columns
    ]


def next_sort(name: str, key: str, down: bool) -> str:
    if name != key:
        return first_sort(name)
    return name if down else f"-{name}"


def first_sort(name: str) -> str:
    """Newest and highest first for times, points and marks; otherwise from the beginning."""
    return f"-{name}" if name in ("changed", "received", "score", "checks") else name
