"""Residents who press 申請する at a site that is being killed, and what they were told."""

import http.client
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from scenarios.browser import Browser, Page
from tests.portal_family import number_of, press


@dataclass
class Resident:
    """One family, one press away. `number` is what the receipt said, once there was one."""

    id: int
    session: str
    unsent: str
    review: Page | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    number: str = ""

    def look(self, address: str) -> None:
        """Open the review page, so that only the button is left."""
        browser = self._browser(address)
        self.review = browser.get(f"/apply/{self.unsent}/review/")
        assert self.review.status == 200, self.review.status
        self.cookies = dict(browser._cookies)
        browser.close()

    def press(self, address: str) -> bool:
        """Press once; whether a receipt came back. A cut line and an excuse page are no receipt."""
        browser = self._browser(address)
        assert self.review is not None
        try:
            page = press(browser, self.review)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            browser.close()
        if page.status != 200:
            return False
        self.number = number_of(page)
        return True

    def _browser(self, address: str) -> Browser:
        browser = Browser(address)
        browser._cookies = self.cookies or {"sessionid": self.session}
        return browser


def residents(told: list[dict[str, Any]]) -> list[Resident]:
    return [Resident(each["resident"], each["session"], each["unsent"]) for each in told]


def look_all(waiting: list[Resident], address: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda resident: resident.look(address), waiting))


def press_all(
    waiting: list[Resident], address_of: Callable[[int], str], strikes: dict[int, Callable[[], None]]
) -> int:
    """Everybody presses at the same moment. `strikes[n]` happens as soon as n receipts were given out."""
    together = threading.Barrier(len(waiting) + 1)
    count, told = threading.Lock(), [0]
    due = threading.Condition(count)

    def pressing(index: int) -> bool:
        together.wait()
        given = waiting[index].press(address_of(index))
        with due:
            told[0] += given
            due.notify_all()
        return given

    with ThreadPoolExecutor(len(waiting)) as pool:
        pressed = [pool.submit(pressing, index) for index in range(len(waiting))]
        together.wait()
        for receipts, strike in sorted(strikes.items()):
            with due:
                due.wait_for(
                    lambda n=receipts: told[0] >= n or all(each.done() for each in pressed), timeout=60
                )
            strike()
        return sum(each.result() for each in pressed)


def press_until_told(waiting: list[Resident], address: str) -> None:
    """Whoever has no receipt presses again, as the page asks, until there is one."""
    for _ in range(20):
        left = [resident for resident in waiting if not resident.number]
        if not left:
            return
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda resident: resident.press(address), left))
    raise AssertionError(f"{len(left)} never got a receipt")
