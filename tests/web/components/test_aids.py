"""Reading aids: a cookie and back, nothing else."""

from typing import Any

import pytest

from madoguchi.web.components import aids
from madoguchi.web.components.words import Reader

pytestmark = pytest.mark.django_db


def test_a_setting_becomes_a_cookie_and_leads_back(client: Any, town: Any) -> None:
    answer = client.get("/aids/", {"set": "size:large", "back": "/search?q=a"})

    assert answer.status_code == 302
    assert answer.url == "/search?q=a"
    assert answer.cookies["size"].value == "large"
    assert b'data-size="large"' in client.get("/").content


@pytest.mark.parametrize("setting", ["size:enormous", "sessionid:x", "easy", ""])
def test_nothing_else_becomes_a_cookie(client: Any, town: Any, setting: str) -> None:
    assert not client.get("/aids/", {"set": setting}).cookies


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_leads_nowhere_else(client: Any, town: Any, back: str) -> None:
    assert client.get("/aids/", {"set": "easy:on", "back": back}).url == "/"


def test_english_turns_the_page(client: Any, town: Any) -> None:
    client.cookies["language"] = "en"
    page = client.get("/").content.decode()

    assert '<html lang="en"' in page
    assert "What do you need to do?" in page


def test_the_size_button_of_a_phone_goes_round() -> None:
    sizes = [aids.offered(Reader(size=size), "/")[2]["set"] for size in ("standard", "large", "huge")]
    assert sizes == ["size:large", "size:huge", "size:standard"]
