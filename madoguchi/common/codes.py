"""Codes that name places and bodies: 全国地方公共団体コード, 法人番号, 町字ID, 郵便番号."""

import re
from dataclasses import dataclass

from madoguchi.common.errors import CodeUnreadable as CodeUnreadable
from madoguchi.common.kana import fold_hyphens, fold_width
from madoguchi.common.text import in_quotes

FICTIONAL_MUNICIPALITIES = frozenset({"999999", "999998"})
_MUNICIPALITY_WEIGHTS = (6, 5, 4, 3, 2)


@dataclass(frozen=True)
class CodeReading:
    """A code read from outside data: the code or None, what was repaired, and what is wrong, as sentences."""

    code: str | None
    repairs: tuple[str, ...] = ()
    problem: str | None = None


def municipality_check_digit(body: str) -> str:
    """Check digit of the first five digits of a 全国地方公共団体コード."""
    total = sum(weight * int(digit) for weight, digit in zip(_MUNICIPALITY_WEIGHTS, body, strict=True))
    return str((11 - total % 11) % 10)


def is_municipality_code(code: str) -> bool:
    """Six digits, a prefecture from 01 to 47, the right check digit; or an invented sample town."""
    if code in FICTIONAL_MUNICIPALITIES:
        return True
    return _digits(code, 6) and _has_prefecture(code) and municipality_check_digit(code[:5]) == code[5]


def _digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()


def _has_prefecture(code: str) -> bool:
    return 1 <= int(code[:2]) <= 47


def repair_municipality_code(text: str) -> CodeReading:
    """Read a code from outside data; a lost leading zero and a missing check digit are put back.

    Every repair is reported. A wrong check digit, an unknown prefecture and a code with two readings are
    problems and never repaired.
    """
    digits = _only_digits(text)
    if is_municipality_code(digits):
        return CodeReading(digits)
    if _digits(digits, 4):
        return _with_zero_and_check(digits)
    if _digits(digits, 5):
        return _five_digits(digits)
    return CodeReading(None, problem=_problem_of_six(digits, text))


def _only_digits(text: str) -> str:
    return "".join(fold_hyphens(fold_width(text)).replace("-", "").split())


def _problem_of_six(digits: str, text: str) -> str:
    if not _digits(digits, 6):
        return f"団体コード{in_quotes(text)}は6けたの数字ではありません。"
    if not _has_prefecture(digits):
        return _no_prefecture(digits)
    return f"団体コード{in_quotes(digits)}の検査数字（最後の1けた）が合いません。"


def _no_prefecture(digits: str) -> str:
    return f"団体コード{in_quotes(digits)}の都道府県（はじめの2けた）は01〜47の範囲にありません。"


def _with_zero_and_check(digits: str) -> CodeReading:
    body = f"0{digits}"
    if not _has_prefecture(body):
        return CodeReading(None, problem=_no_prefecture(digits))
    code = body + municipality_check_digit(body)
    return CodeReading(code, (_zero_repaired(digits, body), _check_repaired(body, code)))


def _five_digits(digits: str) -> CodeReading:
    """The leading zero or the check digit is missing; of two readings, the one that follows the numbering."""
    zero, check = f"0{digits}", digits + (municipality_check_digit(digits))
    readings = {code for code in (zero, check) if is_municipality_code(code)}
    in_use = {code for code in readings if _follows_numbering(code)} or readings
    if not readings:
        return CodeReading(None, problem=_no_prefecture(digits))
    if len(in_use) > 1:
        return CodeReading(
            None,
            problem=f"団体コード{in_quotes(digits)}は{zero}とも{check}とも読めます。6けたで入れてください。",
        )
    code = in_use.pop()
    repair = _zero_repaired(digits, code) if code == zero else _check_repaired(digits, code)
    return CodeReading(code, (repair,))


def _follows_numbering(code: str) -> bool:
    """No municipality has a number from 001 to 099 in its prefecture; 000 is the prefecture itself."""
    return code[2:5] == "000" or code[2:5] >= "100"


def _zero_repaired(before: str, after: str) -> str:
    return f"先頭の0を補いました（{before}→{after}）。"


def _check_repaired(before: str, after: str) -> str:
    return f"検査数字を補いました（{before}→{after}）。"


def municipality_code(text: str) -> str:
    """The six digits of a code typed by a person; refuses what repair_municipality_code calls a problem."""
    reading = repair_municipality_code(text)
    if reading.code is None:
        raise CodeUnreadable(
            reading.problem or "", next_step="6けたの全国地方公共団体コードを入れてください。"
        )
    return reading.code


def corporate_check_digit(body: str) -> str:
    """Check digit, put in front, of the twelve digits of a 法人番号 (法人番号の指定等に関する省令2条)."""
    total = sum((1 + place % 2) * int(digit) for place, digit in enumerate(reversed(body)))
    return str(9 - total % 9)


def corporate_number(text: str) -> str:
    """The thirteen digits of a 法人番号; hyphens, spaces and width do not matter."""
    digits = _only_digits(text)
    if not _digits(digits, 13):
        raise CodeUnreadable(
            f"法人番号{in_quotes(text)}は13けたの数字ではありません。",
            next_step="国税庁の法人番号公表サイトの13けたの番号を入れてください。",
        )
    if corporate_check_digit(digits[1:]) != digits[0]:
        raise CodeUnreadable(
            f"法人番号{in_quotes(text)}の検査数字（はじめの1けた）が合いません。",
            next_step="番号を1けたずつ確かめてください。",
        )
    return digits


def town_id(text: str) -> str:
    """The seven digits of a 町字ID; data sets write 0008-001 for 0008001."""
    digits = _only_digits(text)
    if not _digits(digits, 7):
        raise CodeUnreadable(
            f"町字ID{in_quotes(text)}は7けたの数字ではありません。",
            next_step="「0008-001」のように入れてください。",
        )
    return digits


def postcode(text: str) -> str:
    """123-4567, from 1234567, 〒１２３－４５６７ and the like."""
    digits = re.sub("^〒", "", _only_digits(text))
    if not _digits(digits, 7):
        raise CodeUnreadable(
            f"郵便番号{in_quotes(text)}は7けたの数字ではありません。",
            next_step="「123-4567」のように7けたで入れてください。",
        )
    return f"{digits[:3]}-{digits[3:]}"
