"""The OpenID client against a real provider, and against everything an attacker could bring back from it."""

import time
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from madoguchi.connectors.oidc import OidcClient
from madoguchi.ledgers.office.errors import IdentityRefused
from tests.identity_provider import CALLBACK, CLIENT, Provider

SCOPES = ("name", "address", "birthdate")
HANAKO = {"sub": "pairwise-1", "name": "見本　花子", "birthdate": "1990-05-01", "gender": "female",
          "address": {"formatted": "サンプル県サンプル市緑町一丁目2番3号"}}  # fmt: skip


@pytest.fixture
def client(provider: Provider) -> OidcClient:
    provider.person(**HANAKO)
    return provider.client()


def came_back(provider: Provider, client: OidcClient, **changed: Any) -> tuple[Any, dict[str, str]]:
    started = client.begin(redirect_uri=CALLBACK, scopes=SCOPES)
    return started, provider.visit(started.url) | changed


def test_the_card_comes_back_with_exactly_what_was_asked(provider: Provider, client: OidcClient) -> None:
    started, answer = came_back(provider, client)
    claims = client.finish(started, redirect_uri=CALLBACK, answer=answer)
    assert (claims["sub"], claims["name"], claims["birthdate"]) == ("pairwise-1", "見本　花子", "1990-05-01")
    assert claims["address"]["formatted"].endswith("3号")
    assert "gender" not in claims


def test_the_request_is_code_flow_with_pkce_and_a_short_state(client: OidcClient) -> None:
    asked = parse_qs(urlsplit(client.begin(redirect_uri=CALLBACK, scopes=SCOPES).url).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid name address birthdate"]
    assert 32 <= len(asked["state"][0]) <= 255
    assert len({asked[name][0] for name in ("state", "nonce", "code_challenge")}) == 3


@pytest.mark.parametrize(
    "changed",
    [{"state": "somebody-elses"}, {"state": ""}, {"iss": "https://evil.example"}, {"code": ""},
     {"error": "access_denied"}, {"code": "guessed"}],
    ids=["state", "no-state", "issuer-mix-up", "no-code", "refused-by-the-person", "guessed-code"],
)  # fmt: skip
def test_a_forged_answer_is_refused(provider: Provider, client: OidcClient, changed: dict[str, str]) -> None:
    started, answer = came_back(provider, client, **changed)
    with pytest.raises(IdentityRefused) as refused:
        client.finish(started, redirect_uri=CALLBACK, answer=answer)
    assert str(refused.value) == str(IdentityRefused.start_again())


def test_a_code_opens_once(provider: Provider, client: OidcClient) -> None:
    started, answer = came_back(provider, client)
    client.finish(started, redirect_uri=CALLBACK, answer=answer)
    with pytest.raises(IdentityRefused):
        client.finish(started, redirect_uri=CALLBACK, answer=answer)


def test_a_stolen_code_is_worth_nothing_without_the_verifier(provider: Provider, client: OidcClient) -> None:
    _, answer = came_back(provider, client)
    own = client.begin(redirect_uri=CALLBACK, scopes=SCOPES)
    with pytest.raises(IdentityRefused):
        client.finish(own, redirect_uri=CALLBACK, answer=answer | {"state": own.state})


def test_a_token_of_another_sitting_is_refused_by_its_nonce(provider: Provider, client: OidcClient) -> None:
    started, answer = came_back(provider, client)
    with pytest.raises(IdentityRefused):
        client.finish(replace(started, nonce="another"), redirect_uri=CALLBACK, answer=answer)


def test_new_keys_of_the_provider_are_read_again(
    provider: Provider, client: OidcClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, answer = came_back(provider, client)
    client.finish(started, redirect_uri=CALLBACK, answer=answer)
    provider.rotate()
    monkeypatch.setattr("madoguchi.connectors.oidc.KEYS_AGAIN_AFTER_SECONDS", 0)
    started, answer = came_back(provider, client)
    assert client.finish(started, redirect_uri=CALLBACK, answer=answer)["sub"] == "pairwise-1"


def test_a_client_of_another_secret_gets_nothing(provider: Provider, client: OidcClient) -> None:
    other = provider.client(client_secret="wrong")
    started, answer = came_back(provider, other)
    with pytest.raises(IdentityRefused):
        other.finish(started, redirect_uri=CALLBACK, answer=answer)


def forged(client: OidcClient, key: Any = None, *, alg: str = "RS256", kid: str = "", **changed: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": client.issuer,
        "aud": CLIENT,
        "sub": "x",
        "nonce": "n",
        "iat": now,
        "exp": now + 60,
    } | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key or "", algorithm=alg, headers={"kid": kid})


@pytest.fixture
def signed(client: OidcClient, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Tokens signed by a key the client takes for the provider's own: only the claims can be wrong."""
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    monkeypatch.setattr(OidcClient, "_key_for", lambda *_: own.public_key())
    return lambda **changed: forged(client, own, **changed)


def test_a_right_token_of_that_key_is_taken(client: OidcClient, signed: Any) -> None:
    assert client.proven_claims(signed(), nonce="n")["sub"] == "x"


@pytest.mark.parametrize(
    "changed",
    [{"iss": "https://evil.example"}, {"aud": "another-client"}, {"exp": 1_600_000_000}, {"nonce": "m"},
     {"nonce": None}, {"exp": None}, {"sub": None}, {"aud": [CLIENT, "other"]}, {"azp": "other"},
     {"iat": 4_000_000_000}],
    ids=str,
)  # fmt: skip
def test_a_signed_token_with_wrong_claims_is_refused(
    client: OidcClient, signed: Any, changed: dict[str, Any]
) -> None:
    with pytest.raises(IdentityRefused):
        client.proven_claims(signed(**changed), nonce="n")


def test_no_signature_other_keys_and_confused_algorithms_are_refused(client: OidcClient) -> None:
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client.begin(redirect_uri=CALLBACK, scopes=())
    client._metadata().keys = client._read_keys()
    kid = next(iter(client._metadata().keys))
    for token in (
        forged(client, alg="none", kid=kid),
        forged(client, own, kid=kid),
        forged(client, own, kid="unknown"),
        forged(client, "a-public-key-used-as-a-shared-secret", alg="HS256", kid=kid),
        "no token at all",
        "",
    ):
        with pytest.raises(IdentityRefused):
            client.proven_claims(token, nonce="n")


def test_a_provider_must_be_who_the_settings_name_and_speak_tls(provider: Provider) -> None:
    for issuer in (f"{provider.issuer}/", "http://idp.example", "https://127.0.0.1:1"):
        with pytest.raises(IdentityRefused):
            provider.client(issuer=issuer, seconds=2.0).begin(redirect_uri=CALLBACK, scopes=())
