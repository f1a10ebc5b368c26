"""A whole application of the club over HTTP with real commits, beside a bare Django view that keeps the same JSON.

`ratio` is the median wall time of the one request 申請する (rules, checks, score, number, trace, mail, case, commit)
by the median of the bare insert; the two alternate, so that what else the machine does falls on both.
`cpu_s_per_application` is everything: all pages from the procedure's to the receipt and its PDF, worker and database.
"""

import http.client
import json
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from demo.town import found_the_town
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.session import enter_municipality, full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.queries import residents_by_number
from madoguchi.ledgers.registry.town_generator import generate_families
from scenarios.bare_view import TABLE
from scenarios.gakudo_club.families import pupils, typed
from scenarios.gakudo_club.season import FIRST_DAY, PLAN, SEED, Season, arrivals
from scenarios.processor_time import Spent, spent
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.typist import Family, Took, Typist
from scenarios.whole_period.people import applicant_number
from scenarios.whole_period.plan import at

FAMILIES = {"small": (2, 6, 12), "full": (40, 60, 200)}
"""To warm up, one after the other, and at concurrency 20."""
TOGETHER = 20
GOALS = {"ratio": 3.0, "cpu_s_per_application": 0.1}
LEAST_PER_SECOND = 10
MAILS_WITHIN_SECONDS = 60
WAITING_MAILS = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


def play(stage: Stage) -> Report:
    """Warm up; one family after the other beside the yardstick; then twenty at once beside the yardstick."""
    warm, alone, together = FAMILIES[stage.size]
    report = Report("submit")
    loaded, families = applying_families(warm + alone + together)
    fields = {page.key: {field.key for field in page.fields} for page in loaded.package.form.pages}
    address = stage.turn_to(PLAN.portal_day)
    with _bare_server(stage) as bare:
        _at_once(address, families[:warm], fields, 4)
        numbers = _one_by_one(report, address, bare, families[warm : warm + alone], fields)
        numbers += _twenty_at_once(report, address, bare, families[warm + alone :], fields)
    _everything_is_there(report, numbers, alone + together)
    _goals(report)
    return report


def applying_families(count: int) -> tuple[LoadedPackage, list[Family]]:
    """サンプル市 and families who are about to apply, each from a household of its own."""
    season = Season(applications=count * 2, through_the_portal=count, clubs=8, duplicates_share=0)
    found_the_town(residents=0, at=at(FIRST_DAY, 8), applications=0)
    enter_municipality(office.municipality_by_code("999999").pk)
    households = list(generate_families(season.children, SEED, offset=500_000))
    enter_households(households, by=SYSTEM, at=at(FIRST_DAY, 8, 30))
    loaded, lot = live_package("gakudo-club"), Random(SEED)
    chosen = arrivals(pupils(households, loaded.package.facilities[: season.clubs], lot), season, lot)[0]
    keys = residents_by_number(applicant_number(pupil) for pupil in chosen)
    return loaded, [
        Family(keys[applicant_number(pupil)], typed(pupil, lot, loaded, True)) for pupil in chosen
    ]


@contextmanager
def _bare_server(stage: Stage) -> Iterator[str]:
    """The yardstick under the same web server, with as many processes, on the same database."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute(TABLE)
    settings = {"DJANGO_SETTINGS_MODULE": "scenarios.bare_view"}
    with stage.serve("scenarios.bare_view:application", processes=2, settings=settings) as address:
        yield address


class Bare:
    """One sender at the yardstick, on one kept connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def insert(self, answers: str) -> float:
        """Milliseconds of one insert. Raises LookupError when nothing was kept."""
        began = time.perf_counter()
        self.line.request("POST", "/insert/", answers, {"Content-Type": "application/json"})
        response = self.line.getresponse()
        response.read()
        if response.status != 302:
            raise LookupError(f"the yardstick refused ({response.status})")
        return (time.perf_counter() - began) * 1000


def _one_by_one(
    report: Report, address: str, bare_address: str, families: Sequence[Family], fields: dict[str, set[str]]
) -> list[str]:
    bare, inserted, took, numbers = Bare(bare_address), list[float](), Took(), list[str]()
    for family in families:
        bare.insert(json.dumps(family.raw))
    before = spent()
    for family in families:
        typist = Typist(address)
        review = family.fill_in(typist, fields)
        inserted.append(bare.insert(json.dumps(family.raw)))
        numbers.append(family.press(typist, review))
        typist.close()
        took.add(typist.took)
    _wait_for_mails(report)
    _tell_processor_time(report, spent().since(before), len(families), "_at_1")
    _tell(report, took, inserted, 1)
    report.figures["requests_per_application"] = round(sum(map(len, took.steps.values())) / len(families), 1)
    report.figures["flow_ms"] = round(sum(ms for each in took.steps.values() for ms in each) / len(families))
    return numbers


