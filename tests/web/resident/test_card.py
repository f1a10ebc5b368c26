"""By card against a real OpenID provider: who one is afterwards, what follows, what an attacker gets."""

from typing import Any
from urllib.parse import urlencode

import pytest

from madoguchi.ledgers.office.ports import plug_providers
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.registry import queries
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.town_generator import generate_town
from tests.identity_provider import Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother(town: Any, now: Any) -> Any:
    enter_households(list(generate_town(60, 7)), by=SYSTEM, at=now)
    return queries.demo_identities(1)[0]


@pytest.fixture
def card(town: Any, provider: Provider) -> Any:
    plug_providers("citizen", {town.code: provider.client()}.get)
    yield provider
    plug_providers("citizen", {}.get)


def hold(card: Provider, person: Any, sub: str = "pairwise-9", **changed: Any) -> None:
    claims = {
        "sub": sub,
        "name": f"{person.family} {person.given}",
        "birthdate": person.birth.isoformat(),
        "address": {"formatted": f"サンプル県サンプル市{person.town}{person.block}"},
    }
    card.person(**claims | changed)


def read_card(client: Any, card: Provider, town: Any, *, wanted: str = "/my/", **changed: str) -> Any:
    client.get("/prove/?" + urlencode({"next": wanted}))
    started = client.get("/prove/card/")
    answer = card.visit(started.url) | changed
    enter_municipality(town.pk)
    came = client.get("/prove/card/back/?" + urlencode(answer))
    enter_municipality(town.pk)
    return came


def visitor_here(client: Any) -> Any:
    return queries.visitor(client.session["visitor_id"], client.session["proofs"])


def test_the_page_offers_the_card_and_says_what_is_received(client: Any, card: Provider) -> None:
    page = client.get("/prove/").content.decode()
    assert "/prove/card/" in page
    assert "マイナンバーは受け取りません" in page


def test_a_card_that_fits_one_resident_is_that_resident(
    client: Any, card: Provider, mother: Any, town: Any
) -> None:
    hold(card, mother)
    before = client.session.session_key
    assert read_card(client, card, town).url == "/my/"
    seen = visitor_here(client)
    assert (seen.resident_id, seen.identity_level, seen.sign_in_level) == (mother.id, 3, 3)
    assert client.session.session_key != before


def test_a_second_reading_finds_the_same_visitor_even_after_moving(
    client: Any, card: Provider, mother: Any, town: Any
) -> None:
    hold(card, mother)
    read_card(client, card, town)
    first = visitor_here(client).id
    client.session.flush()
    hold(card, mother, address="よその市の住所")
    read_card(client, card, town)
    assert visitor_here(client).id == first


@pytest.mark.parametrize(
    "changed",
    [{"address": "サンプル県サンプル市別町9-9-9"}, {"birthdate": "1950-01-01"}, {"name": "別人 名前"}],
    ids=str,
)
def test_a_card_that_fits_nobody_is_proven_but_linked_to_nobody_and_looks_the_same(
    client: Any, card: Provider, mother: Any, town: Any, changed: dict[str, str]
) -> None:
    hold(card, mother, sub="pairwise-2", **changed)
    assert read_card(client, card, town).url == "/my/"
    seen = visitor_here(client)
    assert (seen.resident_id, seen.identity_level) == (None, 3)


@pytest.mark.parametrize(
    "changed", [{"state": "planted"}, {"iss": "https://evil.example"}, {"code": "guessed"}], ids=str
)
def test_a_forged_answer_proves_nobody(
    client: Any, card: Provider, mother: Any, town: Any, changed: dict[str, str]
) -> None:
    hold(card, mother)
    answer = read_card(client, card, town, **changed)
    assert answer.status_code == 422
    assert "カードでの確認を終えられませんでした" in answer.content.decode()
    assert "visitor_id" not in client.session


def test_an_answer_nobody_began_and_one_used_before_prove_nobody(
    client: Any, card: Provider, mother: Any, town: Any
) -> None:
    assert client.get("/prove/card/back/?code=x&state=y").status_code == 422
    enter_municipality(town.pk)
    hold(card, mother)
    started = client.get("/prove/card/")
    answer = urlencode(card.visit(started.url))
    assert client.get(f"/prove/card/back/?{answer}").status_code == 302
    assert client.get(f"/prove/card/back/?{answer}").status_code == 422


def test_the_way_back_never_leads_elsewhere(client: Any, card: Provider, mother: Any, town: Any) -> None:
    for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        hold(card, mother)
        assert read_card(client, card, town, wanted=wanted).url == "/my/"


def test_without_a_provider_there_is_no_door(client: Any, town: Any) -> None:
    assert client.get("/prove/card/").status_code == 404
    assert client.get("/prove/card/back/?code=x&state=y").status_code == 404
