"""How the connectors, the chain and the processes are, as last seen. Part of actions.py and queries.py."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.models import HealthMark, Municipality
from madoguchi.ledgers.office.queries import verify_chain
from madoguchi.ledgers.office.watching import Trouble, checks, probes

ALIVE_SECONDS = 60
CHAIN = "chain"
logger = logging.getLogger(__name__)


def note_health(*, key: str, label: str, fault: str, at: datetime) -> None:
    """Keep what a look found; an empty `fault` is a success, whose time stays when the next look fails."""
    mark, _ = HealthMark.objects.get_or_create(key=key, defaults={"label": label, "looked_at": at})
    mark.label, mark.fault, mark.looked_at = label, fault[:300], at
    mark.failing_since = (mark.failing_since or at) if fault else None
    mark.well_at = mark.well_at if fault else at
    mark.save()


def look_at(key: str, municipality: Municipality, *, at: datetime) -> str:
    """Make one cheap call to an outside system and keep what it said; the fault, or nothing."""
    label, call = probes()[key]
    try:
        call(municipality.code)
        fault = ""
    except Refusal as refusal:
        fault = str(refusal)
    except Exception as error:
        logger.warning("%s: %s", key, type(error).__name__)
        fault = f"応答がありません（{type(error).__name__}）。"
    note_health(key=key, label=label, fault=fault, at=at)
    return fault


def look_at_all(municipality: Municipality, *, at: datetime) -> int:
    """Every connector of a municipality; says how many are out of order."""
    return sum(bool(look_at(key, municipality, at=at)) for key in probes())


def verify_and_note(municipality: Municipality, *, at: datetime) -> str:
    """Re-compute the chain of the municipality of the session and keep the result; the fault, or nothing."""
    report = verify_chain(municipality)
    fault = report.broken.sentence if report.broken else ""
    note_health(key=CHAIN, label="記録の鎖", fault=fault, at=at)
    return fault


def marks() -> list[HealthMark]:
    return list(HealthMark.objects.order_by("key"))


def workers_alive() -> int:
    """How many workers gave a sign of life within the last minute, by the database's own clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [ALIVE_SECONDS],
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Figures:
    """What stands below the list: sizes, as the database tells them."""

    database_bytes: int
    waiting_jobs: int


def figures() -> Figures:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()),"
            " (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo')"
        )
        return Figures(*cursor.fetchone())


def troubles_now(at: datetime) -> list[Trouble]:
    """Every trouble of the municipality of the session; a check that breaks is itself one."""
    found: list[Trouble] = []
    for kind, check in checks().items():
        with _however_it_ends(kind, found):
            found += check(at)
    return sorted(found, key=lambda each: (each.soon, each.kind, each.what))


@contextmanager
def _however_it_ends(kind: str, found: list[Trouble]) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except Exception as error:
        logger.exception("%s cannot be looked at", kind)
        found.append(Trouble(kind, f"「{kind}」を調べられませんでした（{type(error).__name__}）。"))
