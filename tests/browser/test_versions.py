"""The reading page of a version, its trial, the waiting list and an example made of a case, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import Eyes
from tests.browser.test_desk import entered, waited
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]
NEXT = "/desk/procedures/gakudo-club/2026-10/"


def test_section_head_reads_a_version_and_tries_it(site: Site, window: Window, been: set[str]) -> None:
    eyes = entered(window(), "kacho")
    eyes.go("/desk/procedures/")
    eyes.look("versions")
    eyes.go(NEXT)
    expect(eyes.page.get_by_role("heading", name="版 2026-04 から変わったこと")).to_be_visible()
    eyes.page.get_by_role("button", name="当てはめて試す").click()
    eyes.page.wait_for_url("**/desk/jobs/**")
    waited(eyes, lambda: "終わり" in eyes.text() or "済み" in eyes.text() or "100" in eyes.text())
    eyes.go(NEXT)
    eyes.look("version-reading")
    eyes.go(f"{NEXT}trial/?all=1")
    eyes.look("version-trial")
    been |= eyes.seen


def test_clerk_makes_an_example_of_a_case(site: Site, window: Window, been: set[str]) -> None:
    eyes = entered(window(), "shinsa")
    eyes.go("/desk/procedures/gakudo-club/waiting/")
    eyes.look("versions-waiting")
    eyes.go("/desk/gakudo-club/")
    eyes.page.locator("td a[href*='/desk/cases/']").first.click()
    eyes.page.get_by_role("link", name="この申請を例にする").click()
    eyes.look("case-example")
    been |= eyes.seen
