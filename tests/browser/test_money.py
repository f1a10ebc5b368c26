"""予算・交付決定・支払 in a browser: every page by axe on a telephone and on a desk."""

from collections.abc import Callable

import pytest

from tests.browser.eyes import Eyes
from tests.browser.test_desk import entered
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]


def test_the_pages_of_money(site: Site, window: Window, been: set[str]) -> None:
    made = site.ask("tests.granted_cats")
    eyes = entered(window(), "eisei")
    for path, picture in (
        ("/desk/budgets/?year=2026", "budgets"),
        (f"/desk/budgets/{made['budget']}/", "budget"),
        ("/desk/neko-hojokin/subsidies/", "subsidy"),
        ("/desk/payments/", "payments"),
        (f"/desk/cases/{made['late']}/", "cat-late"),
        (f"/desk/cases/{made['claimed']}/", "cat-claimed"),
        (f"/desk/cases/{made['granted']}/", "cat-granted"),
    ):
        eyes.go(path)
        eyes.look(picture)
    clerk = entered(window(), "zaisei")
    clerk.go(f"/desk/budgets/{made['budget']}/")
    clerk.look("budget-change")
    clerk.go(f"/desk/budgets/new/?from={made['budget']}")
    clerk.page.fill("#setsu", "補助金")
    clerk.page.fill("#amount", "一万")
    clerk.page.click("button:has-text('登録する')")
    clerk.look("budget-new")
    accountant = entered(window(), "kaikei")
    accountant.go("/desk/payments/")
    accountant.look("payments-accountant")
    resident = window()
    resident.go("/prove/")
    resident.page.select_option("#resident", str(made["resident"]))
    resident.page.locator("form:has(#resident) button").click()
    resident.page.wait_for_load_state()
    for path, picture in (("", "claim-status"), ("claim/", "claim")):
        resident.go(f"/applications/{made['granted']}/{path}")
        resident.look(picture)
    resident.page.check("#confirm")
    resident.page.locator("form:has(#confirm) button").click()
    resident.page.wait_for_load_state()
    resident.look("claimed")
    been |= eyes.seen | clerk.seen | accountant.seen | resident.seen
