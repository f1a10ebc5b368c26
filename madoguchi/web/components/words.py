"""Words for the reader in front of the screen: Japanese, English or やさしい日本語, with or without furigana.

Package texts mark readings as `｜漢字《かんじ》`; a bare `漢字《かんじ》` binds to the kanji before it, as on Aozora.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

READING = re.compile(r"(?:｜([^《｜]+)|([一-鿿㐀-䶿々〆ヶ]+))《([^》]+)》")
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
    cookies = getattr(request, "COOKIES", {})
    return Reader(
        language="en" if cookies.get("language") == "en" else "ja",
        easy=cookies.get("easy") == "on",
        furigana=cookies.get("furigana") == "on",
        size=cookies.get("size", "") if cookies.get("size") in SIZES else "standard",
    )


def with_furigana(text: str) -> SafeString:
    escaped = str(escape(text))
    return mark_safe(READING.sub(_ruby, escaped))  # noqa: S308 - escaped above; only the ruby marks are ours


def without_readings(text: str) -> str:
    return READING.sub(lambda found: found[1] or found[2], text)


def _ruby(found: re.Match[str]) -> str:
    return f"<ruby>{found[1] or found[2]}<rp>（</rp><rt>{found[3]}</rt><rp>）</rp></ruby>"


def spoken(words: Any, reader: Reader) -> SafeString:
    """`words` is a package's Words or a plain string. A language that is not written falls back to Japanese."""
    return shown(marked(words, reader.voice), reader)


def shown(text: str, reader: Reader) -> SafeString:
    if reader.furigana and reader.language == "ja":
        return with_furigana(text)
    return SafeString(escape(without_readings(text)))


def marked(words: Any, voice: str) -> str:
    """The text with its furigana marks, ready for `shown` or to be put into another sentence."""
    if words is None or isinstance(words, str):
        return words or ""
    japanese = getattr(words, "marked", "") or words.ja
    if voice == "en":
        return words.en or japanese
    return (getattr(words, "easy_marked", "") or japanese) if voice == "easy" else japanese
