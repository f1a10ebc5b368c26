"""Readings over kanji: marks that a writer has set, and a table of words for everything else.

Marks are `｜漢字《かんじ》`; a bare `漢字《かんじ》` binds to the kanji before it, as on Aozora.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MARK = re.compile(r"(?:｜([^《｜]+)|([一-鿿㐀-䶿々〆ヶ]+))《([^》]+)》")
KANJI = re.compile(r"[一-鿿㐀-䶿々〆]")
AFTER_DIGIT = "#"
"""A key that begins so holds only after a figure: #月 is がつ, 月 is つき."""

Piece = tuple[str, str]
_DIGITS = frozenset("0123456789０１２３４５６７８９}")
_BEFORE = frozenset("おごか")
"""Kana a word of the table may begin with: お金, か月."""
_DAYS = [
    "ついたち",
    "ふつか",
    "みっか",
    "よっか",
    "いつか",
    "むいか",
    "なのか",
    "ようか",
    "ここのか",
    "とおか",
]
_DATE = re.compile(r"(?<![0-9０-９/])([0-9０-９]{1,2})(日)(?!本|付|程)")
_PEOPLE = re.compile(r"(?<![0-9０-９,.])([12１２])(人)(?!目)")
_MINUTES = re.compile(r"(?<=[134680１３４６８０])分(?![の割母かけ])")
_WEEKDAY = re.compile(r"(?<=（)[月火水木金土日](?=）)")
_WEEKDAYS = dict(zip("月火水木金土日", ("げつ", "か", "すい", "もく", "きん", "ど", "にち"), strict=True))


class Readings:
    """The table of words. `marked` of a row is the word with its marks; longer words win."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self.marked = dict(rows)
        self.longest = max((len(word) for word in self.marked), default=0)

    def pieces(self, text: str) -> list[Piece]:
        """The text as (words, reading); the reading is empty where none is needed or known."""
        found: list[Piece] = []
        at = 0
        for mark in MARK.finditer(text):
            found += self._unmarked(text[at : mark.start()])
            found.append((mark[1] or mark[2], mark[3]))
            at = mark.end()
        return joined([*found, *self._unmarked(text[at:])])

    def _unmarked(self, text: str) -> Iterator[Piece]:
        at = 0
        fixed = {start: (end, reading) for start, end, reading in _figures(text)}
        while at < len(text):
            if at in fixed:
                end, reading = fixed[at]
                yield text[at:end], reading
                at = end
                continue
            word, marked = self._word(text, at)
            yield from marks_in(marked) if marked else ((word, ""),)
            at += len(word)

    def _word(self, text: str, at: int) -> tuple[str, str]:
        """The longest word of the table that begins here; else one character."""
        if not KANJI.match(text[at]) and text[at] not in _BEFORE:
            return text[at], ""
        after_digit = at > 0 and text[at - 1] in _DIGITS
        for length in range(min(self.longest, len(text) - at), 0, -1):
            word = text[at : at + length]
            marked = (after_digit and self.marked.get(AFTER_DIGIT + word)) or self.marked.get(word)
            if marked:
                return word, marked
        return text[at], ""


def _figures(text: str) -> Iterator[tuple[int, int, str]]:
    """Dates, weekdays and one or two people, which are read as a whole."""
    for found in _WEEKDAY.finditer(text):
        yield found.start(), found.end(), _WEEKDAYS[found[0]]
    for found in _MINUTES.finditer(text):
        yield found.start(), found.end(), "ぷん"
    for found in _PEOPLE.finditer(text):
        yield found.start(), found.end(), "ひとり" if int(found[1]) == 1 else "ふたり"
    for found in _DATE.finditer(text):
        if reading := _day(int(found[1]), after_month=text[: found.start()].endswith("月")):
            yield found.start(), found.end(), reading


def _day(number: int, *, after_month: bool) -> str:
    if number == 1 and not after_month:
        return "いちにち"
    special = {14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか"}
    return _DAYS[number - 1] if 1 <= number <= len(_DAYS) else special.get(number, "")


def marks_in(marked: str) -> list[Piece]:
    """A marked word as pieces."""
    found: list[Piece] = []
    at = 0
    for mark in MARK.finditer(marked):
        found += [(marked[at : mark.start()], ""), (mark[1] or mark[2], mark[3])]
        at = mark.end()
    return [*found, (marked[at:], "")]


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours without a reading become one piece; empty ones go."""
    found: list[Piece] = []
    for words, reading in pieces:
        if found and not reading and not found[-1][1]:
            found[-1] = (found[-1][0] + words, "")
        elif words:
            found.append((words, reading))
    return found


def uncovered(pieces: Iterable[Piece]) -> list[str]:
    """Words with kanji that have no reading: what a test complains about."""
    return [words for words, reading in pieces if not reading and KANJI.search(words)]


def with_marks(word: str, reading: str) -> str:
    """受け付け and うけつけ: ｜受《う》け｜付《つ》け. The whole word is marked when the kana do not line up."""
    parts = re.findall(r"[一-鿿㐀-䶿々〆ヶ]+|[^一-鿿㐀-䶿々〆ヶ]+", word)
    pattern = "".join("(.+?)" if KANJI.search(part) else re.escape(part) for part in parts)
    found = re.fullmatch(pattern, reading)
    if found is None:
        return f"｜{word}《{reading}》"
    readings = iter(found.groups())
    return "".join(f"｜{part}《{next(readings)}》" if KANJI.search(part) else part for part in parts)