def _twenty_at_once(
    report: Report, address: str, bare_address: str, families: Sequence[Family], fields: dict[str, set[str]]
) -> list[str]:
    before, began = spent(), time.perf_counter()
    took, numbers = _at_once(address, families, fields, TOGETHER)
    report.figures["per_second"] = round(len(numbers) / (time.perf_counter() - began), 2)
    _wait_for_mails(report)
    _tell_processor_time(report, spent().since(before), len(families), "")
    _tell(report, took, _bare_at_once(bare_address, families), TOGETHER)
    return numbers


def _at_once(
    address: str, families: Sequence[Family], fields: dict[str, set[str]], together: int
) -> tuple[Took, list[str]]:
    typists = [Typist(address) for _ in families]
    with ThreadPoolExecutor(together) as pool:
        numbers = list(
            pool.map(lambda pair: pair[0].apply(pair[1], fields), zip(families, typists, strict=True))
        )
    took = Took()
    for typist in typists:
        typist.close()
        took.add(typist.took)
    return took, numbers


def _bare_at_once(address: str, families: Sequence[Family]) -> list[float]:
    texts = [json.dumps(family.raw) for family in families]
    parts = [texts[place::TOGETHER] for place in range(TOGETHER)]

    def send(part: list[str]) -> list[float]:
        bare = Bare(address)
        return [bare.insert(text) for text in part * 3]

    with ThreadPoolExecutor(TOGETHER) as pool:
        return [ms for took in pool.map(send, parts) for ms in took]


def _tell(report: Report, took: Took, inserted: list[float], together: int) -> None:
    """Each request, the press apart, and its ratio to the yardstick."""
    name = f"_at_{together}"
    every = [ms for step in took.steps.values() for ms in step]
    press = took.steps["press"]
    report.figures |= {
        f"p50_ms{name}": _at(every, 50),
        f"p99_ms{name}": _at(every, 99),
        f"press_p50_ms{name}": _at(press, 50),
        f"press_p99_ms{name}": _at(press, 99),
        f"bare_p50_ms{name}": _at(inserted, 50),
        f"bare_p99_ms{name}": _at(inserted, 99),
        "ratio" if together == 1 else f"ratio{name}": round(
            statistics.median(press) / statistics.median(inserted), 2
        ),
    }
    if together == 1:
        report.figures |= {f"{step}_ms": _at(ms, 50) for step, ms in took.steps.items()}


def _tell_processor_time(report: Report, used: Spent, applications: int, name: str) -> None:
    report.figures |= {
        f"cpu_s_per_application{name}": round(used.total / applications, 3),
        f"cpu_s_web{name}": round(used.web / applications, 3),
        f"cpu_s_worker{name}": round(used.worker / applications, 3),
        f"cpu_s_database{name}": round(used.database / applications, 3),
    }


def _wait_for_mails(report: Report) -> None:
    """What an application costs is over when its mail is out."""
    until = time.monotonic() + MAILS_WITHIN_SECONDS
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING_MAILS)
            waiting = cursor.fetchone()[0]
        if not waiting:
            return
        time.sleep(0.2)
    report.check("every mail went out", False, f"{waiting} are waiting")


def _everything_is_there(report: Report, numbers: list[str], sent: int) -> None:
    with full_sight(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM applications_application WHERE number = ANY(%s)", [numbers])
        kept = cursor.fetchone()[0]
    report.check("every receipt has its case", kept == sent == len(set(numbers)), f"{kept} of {sent}")


def _goals(report: Report) -> None:
    for name, goal in GOALS.items():
        report.check(f"{name} ≤ {goal}", report.figures[name] <= goal, str(report.figures[name]))
    speed = report.figures["per_second"]
    report.check(f"per_second ≥ {LEAST_PER_SECOND}", speed >= LEAST_PER_SECOND, str(speed))


def _at(took: Sequence[float], percent: int) -> float:
    ordered = sorted(took)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)
