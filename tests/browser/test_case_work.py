"""Two clerks with two browsers on one case; the new pages of the desk by keyboard and axe."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import DESKTOP, Eyes
from tests.browser.test_desk import entered
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]
WIDE = {"width": 1440, "height": 900}
SIZES = (DESKTOP, WIDE)


def open_case(eyes: Eyes, place: int = 0) -> str:
    """A received application of the demo town."""
    eyes.go("/desk/gakudo-club/?stage=received")
    return eyes.page.locator("[data-ledger] tbody tr td a").nth(place).inner_text()


def test_two_clerks_on_one_case(site: Site, window: Window, been: set[str]) -> None:
    one, two = entered(window(size=WIDE), "shinsa"), entered(window(), "shinsa")
    number = open_case(one)
    two.go(f"/desk/cases/{number}/correct/")
    two.page.fill("#message", "電話番号を直してください。")
    two.page.locator('input[name="fields"]').first.check()
    one.go(f"/desk/cases/{number}/")
    one.page.keyboard.press("s")
    expect(one.page.get_by_text("確認を始めました")).to_be_visible()
    one.page.fill("#memo-text", "母へ電話した")
    one.page.get_by_role("button", name="メモを残す").click()
    one.look("case-work", widths=SIZES)
    two.page.get_by_role("button", name="補正を頼む", exact=True).click()
    expect(two.page.get_by_role("heading", name="開いている間に、ほかの人が変えました")).to_be_visible()
    expect(two.page.get_by_text("電話番号を直してください。")).to_be_visible()
    expect(two.page.get_by_text("母へ電話した")).to_be_visible()
    two.look("conflict", widths=SIZES)
    two.page.get_by_role("button", name=re.compile("もう一度")).click()
    expect(two.page.get_by_text("補正を頼んでいます")).to_be_visible()
    been |= one.seen | two.seen


def test_the_new_pages(window: Window, been: set[str]) -> None:
    eyes = entered(window(), "shinsa")
    eyes.look("morning", widths=SIZES)
    number, other = open_case(eyes), open_case(eyes, 1)
    for page, picture in (
        ("overdue/", "overdue"),
        ("overdue/?view=marked", "overdue-marked"),
        ("texts/", "texts"),
        (f"cases/{number}/", "case-received"),
        (f"cases/{number}/correct/", "correct"),
        (f"cases/{number}/bundle/", "bundle"),
        (f"cases/{number}/merge/?other={other}", "merge"),
    ):
        eyes.go(f"/desk/{page}")
        eyes.look(picture, widths=SIZES)
    been |= eyes.seen


def test_a_colleague_is_called_by_keyboard(window: Window) -> None:
    eyes = entered(window(), "shinsa")
    eyes.go(f"/desk/cases/{open_case(eyes)}/")
    eyes.page.locator("#memo-text").press_sequentially("@鈴")
    expect(eyes.page.locator("#memo-text-mentions li").first).to_have_text("鈴木　例")
    eyes.page.keyboard.press("Enter")
    expect(eyes.page.locator("#memo-text")).to_have_value("@鈴木　例 ")
