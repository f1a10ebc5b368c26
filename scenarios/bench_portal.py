"""How many pages a second go out over real HTTP, beside a static file of the same server."""

import re

from demo.accounts import PASSWORD
from scenarios.bench_town import found, timed
from scenarios.browser import Browser
from scenarios.gakudo_club.season import PLAN
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period.intake import receive_all

APPLICATIONS = {"small": 100, "full": 1000}
PAGES = {"small": 60, "full": 400}
LEDGER, PROCEDURE = "/desk/gakudo-club/", "/procedures/gakudo-club/"
LEAST_SHARE = 0.002
"""A page with its queries is slower than a file, but not five hundred times."""


def play(stage: Stage) -> Report:
    """One browser, one page after the other: the ledger of staff, the page of a procedure, a file."""
    loaded, drawn, _ = found(APPLICATIONS[stage.size])
    receive_all(PLAN, loaded, drawn, PLAN.seed)
    browser, report = Browser(stage.turn_to(PLAN.portal_day)), Report("portal")
    try:
        _sign_in(browser)
        file = _static_file(browser.get(PROCEDURE).text)
        speeds = {
            name: _pages_per_second(browser, path, PAGES[stage.size], report)
            for name, path in {"ledger": LEDGER, "procedure": PROCEDURE, "static_file": file}.items()
        }
    finally:
        browser.close()
    report.figures |= {f"{name}_pages_per_second": speed for name, speed in speeds.items()}
    for name in ("ledger", "procedure"):
        share = round(speeds[name] / speeds["static_file"], 4)
        report.figures[f"{name}_share_of_yardstick"] = share
        report.check(f"{name}: not five hundred times slower than a file", share > LEAST_SHARE, str(share))
    return report


def _sign_in(browser: Browser) -> None:
    page = browser.get("/desk/login/")
    browser.submit(page, page.form_with("login"), {"login": ["shinsa"], "password": [PASSWORD]})


def _static_file(page: str) -> str:
    found_file = re.search(r'(/static/[^"]+\.css)"', page)
    assert found_file is not None
    return found_file[1]


def _pages_per_second(browser: Browser, path: str, count: int, report: Report) -> float:
    first = browser.get(path)
    wanted = first.status == 200 and first.path.split("?")[0] == path.split("?")[0]
    report.check(f"{path} is shown", wanted, f"{first.path} ({first.status})")
    statuses, seconds = timed(lambda: [browser.get(path).status for _ in range(count)])
    report.check(f"{path} is shown every time", set(statuses) == {200})
    return round(count / seconds, 1)
