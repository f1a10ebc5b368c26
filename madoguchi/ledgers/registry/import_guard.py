"""Files with individual numbers are refused whole, before anything of them is kept (番号法19条, 20条)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest

from madoguchi.common.individual_number import may_be_individual_number, names_individual_number
from madoguchi.common.text import in_quotes
from madoguchi.ledgers.registry.errors import ImportFileUnreadable, IndividualNumberFound
from madoguchi.ledgers.registry.import_source import Line

_NEXT = "個人番号の列を除いて書き出し直してください。このファイルは1行も保存していません。手元のファイルの扱いにも注意してください。"

_CHUNK = 1000
_DIGITS = 12


def refuse_individual_numbers(lines: Iterable[Line]) -> tuple[Line, int]:
    """Go through a whole file; the head and the number of lines below it, or IndividualNumberFound.

    Refused by the name of a column, and by its values where most of them are twelve digits with the right
    check digit, whatever the column is called.
    """
    rest = iter(lines)
    head = next(rest, None)
    if head is None:
        raise ImportFileUnreadable(
            "ファイルに見出しがありません。", next_step="見出しの行を付けて書き出し直してください。"
        )
    for place, name in enumerate(head.cells, 1):
        if names_individual_number(name):
            raise _found(f"見出し{in_quotes(name)}（{place}列目）は個人番号の列です。")
    count, suspects = _counted(rest)
    for place, (valid, filled) in suspects.items():
        if valid * 2 > filled:
            name = head.cells[place] if place < len(head.cells) else ""
            raise _found(
                f"見出し{in_quotes(name)}（{place + 1}列目）の値の多くが、個人番号として成り立つ12けたの数字です。"
            )
    return head, count


def _counted(lines: Iterator[Line]) -> tuple[int, dict[int, tuple[int, int]]]:
    """Lines, and for each column that holds such a number: how many do, of how many that are not empty."""
    valid: Counter[int] = Counter()
    filled: Counter[int] = Counter()
    count = 0
    while chunk := [line.cells for line in islice(lines, _CHUNK)]:
        count += len(chunk)
        for place, column in enumerate(zip_longest(*chunk, fillvalue="")):
            filled[place] += len(column) - column.count("")
            # Column by column most are seen to be too short at once.
            if max(map(len, column)) >= _DIGITS:
                valid[place] += sum(
                    len(cell) >= _DIGITS and may_be_individual_number(cell.strip()) for cell in column
                )
    return count, {place: (found, filled[place]) for place, found in valid.items() if found}


def _found(sentence: str) -> IndividualNumberFound:
    return IndividualNumberFound(sentence, next_step=_NEXT)
