"""保存期間 and 今日の異常 in a browser, each page by axe."""

from collections.abc import Callable

import pytest

from tests.browser.eyes import Eyes
from tests.browser.test_desk import entered
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]


def test_the_pages_on_retention(window: Window, been: set[str]) -> None:
    """A withdrawn case is listed on a day of its own: here every list is short, and every page is there."""
    eyes = entered(window(), "shinsa")
    for path in (
        "/desk/retention/",
        "/desk/retention/of/gakudo-club/finished/",
        "/desk/retention/of/gakudo-club/abandoned/",
        "/desk/retention/book/",
    ):
        eyes.go(path)
        eyes.look(path.strip("/").replace("/", "-"))
    eyes.go("/desk/gakudo-club/")
    href = eyes.page.locator("td a[href*='/desk/cases/']").first.get_attribute("href")
    eyes.go(f"{href}retention/")
    eyes.look("case-retention")
    been |= eyes.seen


def test_the_list_for_disposal(site: Site, window: Window, been: set[str]) -> None:
    run_id = site.ask("tests.list_for_disposal")
    eyes = entered(window(), "shinsa")
    eyes.go(f"/desk/retention/lists/{run_id}/")
    eyes.look("retention-list")
    been |= eyes.seen


def test_the_troubles_of_the_day(window: Window, been: set[str]) -> None:
    eyes = entered(window(), "joho")
    eyes.go("/desk/troubles/")
    eyes.look("troubles")
    been |= eyes.seen
