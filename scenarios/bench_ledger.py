"""The ledger over a million cases through HTTP, beside the bare SQL of the same question; pages, search and export."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from demo.accounts import PASSWORD
from madoguchi.services.applications import queries
from madoguchi.services.applications.bench import bare_question
from madoguchi.services.applications.queries import Filters
from scenarios.browser import Browser
from scenarios.gakudo_club.season import PLAN
from scenarios.ledger_million import SIZES, many_cases
from scenarios.report import Report
from scenarios.stage import Stage

TIMES = {"small": 6, "full": 30}
GOALS = {"p99_ms": 100, "cpu_ms_case": 8, "cpu_ms_list100": 20, "export_seconds": 60, "export_peak_mb": 300}
SLUG, PERIOD = "gakudo-club", "2027-04"
TICK = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Question:
    """One question as an address asks it, and as filters."""

    kind: str
    address: str
    filters: Filters


def play(stage: Stage) -> Report:
    """Sizes: small proves the way, full is the measure."""
    size, times = SIZES[stage.size], TIMES[stage.size]
    report = Report("ledger")
    began = time.perf_counter()
    many_cases(size)
    report.figures |= {"cases": size.cases, "procedures": size.procedures}
    report.figures["seconds_to_fill"] = round(time.perf_counter() - began, 1)
    browser = Browser(stage.turn_to(PLAN.portal_day))
    try:
        _sign_in(browser)
        _questions(browser, size.procedures, times, report)
        _pages(browser, times * 4, report)
    finally:
        browser.close()
    _index_is_used(report)
    _export(size.exported, report)
    if stage.size == "full":
        for name, goal in GOALS.items():
            found = float(str(report.figures.get(name, report.figures.get("export_24000_s"))))
            report.check(f"{name} ≤ {goal}", found <= goal, str(found))
    return report


def _sign_in(browser: Browser) -> None:
    page = browser.get("/desk/login/")
    browser.submit(page, page.form_with("login"), {"login": ["shinsa"], "password": [PASSWORD]})


def asked(procedures: int, turn: int) -> list[Question]:
    """One of each kind; the procedure, the word and the place change from turn to turn."""
    slug = SLUG if turn % procedures == 0 else f"bench-{turn % procedures:02}"
    one = f"/desk/{slug}/"
    here: dict[str, Any] = {"procedure": slug, "period": PERIOD, "sections": (_section(),)}
    given = "そら あおい はると ゆい りく めい そうた ひなた いつき さな".split()  # noqa: SIM905
    rare = f"見本{given[turn % 10]}{given[turn // 10 % 10]}"
    deep = f"2025-0{1 + turn % 9}-10T00:00:00+09:00~0"
    every: dict[str, Any] = {"sections": (_section(),)}
    return [
        Question("list_all", "/desk/cases/?view=all", Filters(**every)),
        Question("list_one", f"{one}?view=all", Filters(**here)),
        Question(
            "filter",
            f"{one}?channel=paper&stage=received",
            Filters(**here, channel="paper", stage="received"),
        ),
        Question("filter_all", "/desk/cases/?view=marked", Filters(**every, view="marked")),
        Question("sort_name", f"{one}?sort=name", Filters(**here, sort="name")),
        Question("sort_score", f"{one}?sort=-score", Filters(**here, sort="-score")),
        Question("sort_all", "/desk/cases/?sort=due", Filters(**every, sort="due")),
        Question("deep_page", f"/desk/cases/?after={deep.replace('+', '%2B')}", Filters(**every, after=deep)),
        Question("search_name", f"/desk/cases/?text={rare}", Filters(**every, text=rare)),
        Question(
            "search_one",
            f"{one}?text=山川{given[turn % 10]}",
            Filters(**here, text=f"山川{given[turn % 10]}"),
        ),
        Question("search_common", "/desk/cases/?text=サンプル", Filters(**every, text="サンプル")),
    ]


def _section() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT section_id FROM applications_application LIMIT 1")
        return int(cursor.fetchone()[0])


def _questions(browser: Browser, procedures: int, times: int, report: Report) -> None:
    through_http: dict[str, list[float]] = {}
    bare: dict[str, list[float]] = {}
    for question in asked(procedures, 0) + asked(procedures, 1) + asked(procedures, 2) + asked(procedures, 3):
        browser.fetch(question.address)
    for turn in range(times):
        for question in asked(procedures, turn):
            seconds, (status, text) = _timed(partial(browser.fetch, question.address))
            report.check(f"{question.address} answers", status == 200) if status != 200 else None
            through_http.setdefault(question.kind, []).append(seconds * 1000)
            rows, spent = bare_question(question.filters)
            bare.setdefault(question.kind, []).append(spent * 1000)
            report.check(
                f"{question.kind}: the page shows what SQL tells", rows == shown(text), f"{rows}"
            ) if turn == 0 else None
    every = sorted(ms for spent in through_http.values() for ms in spent)
    report.figures["p50_ms"], report.figures["p99_ms"] = _p(every, 50), _p(every, 99)
    report.figures["ratio"] = round(
        statistics.median(every) / statistics.median([ms for spent in bare.values() for ms in spent]), 1
    )
    for kind, took in through_http.items():
        report.figures[f"{kind}_p50_ms"], report.figures[f"{kind}_p99_ms"] = (
            _p(sorted(took), 50),
            _p(sorted(took), 99),
        )
        report.figures[f"{kind}_sql_ms"] = round(statistics.median(bare[kind]), 2)


def shown(text: str) -> int:
    return text.count('name="number" value="')


def _timed(work: Callable[[], tuple[int, str]]) -> tuple[float, tuple[int, str]]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _p(ordered: list[float], percent: int) -> float:
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


def _pages(browser: Browser, times: int, report: Report) -> None:
    """Processor time of the web processes and of the database for one page, apart."""
    _, text = browser.fetch(f"/desk/{SLUG}/?view=all")
    numbers = [part.split('"')[0] for part in text.split('name="number" value="')[1:]]
    report.check("a list shows 100 rows", len(numbers) == 100, str(len(numbers)))
    addresses = {
        "list100": [f"/desk/{SLUG}/?view=all"],
        "case": [f"/desk/cases/{number}/" for number in numbers],
    }
    for name, pages in addresses.items():
        for page in pages[:10] * 2:
            browser.fetch(page)
        web, database = cpu_ms()
        for turn in range(times):
            status, _ = browser.fetch(pages[turn % len(pages)])
            if status != 200:
                report.check(f"{name} answers", False, str(status))
        web_after, database_after = cpu_ms()
        report.figures[f"cpu_ms_{name}_web"] = round((web_after - web) / times, 1)
        report.figures[f"cpu_ms_{name}_database"] = round((database_after - database) / times, 1)
        report.figures[f"cpu_ms_{name}"] = round((web_after - web + database_after - database) / times, 1)


def cpu_ms() -> tuple[float, float]:
    """Processor milliseconds used so far by the web processes of this run and by its database sessions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        sessions = [row[0] for row in cursor.fetchall()]
    return sum(map(_spent, _web_processes())), sum(map(_spent, sessions))


