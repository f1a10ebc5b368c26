"""A round of the clubs' package with few seats, filled through the doors of the other rooms."""

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import files_of, read_files
from madoguchi.services.applications.actions import accept, receive
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Channel

FOLDER = Path(__file__).parents[1] / "packages/gakudo-club/2026-04"
PERIOD = "2027-04"
FACTS = {
    "same_household": True,
    "out_of_city": False,
    "duplicates": [],
    "cert_missing": 0,
    "arrears_months": 0,
}


def few_seats(now: datetime, **seats: int) -> Any:
    """The package of the clubs, live, with other capacities: few_seats(now, club01=1)."""
    files = files_of(FOLDER)
    lines = files["tables/clubs.csv"].decode().splitlines()
    changed = [with_seats(line.split(","), seats) for line in lines]
    files["tables/clubs.csv"] = "\n".join(changed).encode()
    return put_in_use(read_files(files), by=SYSTEM, at=now)


def with_seats(cells: list[str], seats: dict[str, int]) -> str:
    if cells[0] in seats:
        cells[4] = str(seats[cells[0]])
    return ",".join(cells)


def raw_of(loaded: Any, given: str, clubs: list[str], **changed: str) -> dict[str, list[str]]:
    """The package's own example of two working parents, for another child and other wishes."""
    example = next(each for each in loaded.package.examples if each.score)
    raw = {name: value for name, value in example.raw.items() if not name.startswith("clubs-")}
    raw |= {"child_name-given": [given], "household-0-name-given": [given], "pickup_time": ["17:30"]}
    raw |= {f"clubs-{number}": [code] for number, code in enumerate(clubs, 1)}
    return raw | {name.replace("__", "-"): [value] for name, value in changed.items()}


def with_sibling(given: str, clubs: list[str], wish: str) -> dict[str, str]:
    told = {
        "siblings-0-name-family": "見本",
        "siblings-0-name-given": given,
        "siblings-0-birth": "2020-06-14",
        "siblings-0-applying": "yes",
        "sibling_wish": wish,
    }
    return told | {f"siblings-0-clubs-{number}": code for number, code in enumerate(clubs, 1)}


def accepted_out_of_sight(
    loaded: Any, staff: Any, now: datetime, given: str, clubs: list[str], mother: Any
) -> str:
    """One accepted application of a protected mother; its number."""
    with full_sight():
        receipt = receive(
            version_id=loaded.version_id, period_code=PERIOD, raw=raw_of(loaded, given, clubs),
            channel=Channel.ONLINE, by=SYSTEM, at=now, submission_key=uuid.uuid4(), facts=FACTS,
            resident_id=mother.pk,
        )  # fmt: skip
        edition = Application.objects.get(pk=receipt.application_id).edition
        accept(number=receipt.number, by=staff, at=now, edition=edition)
    return receipt.number


def accepted(
    loaded: Any, staff: Any, now: datetime, given: str, clubs: list[str], **changed: str
) -> Application:
    """One accepted application."""
    receipt = receive(
        version_id=loaded.version_id,
        period_code=PERIOD,
        raw=raw_of(loaded, given, clubs, **changed),
        channel=Channel.ONLINE,
        by=SYSTEM,
        at=now,
        submission_key=uuid.uuid4(),
        facts=FACTS,
    )
    application = Application.objects.get(pk=receipt.application_id)
    accept(number=receipt.number, by=staff, at=now, edition=application.edition)
    return application
