"""The saved views of the ledger as the desk words them, and what an address narrows the list to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from madoguchi.ledgers.office.clock import today
from madoguchi.services.applications.ledger import SORTS, Filters
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.applications.queries import ledger
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
COLUMNS = (
    ("number", "受付番号", ""),
    ("changed", "更新", ""),
    ("channel", "経路", ""),
    ("name", "児童", ""),
    ("grade", "学年", "number"),
    ("first_wish", "第1希望", ""),
    ("score", "指数", "number"),
    ("checks", "チェック", ""),
    ("stage", "状態", ""),
    ("due", "期限", ""),
    ("assigned", "担当", ""),
)


def read_filters(slug: str, period, asked: QueryDict, staff) -> Filters:
    """The conditions in an address. What cannot be read narrows nothing."""
    given: dict[str, Any] = {
        "procedure": slug,
        "period": period.code if period else "",
        "stage": one_of(asked.get("stage"), Stage.values),
        "channel": one_of(asked.get("channel"), Channel.values),
        "first_wish": asked.get("first_wish", "")[:20],
        "grade": whole(asked.get("grade")),
        "text": asked.get("text", "").strip()[:60],
        "view": one_of(asked.get("view"), [view.key for view in VIEWS]) or "all",
        "sort": sort_of(asked.get("sort", "")),
        "page": whole(asked.get("page")) or 1,
        "assigned_to": staff.pk if asked.get("assigned") == "me" else whole(asked.get("assigned")),
        "received_from": day(asked.get("from")),
        "received_to": day(asked.get("to")),
        "outcome": asked.get("outcome", "")[:10],
        "corrected": asked.get("corrected") == "1",
        "score_from": whole(asked.get("score_from")),
        "me": staff.pk,
        "on": today(),
        "sections": sections_seen(staff, today()),
    }
    return Filters(**given)


def counts(slug: str, period, staff) -> dict[str, int]:
    """How many applications each saved view holds for this person today."""
    return ledger(read_filters(slug, period, QueryDict(), staff)).counts_by_view


def sort_of(text: str) -> str:
    return text if text.removeprefix("-") in SORTS else "-changed"


def one_of(text: str | None, allowed: list[str]) -> str:
    return text if text in allowed else ""


def whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else None


def day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def headers(sort: str) -> list[dict]:
    """The heads of the columns: how each is sorted now, and what a press makes of it."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    return [
        {
            "key": name,
            "label": label,
            "kind": kind,
            "sorted": ("descending" if down else "ascending") if name == key else "",
            "next": name if name == key and down else f"-{name}" if name == key else first_sort(name),
        }
        for name, label, kind in COLUMNS
    ]


def first_sort(name: str) -> str:
    """Newest and highest first for times, points and marks; otherwise from the beginning."""
    return f"-{name}" if name in ("changed", "score", "checks") else name
