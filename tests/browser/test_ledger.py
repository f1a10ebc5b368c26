"""The ledger by keyboard and pointer: views, columns, bulk with progress, undo; at a desk, a small screen and a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import PHONE, Eyes
from tests.browser.test_desk import entered

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]
SMALL = {"width": 1280, "height": 800}


def test_the_ledger_by_keyboard(window: Window, been: set[str]) -> None:
    eyes = entered(window(), "shinsa")
    eyes.go("/desk/cases/?view=all")
    keys, rows = eyes.page.keyboard, eyes.page.locator("[data-ledger] tbody tr:not(.found)")
    keys.press("j")
    keys.press("j")
    expect(rows.nth(1)).to_have_attribute("data-cursor", "")
    keys.press("k")
    keys.press("x")
    expect(rows.nth(0).locator("input")).to_be_checked()
    expect(eyes.page.locator("#bulk")).to_be_visible()
    expect(eyes.page.locator("[data-selected]")).to_have_text("1件の")
    eyes.look("ledger-selected")
    keys.press("Escape")
    expect(eyes.page.locator("#bulk")).to_be_hidden()
    keys.press("?")
    expect(eyes.page.locator("dialog.keys")).to_be_visible()
    keys.press("Escape")
    number = rows.nth(0).locator("a").first.inner_text()
    rows.nth(0).locator("a").first.focus()
    keys.press("Enter")
    eyes.page.wait_for_url(f"**/desk/cases/{number}/")
    been |= eyes.seen


def test_a_view_and_columns_are_kept(window: Window, been: set[str]) -> None:
    eyes = entered(window(SMALL), "shinsa")
    eyes.go("/desk/gakudo-club/?channel=online")
    eyes.page.locator("details.save-view summary").click()
    eyes.page.fill("#view-name", "ネットだけ")
    eyes.page.locator("details.save-view button").click()
    expect(eyes.page.locator(".tabs [aria-current]")).to_contain_text("ネットだけ")
    eyes.look("ledger-saved-view")
    eyes.go("/desk/gakudo-club/settings/")
    eyes.look("ledger-settings")
    eyes.page.locator('input[value="28"]').check(force=True)
    eyes.page.get_by_role("button", name="覚える").click()
    expect(eyes.page.locator(".desk-table--28")).to_be_visible()
    eyes.go("/desk/cases/settings/")
    eyes.look("cases-settings")
    eyes.go("/desk/gakudo-club/settings/")
    eyes.page.get_by_role("button", name="消す").first.click()
    been |= eyes.seen


def test_hands_change_as_a_job_and_back(window: Window, been: set[str]) -> None:
    eyes = entered(window(), "shinsa")
    eyes.go("/desk/gakudo-club/?stage=received")
    boxes: Any = eyes.page.locator('[data-ledger] tbody input[name="number"]')
    boxes.nth(0).check(force=True)
    boxes.nth(1).check(force=True)
    eyes.page.get_by_role("button", name="担当を変える").click()
    eyes.page.wait_for_load_state()
    if eyes.page.locator(".bulk-sure").count():
        eyes.look("bulk-sure")
        eyes.page.locator(".bulk-sure .button--primary").click()
    expect(eyes.page.locator(".job--over")).to_be_visible(timeout=30_000)
    eyes.page.reload()
    eyes.look("bulk-over")
    eyes.page.get_by_role("button", name="元に戻す").click()
    expect(eyes.page.locator(".job--over")).to_be_visible(timeout=30_000)
    eyes.look("bulk-undone")
    been |= eyes.seen


@pytest.mark.parametrize(
    "address", ["cases/?view=all", "cases/export/", "gakudo-club/?text=サンプル", "gakudo-club/?text=あ"]
)
def test_every_ledger_page_at_every_size(window: Window, been: set[str], address: str) -> None:
    for size in ({"width": 1440, "height": 900}, SMALL, PHONE):
        eyes = entered(window(size), "shinsa")
        eyes.go(f"/desk/{address}")
        eyes.look(f"ledger-{size['width']}-{address.partition('/')[0]}-{len(address)}")
        been |= eyes.seen
