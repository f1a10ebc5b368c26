import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.eyes import DESKTOP, Eyes, opened
from tests.portal_family import Family, families
from tests.site import Site

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; the tests that share the process ask the database as before.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, site: Site) -> Iterator[Callable[..., Eyes]]:
    """Opens windows: `window(size=PHONE, script=False)`. At the end nothing may have been wrong in any of them."""
    open_ones: list[Eyes] = []

    def open_one(size: dict[str, int] = DESKTOP, script: bool = True) -> Eyes:
        open_ones.append(opened(chromium, site.address, size=size, script=script))
        return open_ones[-1]

    yield open_one
    for eyes in open_ones:
        eyes.context.close()
    wrong = [said for eyes in open_ones for said in eyes.wrong]
    assert wrong == [], "\n".join(wrong)


@pytest.fixture(scope="session")
def offered(site: Site) -> Iterator[Family]:
    """Families that the proof page offers and that have not applied; each is taken once."""
    return iter(families(site.ask("tests.asked_families", "16")))


@pytest.fixture(scope="session")
def been() -> set[str]:
    """Names of the addresses that somebody has looked at in this run."""
    return set()


@pytest.fixture
def mails(site: Site) -> Callable[[str], Any]:
    """The newest mail to somebody, as text."""
    from tests.browser.mails import newest

    return lambda to: newest(site.environment["MADOGUCHI_MAIL_DIR"], to)
