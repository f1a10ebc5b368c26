"""The portal's search box: the procedures on offer, as the pure search of the procedures room finds them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from madoguchi.ledgers.procedures.search import Entry, Index, index_of
from madoguchi.web.components import words


def best(query: str, offered: Iterable[Any]) -> list[Any]:
    """Loaded packages that fit what was typed, the likeliest first."""
    by_slug = {loaded.package.slug: loaded for loaded in offered}
    index = _index(tuple(sorted(entry_of(loaded.package) for loaded in by_slug.values())))
    return [by_slug[hit.key] for hit in index.find(query)]


@lru_cache(maxsize=16)
def _index(entries: tuple[Entry, ...]) -> Index:
    """Kept for as long as the same procedures are on offer; a new version of a package makes a new one."""
    return index_of(entries)


def entry_of(package: Any) -> Entry:
    names = package.names
    spoken = (names.ja, as_read(names.marked), names.en, names.easy)
    return Entry(package.slug, spoken, tuple(package.search_words), package.summary.ja)


def as_read(marked: str) -> str:
    """The text as it is spoken: 学童クラブ is がくどうクラブ."""
    return "".join(reading or text for text, reading in words.readings().pieces(marked))
