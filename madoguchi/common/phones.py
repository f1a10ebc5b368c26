"""Telephone numbers of Japan."""

import re

from madoguchi.common.errors import PhoneUnreadable as PhoneUnreadable
from madoguchi.common.kana import fold_hyphens, fold_width
from madoguchi.common.text import in_quotes

_PUNCTUATION = re.compile(r"[-().\s~]")
_COUNTRY = re.compile(r"^(?:\+81|0081|010-?81)0?")
_ELEVEN_DIGITS = re.compile(r"0[5-9]0")
_GROUPS = (
    (re.compile(r"(0800)(\d{3})(\d{4})"), r"\1-\2-\3"),
    (re.compile(r"(0[5-9]0)(\d{4})(\d{4})"), r"\1-\2-\3"),
    (re.compile(r"(0120|0570|0990)(\d{3})(\d{3})"), r"\1-\2-\3"),
    (re.compile(r"(0[36])(\d{4})(\d{4})"), r"\1-\2-\3"),
)


def parse_phone(text: str) -> str:
    """The digits of a Japanese number, from the 0 on: ０９０－１２３４－５６７８ and +81 90-1234-5678 both
    give 09012345678. Refused with the reason when it is too short, too long or lacks its area code.
    """
    folded = fold_hyphens(fold_width(text)).strip()
    digits = _COUNTRY.sub("0", _PUNCTUATION.sub("", folded))
    if not digits.isascii() or not digits.isdigit():
        raise _unreadable(text, "を読み取れません。", "数字とハイフンだけで入れてください。")
    if not digits.startswith("0"):
        raise _unreadable(text, "は0から始まっていません。", "固定電話は市外局番から入れてください。")
    _insist_on_length(digits, text)
    return digits


def _insist_on_length(digits: str, text: str) -> None:
    right = 11 if _ELEVEN_DIGITS.match(digits) else 10
    if len(digits) < right:
        raise _unreadable(
            text, f"は{right - len(digits)}けた足りません。", f"{right}けたの番号を入れてください。"
        )
    if len(digits) > right:
        raise _unreadable(
            text, f"は{len(digits) - right}けた多すぎます。", f"{right}けたの番号を入れてください。"
        )
    if digits[1] == "0":
        raise _unreadable(text, "という番号はありません。", "番号を確かめて入れ直してください。")


def _unreadable(text: str, what: str, next_step: str) -> PhoneUnreadable:
    return PhoneUnreadable(f"電話番号{in_quotes(text)}{what}", next_step=next_step)


def is_mobile(digits: str) -> bool:
    """Can this number take a short message?"""
    return re.fullmatch(r"0[6-9]0[1-9]\d{7}", digits) is not None


def format_phone(digits: str) -> str:
    """090-1234-5678. Land lines outside 03 and 06 stay unbroken: their area codes differ in length."""
    for shape, grouped in _GROUPS:
        if shape.fullmatch(digits):
            return shape.sub(grouped, digits)
    return digits
