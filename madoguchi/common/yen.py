"""Amounts of money in whole yen."""

import re

from madoguchi.common.errors import AmountUnreadable as AmountUnreadable
from madoguchi.common.kana import fold_width
from madoguchi.common.text import in_quotes

_UNITS = {"億": 100_000_000, "万": 10_000, "千": 1_000}
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_WITH_UNITS = re.compile(
    rf"(?:(?P<億>{_DIGITS})億)?(?:(?P<万>{_DIGITS})万)?(?:(?P<千>\d)千)?(?P<rest>{_DIGITS})?"
)
_DRESS = re.compile(r"^金?[¥\\]?|円?[也整]?$")


def format_yen(amount: int) -> str:
    """6,000円; a shortfall is written -6,000円."""
    return f"{amount:,}円"


def parse_yen(text: str) -> int:
    """The amount somebody wrote: 6000, ６，０００円, ¥6,000, 6千円, 1万2,000円, 金6,000円也.

    Whole yen, zero or more. Commas must stand at thousands, so a slipped digit is refused and not guessed.
    """
    bare = "".join(fold_width(text).replace("、", ",").split())
    found = _WITH_UNITS.fullmatch(_DRESS.sub("", bare))
    if found is None or not any(found.groups()):
        raise AmountUnreadable(
            f"金額{in_quotes(text)}を読み取れません。",
            next_step="「6000」「6,000円」「1万2000円」のように、円単位の数字で入れてください。",
        )
    parts = {name: int(figure.replace(",", "")) for name, figure in found.groupdict().items() if figure}
    _insist_on_order(parts, text)
    return sum(figure * _UNITS.get(name, 1) for name, figure in parts.items())


def _insist_on_order(parts: dict[str, int], text: str) -> None:
    """1万20000 is a slip of the hand: what follows a unit must be smaller than the unit."""
    room = float("inf")
    for name, figure in parts.items():
        unit = _UNITS.get(name, 1)
        if figure * unit >= room:
            raise AmountUnreadable(
                f"金額{in_quotes(text)}のけたが合いません。",
                next_step="数字だけで「12000」のように入れてください。",
            )
        room = unit
