"""A passkey in a real browser: made on the page of one's own account, then used alone. Chromium plays the key."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.eyes import DESKTOP, Eyes, opened
from tests.browser.test_desk import entered
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


@pytest.fixture
def eyes(chromium: Browser, site: Site) -> Iterator[Eyes]:
    """A window at localhost, the one name besides https at which browsers allow passkeys."""
    window = opened(chromium, site.address.replace("127.0.0.1", "localhost"), size=DESKTOP, script=True)
    yield window
    window.context.close()
    assert window.wrong == [], "\n".join(window.wrong)


@pytest.fixture
def key(eyes: Eyes) -> Any:
    """A security key with a PIN, by the devtools protocol; hands out a question about what it holds."""
    tools = eyes.context.new_cdp_session(eyes.page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def verified(is_so: bool) -> None:
        tools.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": is_so})

    verified.held = lambda: tools.send("WebAuthn.getCredentials", {"authenticatorId": made})["credentials"]  # type: ignore[attr-defined]
    return verified


def test_a_passkey_is_made_and_opens_the_desk_alone(eyes: Eyes, key: Any, been: set[str]) -> None:
    entered(eyes, "madoguchi")
    eyes.go("/desk/login/factors/")
    eyes.look("desk-factors")
    eyes.page.fill("#passkey-name", "庁内パソコン")
    eyes.page.fill("#passkey-password", "demo")
    eyes.press("パスキーを作る")
    eyes.page.get_by_text("予備コード（この画面でだけ見られます）").wait_for()
    code = eyes.page.locator(".desk-codes code").first.inner_text()
    assert "庁内パソコン" in eyes.text()
    assert len(key.held()) == 1

    leave(eyes)
    eyes.look("desk-login")
    eyes.press("パスキーで入る")
    eyes.page.wait_for_url("**/desk/")

    leave(eyes)
    with_password(eyes)
    eyes.look("desk-second")
    eyes.press("パスキーで確かめる")
    eyes.page.wait_for_url("**/desk/")

    leave(eyes)
    with_password(eyes)
    eyes.page.fill("#code", code)
    eyes.press("入る")
    eyes.page.wait_for_url("**/desk/")
    been |= eyes.seen
    remove_all(eyes)


def test_an_unverified_key_opens_nothing(eyes: Eyes, key: Any) -> None:
    entered(eyes, "madoguchi")
    eyes.go("/desk/login/factors/")
    eyes.page.fill("#passkey-password", "demo")
    eyes.press("パスキーを作る")
    eyes.page.get_by_text("予備コード（この画面でだけ見られます）").wait_for()
    leave(eyes)
    key(False)
    eyes.press("パスキーで入る")
    eyes.page.get_by_text("パスキーを使えませんでした").wait_for()
    assert eyes.path == "/desk/login/"
    key(True)
    eyes.press("パスキーで入る")
    eyes.page.wait_for_url("**/desk/")
    remove_all(eyes)


def test_the_pages_on_identity(eyes: Eyes, been: set[str]) -> None:
    entered(eyes, "shinsa")
    for path in ("/desk/identity/", "/desk/identity/people/"):
        eyes.go(path)
        eyes.look(path.strip("/").replace("/", "-"))
    been |= eyes.seen


def leave(eyes: Eyes) -> None:
    eyes.page.locator(".desk-top__out").click()
    eyes.page.wait_for_url("**/desk/login/")


def with_password(eyes: Eyes) -> None:
    eyes.page.fill("#login", "madoguchi")
    eyes.page.fill("#password", "demo")
    eyes.page.press("#password", "Enter")
    eyes.page.wait_for_url("**/desk/login/second/")


def remove_all(eyes: Eyes) -> None:
    """Other tests sign in with the password alone."""
    eyes.go("/desk/login/factors/")
    form = eyes.page.locator(".desk-login__accounts form").first
    form.locator("input[type=password]").fill("demo")
    form.get_by_role("button").click()
    eyes.page.get_by_text("まだありません。").wait_for()
