"""Filling in the pages of a form as a person does: only what the page shows."""

from collections.abc import Mapping

from playwright.sync_api import Locator

from tests.browser.eyes import Eyes
from tests.portal_family import Family

MOST_SHOWINGS = 6


def apply(eyes: Eyes, family: Family, *, looking: bool = True) -> str:
    """From the first page of the form to the receipt; the receipt number."""
    while "/review/" not in eyes.path:
        fill_page(eyes, family, looking=looking)
    if looking:
        eyes.look("review")
    eyes.press("申請する")
    assert eyes.path.endswith("/receipt/"), eyes.path
    return eyes.path.split("/")[2]


def fill_page(eyes: Eyes, family: Family, *, looking: bool) -> None:
    here = eyes.path
    key = here.rstrip("/").rsplit("/", 1)[-1]
    if looking:
        eyes.look(f"page-{key}")
    for _ in range(MOST_SHOWINGS):
        type_in(eyes, family.for_page(key))
        eyes.press("次へ進む")
        if eyes.path != here:
            return
    raise AssertionError(f"{here}: {eyes.page.locator('.field__error').all_inner_texts()}")


def type_in(eyes: Eyes, typed: Mapping[str, list[str]]) -> None:
    for name, values in typed.items():
        found = shown(eyes, name)
        if found is not None:
            answer(eyes, found, values)


def shown(eyes: Eyes, name: str) -> Locator | None:
    """The input of this name; a row or a rank that is not open yet is opened by its button."""
    inputs = eyes.page.locator(f'[name="{name}"]')
    if inputs.count():
        return inputs
    key, _, row = name.partition("-")
    rank = eyes.page.locator(f'button[name="_more"][value="{key}:{row}"]')
    more = eyes.page.locator(f'button[name="_add"][value="{key}"]')
    is_new_row = row[:1].isdigit() and not eyes.page.locator(f'[name^="{key}-{row.split("-")[0]}-"]').count()
    button = rank if rank.count() else more if is_new_row and more.count() else None
    if button is None:
        return None
    button.click()
    eyes.page.wait_for_load_state()
    return inputs if inputs.count() else None


def answer(eyes: Eyes, inputs: Locator, values: list[str]) -> None:
    first = inputs.first
    kind = first.evaluate("one => one.tagName === 'INPUT' ? one.type : one.tagName.toLowerCase()")
    if kind in {"radio", "checkbox"}:
        for value in values:
            eyes.page.locator(f'[name="{first.get_attribute("name")}"][value="{value}"]').check(force=True)
    elif kind == "select":
        first.select_option(values[0])
    elif kind != "hidden":
        first.fill(values[0])
