"""A strict OpenID Connect client: authorization code with PKCE, and every check of the ID token.

Signatures and claims are checked by PyJWT. What is refused says one sentence to the person and the reason to the log.
"""

import base64
import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import jwt

from madoguchi.ledgers.office.errors import IdentityRefused
from madoguchi.ledgers.office.ports import Started

ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY_SECONDS = 30
KEEP_SECONDS = 3600
KEYS_AGAIN_AFTER_SECONDS = 10
LONGEST_ANSWER = 200_000
LONGEST_STATE = 255
_LOCAL = {"localhost", "127.0.0.1", "::1"}
log = logging.getLogger(__name__)


@dataclass
class Metadata:
    """What the provider says of itself, and its keys."""

    document: dict[str, Any]
    read_at: float
    keys: dict[str, Any] = field(default_factory=dict)
    keys_read_at: float = float("-inf")


@dataclass(frozen=True)
class OidcClient:
    """One provider for one municipality. `issuer` is the only address that is trusted beforehand."""

    issuer: str
    client_id: str
    client_secret: str = ""
    person_claim: str = "preferred_username"
    seconds: float = 10.0
    kept: dict[str, Metadata] = field(default_factory=dict, compare=False)

    def begin(self, *, redirect_uri: str, scopes: tuple[str, ...]) -> Started:
        """The address of the provider's sign-in page with fresh state, nonce and PKCE challenge."""
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(dict.fromkeys(("openid", *scopes))),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        address = self._address("authorization_endpoint")
        joint = "&" if urlsplit(address).query else "?"
        return Started(address + joint + urlencode(asked), state, nonce, verifier)

    def finish(self, started: Started, *, redirect_uri: str, answer: Mapping[str, str]) -> dict[str, Any]:
        """The claims of the ID token, completed by the userinfo endpoint for the same subject."""
        self._check_answer(started, answer)
        tokens = self._exchange(answer["code"], started.verifier, redirect_uri)
        claims = self.proven_claims(str(tokens.get("id_token", "")), nonce=started.nonce)
        return self._with_userinfo(claims, str(tokens.get("access_token", "")))

    def proven_claims(self, id_token: str, *, nonce: str) -> dict[str, Any]:
        """Signature by a key of the provider, iss, aud, azp, exp, iat and nonce; otherwise IdentityRefused."""
        try:
            key = self._key_for(jwt.get_unverified_header(id_token))
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self.client_id,
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise _refused(f"id token: {error}") from error
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise _refused("nonce")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.client_id:
            raise _refused("azp")
        return claims

    def _check_answer(self, started: Started, answer: Mapping[str, str]) -> None:
        state = answer.get("state", "")
        if len(state) > LONGEST_STATE or not hmac.compare_digest(state.encode(), started.state.encode()):
            raise _refused("state")
        if "iss" in answer and answer["iss"] != self.issuer:
            raise _refused("issuer of the answer (RFC 9207)")
        if "error" in answer or not answer.get("code"):
            raise _refused(f"answer: {answer.get('error', 'no code')[:60]!r}")

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        if self.client_secret:
            asked["client_secret"] = self.client_secret
        return self._asked("POST", self._address("token_endpoint"), data=asked)

    def _with_userinfo(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        if "userinfo_endpoint" not in self._metadata().document or not access_token:
            return claims
        headers = {"Authorization": f"Bearer {access_token}"}
        told = self._asked("GET", self._address("userinfo_endpoint"), headers=headers)
        if told.get("sub") != claims["sub"]:
            raise _refused("userinfo of another subject")
        return told | claims

    def _key_for(self, header: Mapping[str, Any]) -> Any:
        """The provider's key with this id; keys are read again once when it is new to us (rotation)."""
        if header.get("alg") not in ALGORITHMS:
            raise _refused(f"algorithm {str(header.get('alg'))[:20]!r}")
        metadata, kid = self._metadata(), str(header.get("kid", ""))
        if kid not in metadata.keys and time.monotonic() - metadata.keys_read_at > KEYS_AGAIN_AFTER_SECONDS:
            metadata.keys = self._read_keys()
            metadata.keys_read_at = time.monotonic()
        if kid not in metadata.keys:
            raise _refused("unknown key")
        return metadata.keys[kid]

    def _read_keys(self) -> dict[str, Any]:
        found = self._asked("GET", self._address("jwks_uri")).get("keys", [])
        usable = [key for key in found if isinstance(key, dict) and key.get("kty") in {"RSA", "EC"}]
        return {str(key.get("kid", "")): jwt.PyJWK(key, _algorithm(key)) for key in usable}

    def look(self) -> str:
        """Read the discovery document anew. Raises IdentityRefused when it cannot be read."""
        self.kept.pop(self.issuer, None)
        return str(self._metadata().document.get("issuer", ""))

    def _metadata(self) -> Metadata:
        held = self.kept.get(self.issuer)
        if held is None or time.monotonic() - held.read_at > KEEP_SECONDS:
            address = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            held = Metadata(self._asked("GET", address), time.monotonic())
            if held.document.get("issuer") != self.issuer:
                raise _refused("discovery of another issuer")
            self.kept[self.issuer] = held
        return held

    def _address(self, name: str) -> str:
        return str(self._metadata().document.get(name, ""))

    def _asked(self, method: str, address: str, **sent: Any) -> dict[str, Any]:
        _insist_on_tls(address)
        try:
            answer = httpx.request(method, address, timeout=self.seconds, **sent)
            answer.raise_for_status()
            body = answer.json() if len(answer.content) <= LONGEST_ANSWER else None
        except (httpx.HTTPError, ValueError) as error:
            raise _refused(f"{method} {urlsplit(address).path}: {error}") from error
        if not isinstance(body, dict):
            raise _refused(f"{method} {urlsplit(address).path}: not an object")
        return body


def _algorithm(key: Mapping[str, Any]) -> str:
    return str(key.get("alg") or ("ES256" if key.get("kty") == "EC" else "RS256"))


def _insist_on_tls(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise _refused(f"not https: {address[:100]!r}")


def _refused(why: str) -> IdentityRefused:
    log.warning("identity provider refused: %s", why)
    return IdentityRefused.start_again()
