"""Finding a procedure by the words people speak: kana or kanji, several words, small slips; pure."""

from collections.abc import Iterable
from typing import Any

from madoguchi.common.kana import fold_kana, fold_width

ENOUGH = 0.34
"""Share of a word's letter pairs that must be found for a near match."""


def best(query: str, offered: Iterable[Any]) -> list[Any]:
    """Loaded packages that fit, the best first. Nothing fits less than a third of what was typed."""
    words = [folded(word) for word in fold_width(query).split() if folded(word)]
    scored = [(score(words, texts_of(loaded.package)), loaded) for loaded in offered]
    fitting = [pair for pair in scored if pair[0] >= ENOUGH]
    return [loaded for _, loaded in sorted(fitting, key=lambda pair: -pair[0])]


def folded(text: str) -> str:
    return fold_kana(fold_width(text)).casefold().strip("、。・「」")


def texts_of(package: Any) -> list[str]:
    words = [package.names.ja, package.names.en, package.names.easy, *package.search_words, package.summary.ja]
    return [folded(word) for word in words]


def score(words: list[str], texts: list[str]) -> float:
    """Mean over the typed words of how well each is found somewhere."""
    return sum(max(likeness(word, text) for text in texts) for word in words) / len(words) if words else 0.0


def likeness(word: str, text: str) -> float:
    if not text:
        return 0.0
    if word in text or (len(text) > 1 and text in word):
        return 1.0
    typed = pairs(word)
    return len(typed & pairs(text)) / len(typed) if typed else 0.0


def pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
