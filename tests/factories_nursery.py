"""A round of the nurseries' package with few seats, filled through the doors of the other rooms."""

import csv
import io
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import files_of, read_files
from madoguchi.services.applications.actions import accept, receive
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Channel
from tests.factories_allocation import FACTS

FOLDER = Path(__file__).parents[1] / "packages/hoiku/2026-04"
SLUG = "hoiku"
PERIOD = "2027-04"
BIRTHS = {"0": "R8.6.14", "1": "R7.6.14", "2": "R6.6.14", "3": "R5.6.14", "4": "R4.6.14", "5": "R3.6.14"}
"""A child of each class on 1 April 2027."""


def nursery_files(seats: dict[str, dict[str, int]]) -> dict[str, bytes]:
    """The files of the package with other seats ({"n01": {"2": 1}}, of the other classes none)."""
    files = files_of(FOLDER)
    told = io.StringIO()
    rows = list(csv.DictReader(files["tables/facilities.csv"].decode().splitlines()))
    writer = csv.DictWriter(told, rows[0])
    writer.writeheader()
    writer.writerows(_with_seats(row, seats.get(row["code"])) for row in rows)
    files["tables/facilities.csv"] = told.getvalue().encode()
    return files


def _with_seats(row: dict[str, str], seats: dict[str, int] | None) -> dict[str, str]:
    if seats is None:
        return row
    return {
        name: str(seats.get(name[-1], 0)) if name.startswith("seats_") and value else value
        for name, value in row.items()
    }


def nursery(now: datetime, files: dict[str, bytes] | None = None, **seats: dict[str, int]) -> Any:
    """The package, live: nursery(now, n01={"2": 1})."""
    return put_in_use(read_files(files or nursery_files(seats)), by=SYSTEM, at=now)


def raw_of_child(
    loaded: Any, given: str, wishes: list[str], age_class: str = "2", **changed: str
) -> dict[str, Any]:
    """The package's own example of two working parents, for a child of another class and with other wishes."""
    example = next(each for each in loaded.package.examples if each.score)
    raw = {name: value for name, value in example.raw.items() if not name.startswith("nurseries-")}
    birth = [BIRTHS[age_class]]
    raw |= {"child_name-given": [given], "household-0-name-given": [given]}
    raw |= {"child_birth": birth, "household-0-birth": birth}
    raw |= {f"nurseries-{number}": [code] for number, code in enumerate(wishes, 1)}
    return raw | {name.replace("__", "-"): [value] for name, value in changed.items()}


def transferring(code: str) -> dict[str, str]:
    """A child that has a seat at this facility and asks for another."""
    return {
        "present": "licensed",
        "present_facility": code,
        "entered_on": "2025-04-01",
        "transfer_reason": "other",
    }


def with_brother(given: str, age_class: str, wish: str) -> dict[str, str]:
    return {
        "siblings-0-name-family": "見本",
        "siblings-0-name-given": given,
        "siblings-0-birth": BIRTHS[age_class],
        "siblings-0-applying": "yes",
        "sibling_wish": wish,
    }


def applied(
    loaded: Any,
    staff: Any,
    now: datetime,
    given: str,
    wishes: list[str],
    age_class: str = "2",
    *,
    facts: dict[str, Any] | None = None,
    **changed: str,
) -> Application:
    """One accepted application. facts: what the registry and the office say besides."""
    receipt = receive(
        version_id=loaded.version_id,
        period_code=PERIOD,
        raw=raw_of_child(loaded, given, wishes, age_class, **changed),
        channel=Channel.ONLINE,
        by=SYSTEM,
        at=now,
        submission_key=uuid.uuid4(),
        facts=FACTS | (facts or {}),
    )
    application = Application.objects.get(pk=receipt.application_id)
    accept(number=receipt.number, by=staff, at=now, edition=application.edition)
    return application
