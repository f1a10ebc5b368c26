"""One cell of a decision table: what a clerk may write in it and which facts fulfil it.

blank any; text equal; `a|b` one of; `>=n` `<n` `>n` `<=n`; `a..<b` from a, below b; `a..b` both included.
A fact that is not known never fulfils a condition. Yes/no facts are the words `yes` and `no`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf

Value = str | bool | int | float | None
Facts = Mapping[str, Value]

_NUMBER = r"-?\d+(?:\.\d+)?"
_BOUND = re.compile(rf"(>=|<=|>|<)\s*({_NUMBER})$")
_RANGE = re.compile(rf"({_NUMBER})\.\.(<?)({_NUMBER})$")
_PLAIN_NUMBER = re.compile(rf"{_NUMBER}$")
_LOOKS_LIKE_A_RULE = re.compile(r"[<>=＜＞＝≧≦]|\.\.|…|‥|～|〜")


class CellUnreadable(ValueError):
    """The sentence says what is wrong with the cell and what may be written instead."""


def plain(value: Value) -> str | float | None:
    """The two kinds of thing a cell compares: words (yes/no among them) and numbers; None is not known."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return float(value)
    return value if value else None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Equal to one of the written values; a number written as text also equals the number."""

    texts: frozenset[str]
    numbers: frozenset[float]

    def admits(self, value: str | float) -> bool:
        return value in self.texts if isinstance(value, str) else value in self.numbers

    def samples(self) -> set[str | float]:
        return {float(text) if _PLAIN_NUMBER.match(text) else text for text in self.texts}


@dataclass(frozen=True, slots=True)
class Between:
    """A stretch of numbers; which ends belong to it is written in the cell."""

    low: float
    high: float
    with_low: bool
    with_high: bool

    def admits(self, value: str | float) -> bool:
        if isinstance(value, str):
            return False
        above = value >= self.low if self.with_low else value > self.low
        return above and (value <= self.high if self.with_high else value < self.high)

    def samples(self) -> set[str | float]:
        """Both ends, which may or may not belong, and one number surely inside."""
        ends: set[str | float] = {end for end in (self.low, self.high) if abs(end) != inf}
        return ends | {self._inside()}

    def _inside(self) -> float:
        if self.low == -inf:
            return self.high - 1
        return self.low + 1 if self.high == inf else (self.low + self.high) / 2


Cell = OneOf | Between


def read_cell(text: str) -> Cell | None:
    """None means "any". Raises CellUnreadable with a Japanese sentence."""
    text = text.strip()
    if not text:
        return None
    if bound := _BOUND.match(text):
        return _bound(bound[1], float(bound[2]))
    if stretch := _RANGE.match(text):
        return _stretch(text, float(stretch[1]), float(stretch[3]), with_high=not stretch[2])
    if _LOOKS_LIKE_A_RULE.search(text):
        raise CellUnreadable(
            f"「{text}」は範囲として読めません。半角で >=20、<8、7..<8、16..19 のように書いてください。"
        )
    return _one_of(text)


def _bound(sign: str, number: float) -> Between:
    if sign.startswith(">"):
        return Between(number, inf, with_low=sign == ">=", with_high=False)
    return Between(-inf, number, with_low=False, with_high=sign == "<=")


def _stretch(text: str, low: float, high: float, *, with_high: bool) -> Between:
    if low > high or (low == high and not with_high):
        raise CellUnreadable(f"「{text}」に当たる数がありません。小さい数を左に書いてください。")
    return Between(low, high, with_low=True, with_high=with_high)


def _one_of(text: str) -> OneOf:
    words = [word.strip() for word in text.split("|")]
    if not all(words):
        raise CellUnreadable(f"「{text}」の | の前か後が空です。none|broken のように値を並べてください。")
    return OneOf(frozenset(words), frozenset(float(word) for word in words if _PLAIN_NUMBER.match(word)))


def common_value(one: Cell | None, other: Cell | None) -> str | float | bool:
    """A value fulfilling both cells, or False when there is none; True when both are blank."""
    cells = [cell for cell in (one, other) if cell is not None]
    if not cells:
        return True
    for value in candidates(cells):
        if all(cell.admits(value) for cell in cells):
            return value
    return False


def candidates(cells: Iterable[Cell]) -> list[str | float]:
    """Values between which nothing changes: every end, every word, a number between two ends."""
    seen: set[str | float] = set()
    for cell in cells:
        seen |= cell.samples()
    numbers = sorted(value for value in seen if isinstance(value, float))
    between = {(low + high) / 2 for low, high in pairwise(numbers)}
    return [*sorted(between | set(numbers)), *sorted(value for value in seen if isinstance(value, str))]
