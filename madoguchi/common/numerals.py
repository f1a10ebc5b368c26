"""漢数字 as they stand in dates and times: 令和八年十一月三十日, 二〇二六年."""

import re

_DIGITS = "〇一二三四五六七八九"
_RUN = re.compile("[〇一二三四五六七八九十]+")


def fold_kanji_numerals(text: str) -> str:
    """Write every 漢数字 below one hundred, and every row of single digits, in figures."""
    return _RUN.sub(lambda run: _figures(run[0]), text)


def _figures(run: str) -> str:
    tens, ten, units = run.partition("十")
    if not ten:
        return "".join(str(_DIGITS.index(char)) for char in run)
    if len(tens) > 1 or len(units) > 1 or "十" in units:
        return run
    return str(10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(units) if units else 0))
