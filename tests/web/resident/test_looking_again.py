"""The page that asks to look again: one wording whatever was found, one tick to go on, no way past what must be changed."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from madoguchi.ledgers.registry.models import Visitor
from tests.factories_applications import true_package
from tests.factories_registry import child, enter, household, member
from tests.web.resident.walking import answers, begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return true_package(now)


@pytest.fixture
def hanako(loaded: Any, now: datetime) -> Client:
    """見本　花子 by her card, with そら at home; うみ lives elsewhere."""
    residents = enter(
        household(1, member(8000001), child(8000002)),
        household(2, member(8000003, given="月子"), child(8000004, given="うみ", given_kana="ウミ")),
    )
    client = Client()
    session = client.session
    session["visitor_id"] = str(Visitor.objects.create(resident=residents[0], first_seen_at=now).id)
    session.save()
    return client


def named(name: str) -> dict[str, Any]:
    return answers("child", child_name__given=name, child_birth="令和2年8月3日")


def test_every_cause_gives_the_same_page(hanako: Any) -> None:
    paper = begin(hanako)
    pages = set()
    for name in ("うみ", "どこにもいない"):
        page = hanako.post(f"{paper}child/", named(name)).content.decode()
        assert "入力の内容を、もう一度確かめてください" in page
        assert "世帯" not in re.sub(r"<footer.*", "", page, flags=re.DOTALL)
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(name, ""))
    assert len(pages) == 1


def test_one_tick_goes_on_and_is_not_asked_again(hanako: Any) -> None:
    paper = begin(hanako)
    assert hanako.post(f"{paper}child/", named("うみ")).status_code == 200
    assert hanako.post(f"{paper}child/", named("うみ") | {"_sure": "child_name"}).url == f"{paper}applicant/"
    assert hanako.post(f"{paper}child/", named("うみ")).url == f"{paper}applicant/"


def test_no_tick_goes_past_what_must_be_changed(hanako: Any) -> None:
    paper = begin(hanako)
    typed = answers("applicant") | {"account_holder": "ﾀﾅｶ ｼﾞﾛｳ", "_sure": ["account_holder", "address"]}
    page = hanako.post(f"{paper}applicant/", typed)
    assert page.status_code == 422
    assert "「口座の名義」を、お手元の書類と見比べてください。" in page.content.decode()
    for name in ("child", "wishes"):
        hanako.post(f"{paper}{name}/", named("そら") if name == "child" else answers("wishes"))
    assert hanako.post(f"{paper}review/").url == f"{paper}review/"
    review = hanako.get(f"{paper}review/").content.decode()
    assert "まだ送れません" in review
    assert f"{paper}applicant/?from=review" in review
    hanako.post(f"{paper}applicant/", typed | {"account_holder": "見本花子"})
    assert hanako.post(f"{paper}review/").url.endswith("/receipt/")
