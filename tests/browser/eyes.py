"""A person with a real browser: where they go, everything on the page is looked at."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page, Route

PICTURES = Path(__file__).resolve().parent.parent.parent / "var/screenshots"
PHONE, DESKTOP, NARROW = {"width": 390, "height": 844}, {"width": 1280, "height": 900}, 320
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => {
  const scrolls = (one) => one && (/auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !scrolls(one.parentElement))
    .map((one) => one.outerHTML.slice(0, 160)).slice(0, 4);
}"""


@dataclass
class Eyes:
    """One browser window. `wrong` collects what is wrong, so that one run tells everything; `seen` the URL names."""

    context: BrowserContext
    page: Page
    address: str
    script: bool
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 400, f"{path} {answer.status}"

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def look(self, picture: str = "", widths: tuple[dict[str, int], ...] = (PHONE, DESKTOP)) -> None:
        """Axe and overflow in each width; afterwards the window is as wide as before.

        With MADOGUCHI_PICTURES=1 a picture of each is kept in var/screenshots, to be looked at by people.
        """
        before = self.page.viewport_size
        self.seen.add(resolve(self.path).view_name)
        for size in widths:
            self.page.set_viewport_size(size)
            self._judge(size["width"])
            keep_picture(self.page, f"{picture}-{size['width']}" if picture else "")
        if not self.path.startswith("/desk/"):
            self.page.set_viewport_size({"width": NARROW, "height": 844})
            self._must_fit(NARROW)
        self.page.set_viewport_size(before)

    def _judge(self, width: int) -> None:
        self._must_fit(width)
        if self.script:
            for found in Axe().run(self.page, options=RULES).response["violations"]:
                spots = [node["html"][:160] for node in found["nodes"][:3]]
                self.wrong.append(f"{self.path} at {width}: {found['id']} {spots}")

    def _must_fit(self, width: int) -> None:
        over = self._overflow()
        if over > 0:
            said = f"{self.path} at {width}: {over} px wider than the window"
            self.wrong.append(f"{said} {self.page.evaluate(WIDEST)}")

    def _overflow(self) -> int:
        """How far the settled page sticks out: just after a change of size the browser may still be laying it out."""
        for _ in range(5):
            if self.page.evaluate(OVERFLOW) <= 0:
                return 0
            self.page.wait_for_timeout(100)
        return int(self.page.evaluate(OVERFLOW))

    def press(self, name: str) -> None:
        """Press the button with this name, or else the link, and wait for the page it leads to."""
        main = self.page.locator("main")
        button = main.get_by_role("button", name=name)
        found = button if button.count() else main.get_by_role("link", name=name)
        found.first.click()
        self.page.wait_for_load_state()

    def text(self) -> str:
        return self.page.inner_text("body")


def keep_picture(page: Page, name: str) -> None:
    if not name or os.environ.get("MADOGUCHI_PICTURES") != "1":
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def opened(browser: Browser, address: str, *, size: dict[str, int], script: bool) -> Eyes:
    """A window in which any request to another host fails and is remembered."""
    context = browser.new_context(viewport=size, java_script_enabled=script, locale="ja-JP")  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    eyes = Eyes(context, context.new_page(), address, script)
    context.route("**/*", own_host_only(eyes))
    eyes.page.on("pageerror", lambda error: eyes.wrong.append(f"script: {error}"))
    return eyes


def own_host_only(eyes: Eyes) -> Callable[[Route], Any]:
    def judge(route: Route) -> None:
        if route.request.url.startswith((eyes.address, "data:", "about:", "blob:")):
            return route.continue_()
        eyes.wrong.append(f"asked another host: {route.request.url}")
        return route.abort()

    return judge
