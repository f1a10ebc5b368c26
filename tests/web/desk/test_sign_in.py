"""The door of the desk: failures, waiting, second proofs, sittings, the provider of the municipality."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.factors import codes_left, factors_of
from madoguchi.ledgers.office.models import SignInGuard, Trace
from madoguchi.ledgers.office.ports import plug_providers
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from tests.identity_provider import Provider

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Browser(Client):
    """A browser; after each answer the test is in サンプル市 again."""

    town: Any = None

    def request(self, **asked: Any) -> Any:
        try:
            return super().request(**asked)
        finally:
            enter_municipality(self.town.pk)


@pytest.fixture
def browser(town: Any) -> Browser:
    made = Browser()
    made.town = town
    return made


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="shinsa")


def enter(browser: Browser, login: str = "shinsa", password: str = "demo", **more: Any) -> Any:
    return browser.post("/desk/login/", {"login": login, "password": password} | more)


def number(shift: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + shift))


def with_app(clerk: Any) -> list[str]:
    """The app was added a minute ago, so that the present number has not been used."""
    return office.add_app(clerk, secret=SECRET, code=number(-1), at=clock.now())


def test_unknown_wrong_left_and_locked_look_alike(browser: Browser, clerk: Any, staff_with: Any) -> None:
    office.deactivate(staff_with(login="left"), by=SYSTEM, at=clock.now())
    answers = [enter(browser, "nobody"), enter(browser, password="wrong"), enter(browser, "left")]
    for _ in range(5):
        enter(browser, password="wrong")
    answers.append(enter(browser))
    seen = {(answer.status_code, without_token(answer)) for answer in answers}
    assert len(seen) == 1
    assert answers[0].status_code == 422


def without_token(answer: Any) -> str:
    lines = answer.content.decode().splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


def test_every_answer_costs_one_hash(browser: Browser, clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time class: known, unknown, locked and empty each run the password hasher exactly once."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *told: hashed.append("x") or real(*told))
    for login, password in (("shinsa", "wrong"), ("nobody", "x"), ("", "x")):
        hashed.clear()
        enter(browser, login, password)
        assert len(hashed) == 1, login
    SignInGuard.objects.update(locked_until=clock.now() + timedelta(hours=1))
    hashed.clear()
    enter(browser)
    assert len(hashed) == 1


def test_a_right_password_after_five_wrong_ones_waits_and_then_opens(browser: Browser, clerk: Any) -> None:
    for _ in range(5):
        enter(browser, password="wrong")
    assert enter(browser).status_code == 422
    assert Trace.objects.filter(verb="office.locked_out").count() == 1
    SignInGuard.objects.update(locked_until=clock.now() - timedelta(seconds=1))
    assert enter(browser).status_code == 302


def test_one_proxy_does_not_lock_out_the_town(browser: Browser, clerk: Any, staff_with: Any) -> None:
    """Sixty failures from the one address everybody shares: whoever came in before still comes in."""
    assert enter(browser).status_code == 302
    browser.post("/desk/logout/")
    for count in range(60):
        enter(browser, f"guess-{count}", "wrong")
    staff_with(login="newcomer")
    assert enter(browser, "newcomer").status_code == 422
    assert enter(browser).status_code == 302


def test_a_stranger_elsewhere_does_not_lock_out_somebody_known_here(browser: Browser, clerk: Any) -> None:
    assert enter(browser).status_code == 302
    browser.post("/desk/logout/")
    for _ in range(8):
        browser.post("/desk/login/", {"login": "shinsa", "password": "x"}, REMOTE_ADDR="203.0.113.9")
    assert (
        browser.post(
            "/desk/login/", {"login": "shinsa", "password": "demo"}, REMOTE_ADDR="203.0.113.9"
        ).status_code
        == 422
    )
    assert enter(browser).status_code == 302


def test_neither_login_nor_address_is_kept(browser: Browser, clerk: Any) -> None:
    enter(browser, password="wrong")
    kept = str(list(SignInGuard.objects.values_list("kind", "key"))) + str(
        list(Trace.objects.values_list("note"))
    )
    assert "shinsa" not in kept
    assert "127.0.0.1" not in kept


def test_signing_in_changes_the_session_key(browser: Browser, clerk: Any) -> None:
    browser.get("/desk/login/sso/")
    session = browser.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    enter(browser)
    assert browser.session.session_key not in {None, planted}


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/desk/", "//evil.example/desk/", "/desk/\\evil", "/my/"]
)
def test_the_way_on_stays_on_the_desk(browser: Browser, clerk: Any, wanted: str) -> None:
    answer = enter(browser, next=wanted)
    assert answer.url.startswith("/desk/")
    assert "evil" not in answer.url.split("/desk/", 1)[0]


def test_with_an_app_the_password_alone_opens_nothing(browser: Browser, clerk: Any) -> None:
    with_app(clerk)
    assert enter(browser).url == "/desk/login/second/"
    half = browser.session.session_key
    assert browser.get("/desk/").status_code == 302
    assert browser.post("/desk/login/second/", {"code": "000000"}).status_code == 422
    assert browser.post("/desk/login/second/", {"code": number()}).url == "/desk/"
    assert browser.session.session_key != half
    assert browser.get("/desk/").status_code == 200


def test_a_number_of_the_app_opens_once(browser: Browser, clerk: Any) -> None:
    with_app(clerk)
    enter(browser)
    used = number()
    assert browser.post("/desk/login/second/", {"code": used}).status_code == 302
    browser.post("/desk/logout/")
    enter(browser)
    assert browser.post("/desk/login/second/", {"code": used}).status_code == 422


def test_a_recovery_code_opens_once(browser: Browser, clerk: Any) -> None:
    codes = with_app(clerk)
    assert len(codes) == 10
    for expected in (302, 422):
        enter(browser)
        assert browser.post("/desk/login/second/", {"code": codes[0]}).status_code == expected
        browser.post("/desk/logout/")
    assert codes_left(clerk) == 9


def test_guessing_numbers_is_counted(browser: Browser, clerk: Any) -> None:
    with_app(clerk)
    enter(browser)
    for _ in range(5):
        browser.post("/desk/login/second/", {"code": "000000"})
    assert browser.post("/desk/login/second/", {"code": number()}).status_code == 422


def test_adding_an_app_by_the_page(browser: Browser, clerk: Any) -> None:
    enter(browser)
    browser.get("/desk/login/factors/")
    secret = browser.session["app_secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    asked = {"do": "app", "code": code, "password": "wrong"}
    assert browser.post("/desk/login/factors/", asked).status_code == 422
    answer = browser.post("/desk/login/factors/", asked | {"password": "demo"})
    assert "予備コード" in answer.content.decode()
    assert [factor.kind for factor in factors_of(clerk)] == ["totp"]
    assert Trace.objects.filter(verb="office.factor_added").exists()
    factor = factors_of(clerk)[0].id
    browser.post("/desk/login/factors/", {"do": "remove", "factor": factor, "password": "demo"})
    assert factors_of(clerk) == []
    assert codes_left(clerk) == 0


def test_the_key_of_the_app_is_not_readable_in_the_database(clerk: Any) -> None:
    from allauth.mfa.models import Authenticator

    with_app(clerk)
    assert SECRET not in str(list(Authenticator.objects.values_list("data")))


def test_keys_of_another_town_are_not_there(clerk: Any, town: Any, other_town: Any) -> None:
    from allauth.mfa.models import Authenticator

    with_app(clerk)
    enter_municipality(other_town.pk)
    assert Authenticator.objects.count() == 0
    enter_municipality(town.pk)
    assert Authenticator.objects.count() == 2


def test_strong_powers_must_add_a_second_proof(browser: Browser, clerk: Any, settings: Any) -> None:
    settings.MADOGUCHI_DEMO_IDENTITY = False
    assert enter(browser).url == "/desk/login/factors/"
    assert browser.get("/desk/").url == "/desk/login/factors/"
    browser.get("/desk/login/factors/")
    secret = browser.session["app_secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    browser.post("/desk/login/factors/", {"do": "app", "code": code, "password": "demo"})
    assert browser.get("/desk/").status_code == 200


def passed(browser: Browser, **ago: int) -> None:
    session = browser.session
    for key, seconds in ago.items():
        session[key] = int(clock.now().timestamp()) - seconds
    session.save()


def test_ten_idle_minutes_end_the_sitting(browser: Browser, clerk: Any) -> None:
    enter(browser)
    passed(browser, seen_at=590)
    assert browser.get("/desk/").status_code == 200
    passed(browser, seen_at=601)
    assert browser.get("/desk/").url == "/desk/login/?next=/desk/"
    assert "しばらく操作がなかった" in browser.get("/desk/login/").content.decode()


def test_twelve_hours_end_the_sitting_however_busy(browser: Browser, clerk: Any) -> None:
    enter(browser)
    passed(browser, entered_at=43_199, seen_at=5)
    assert browser.get("/desk/").status_code == 200
    passed(browser, entered_at=43_201, seen_at=5)
    assert browser.get("/desk/").status_code == 302


def test_a_form_sent_too_late_is_offered_again_to_its_writer_only(
    browser: Browser, clerk: Any, staff_with: Any
) -> None:
    staff_with(Role.REVIEWER, login="other")
    enter(browser)
    passed(browser, seen_at=700)
    late = browser.post("/desk/cases/GK-1/correct/", {"message": "書類の写しをお願いします。"})
    assert late.url.startswith("/desk/login/")
    assert "書類の写し" not in str(dict(browser.session.items()))
    assert enter(browser).url == "/desk/login/kept/"
    page = browser.get("/desk/login/kept/").content.decode()
    assert "書類の写しをお願いします。" in page
    assert 'action="/desk/cases/GK-1/correct/"' in page
    passed(browser, seen_at=700)
    browser.post("/desk/cases/GK-1/correct/", {"message": "別の文"})
    assert enter(browser, "other").url == "/desk/"
    assert browser.get("/desk/login/kept/").status_code == 302


def test_a_new_password_ends_every_other_sitting(browser: Browser, clerk: Any, town: Any) -> None:
    elsewhere = Browser()
    elsewhere.town = town
    enter(browser)
    enter(elsewhere)
    asked = {"do": "password", "password": "demo", "new_password": "short"}
    assert browser.post("/desk/login/factors/", asked).status_code == 422
    browser.post("/desk/login/factors/", asked | {"new_password": "correct-horse-battery"})
    assert browser.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 302


def test_somebody_who_left_is_out_at_once(browser: Browser, clerk: Any) -> None:
    enter(browser)
    office.deactivate(clerk, by=SYSTEM, at=clock.now())
    assert browser.get("/desk/").status_code == 302


@pytest.fixture
def sso(town: Any, provider: Provider) -> Any:
    provider.person("http://testserver/desk/login/sso/back/", sub="s-1", preferred_username="shinsa")
    plug_providers("staff", {town.code: provider.client()}.get)
    yield provider
    plug_providers("staff", {}.get)


def through(browser: Browser, sso: Provider, *, wanted: str = "/desk/", **changed: str) -> Any:
    started = browser.get("/desk/login/sso/?" + urlencode({"next": wanted}))
    return browser.get("/desk/login/sso/back/?" + urlencode(sso.visit(started.url) | changed))


def test_the_provider_of_the_town_opens_the_desk(browser: Browser, clerk: Any, sso: Provider) -> None:
    assert through(browser, sso, wanted="/desk/letters/").url == "/desk/letters/"
    assert browser.get("/desk/").status_code == 200
    assert Trace.objects.filter(verb="office.signed_in", note__way="sso").exists()


@pytest.mark.parametrize("changed", [{"state": "x"}, {"code": "x"}, {"iss": "https://evil.example"}], ids=str)
def test_a_forged_answer_opens_nothing(browser: Browser, clerk: Any, sso: Provider, changed: Any) -> None:
    assert through(browser, sso, **changed).url == "/desk/login/"
    assert browser.get("/desk/").status_code == 302


def test_nobody_signs_up_by_the_provider(browser: Browser, clerk: Any, sso: Provider) -> None:
    sso.person(sub="s-2", preferred_username="unknown")
    assert through(browser, sso).url == "/desk/login/"
    office.deactivate(clerk, by=SYSTEM, at=clock.now())
    sso.person(sub="s-1", preferred_username="shinsa")
    assert through(browser, sso).url == "/desk/login/"
    assert browser.get("/desk/").status_code == 302


def test_the_way_on_after_the_provider_stays_on_the_desk(browser: Browser, clerk: Any, sso: Provider) -> None:
    assert through(browser, sso, wanted="https://evil.example/desk/").url == "/desk/"
