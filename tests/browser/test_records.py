"""簿冊 in a browser: every page by axe on a telephone and on a desk."""

from collections.abc import Callable

import pytest

from tests.browser.eyes import Eyes
from tests.browser.test_desk import entered
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]


def test_the_pages_of_case_files(site: Site, window: Window, been: set[str]) -> None:
    made = site.ask("tests.case_files")
    eyes = entered(window(), "shinsa")
    for path, picture in (
        ("/desk/records/", "records"),
        ("/desk/records/unfiled/", "records-unfiled"),
        (f"/desk/records/{made['open']}/", "case-file-open"),
        (f"/desk/records/{made['held']}/", "case-file-held"),
        ("/desk/records/end/", "records-end"),
        (f"/desk/records/lists/{made['list']}/", "disposal-list"),
        ("/desk/records/end/book/", "records-book"),
    ):
        eyes.go(path)
        eyes.look(picture)
    eyes.go("/desk/records/unfiled/")
    eyes.page.locator("details.settle summary").first.click()
    eyes.look("records-unfiled-open")
    eyes.go(f"/desk/records/{made['held']}/")
    for one in eyes.page.locator("details.settle summary").all():
        one.click()
    eyes.look("case-file-forms")
    been |= eyes.seen
