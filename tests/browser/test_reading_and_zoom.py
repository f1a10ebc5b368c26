"""Every page for residents at 200 %, by keyboard and as a screen reader tells it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.eyes import PHONE, Eyes, keep_picture
from tests.browser.filling import apply
from tests.browser.listening import judge, tabbed
from tests.browser.test_resident import proved, proved_quietly
from tests.portal_family import Family

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]
OPEN_PAGES = ("/", "/search?q=がくどう", "/search?q=宇宙旅行", "/calendar/", "/calendar/?month=2027-01", "/prove/",
              "/procedures/gakudo-club/", "/about/accessibility/", "/about/privacy/", "/verify/")  # fmt: skip


@pytest.mark.parametrize("aid", ["", "furigana:on", "size:huge", "language:en", "easy:on"])
def test_open_pages_at_200_percent(window: Window, been: set[str], aid: str) -> None:
    eyes = window(size=PHONE)
    eyes.go(f"/aids/?set={aid}&back=/")
    wrong: list[str] = []
    for page in OPEN_PAGES:
        eyes.go(page)
        if not aid:
            eyes.look(f"open-{page.strip('/').replace('/', '-').split('?')[0] or 'top'}")
        wrong += judge(eyes, f"{page} {aid}")
    been |= eyes.seen
    assert wrong == [], "\n".join(wrong)


def test_own_pages_at_200_percent(window: Window, offered: Iterator[Family], been: set[str]) -> None:
    """Each page of the form as it is reached, with its errors, and everything after the receipt."""
    eyes = window(size=PHONE)
    wrong: list[str] = []
    eyes.go("/procedures/gakudo-club/")
    family = proved_quietly(eyes, offered)
    wrong += judge(eyes)
    first = eyes.path
    paper = first.rsplit("/", 2)[0]
    eyes.press("次へ進む")
    eyes.page.locator('[name="applicant_birth"]').fill("きのう")
    eyes.press("次へ進む")
    wrong += judge(eyes, "first page with an error")
    for page in ("all", "saved", "drop"):
        eyes.go(f"{paper}/{page}/")
        wrong += judge(eyes)
    eyes.go(first)
    number = apply(eyes, family, looking=False)
    own = f"/applications/{number}/"
    for page in (f"{own}receipt/", own, f"{own}messages/", f"{own}documents/", f"{own}withdraw/", "/my/"):
        eyes.go(page)
        wrong += judge(eyes)
        eyes.look(f"own-{page.strip('/').rsplit('/', 1)[-1] if page != own else 'status'}")
    been |= eyes.seen
    assert wrong == [], "\n".join(wrong)


def test_messages_are_written_and_refused_by_screen_reader(window: Window, offered: Iterator[Family]) -> None:
    eyes = window(size=PHONE)
    eyes.go("/procedures/gakudo-club/")
    number = apply(eyes, proved_quietly(eyes, offered), looking=False)
    eyes.go(f"/applications/{number}/messages/")
    eyes.press("担当課へ送る")
    assert eyes.page.title().startswith("エラー：")
    assert eyes.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    spoken = eyes.page.locator("main").aria_snapshot()
    assert "- alert:" in spoken
    assert 'textbox "連絡の文"' in spoken
    eyes.page.fill("#text", "勤め先が変わりました。")
    eyes.press("担当課へ送る")
    spoken = eyes.page.locator("main").aria_snapshot()
    assert "- status:" in spoken
    assert "勤め先が変わりました。" in spoken
    eyes.look("messages")


def test_what_a_screen_reader_says_on_the_way(window: Window, offered: Iterator[Family]) -> None:
    """Landmarks, headings, names and states of the main way, in the order in which they are told."""
    eyes = window()
    eyes.go("/")
    whole = eyes.page.locator("body").aria_snapshot()
    in_order(whole, 'link "本文へ進む"', "banner:", "navigation", "main:", 'heading "どんな手続ですか" [level=1]',
             "search:", 'searchbox "手続をさがす言葉', 'button "さがす"',
             'heading "くらしの出来事から" [level=2]', "contentinfo:")  # fmt: skip
    eyes.go("/procedures/gakudo-club/")
    spoken = eyes.page.locator("main").aria_snapshot()
    in_order(spoken, "[level=1]", 'heading "申請できる人" [level=2]', 'heading "用意するもの" [level=2]')
    proved(eyes, offered)
    spoken = eyes.page.locator("main").aria_snapshot()
    in_order(spoken, "[level=1]", "group", 'radio "自分の申請', 'button "次へ進む"')
    eyes.press("次へ進む")
    spoken = eyes.page.locator("main").aria_snapshot()
    in_order(spoken, "[level=1]", "textbox", 'button "次へ進む"')
    eyes.page.locator('[name="applicant_birth"]').fill("きのう")
    eyes.press("次へ進む")
    spoken = eyes.page.locator("main").aria_snapshot()
    in_order(
        spoken,
        "- alert:",
        'か所を直してください" [level=2]',
        'link "生年月日：',
        "入力した内容は消えていません。",
        "[level=1]",
    )
    assert eyes.page.locator('[name="applicant_birth"]').get_attribute("aria-invalid") == "true"
    eyes.page.locator("[role=alert] a").first.click()
    assert eyes.page.evaluate("document.activeElement.name") == "applicant_birth"


def in_order(spoken: str, *words: str) -> None:
    at = 0
    for word in words:
        found = spoken.find(word, at)
        assert found >= 0, f"「{word}」 is not told here:\n{spoken[at : at + 1500]}"
        at = found


def test_keys_alone_reach_everything_in_reading_order(window: Window) -> None:
    eyes = window()
    for page in ("/", "/calendar/", "/procedures/gakudo-club/"):
        eyes.go(page)
        reached = tabbed(eyes)
        assert reached[0]["name"] == "本文へ進む"
        assert [one["at"] for one in reached] == sorted(one["at"] for one in reached), page
        assert [one for one in reached if not one["seen"]] == [], page
        links = eyes.page.locator("a[href]:visible, button:visible, input:visible, summary:visible").count()
        assert len(reached) >= links - 1, page


def test_the_skip_link_jumps(window: Window) -> None:
    eyes = window()
    eyes.go("/")
    eyes.page.keyboard.press("Tab")
    eyes.page.keyboard.press("Enter")
    assert eyes.page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize(
    "media", [{"forced_colors": "active"}, {"media": "print"}, {"reduced_motion": "reduce"}]
)
def test_forced_colours_and_paper(window: Window, media: dict[str, Any]) -> None:
    """Nothing disappears; the pictures are there to be looked at."""
    eyes = window()
    eyes.page.emulate_media(**media)
    for page in ("/", "/calendar/", "/procedures/gakudo-club/"):
        eyes.go(page)
        assert eyes.page.locator("h1").is_visible()
        name = f"{next(iter(media.values()))}-{page.strip('/').replace('/', '-') or 'top'}"
        keep_picture(eyes.page, name)
        buttons = eyes.page.locator("main a.button:visible, main button:visible")
        if "forced_colors" in media and buttons.count():
            width = buttons.first.evaluate("one => parseFloat(getComputedStyle(one).borderTopWidth)")
            assert width >= 1, f"{page}: a button without a border cannot be seen in forced colours"
