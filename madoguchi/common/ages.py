from datetime import date


def fiscal_year(on: date) -> int:
    return on.year if on.month >= 4 else on.year - 1


def fiscal_year_end(on: date) -> date:
    return date(fiscal_year(on) + 1, 3, 31)
