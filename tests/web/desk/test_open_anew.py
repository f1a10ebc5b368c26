"""Somebody lost the telephone or the password: another opens the way in again, with the reason."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.factors import codes_left, factors_of
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ASKED = {"what": "open_anew", "login": "shinsa", "reason": "端末の紛失。職員証と顔で確認"}


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    made = staff_with(Role.REVIEWER, login="shinsa")
    period = int(time.time()) // 30
    office.add_app(made, secret=SECRET, code=format_hotp_value(hotp_value(SECRET, period)), at=clock.now())
    return made


def test_the_old_ways_end_and_the_new_password_opens(clerk: Any, desk_of: Any, town: Any) -> None:
    lost = Client()
    lost.force_login(clerk)
    assert lost.get("/desk/").status_code == 200

    enter_municipality(town.pk)
    page = desk_of(Role.IT_ADMIN, login="joho").post("/desk/grants/", ASKED)
    found = re.search(r"<p><code>([a-z2-9]{16})</code></p>", page.content.decode())
    assert found
    assert "no-store" in page.headers["Cache-Control"]
    assert lost.get("/desk/").status_code == 302

    enter_municipality(town.pk)
    clerk.refresh_from_db()
    assert factors_of(clerk) == []
    assert codes_left(clerk) == 0
    kept = Trace.objects.get(verb="office.opened_anew")
    assert (kept.purpose, kept.note) == (ASKED["reason"], {"factors": "1"})
    assert found[1] not in str(list(Trace.objects.values_list("note", "purpose")))

    home = Client().post("/desk/login/", {"login": "shinsa", "password": found[1]})
    assert home.status_code == 302
    assert Client().post("/desk/login/", {"login": "shinsa", "password": "demo"}).status_code == 422


@pytest.mark.parametrize(
    "asked", [ASKED | {"reason": " "}, ASKED | {"login": "joho"}, ASKED | {"login": "nobody"}]
)
def test_not_without_a_reason_not_oneself_and_nobody_unknown(
    clerk: Any, desk_of: Any, asked: dict[str, str]
) -> None:
    desk_of(Role.IT_ADMIN, login="joho").post("/desk/grants/", asked)
    assert len(factors_of(clerk)) == 1
    assert not Trace.objects.filter(verb="office.opened_anew").exists()


def test_only_who_gives_powers_may(clerk: Any, desk_of: Any) -> None:
    answer = desk_of(Role.SECTION_HEAD, login="kacho").post("/desk/grants/", ASKED)
    assert answer.status_code in (403, 404)
    assert len(factors_of(clerk)) == 1


def test_of_another_town_nobody_is_found(other_town: Any, clerk: Any, desk_of: Any, town: Any) -> None:
    enter_municipality(other_town.pk)
    section = office.set_up_section(
        code="joho", fiscal_year=2026, name="情報課", unit="", symbol="見情", phone="000-0000-0999"
    )
    office.employ(
        login="mihon", name="見本　一", name_kana="ミホン　ハジメ", section=section, password="demo"
    )
    enter_municipality(town.pk)
    answer = desk_of(Role.IT_ADMIN, login="joho").post("/desk/grants/", ASKED | {"login": "mihon"})
    assert answer.status_code in (302, 404)
    assert not Trace.objects.filter(verb="office.opened_anew").exists()
