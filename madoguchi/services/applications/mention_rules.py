"""Who is called for in a text by @; no queries."""

from collections.abc import Iterable

from madoguchi.common.kana import fold_width


def called_in(text: str, people: Iterable[tuple[str, str]]) -> set[str]:
    """Logins of the people written as @login or @name, with or without the space in the name.

    Of names that begin alike the longest written one is meant: @佐藤花 does not call 佐藤.
    """
    folded = _folded(text)
    spoken = {_folded(word): login for login, name in people for word in (login, name) if word}
    longest = sorted(spoken, key=len, reverse=True)
    named = set()
    for piece in folded.split("@")[1:]:
        word = next((each for each in longest if piece.startswith(each)), "")
        if word:
            named.add(spoken[word])
    return named


def _folded(text: str) -> str:
    return "".join(fold_width(text).lower().split())
