"""A parent who goes on elsewhere, looks again, and a person who applies for another: on a phone and at a desk."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import DESKTOP, PHONE, Eyes
from tests.browser.filling import fill_page, type_in
from tests.portal_family import Family

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]


def proved(eyes: Eyes, family: Family, path: str) -> None:
    """Show who one is, coming from a page that asks for it."""
    eyes.go(path)
    assert eyes.path == "/prove/"
    eyes.page.select_option("#resident", str(family.resident))
    eyes.page.locator("form:has(#resident) button").click()
    eyes.page.wait_for_load_state()


def listed_family(eyes: Eyes, offered: Iterator[Family]) -> Family:
    eyes.go("/prove/")
    listed = eyes.page.locator("#resident option").evaluate_all("all => all.map(one => one.value)")
    return next(each for each in offered if str(each.resident) in listed)


@pytest.mark.parametrize(("size", "script"), [(PHONE, False), (DESKTOP, True)])
def test_going_on_with_a_code_on_another_device(
    window: Window, offered: Iterator[Family], been: set[str], size: dict[str, int], script: bool
) -> None:
    first = window(size=size, script=script)
    family = listed_family(first, offered)
    proved(first, family, "/procedures/gakudo-club/begin/")
    first.look("proxy-question" if script else "")
    first.press("次へ進む")
    fill_page(first, family, looking=False)
    first.page.get_by_role("button", name="保存して中断").first.click()
    first.page.wait_for_load_state()
    first.look("saved-code" if script else "")
    code = first.page.locator(".resume-code b").inner_text()

    other = window(size=PHONE, script=not script)
    proved(other, family, f"/resume/?code={code}")
    assert other.page.locator("#code").input_value() == code
    other.page.fill("#code", "22222-22222")
    other.press("続きを開く")
    assert "この再開コードでは続きを開けません" in other.text()
    other.look("resume-refused" if script else "")
    other.page.fill("#code", code.lower())
    other.press("続きを開く")
    assert other.path.endswith("/child/"), other.path
    been |= first.seen | other.seen


def test_the_page_that_asks_to_look_again(window: Window, offered: Iterator[Family], been: set[str]) -> None:
    eyes = window(size=PHONE)
    family = listed_family(eyes, offered)
    proved(eyes, family, "/procedures/gakudo-club/begin/")
    eyes.press("次へ進む")
    fill_page(eyes, family, looking=False)
    raw = family.raw | {"child_name-given": ["べつのこ"]}
    other = Family(family.resident, family.name, raw)
    for _ in range(3):
        type_in(eyes, other.for_page("child"))
        eyes.press("次へ進む")
        if "もう一度確かめてください" in eyes.text():
            break
    assert "入力の内容を、もう一度確かめてください" in eyes.text()
    eyes.look("look-again")
    eyes.page.locator('input[name="_sure"]').first.check(force=True)
    eyes.press("次へ進む")
    assert eyes.path.endswith("/household/"), eyes.path
    been |= eyes.seen


def test_applying_for_another(window: Window, offered: Iterator[Family], been: set[str]) -> None:
    eyes = window(size=PHONE)
    family = listed_family(eyes, offered)
    proved(eyes, family, "/procedures/gakudo-club/begin/")
    eyes.page.locator('[name="proxy_for"][value="proxy"]').check(force=True)
    expect(eyes.page.locator('[name="proxy_name-family"]')).to_be_visible()
    assert eyes.path.endswith("/proxy/")
    for name, text in {
        "proxy_name-family": "例示", "proxy_name-given": "次郎", "proxy_kana-family": "れいじ", "proxy_kana-given": "じろう",
        "proxy_phone": "090-0000-1111", "proxy_relationship": "お子さんの母", "proxy_scope": "入所の申請",
    }.items():  # fmt: skip
        eyes.page.locator(f'[name="{name}"]').fill(text)
    eyes.page.locator('[name="proxy_kind"][value="mandate"]').check(force=True)
    eyes.page.locator('[name="proxy_evidence"][value="counter"]').check(force=True)
    eyes.look("proxy-filled")
    mandate = eyes.page.get_by_role("link", name="委任状").first.get_attribute("href")
    answer = eyes.context.request.get(eyes.address + str(mandate))
    assert answer.headers["content-type"] == "application/pdf"
    eyes.press("次へ進む")
    assert eyes.path.endswith("/applicant/"), eyes.page.locator(".field__error").all_inner_texts()
    assert eyes.page.locator('[name="applicant_name-family"]').input_value() == ""
    been |= eyes.seen
