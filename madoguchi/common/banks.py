"""Banks and their branches by 金融機関コード and 支店コード, from the installed table; nothing asked of the network."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from zengin_code import Bank as _Table

from madoguchi.common.errors import CodeUnreadable
from madoguchi.common.kana import fold_kana, fold_width, kana_key
from madoguchi.common.text import in_quotes

_LONGEST_LIST = 30


@dataclass(frozen=True)
class Bank:
    """金融機関. `kana` in full-width katakana; `half_kana` as bank files want it is to_half_width(kana)."""

    code: str
    name: str
    kana: str


@dataclass(frozen=True)
class Branch:
    """支店 of a bank."""

    bank: Bank
    code: str
    name: str
    kana: str


def bank(code: str) -> Bank:
    """The bank of four digits, however typed (１ → 0001). CodeUnreadable when there is none."""
    return _bank(_known(code))


def branch(bank_code: str, branch_code: str) -> Branch:
    """The branch of three digits of a bank. CodeUnreadable when the bank or the branch is unknown."""
    owner = _known(bank_code)
    digits = _digits(branch_code, 3, "支店コード")
    row = owner.branches.get(digits)
    if row is None:
        raise CodeUnreadable(
            f"{owner.name}に支店コード{in_quotes(digits)}はありません。",
            next_step="通帳かキャッシュカードの3けたの番号を確かめてください。",
        )
    return Branch(_bank(owner), digits, str(row.name), fold_kana(str(row.kana)))


def find_banks(text: str) -> tuple[Bank, ...]:
    """Banks whose name or reading begins with what was typed, at most thirty, exact names first."""
    wanted, reading = fold_width(text).strip(), kana_key(text)
    if not wanted:
        return ()
    found = [
        each
        for each in (_bank(row) for row in _banks())
        if each.name.startswith(wanted) or kana_key(each.kana).startswith(reading)
    ]
    return tuple(sorted(found, key=lambda each: (each.name != wanted, each.kana, each.code))[:_LONGEST_LIST])


def find_branches(bank_code: str, text: str) -> tuple[Branch, ...]:
    """Branches of a bank whose name or reading begins with what was typed, at most thirty."""
    owner = _known(bank_code)
    wanted, reading = fold_width(text).strip(), kana_key(text)
    rows = ((str(code), str(row.name), fold_kana(str(row.kana))) for code, row in owner.branches.items())
    found = [
        Branch(_bank(owner), code, name, kana)
        for code, name, kana in rows
        if wanted and (name.startswith(wanted) or kana_key(kana).startswith(reading))
    ]
    return tuple(sorted(found, key=lambda each: (each.name != wanted, each.kana, each.code))[:_LONGEST_LIST])


def _known(code: str) -> Any:
    digits = _digits(code, 4, "金融機関コード")
    if digits not in _table():
        raise CodeUnreadable(
            f"金融機関コード{in_quotes(digits)}の金融機関はありません。",
            next_step="通帳かキャッシュカードの4けたの番号を確かめてください。",
        )
    return _table()[digits]


def _digits(code: str, length: int, label: str) -> str:
    digits = "".join(fold_width(code).split())
    if not (digits.isascii() and digits.isdigit() and len(digits) <= length):
        raise CodeUnreadable(
            f"{label}{in_quotes(code)}は{length}けたの数字ではありません。",
            next_step=f"{length}けたの数字で入れてください。",
        )
    return digits.zfill(length)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return dict(_Table.all)


def _banks() -> Iterator[Any]:
    yield from _table().values()


def _bank(row: Any) -> Bank:
    return Bank(str(row.code), str(row.name), fold_kana(str(row.kana)))
