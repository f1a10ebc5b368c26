"""Going on later: the code on the saved page, another device without scripts, and what an ended paper says."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.services.applications import actions
from tests.web.resident.walking import answers, apply, begin, fill

pytestmark = pytest.mark.django_db


def another_device(client: Any) -> Client:
    other = Client()
    session = other.session
    session["visitor_id"] = str(client.visitor.id)
    session.save()
    return other


def code_on(client: Any, paper: str) -> str:
    page = client.get(f"{paper}saved/").content.decode()
    found = re.search(r'class="resume-code">.*?<b>([^<]+)</b>', page)
    assert found
    return found[1]


def test_another_device_goes_on_where_one_stopped(hikari: Any) -> None:
    paper = begin(hikari)
    hikari.post(f"{paper}child/", answers("child"))
    assert hikari.post(f"{paper}wishes/", {**answers("wishes"), "_save": "1"}).url == f"{paper}saved/"
    code, phone = code_on(hikari, paper), another_device(hikari)
    assert code in phone.get(f"/resume/?code={code}").content.decode()
    assert phone.post("/resume/", {"code": code.lower()}).url == paper
    assert phone.get(paper).url == f"{paper}applicant/"
    fill(phone, paper)
    assert phone.post(f"{paper}review/").url.endswith("/receipt/")


def test_without_a_proof_the_code_leads_to_the_proof_and_back(client: Any, hikari: Any) -> None:
    code = code_on(hikari, begin(hikari))
    assert client.get(f"/resume/?code={code}").url == f"/prove/?next=%2Fresume%2F%3Fcode%3D{code}"


def test_whatever_is_wrong_the_page_is_one(hikari: Any, stranger: Any, now: datetime) -> None:
    paper = begin(hikari)
    foreign = code_on(stranger, begin(stranger))
    old = code_on(hikari, paper)
    hikari.post(f"{paper}code/")
    hikari.get(f"{paper}saved/")
    pages = set()
    for code in (foreign, old, "22222-22222"):
        answer = hikari.post("/resume/", {"code": code})
        assert answer.status_code == 422
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        pages.add(text.replace(code, ""))
    assert len(pages) == 1


def test_the_new_code_is_shown_and_opens(hikari: Any) -> None:
    paper = begin(hikari)
    old = code_on(hikari, paper)
    assert hikari.post(f"{paper}code/").url == f"{paper}saved/"
    new = code_on(hikari, paper)
    assert new != old
    assert hikari.post("/resume/", {"code": new}).url == paper


def test_the_end_is_shown_in_the_list_and_in_the_form(hikari: Any, settings: Any) -> None:
    paper = begin(hikari)
    hikari.post(f"{paper}child/", answers("child"))
    assert "12月22日" in hikari.get("/my/").content.decode()
    assert "12月22日" in hikari.get(f"{paper}child/").content.decode()
    settings.MADOGUCHI_CLOCK = "2026-12-20"
    assert "あと2日で消えます" in hikari.get("/my/").content.decode()
    assert "保存の期限が近づいています" in hikari.get(f"{paper}child/").content.decode()


def test_an_ended_paper_says_what_happened_and_what_to_do(
    hikari: Any, stranger: Any, settings: Any, town: Any, now: datetime
) -> None:
    paper = begin(hikari)
    for day, forget in (("2026-12-25", False), ("2026-12-26", True)):
        settings.MADOGUCHI_CLOCK = day
        if forget:
            late = now + timedelta(days=35)
            enter_municipality(town.pk)
            assert actions.drop_expired(on=late.date(), at=late) == 1
        for answer in (hikari.get(paper), hikari.post(f"{paper}child/", answers("child"))):
            assert answer.status_code == 410
            text = answer.content.decode()
            assert "12月22日" in text
            assert "もう一度入力してください" in text
            assert "/procedures/mihon-club/" in text
        assert stranger.get(paper).status_code == 404


def test_a_sent_paper_leads_to_its_receipt(hikari: Any) -> None:
    number = apply(hikari)
    again = begin(hikari)
    fill(hikari, again, number=2)
    sent = hikari.post(f"{again}review/").url
    for path in ("", "child/", "review/", "saved/"):
        assert hikari.get(f"{again}{path}").url == sent
    assert number not in sent


def test_two_devices_send_at_the_same_time_and_one_case_exists(hikari: Any, stranger: Any) -> None:
    paper = begin(hikari)
    fill(hikari, paper)
    devices = [hikari, another_device(hikari), stranger]
    answers_given = [device.post(f"{paper}review/") for device in devices]
    assert answers_given[0].url == answers_given[1].url
    assert answers_given[2].status_code == 404
