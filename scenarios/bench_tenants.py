"""1,741 municipalities in one database: the pages of one town, beside a database that holds only that town.

Both databases begin as the same copy and are asked in turns, through web servers of their own, by host name.
`ratio` is the median over all pages of the one by that of the other.
"""

import os
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

import psycopg
from django.db import connection, connections
from psycopg import sql

from demo.accounts import PASSWORD
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.procedures.queries import LoadedPackage
from madoguchi.services.applications.actions import receive
from madoguchi.services.applications.states import Channel
from scenarios.bench_submit import applying_families
from scenarios.bench_town import timed
from scenarios.gakudo_club.season import PLAN
from scenarios.many_towns import forget_town, multiply
from scenarios.report import Report
from scenarios.stage import Stage, beside, drop_database
from scenarios.typist import Family, Typist
from scenarios.whole_period.plan import at

TOWNS = {"small": 60, "full": 1741}
FAMILIES = {"small": 5, "full": 120}
TIMES = {"small": 5, "full": 60}
LARGE_EVERY = 40
HIGHEST_RATIO = 1.2
HOST = "sample.localhost"


def play(stage: Stage) -> Report:
    """Found one town and its neighbour, copy the database, leave the town alone in one and fill the other."""
    report, here = Report("tenants"), os.environ["DATABASE_URL"]
    loaded, families = applying_families(FAMILIES[stage.size])
    fields = {page.key: {field.key for field in page.fields} for page in loaded.package.form.pages}
    _name_the_door()
    _some_apply(loaded, families[2:])
    town, neighbour = (office.municipality_by_code(code).pk for code in ("999999", "999998"))
    with _copy_of(here) as alone:
        forget_town(alone, neighbour)
        count = TOWNS[stage.size]
        rows, seconds = timed(
            lambda: multiply(here, count=count - 2, small=neighbour, large=town, every=LARGE_EVERY)
        )
        report.figures |= {"municipalities": count, "rows": rows, "seconds_to_fill": round(seconds, 1)}
        report.figures |= {"mb_of_all": _megabytes(here), "mb_of_one": _megabytes(alone)}
        with _served(stage, here) as many, _served(stage, alone) as one:
            visits = [_Visit(address, families[0], fields) for address in (many, one)]
            _compare(report, visits, TIMES[stage.size])
    return report


def _name_the_door() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE office_municipality SET host = %s WHERE code = '999999'", [HOST])


def _some_apply(loaded: LoadedPackage, families: list[Family]) -> None:
    """Cases of the counter, so that lists and pages have something to show."""
    clerk = office.staff_by_login("madoguchi")
    assert clerk is not None
    for family in families:
        receive(
            version_id=loaded.version_id,
            period_code="2027-04",
            raw=family.raw,
            channel=Channel.COUNTER,
            by=actor_of(clerk),
            at=at(PLAN.portal_day, 9),
            submission_key=uuid.uuid4(),
            resident_id=family.resident_id,
        )


@contextmanager
def _copy_of(url: str) -> Iterator[str]:
    origin = urlsplit(url).path.strip("/")
    name = f"{origin}_alone"
    connections.close_all()
    with psycopg.connect(beside(url, "postgres"), autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(origin))
        )
        try:
            yield beside(url, name)
        finally:
            drop_database(server, name)


def _served(stage: Stage, url: str) -> AbstractContextManager[str]:
    settings = {"DATABASE_URL": url, "MADOGUCHI_CLOCK": PLAN.portal_day.isoformat()}
    return stage.serve("config.wsgi:application", processes=1, settings=settings)


class _Visit:
    """A family that has applied and a clerk who has signed in, at one of the two servers."""

    def __init__(self, address: str, family: Family, fields: dict[str, set[str]]) -> None:
        self.resident, self.clerk = Typist(address, HOST), Typist(address, HOST)
        number = family.apply(self.resident, fields)
        login = self.clerk.get("login", "/desk/login/")
        self.clerk.post("login", login, {"login": ["shinsa"], "password": [PASSWORD]})
        searcher = Typist(address, HOST)
        searcher.post(
            "login", searcher.get("login", "/desk/login/"), {"login": ["madoguchi"], "password": [PASSWORD]}
        )
        surname = family.raw["applicant_name-family"][0]
        self.pages: dict[str, Callable[[], int]] = {
            "top": lambda: self.resident.get("top", "/").status,
            "procedure": lambda: self.resident.get("procedure", "/procedures/gakudo-club/").status,
            "status": lambda: self.resident.get("status", f"/applications/{number}/").status,
            "ledger": lambda: self.clerk.get("ledger", "/desk/gakudo-club/?view=all").status,
            "case": lambda: self.clerk.get("case", f"/desk/cases/{number}/").status,
            "residents": lambda: searcher.search("/desk/residents/", surname).status,
        }


def _compare(report: Report, visits: list[_Visit], times: int) -> None:
    took: list[dict[str, list[float]]] = [{name: [] for name in visit.pages} for visit in visits]
    statuses: dict[str, set[int]] = {name: set() for name in visits[0].pages}
    for turn in range(times + 4):
        for name in visits[0].pages:
            for side, visit in enumerate(visits if turn % 2 else visits[::-1]):
                place = side if turn % 2 else 1 - side
                began = time.perf_counter()
                statuses[name].add(visit.pages[name]())
                if turn >= 4:
                    took[place][name].append((time.perf_counter() - began) * 1000)
    for name, seen in statuses.items():
        report.check(f"{name} is shown", seen == {200}, str(seen))
        many, one = (statistics.median(side[name]) for side in took)
        report.figures |= {f"{name}_p50_ms": round(many, 1), f"{name}_alone_p50_ms": round(one, 1)}
        report.figures[f"{name}_ratio"] = round(many / one, 2)
    every = [statistics.median([ms for each in side.values() for ms in each]) for side in took]
    report.figures |= {"p50_ms": round(every[0], 1), "alone_p50_ms": round(every[1], 1)}
    report.figures["ratio"] = ratio = round(every[0] / every[1], 2)
    report.check(f"ratio ≤ {HIGHEST_RATIO}", ratio <= HIGHEST_RATIO, str(ratio))


def _megabytes(url: str) -> int:
    with psycopg.connect(url) as plain:
        row = plain.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0] / 1024 / 1024) if row else 0
