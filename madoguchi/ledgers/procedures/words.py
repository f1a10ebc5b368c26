"""One text in Japanese, English and やさしい日本語, with furigana written as ｜漢字《かんじ》."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

LANGUAGES = ("ja", "en", "easy")

FURIGANA = re.compile(r"｜([^《》｜\n]{1,40})《([^《》｜\n]{1,80})》")


@dataclass(frozen=True)
class Words:
    """A text as the package gives it. ja, en and easy are without furigana; ruby_html shows it."""

    marked: str
    en: str = ""
    easy_marked: str = ""

    @property
    def ja(self) -> str:
        return plain(self.marked)

    @property
    def easy(self) -> str:
        return plain(self.easy_marked or self.marked)

    def in_language(self, lang: str) -> str:
        """The plain text; Japanese where a translation is missing."""
        return {"en": self.en or self.ja, "easy": self.easy}.get(lang, self.ja)

    def ruby_html(self, lang: str = "ja") -> str:
        """Safe HTML with <ruby> over marked words; anything else in the text is escaped."""
        return (
            ruby(self.easy_marked or self.marked if lang == "easy" else self.marked)
            if lang != "en"
            else (escape(self.in_language("en")))
        )

    def __bool__(self) -> bool:
        return bool(self.marked)

    def __str__(self) -> str:
        return self.ja


NOTHING = Words("")


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """The text without furigana; the texts of packages are few and asked for again and again."""
    return FURIGANA.sub(r"\1", text)


def ruby(text: str) -> str:
    """The text as safe HTML with furigana over the marked words."""
    return FURIGANA.sub(r"<ruby>\1<rp>(</rp><rt>\2</rt><rp>)</rp></ruby>", escape(text))
