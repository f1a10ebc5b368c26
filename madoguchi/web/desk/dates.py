"""Days as staff type them."""

from datetime import date

from madoguchi.common.era import DateUnreadable, parse_japanese_date


def read_day(text: str) -> date | None:
    """和暦 or 西暦 in any usual form; None when it cannot be read."""
    try:
        return parse_japanese_date(text)
    except DateUnreadable:
        return None
