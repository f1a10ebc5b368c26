"""Text that came from outside: what must not be in it, and how it is said back."""

import re
from collections.abc import Sequence

_NEWLINE = re.compile("\r\n?")
# Direction overrides and invisible marks let one name look like another; U+FFFE/F break XML files.
_CONTROLS = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_PLAIN_NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")
_NOTHING_MARKS = frozenset("-－")


def has_control_characters(text: str) -> bool:
    """Does it hold characters nobody can see: controls, direction overrides, broken halves of characters?

    Line ends and tabs are allowed, and so are variation selectors, which carry the form of a name.
    """
    return _CONTROLS.search(_NEWLINE.sub("\n", text)) is not None


def strip_controls(text: str) -> str:
    """Take out what has_control_characters finds; line ends become \\n."""
    return _CONTROLS.sub("", _NEWLINE.sub("\n", text))


def spreadsheet_safe(value: object) -> object:
    """Guard a cell of a CSV or XLSX file: text that a spreadsheet would run as a formula gets an apostrophe.

    Numbers, dates and text that is a plain number (-1,200) are left, and so is a lone - for "nothing".
    """
    if not isinstance(value, str):
        return value
    starts = value.lstrip(" \u3000")[:1]
    if starts not in _FORMULA_STARTS or not starts:
        return value
    if value in _NOTHING_MARKS or _PLAIN_NUMBER.fullmatch(value):
        return value
    return f"'{value}"


def sentence(text: str) -> str:
    """End with 。 exactly once."""
    return f"{text.strip().rstrip('。')}。"


def in_quotes(text: str, limit: int = 40) -> str:
    """What the person typed, said back in 「」: on one line, without invisible characters, cut when long."""
    shown = " ".join(strip_controls(text).split())
    return f"「{shown if len(shown) <= limit else shown[: limit - 1] + '…'}」"


def join_words(words: Sequence[str]) -> str:
    """A、B、C as it stands in a sentence."""
    return "、".join(words)
