"""Showing who one is: the code, the link, the stand-in for the card."""

import re
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from madoguchi.clerical.notices.ports import plug_mail
from madoguchi.connectors.dry_mail import DryMail
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.town_generator import generate_town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mails(tmp_path: Path) -> Path:
    plug_mail(DryMail(tmp_path))
    return tmp_path


def mail_in(folder: Path) -> str:
    file = next(folder.glob("*.eml"))
    return str(message_from_bytes(file.read_bytes(), policy=policy.default).get_content())


def test_a_code_by_mail_lets_in_and_goes_on(client: Any, town: Any, mails: Path) -> None:
    client.get("/prove/?next=/my/%23letters")
    assert client.post("/prove/", {"way": "mail", "email": "hikari@example.jp"}).url == "/prove/code/"

    code = re.search(r"\d{6}", mail_in(mails))
    assert code
    wide = code[0].translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert client.post("/prove/code/", {"code": wide}).url == "/my/#letters"
    assert "hikari@example.jp" in client.get("/my/").content.decode()


def test_the_link_asks_for_one_press_so_that_mail_programs_do_not_use_it_up(
    client: Any, town: Any, mails: Path
) -> None:
    client.post("/prove/", {"way": "mail", "email": "hikari@example.jp"})
    link = re.search(r"http://\S+?(/prove/\S+)", mail_in(mails))
    assert link

    assert client.get(link[1]).status_code == 200
    assert "visitor_id" not in client.session
    client.post(link[1])
    assert "visitor_id" in client.session


def test_a_wrong_code_is_told_beside_the_field(client: Any, town: Any, mails: Path) -> None:
    client.post("/prove/", {"way": "mail", "email": "hikari@example.jp"})
    code = re.search(r"\d{6}", mail_in(mails))
    assert code
    wrong = "000000" if code[0] != "000000" else "111111"
    answer = client.post("/prove/code/", {"code": wrong})

    assert answer.status_code == 422
    assert "<title>エラー：" in answer.content.decode()
    assert "visitor_id" not in client.session


@pytest.mark.parametrize("typed", ["", "hikari", "a@b\r\nBcc: c@d.jp"])
def test_an_address_that_is_none_is_refused(client: Any, town: Any, typed: str) -> None:
    answer = client.post("/prove/", {"way": "mail", "email": typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_the_stand_in_says_what_it_is_and_only_stands_in_the_demo(
    client: Any, town: Any, settings: Any, now: Any
) -> None:
    enter_households(generate_town(120, 5, on=date(2026, 11, 18)), by=SYSTEM, at=now)
    page = client.get("/prove/").content.decode()
    assert "練習用の代わりの画面です" in page

    person = re.search(r'<option value="(\d+)">', page)
    assert person
    assert client.post("/prove/", {"way": "card", "resident": person[1]}).status_code == 302

    settings.MADOGUCHI_DEMO_IDENTITY = False
    assert "練習用" not in client.get("/prove/").content.decode()
    assert client.post("/prove/", {"way": "card", "resident": person[1]}).status_code == 404


def test_leaving_forgets_who_was_there(hikari: Any) -> None:
    hikari.post("/prove/leave/")
    assert hikari.get("/my/").url.startswith("/prove/")


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "\\\\evil"])
def test_it_never_leads_out_of_the_town(client: Any, town: Any, onward: str) -> None:
    client.get("/prove/", {"next": onward})
    assert client.session["next"] == "/my/"
