"""One family at the portal of a running site, with a browser that knows no script."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from madoguchi.ledgers.procedures.package import read_package
from scenarios.browser import Browser, Page

PACKAGE = Path(__file__).parent.parent / "packages/gakudo-club/2026-04.1"
MOST_SHOWINGS = 4


@dataclass(frozen=True)
class Family:
    """Who applies: the key in the registry, the name, and everything that is typed."""

    resident: int
    name: str
    raw: dict[str, list[str]]

    def for_page(self, key: str) -> dict[str, list[str]]:
        """What belongs on the page with this key."""
        page = next(page for page in read_package(PACKAGE).form.pages if page.key == key)
        fields = {field.key for field in page.fields}
        return {name: values for name, values in self.raw.items() if name.split("-", 1)[0] in fields}


def proved(browser: Browser, family: Family) -> None:
    page = browser.get("/prove/")
    browser.submit(page, page.form_with("resident"), {"resident": [str(family.resident)], "way": ["card"]})


def begun(browser: Browser, family: Family) -> Page:
    """The first page of the form."""
    proved(browser, family)
    return browser.get("/procedures/gakudo-club/begin/")


def at_review(browser: Browser, family: Family) -> Page:
    """Everything typed; the last button is not yet pressed."""
    page = begun(browser, family)
    while not page.path.endswith("/review/"):
        page = answered(browser, family, page)
    return page


def answered(browser: Browser, family: Family, page: Page) -> Page:
    """Fill in one page; a page that asks more because of an answer is filled in once more."""
    typed = family.for_page(page.path.rstrip("/").rsplit("/", 1)[-1])
    after = page
    for _ in range(MOST_SHOWINGS):
        after = browser.submit(after, after.form_with("csrfmiddlewaretoken", "post"), typed)
        if after.path.partition("?")[0] != page.path.partition("?")[0]:
            return after
    raise LookupError(f"refused at {page.path} ({after.status})")


def press(browser: Browser, review: Page) -> Page:
    return browser.submit(review, review.form_with("csrfmiddlewaretoken", "post"), {})


def number_of(receipt: Page) -> str:
    assert receipt.path.endswith("/receipt/"), (receipt.status, receipt.path)
    return receipt.path.split("/")[2]


def families(told: list[dict[str, Any]]) -> list[Family]:
    return [Family(**each) for each in told]
