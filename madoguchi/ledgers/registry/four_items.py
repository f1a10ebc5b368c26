"""The four items of a card (氏名・住所・生年月日・性別) as an identity provider tells them; no queries."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.common.kana import fold_width
from madoguchi.common.names import name_key
from madoguchi.ledgers.registry.errors import ClaimsUnfit

LONGEST = 300
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)(?=丁目|番|号|条)")
_MARKS = re.compile(r"丁目|番地の|番地|番|号|[‐‑‒–—―−ー－ーの\-]")
_NOISE = re.compile(r"[\s　、,]|大字|字")


@dataclass(frozen=True)
class FourItems:
    """What was proven. `address` and `gender` may be empty: a procedure asks only for what it needs."""

    name: str
    birth: date
    address: str = ""
    gender: str = ""

    @property
    def name_key(self) -> str:
        return name_key(self.name)


def read_items(claims: Mapping[str, Any]) -> FourItems:
    """From the claims name, birthdate, address (a text or the object of OpenID Connect) and gender.

    Raises ClaimsUnfit without a name or a whole birth date.
    """
    name = str(claims.get("name") or "").strip()
    try:
        birth = date.fromisoformat(str(claims.get("birthdate") or ""))
    except ValueError:
        birth = None
    if not name or birth is None or len(name) > LONGEST:
        raise ClaimsUnfit(
            "カードから、氏名と生年月日を受け取れませんでした。",
            next_step="もう一度カードで進み、氏名と生年月日を渡すことに同意してください。",
        )
    return FourItems(
        name, birth, _address(claims.get("address"))[:LONGEST], str(claims.get("gender") or "")[:20]
    )


def _address(told: Any) -> str:
    if isinstance(told, Mapping):
        parts = ("region", "locality", "street_address")
        told = told.get("formatted") or "".join(str(told.get(part) or "") for part in parts)
    return str(told or "").strip()


def address_key(text: str) -> str:
    """A key in which １丁目２番３号, 一丁目2-3 and 1-2-3 are the same."""
    folded = _NOISE.sub("", fold_width(text))
    folded = _TENS.sub(lambda found: _digits(found[1] or "一", found[2]), folded)
    folded = re.sub(
        r"[〇一二三四五六七八九]+(?=丁目|番|号)", lambda found: found[0].translate(_KANJI_DIGITS), folded
    )
    marked = _MARKS.sub("-", folded)
    return re.sub(r"-+", "-", marked).strip("-")


def _digits(tens: str, ones: str) -> str:
    return (tens + (ones or "〇")).translate(_KANJI_DIGITS)


def is_near(told: str, town: str, block: str) -> bool:
    """Whether the proven address holds the registered one, up to the house number and not beyond its digits."""
    home = address_key(f"{town}{block}")
    if not home or not told:
        return False
    found = address_key(told).find(home)
    if found < 0:
        return False
    rest = address_key(told)[found + len(home) :]
    return not rest[:1].isdigit() and not re.match(r"-\d", rest)
