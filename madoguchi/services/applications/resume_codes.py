"""再開コード. Ten characters a person can read aloud and copy by hand; no queries."""

import hmac
from collections.abc import Sequence
from hashlib import sha256

from madoguchi.common.kana import fold_hyphens, fold_width

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L, which are mistaken for one another. 31 is prime, so that the check notices every slip."""

LENGTH = 10
TRIES_AN_HOUR = 10
"""Wrong codes one person may enter within an hour; more than anybody needs for slips of the hand."""


def code_for(secret: bytes, draft: str, turn: int) -> str:
    """The code of a draft. It follows from the secret, so that the owner can be shown it again and nothing is kept."""
    drawn = int.from_bytes(hmac.digest(secret, f"{draft}:{turn}".encode(), "sha256"), "big")
    places = []
    for _ in range(LENGTH - 1):
        drawn, place = divmod(drawn, len(ALPHABET))
        places.append(place)
    return "".join(ALPHABET[place] for place in places) + ALPHABET[check_place(places)]


def check_place(places: Sequence[int]) -> int:
    """The place of the check character: every single slip and every swap of two neighbours is noticed."""
    return sum(weight * place for weight, place in enumerate(places, 2)) % len(ALPHABET)


def read_code(typed: str) -> str | None:
    """The code as it was meant: any width and case, with blanks and hyphens; None when it cannot be a code."""
    folded = fold_hyphens(fold_width(typed)).upper().replace("-", "")
    code = "".join(folded.split())
    if len(code) != LENGTH or any(each not in ALPHABET for each in code):
        return None
    places = [ALPHABET.index(each) for each in code]
    return code if check_place(places[:-1]) == places[-1] else None


def spoken_code(code: str) -> str:
    """As it is shown: ABCDE-FGHJK."""
    return f"{code[:5]}-{code[5:]}"


def stored_form(secret: bytes, code: str) -> str:
    """What is kept of a code: nobody who reads the table can work out the code."""
    return hmac.new(secret, code.encode(), sha256).hexdigest()
