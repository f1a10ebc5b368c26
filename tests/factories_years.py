"""A shipped package as it would have been a year ago, and the answers of one of its cases."""

from functools import lru_cache
from pathlib import Path

from madoguchi.ledgers.procedures.package import Package, read_files, read_package

FOLDERS = {"hoiku": "hoiku/2026-04", "gakudo-club": "gakudo-club/2026-04"}
YEAR_AGO = (
    ('version = "2026-04"', 'version = "2025-04"'),
    ("in_force_from = 2026-04-01", "in_force_from = 2025-04-01"),
    ('code = "2027-04"', 'code = "2026-04"'),
    ("opens = 2026-11-02", "opens = 2025-11-04"),
    ("closes = 2026-11-30", "closes = 2025-11-28"),
    ("entry_on = 2027-04-01", "entry_on = 2026-04-01"),
    ("decision_on = 2027-01-", "decision_on = 2026-01-"),
    ("released_at = 2027-", "released_at = 2026-"),
)


@lru_cache
def shipped(slug: str) -> Package:
    return read_package(Path(__file__).parents[1] / "packages" / FOLDERS[slug])


@lru_cache
def last_years_package(slug: str) -> Package:
    """The package with the round of the year before; form, tables and letters are the same."""
    files = {name: body for name, body in shipped(slug).files.items() if name != "examples.toml"}
    told = files["procedure.toml"].decode()
    for this_year, last_year in YEAR_AGO:
        assert this_year in told, this_year
        told = told.replace(this_year, last_year)
    return read_files({**files, "procedure.toml": told.encode()})


def raw_of(slug: str, *, mother_days: str, mother_end: str, **changed: str) -> dict[str, list[str]]:
    """The sound example of the nursery package with other hours of the mother; `changed` replaces inputs (- as __)."""
    sound = next(each for each in shipped(slug).examples if each.stage == "received" and each.score)
    more = {"guardians-1-days_month": mother_days, "guardians-1-end": mother_end}
    more |= {name.replace("__", "-"): value for name, value in changed.items()}
    return {**sound.raw, **{name: [value] for name, value in more.items()}}
