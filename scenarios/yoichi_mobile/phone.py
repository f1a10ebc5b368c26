"""Somebody who decides from a phone through the real pages: every link, box and button is a tap, and is counted."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from demo.accounts import PASSWORD
from scenarios.browser import Browser, Page

WAITS = re.compile(r'<h2><a href="/desk/decisions/(\d+)/"')
LISTED = re.compile(r'<li><a href="/desk/decisions/(\d+)/"')
INBOX = "/desk/decisions/"
PATIENCE_SECONDS = 120


class PageDiffers(Exception):
    """A page is not as the story needs it."""


@dataclass
class Taps:
    """What a month on the phone cost: taps, and the seconds of each decision from opening to the next list."""

    count: int = 0
    seconds: list[float] = field(default_factory=list)


class Phone:
    """One signed-in person. Signing in is no part of a decision and is not counted."""

    def __init__(self, address: str, login: str, taps: Taps) -> None:
        self.browser, self.taps = Browser(address), taps
        page = self.browser.get("/desk/login/")
        self.browser.submit(page, page.form_with("login"), {"login": [login], "password": [PASSWORD]})
        self.inbox = self.browser.get(INBOX)

    def close(self) -> None:
        self.browser.close()

    def open(self, path: str) -> Page:
        """Follow a link."""
        self.taps.count += 1
        page = self.browser.get(path)
        if page.status != 200:
            raise PageDiffers(f"{path}: {page.status}")
        return page

    def press(self, page: Page, verb: str) -> Page:
        """Press the button `verb` of a draft."""
        form = next((each for each in page.forms if ("verb", verb) in each.buttons), None)
        if form is None:
            raise PageDiffers(f"{page.path}: no button {verb}")
        self.taps.count += 1
        return self.browser.submit(page, form, {"verb": [verb]})

    def decide(self, draft_id: int, *, first: str = "") -> None:
        """Read and decide; `first` is a button to press before, such as 代決者になる."""
        began = time.perf_counter()
        page = self.open(f"{INBOX}{draft_id}/")
        if first:
            page = self.press(page, first)
        self.inbox = self.press(page, "approve")
        self.taps.seconds.append(time.perf_counter() - began)

    def decide_together(self, kind: str) -> tuple[int, Page]:
        """Tick every draft of a kind, look at the sample, decide all; how many, and the page with the sample."""
        page = self.open(f"{INBOX}?kind={kind}")
        ticked = WAITS.findall(page.text)
        sample = self._send(page, "draft", {"draft": ticked}, ticks=len(ticked))
        running = self._send(sample, "sure", {})
        _wait(lambda: "終わった時刻" in self.browser.get(running.path).text)
        return len(ticked), sample

    def _send(self, page: Page, marker: str, answers: dict[str, list[str]], ticks: int = 0) -> Page:
        self.taps.count += 1 + ticks
        return self.browser.submit(page, page.form_with(marker, "post"), answers)


def waiting(page: Page) -> list[int]:
    """Drafts that wait for the reader, as they stand in the inbox."""
    return [int(each) for each in WAITS.findall(page.text)]


def listed(page: Page) -> set[int]:
    """Drafts in the lists below: of somebody who is away, to look at, of the section."""
    return {int(each) for each in LISTED.findall(page.text)}


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not until():
        if time.monotonic() > end:
            raise PageDiffers("the bulk did not end")
        time.sleep(0.2)
