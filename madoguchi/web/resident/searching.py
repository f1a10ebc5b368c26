"""Finding a procedure by the words people speak: kana or kanji, several words, small slips; pure."""

from collections.abc import Iterable
from typing import Any

from madoguchi.common.kana import fold_kana, fold_width
from madoguchi.web.components.words import READING

ENOUGH = 0.5
"""Share of a word's letter pairs that must be found for the word to count as found."""


def best(query: str, offered: Iterable[Any]) -> list[Any]:
    """Loaded packages in which at least one word is found, those with most words first."""
    words = [folded(word) for word in fold_width(query).split() if folded(word)]
    scored = [(score(words, texts_of(loaded.package)), loaded) for loaded in offered]
    fitting = [pair for pair in scored if pair[0]]
    return [loaded for _, loaded in sorted(fitting, key=lambda pair: -pair[0])]


def folded(text: str) -> str:
    return fold_kana(fold_width(text)).casefold().strip("、。・「」")


def texts_of(package: Any) -> list[str]:
    names, summary = package.names, package.summary
    words = [names.ja, names.en, names.easy, as_read(names.marked), *package.search_words]
    return [folded(word) for word in [*words, summary.ja, as_read(summary.marked)]]


def as_read(marked: str) -> str:
    """The text as it is spoken, by the readings the package gives: 学童クラブ is がくどうクラブ."""
    return READING.sub(lambda found: found[3], marked)


def score(words: list[str], texts: list[str]) -> float:
    """Sum over the typed words of how well each is found somewhere; hardly found is not found."""
    found = [max(likeness(word, text) for text in texts) for word in words]
    return sum(each for each in found if each >= ENOUGH)


def likeness(word: str, text: str) -> float:
    if not text:
        return 0.0
    if word in text or (len(text) > 1 and text in word):
        return 1.0
    typed = pairs(word)
    return len(typed & pairs(text)) / len(typed) if typed else 0.0


def pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