def _web_processes() -> list[int]:
    address = f"DATABASE_URL={os.environ['DATABASE_URL']}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"granian" in (folder / "cmdline").read_bytes() and address in (
                folder / "environ"
            ).read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) * TICK


def _index_is_used(report: Report) -> None:
    """The search reaches its index although row-level security stands before it."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as plain:
        town = connection.cursor()
        town.execute("SELECT current_setting('madoguchi.municipality')")
        plain.execute("SET ROLE madoguchi_app")
        plain.execute("SELECT set_config('madoguchi.municipality', %s, false)", [town.fetchone()[0]])
        plain.execute("SELECT set_config('madoguchi.searched', '{1,2}', false)")
        plan = "\n".join(
            row[0] for row in plain.execute("EXPLAIN SELECT application_id FROM applications_searchtext")
        )
    report.check(
        "the search reaches its index under row-level security", "search_grams" in plan, plan.split("\n")[0]
    )


def _export(rows: int, report: Report) -> None:
    """In a process of its own, so that its peak is its own."""
    command = [sys.executable, "-m", "scenarios.ledger_export"]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"MADOGUCHI_CLOCK": PLAN.portal_day.isoformat()},
    )
    told = json.loads(done.stdout.splitlines()[-1])
    report.figures |= {
        "export_rows": told["rows"],
        f"export_{rows}_s": told["seconds"],
        "export_peak_mb": told["peak_mb"],
    }
    report.check("every row was exported", told["rows"] >= rows, str(told["rows"]))


__all__ = ["play", "queries"]
