"""Keys: who gets in, who does not, and that every failure looks alike."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from madoguchi.ledgers.office import keys
from madoguchi.ledgers.office.actions import set_up_section
from madoguchi.ledgers.office.errors import KeyUnfit, NotAllowed
from madoguchi.ledgers.office.models import ApiKey, Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.ledgers.office.session import municipality_session
from tests.factories_applications import received
from tests.factories_keys import Caller, key_for

pytestmark = pytest.mark.django_db


def test_the_secret_is_kept_as_a_hash_and_ends_with_the_fiscal_year(key: Any) -> None:
    row = ApiKey.objects.get(pk=key.view.id)
    secret = key.secret.split("_", 2)[2]
    assert secret not in str(vars(row))
    assert len(secret) >= 43
    assert str(row.expires_on) == "2027-03-31"
    made = Trace.objects.get(verb="office.key_made")
    assert made.purpose == "申請の取次ぎ"
    assert key.secret not in str(vars(made))


def test_a_key_needs_a_name_a_purpose_a_scope_and_a_day_to_come(section: Any, admin: Any, now: Any) -> None:
    for wrong in ({"name": " "}, {"purpose": ""}, {"scopes": []}, {"expires_on": now.date() - timedelta(1)}):
        given = {"name": "x", "purpose": "y", "scopes": [Scope.PROCEDURES_READ], "expires_on": None} | wrong
        with pytest.raises(KeyUnfit):
            keys.make_key(section=section, by=admin, at=now, **given)


def test_only_who_manages_keys_makes_one(section: Any, staff_with: Any, now: Any) -> None:
    with pytest.raises(NotAllowed):
        key_for(section, staff_with(Role.REVIEWER), now)


def test_every_wrong_key_is_answered_alike(
    town: Any, key: Any, section: Any, admin: Any, loaded: Any, now: Any
) -> None:
    ended = key_for(section, admin, now)
    ApiKey.objects.filter(pk=ended.view.id).update(expires_on=(now - timedelta(days=1)).date())
    revoked = key_for(section, admin, now)
    keys.revoke_key(key_id=revoked.view.id, by=admin, at=now)
    mark, prefix, secret = key.secret.split("_", 2)
    wrong = ["", "x", f"{mark}_{prefix}_", f"{mark}_{prefix}_{secret}x", f"{mark}_ffffffffffff_{secret}",
             f"ab_{prefix}_{secret}", ended.secret, revoked.secret, f"{mark}_%00_{secret}", "_" * 50]  # fmt: skip
    answers = [Caller(town, each).ask("/procedures") for each in wrong]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert answers[0]["Content-Type"] == "application/problem+json"
    assert Caller(town, key.secret).ask("/procedures").status_code == 200


def test_a_session_of_a_person_opens_nothing(town: Any, loaded: Any, staff_with: Any) -> None:
    browser = Client(headers={"host": "localhost"})
    browser.force_login(staff_with(*Role, login="all"))
    assert browser.get("/api/v1/applications").status_code == 401


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (Scope.APPLICATIONS_READ, "/procedures"),
        (Scope.PROCEDURES_READ, "/applications"),
        (Scope.PROCEDURES_READ, "/webhooks"),
    ],
)
def test_a_scope_opens_only_its_own_doors(
    scope: Scope, path: str, town: Any, section: Any, admin: Any, loaded: Any, now: Any
) -> None:
    answer = Caller(town, key_for(section, admin, now, scope).secret).ask(path)
    assert answer.status_code == 403
    assert answer.json()["code"] == "office.scope_missing"


def test_reading_is_not_writing(town: Any, section: Any, admin: Any, loaded: Any, now: Any) -> None:
    caller = Caller(town, key_for(section, admin, now, Scope.APPLICATIONS_READ).secret)
    body = {"procedure": "mihon-club", "period": "r9", "answers": {}}
    assert caller.send("/applications", body, key="one-of-mine").status_code == 403


def test_the_limit_a_minute_is_the_keys_own(
    town: Any, section: Any, admin: Any, key: Any, loaded: Any, now: Any
) -> None:
    slow = Caller(town, key_for(section, admin, now, per_minute=3).secret)
    codes = [slow.ask("/procedures").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert slow.ask("/procedures")["Retry-After"] == "60"
    assert Caller(town, key.secret).ask("/procedures").status_code == 200


def test_the_window_opens_again_after_a_minute(section: Any, admin: Any, now: Any) -> None:
    made = key_for(section, admin, now, per_minute=1)
    assert keys.key_of(made.secret, at=now).name == "県の窓口アプリ"
    assert keys.key_of(made.secret, at=now + timedelta(seconds=61)).id == made.view.id
    assert ApiKey.objects.get(pk=made.view.id).last_used_at == now + timedelta(seconds=61)


def test_another_towns_key_is_no_key(town: Any, other_town: Any, key: Any, loaded: Any) -> None:
    with municipality_session(other_town.pk):
        assert keys.all_keys() == []
    assert Caller(town, key.secret, host="mihon.example").ask("/procedures").status_code == 401


def test_another_sections_case_is_not_there(town: Any, admin: Any, key: Any, loaded: Any, now: Any) -> None:
    other = set_up_section(code="zeimu", fiscal_year=2026, name="税務課", symbol="税", phone="000-0000-0001")
    stranger = Caller(town, key_for(other, admin, now).secret)
    case = received(loaded, now)
    for path in ("", "/gif", "/documents"):
        address = f"/applications/{case.number}{path}"
        assert Caller(town, key.secret).ask(address).status_code == 200
        missing = stranger.ask(f"/applications/MC-000000-0{path}")
        refused = stranger.ask(address)
        assert refused.status_code == 404
        assert refused.content == missing.content
    assert stranger.ask("/applications").json()["items"] == []
    assert stranger.ask("/statuses", number=case.number).json()["items"] == []
    answer = stranger.send(
        "/applications", {"procedure": "mihon-club", "period": "r9", "answers": {}}, key="12345678"
    )
    assert answer.json()["code"] == "applications.not_this_keys_section"


def test_no_other_site_may_call_it(caller: Any) -> None:
    answer = caller.get("/api/v1/procedures", headers={"Origin": "https://other.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert caller.options("/api/v1/procedures").status_code == 405
