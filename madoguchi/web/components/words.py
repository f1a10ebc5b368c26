"""Words for the reader in front of the screen: Japanese, English or やさしい日本語, with or without furigana.

Package texts mark readings as `｜漢字《かんじ》`; a bare `漢字《かんじ》` binds to the kanji before it, as on Aozora.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from madoguchi.common.furigana import MARK, Piece, Readings

READING = MARK
TABLES = ("readings.csv", "readings_by_hand.csv")
"""Made by tools/make_readings.py and put right by hand; the later wins."""
SIZES = {"standard": "標準", "large": "大", "huge": "特大"}


@dataclass(frozen=True)
class Reader:
    """How this visitor reads; kept in cookies, never in the database."""

    language: str = "ja"
    easy: bool = False
    furigana: bool = False
    size: str = "standard"

    @property
    def voice(self) -> str:
        return "en" if self.language == "en" else "easy" if self.easy else "ja"


def reader_of(request: Any) -> Reader:
    """Who reads the page of a request; worked out once a request, whose cookies do not change."""
    known: Reader | None = getattr(request, "read_by", None)
    if known is None:
        known = _reader(getattr(request, "COOKIES", {}))
        if request is not None:
            request.read_by = known
    return known


def _reader(cookies: Mapping[str, str]) -> Reader:
    return Reader(
        language="en" if cookies.get("language") == "en" else "ja",
        easy=cookies.get("easy") == "on",
        furigana=cookies.get("furigana") == "on",
        size=cookies.get("size", "") if cookies.get("size") in SIZES else "standard",
    )


@lru_cache(maxsize=1)
def readings() -> Readings:
    """The table of readings of the product's own texts."""
    rows: dict[str, str] = {}
    for name in TABLES:
        with (Path(__file__).parent / name).open(encoding="utf-8") as file:
            rows |= {row["word"]: row["marked"] for row in csv.DictReader(file)}
    return Readings(rows.items())


def with_furigana(text: str) -> SafeString:
    """Ruby over every word that is marked or stands in the table."""
    return _as_html(readings().pieces(text))


def with_own_furigana(text: str) -> SafeString:
    """Ruby over marked words only: for what people wrote, such as names, whose reading nobody may guess."""
    return _as_html(Readings([]).pieces(text))


def _as_html(pieces: list[Piece]) -> SafeString:
    html = "".join(_ruby(words, reading) if reading else str(escape(words)) for words, reading in pieces)
    return mark_safe(html)  # noqa: S308 - escaped here; only the ruby marks are ours


def runs(text: str, reader: "Reader") -> list[tuple[str, ...]]:
    """The text in pieces for printing, those with a reading as (words, reading)."""
    if not (reader.furigana and reader.language == "ja"):
        return [(without_readings(text),)] if text else []
    return [(words, reading) if reading else (words,) for words, reading in readings().pieces(text)]


def without_readings(text: str) -> str:
    if "《" not in text:
        return text
    return READING.sub(lambda found: found[1] or found[2], text)


def _ruby(words: str, reading: str) -> str:
    return f"<ruby>{escape(words)}<rp>（</rp><rt>{escape(reading)}</rt><rp>）</rp></ruby>"


def spoken(words: Any, reader: Reader) -> SafeString:
    """`words` is a package's Words or a plain string. A language that is not written falls back to Japanese."""
    text = marked(words, reader.voice)
    return shown(text, reader) if isinstance(words, str) else printed(text, reader)


@lru_cache(maxsize=8192)
def _printed(text: str, furigana: bool) -> SafeString:
    return with_furigana(text) if furigana else SafeString(escape(without_readings(text)))


def printed(text: str, reader: Reader) -> SafeString:
    """As `shown`, worked out once a process: only for texts of the product and of packages, which are few and public."""
    return _printed(text, reader.furigana and reader.language == "ja")


def shown(text: str, reader: Reader) -> SafeString:
    if reader.furigana and reader.language == "ja":
        return with_furigana(text)
    return SafeString(escape(without_readings(text)))


def shown_part(text: str, reader: Reader) -> SafeString:
    """Something put into a sentence: only its own marks, because it may be a name."""
    if reader.furigana and reader.language == "ja":
        return with_own_furigana(text)
    return SafeString(escape(without_readings(text)))


def marked(words: Any, voice: str) -> str:
    """The text with its furigana marks, ready for `shown` or to be put into another sentence."""
    if words is None or isinstance(words, str):
        return words or ""
    japanese = getattr(words, "marked", "") or words.ja
    if voice == "en":
        return words.en or japanese
    return (getattr(words, "easy_marked", "") or japanese) if voice == "easy" else japanese
