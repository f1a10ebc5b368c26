"""個人番号 is recognised here for one purpose only: to keep it out. Nothing in the product stores one."""

import unicodedata

from madoguchi.common.kana import fold_kana

_TOKENS = ("個人番号", "マイナンバ", "コジンバンゴウ", "コジンバンゴオ", "mynumber", "individualnumber")
# The card and its dates are no number.
_NO_NUMBER = ("カード", "カド", "card")


def is_individual_number(digits: str) -> bool:
    """Twelve digits with the right check digit (番号法施行令8条; 総務省令5条)."""
    if len(digits) != 12 or not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(
        int(digit) * (place + 2 if place < 6 else place - 4) for place, digit in enumerate(digits[10::-1])
    )
    rest = total % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def may_be_individual_number(cell: str) -> bool:
    """A cell of a file that holds one, in whatever width and with spaces or hyphens between the digits."""
    if not 12 <= len(cell) <= 20:
        return False
    plain = unicodedata.normalize("NFKC", cell)
    return is_individual_number("".join(char for char in plain if not (char.isspace() or char in "-‐−ー")))


def names_individual_number(head: str) -> bool:
    """A column head that announces one: 個人番号, ﾏｲﾅﾝﾊﾞｰ, 個人 番号（マイナンバー）, my_number."""
    folded = fold_kana(unicodedata.normalize("NFKC", head)).casefold()
    plain = "".join(char for char in folded if char.isalnum()).replace("ー", "")
    for token in _TOKENS:
        _, found, after = plain.partition(token)
        if found and not after.startswith(_NO_NUMBER):
            return True
    return False
