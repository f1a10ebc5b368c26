"""Letters as the office would order them."""

from datetime import date
from pathlib import Path
from typing import Any

from madoguchi.clerical.notices.orders import LetterOrder
from madoguchi.ledgers.office.trace import Subject

LETTERS = Path(__file__).parent.parent / "packages/gakudo-club/2026-04/letters"
TITLES = {
    "granted": "学童クラブ入所承認通知書",
    "waitlisted": "学童クラブ入所不承認（待機）通知書",
    "refused": "学童クラブ入所不承認通知書",
}


def facts(number: str = "GK0421763", **changes: Any) -> dict[str, Any]:
    """Everything the letters of the package print."""
    return {
        "number": number,
        "child_name": "見本　そら",
        "child_birth": "令和元年8月3日",
        "club_name": "みなみ第一学童クラブ",
        "wish_rank": "1",
        "entry_from": "令和9年4月1日",
        "entry_until": "令和10年3月31日",
        "monthly_fee": "6,000円",
        "score": "34",
        "cut_off": "36",
        "reason_lines": ["希望されたクラブの定員に空きがありません。", "指数の高い順に入所を決めました。"],
        **changes,
    }


def order(serial: int = 1, kind: str = "granted", **changes: Any) -> LetterOrder:
    """The dullest valid order: an approval for 見本　ひかり."""
    made: dict[str, Any] = {
        "kind": kind,
        "subject": Subject("applications.application", str(serial)),
        "addressee": f"見本　ひかり{serial}",
        "email": f"hikari{serial}@example.jp",
        "title": TITLES[kind],
        "facts": facts(f"GK{serial:07}"),
        "dated_on": date(2027, 1, 29),
        "template": (LETTERS / f"{kind}.typ").read_text(encoding="utf-8"),
        "text": (LETTERS / f"{kind}.txt").read_text(encoding="utf-8"),
    }
    return LetterOrder(**(made | changes))
