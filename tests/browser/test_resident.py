"""A parent at the portal: on a phone without any script, and at a desk with everything."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.papers import certificate
from tests.browser.eyes import PHONE, Eyes
from tests.browser.filling import apply
from tests.portal_family import Family

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]


def found(eyes: Eyes) -> None:
    """From the question people ask to the page of the procedure."""
    eyes.go("/")
    eyes.look("top")
    eyes.page.fill('input[name="q"]', "放課後 預けたい")
    eyes.page.press('input[name="q"]', "Enter")
    eyes.page.wait_for_load_state()
    eyes.look("search")
    eyes.page.get_by_role("link", name="学童クラブ").first.click()
    eyes.page.wait_for_load_state()
    assert eyes.path == "/procedures/gakudo-club/"
    eyes.look("procedure")


def proved(eyes: Eyes, offered: Iterator[Family]) -> Family:
    """Begin; the proof asks who it is, and the chosen family comes to its first page."""
    eyes.page.locator('a[href*="/begin/"], form[action*="/begin/"] button').first.click()
    eyes.page.wait_for_load_state()
    assert eyes.path == "/prove/"
    eyes.look("prove")
    listed = eyes.page.locator("#resident option").evaluate_all("all => all.map(one => one.value)")
    family = next(each for each in offered if str(each.resident) in listed)
    eyes.page.select_option("#resident", str(family.resident))
    eyes.page.locator("form:has(#resident) button").click()
    eyes.page.wait_for_load_state()
    assert eyes.path.startswith("/apply/"), eyes.text()[:400]
    return family


def after_the_receipt(eyes: Eyes, number: str) -> None:
    eyes.look("receipt")
    assert number.replace(" ", "") in eyes.text().replace(" ", "").replace("\u2009", "").replace("\n", "")
    eyes.press("申請の状況")
    assert eyes.path == f"/applications/{number}/"
    eyes.look("status")


def on_paper(eyes: Eyes) -> None:
    """Folded answers stand open, and links that lead nowhere on paper are gone."""
    folded = eyes.page.locator("details .definitions").first
    assert not folded.evaluate("one => one.checkVisibility()")
    eyes.page.emulate_media(media="print")
    assert folded.evaluate("one => one.checkVisibility()")
    assert not eyes.page.get_by_role("link", name="取り下げる").is_visible()
    eyes.page.emulate_media(media="screen")


def test_on_a_phone_without_a_script(window: Window, offered: Iterator[Family], been: set[str]) -> None:
    eyes = window(size=PHONE, script=False)
    found(eyes)
    family = proved(eyes, offered)
    number = apply(eyes, family)
    after_the_receipt(eyes, number)
    been |= eyes.seen


def test_at_a_desk_with_scripts(
    window: Window, offered: Iterator[Family], been: set[str], tmp_path: Path
) -> None:
    eyes = window()
    found(eyes)
    family = proved(eyes, offered)
    eyes.press("次へ進む")
    errors_keep_what_was_typed(eyes)
    paper = eyes.path.rsplit("/", 2)[0]
    for page in ("all", "saved", "drop"):
        last = eyes.path
        eyes.go(f"{paper}/{page}/")
        eyes.look(page)
        eyes.go(last)
    number = apply(eyes, family)
    after_the_receipt(eyes, number)
    on_paper(eyes)
    for page in ("documents", "withdraw"):
        eyes.go(f"/applications/{number}/{page}/")
        eyes.look(page)
    late_document(eyes, number, tmp_path)
    eyes.go("/my/")
    eyes.look("my")
    been |= eyes.seen


def late_document(eyes: Eyes, number: str, folder: Path) -> None:
    file = folder / "就労証明書.pdf"
    file.write_bytes(certificate())
    eyes.go(f"/applications/{number}/documents/")
    eyes.page.set_input_files('input[type="file"]', file)
    eyes.page.locator('form[enctype="multipart/form-data"] button').first.click()
    eyes.page.wait_for_load_state()
    eyes.go(f"/applications/{number}/")
    assert "就労証明書.pdf" in eyes.text()


def errors_keep_what_was_typed(eyes: Eyes) -> None:
    """A refused page names what is wrong first, and keeps what stood in the fields."""
    birth = eyes.page.locator('[name="applicant_birth"]')
    before = birth.input_value()
    birth.fill("きのう")
    eyes.press("次へ進む")
    assert eyes.page.title().startswith("エラー：")
    assert birth.input_value() == "きのう"
    assert eyes.page.evaluate("document.activeElement.closest('[role=alert]') !== null")
    eyes.look("errors")
    birth.fill(before)


def test_reading_aids_keep_the_page_and_what_was_typed(window: Window, offered: Iterator[Family]) -> None:
    for script in (False, True):
        eyes = window(size=PHONE, script=script)
        eyes.go("/procedures/gakudo-club/")
        family = proved_quietly(eyes, offered)
        eyes.press("次へ進む")
        here = eyes.path
        phone = eyes.page.locator('[name="applicant_phone"]')
        phone.fill("090-1234-0000")
        for aid in ("furigana", "easy", "size", "language", "language"):
            eyes.page.locator(f'button[name="_aid"][value^="{aid}"]:visible').first.click()
            eyes.page.wait_for_load_state()
            assert eyes.path == here
            assert phone.input_value() == "090-1234-0000", aid
            eyes.look(f"aid-{aid}" if script else "", widths=(PHONE,))
        assert eyes.page.locator("ruby").count() or eyes.page.locator("html[data-size]").count()
        assert family


def proved_quietly(eyes: Eyes, offered: Iterator[Family]) -> Family:
    eyes.page.locator('a[href*="/begin/"], form[action*="/begin/"] button').first.click()
    eyes.page.wait_for_load_state()
    listed = eyes.page.locator("#resident option").evaluate_all("all => all.map(one => one.value)")
    family = next(each for each in offered if str(each.resident) in listed)
    eyes.page.select_option("#resident", str(family.resident))
    eyes.page.locator("form:has(#resident) button").click()
    eyes.page.wait_for_load_state()
    return family


def test_a_code_by_mail_opens_the_portal(window: Window, mails: Callable[[str], str], been: set[str]) -> None:
    eyes = window(size=PHONE)
    eyes.go("/prove/")
    eyes.page.fill("#email", "hikari@example.jp")
    eyes.page.locator("form:has(#email) button").click()
    eyes.page.wait_for_load_state()
    assert eyes.path == "/prove/code/"
    eyes.look("code")
    link = next(word for word in mails("hikari@example.jp").split() if "/prove/" in word)
    eyes.page.goto(link)
    eyes.look("link")
    eyes.page.locator("main form button").first.click()
    eyes.page.wait_for_load_state()
    assert eyes.path == "/my/"
    been |= eyes.seen
