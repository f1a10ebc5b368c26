"""決裁: a clerk drafts something of the section, the head decides it on the phone, and several at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import DESKTOP, PHONE, Eyes
from tests.browser.test_desk import entered, waited

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def test_a_matter_of_the_section_is_drafted_and_decided_on_the_phone(
    window: Callable[..., Eyes], been: set[str]
) -> None:
    clerk, head = window(size=DESKTOP), window(size=PHONE)
    entered(clerk, "shinsa")
    entered(head, "kacho")
    drafted(clerk)
    for at in range(4):
        laid(clerk, title=f"見本の出張 {at + 1}", kind="K12", amount="")
    decided(head)
    by_keyboard(head)
    several(head)
    it = window(size=DESKTOP)
    rules_and_posts(it)
    shown_around(clerk, head)
    been |= clerk.seen | head.seen | it.seen


def drafted(clerk: Eyes) -> None:
    """What is refused keeps what was typed."""
    clerk.go("/desk/decisions/new/")
    clerk.look("draft-new")
    clerk.page.fill("#title", "見本の補助金の交付決定について")
    clerk.page.fill("#body", "次のとおり交付を決定してよろしいか伺います。")
    clerk.page.select_option("#kind", "K06")
    clerk.page.fill("#amount", "40まん円くらい")
    clerk.press("起案する")
    clerk.look("draft-new-refused")
    assert "読めません" in clerk.text()
    assert clerk.page.input_value("#title") == "見本の補助金の交付決定について"
    clerk.page.fill("#amount", "40万円")
    clerk.press("起案する")
    clerk.look("draft-free")
    assert "400,000" in clerk.text()


def laid(clerk: Eyes, *, title: str, kind: str, amount: str) -> None:
    clerk.go("/desk/decisions/new/")
    clerk.page.fill("#title", title)
    clerk.page.fill("#body", "次のとおり行ってよろしいか伺います。")
    clerk.page.select_option("#kind", kind)
    clerk.page.fill("#amount", amount)
    clerk.press("起案する")
    assert "起案しました" in clerk.text()


def decided(head: Eyes) -> None:
    head.go("/desk/decisions/?kind=K06")
    head.look("inbox-by-kind")
    head.page.get_by_role("link", name="見本の補助金の交付決定について").first.click()
    head.look("draft-on-the-phone")
    head.page.get_by_role("button", name="決裁する", exact=True).click()
    head.page.wait_for_url("**/desk/decisions/")
    assert "決裁しました" in head.text()


def by_keyboard(head: Eyes) -> None:
    """J goes to the first draft, X ticks it, Enter opens it; A and Enter decide it; C goes to the comment."""
    head.page.set_viewport_size(DESKTOP)
    head.go("/desk/decisions/?kind=K12")
    head.look("inbox-with-keys")
    first = head.page.locator(".draft-card h2 a").first
    wanted = first.inner_text()
    head.page.keyboard.press("j")
    expect(first).to_be_focused()
    head.page.keyboard.press("x")
    expect(head.page.locator(".draft-card input[type=checkbox]").first).to_be_checked()
    head.page.keyboard.press("Enter")
    head.page.wait_for_url("**/desk/decisions/*/")
    assert wanted in head.text()
    head.look("draft-with-keys")
    head.page.keyboard.press("c")
    expect(head.page.locator("#comment")).to_be_focused()
    head.page.locator("h1").click()
    head.page.keyboard.press("a")
    expect(head.page.get_by_role("button", name="決裁する", exact=True)).to_be_focused()
    head.page.keyboard.press("Enter")
    head.page.wait_for_url("**/desk/decisions/")
    assert "決裁しました" in head.text()
    head.page.set_viewport_size(PHONE)


def several(head: Eyes) -> None:
    """Three of a kind are ticked; the sample is read; the job approves them."""
    head.go("/desk/decisions/?kind=K12")
    for box in head.page.get_by_role("checkbox").all():
        box.check()
    head.press("まとめて決裁する")
    head.look("decide-many")
    assert "無作為に選んだ" in head.text()
    head.press("3件を決裁する")
    waited(head, lambda: "終わった時刻" in head.text())
    head.go("/desk/decisions/?kind=K12")
    assert "見本の出張" not in head.page.locator(".drafts").inner_text()


def shown_around(clerk: Eyes, head: Eyes) -> None:
    """A paper that nobody decides goes to the head, who has only to say that it was seen."""
    clerk.go("/desk/decisions/show/")
    clerk.look("draft-show")
    clerk.page.fill("#title", "見本の県からの通知について")
    clerk.page.fill("#body", "別添のとおり通知がありましたので、お知らせします。")
    clerk.page.locator('input[name="reader"][value="kacho"]').check()
    clerk.press("供覧する")
    clerk.look("draft-shown")
    assert "0 / 1人が確認" in clerk.text()
    head.go("/desk/decisions/")
    head.page.get_by_role("link", name="見本の県からの通知について").first.click()
    head.look("draft-to-look-at")
    head.press("確認した")
    head.look("draft-looked-at")
    assert "全員が確認し、終わりました" in head.text()


def rules_and_posts(it: Eyes) -> None:
    entered(it, "joho")
    it.go("/desk/decisions/rules/")
    it.look("decision-rules")
    it.page.select_option("#kind", "K02")
    it.page.get_by_label("紙の資料を必ず添える（併用）").check()
    it.press("決める")
    assert "理由が書かれていません" in it.text()
    it.go("/desk/posts/")
    it.look("posts")
    assert "課長" in it.text()
    it.page.fill("#away-from", "R9.1.5")
    it.page.fill("#away-to", "R9.1.6")
    it.page.fill("#away-reason", "研修")
    it.press("登録する")
    assert "不在を登録しました" in it.text()
    it.look("posts-away")
    it.press("取りやめる")
    assert "不在を取りやめました" in it.text()
