"""Receipt numbers that notice a slip of the hand.

A number is a prefix of one to four letters, a sequence of at least six digits and one check digit: GK0000018.
The check digit is Damm's (a totally anti-symmetric quasigroup of order ten): every single wrong digit and
every swap of two neighbouring digits is noticed. The letters take part, each as two digits (A = 10 … Z = 35).
"""

import re
import unicodedata
from typing import NamedTuple

from madoguchi.common.errors import CaseNumberUnreadable as CaseNumberUnreadable
from madoguchi.common.kana import fold_hyphens
from madoguchi.common.text import in_quotes

_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_SHAPE = re.compile(r"(?P<prefix>[A-Z]{1,4})(?P<sequence>\d{6,})(?P<check>\d)", re.ASCII)
_PREFIX = re.compile("[A-Z]{1,4}")
_LEAST_DIGITS = 6


class CaseNumber(NamedTuple):
    """A receipt number read: the procedure's prefix and the place in its sequence."""

    prefix: str
    sequence: int

    def __str__(self) -> str:
        return case_number(self.prefix, self.sequence)


def damm_digit(digits: str) -> str:
    """Check digit of a row of digits; over the row with its check digit the result is 0."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def case_number(prefix: str, sequence: int) -> str:
    """The number printed on the receipt: case_number("GK", 1)."""
    if not _PREFIX.fullmatch(prefix) or sequence < 1:
        raise ValueError("a case number needs one to four capital letters and a sequence from 1")
    body = f"{prefix}{sequence:0{_LEAST_DIGITS}}"
    return f"{body}{_check_digit(body)}"


def _check_digit(body: str) -> str:
    return damm_digit("".join(str(int(char, 36)) for char in body))


def read_case_number(text: str) -> CaseNumber:
    """Read a number typed, dictated or scanned: width, case, spaces and hyphens do not matter."""
    folded = fold_hyphens(unicodedata.normalize("NFKC", text)).upper().replace("-", "")
    found = _SHAPE.fullmatch("".join(folded.split()))
    if found is None:
        raise CaseNumberUnreadable(
            f"受付番号{in_quotes(text)}を読み取れません。",
            next_step=f"「{case_number('GK', 1)}」のように、英字と数字を続けて入れてください。",
        )
    if _check_digit(found["prefix"] + found["sequence"]) != found["check"] or not int(found["sequence"]):
        raise CaseNumberUnreadable(
            f"受付番号{in_quotes(text)}のどこかに書き間違いがあります。",
            next_step="控えの番号と1文字ずつ見比べて、もう一度入れてください。",
        )
    return CaseNumber(found["prefix"], int(found["sequence"]))
