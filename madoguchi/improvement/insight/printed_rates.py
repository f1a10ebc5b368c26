"""電子決裁率 as others printed it, from a file shipped with its source. Never added to a measured figure."""

import csv
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "tables" / "electronic_decisions.csv"
COLUMNS = ("whose", "fiscal_year", "year_label", "rate_percent", "source")


class PrintedRatesFault(ValueError):
    """A line of the file that cannot be read, with its number."""


@dataclass(frozen=True)
class PrintedRate:
    """One printed value: whose, of which fiscal year, in percent as printed, and where it stands."""

    whose: str
    fiscal_year: int
    year_label: str
    percent: Decimal
    source: str


@cache
def printed_rates() -> tuple[PrintedRate, ...]:
    """The values shipped, by year."""
    return read_rates(FILE.read_text(encoding="utf-8"))


def read_rates(text: str) -> tuple[PrintedRate, ...]:
    """Printed values from CSV. Raises PrintedRatesFault with the line."""
    rows = csv.DictReader(text.splitlines())
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise PrintedRatesFault(f"1行目の見出しは {','.join(COLUMNS)} です。")
    found = [_rate(row, number) for number, row in enumerate(rows, 2)]
    return tuple(sorted(found, key=lambda each: (each.whose, each.fiscal_year)))


def _rate(row: dict[str, str], number: int) -> PrintedRate:
    try:
        percent, year = Decimal(row["rate_percent"]), int(row["fiscal_year"])
    except (InvalidOperation, ValueError, TypeError):
        raise PrintedRatesFault(f"{number}行目: 年度か割合が数ではありません。") from None
    if not 0 <= percent <= 100:
        raise PrintedRatesFault(f"{number}行目: 割合が0から100の間にありません。")
    if not (row["source"] and row["whose"]):
        raise PrintedRatesFault(f"{number}行目: だれの値か、出典が空です。")
    return PrintedRate(row["whose"], year, row["year_label"], percent, row["source"])
