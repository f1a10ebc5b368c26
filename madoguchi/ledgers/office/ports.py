"""What the house asks of an identity provider outside; connectors plug one in for each municipality."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol, Self

from madoguchi.ledgers.office.errors import IdentityRefused


@dataclass(frozen=True)
class Started:
    """A sign-in under way: where to send the browser, and the secrets only this browser's session keeps."""

    url: str
    state: str
    nonce: str
    verifier: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Any) -> Self:
        """What the session kept. IdentityRefused when nothing was begun here."""
        if not isinstance(kept, dict) or set(kept) != {"url", "state", "nonce", "verifier"}:
            raise IdentityRefused.start_again()
        return cls(**{key: str(value) for key, value in kept.items()})


class IdentityProvider(Protocol):
    """Somebody who says who a person is (OpenID Connect, authorization code with PKCE)."""

    @property
    def issuer(self) -> str: ...

    @property
    def person_claim(self) -> str:
        """Which claim names the account of a member of staff."""

    def begin(self, *, redirect_uri: str, scopes: tuple[str, ...]) -> Started:
        """Raises IdentityRefused when the provider cannot be reached."""

    def finish(self, started: Started, *, redirect_uri: str, answer: Mapping[str, str]) -> dict[str, Any]:
        """The proven claims. Raises IdentityRefused for every answer that does not hold."""


Providers = Callable[[str], IdentityProvider | None]
_plugged: dict[str, Providers] = {}


def plug_providers(audience: str, providers: Providers) -> None:
    """`audience` is "staff" or "citizen"; `providers` maps a municipality code to its provider."""
    _plugged[audience] = providers


def provider_of(audience: str, municipality_code: str) -> IdentityProvider | None:
    """The provider this municipality has chosen, if any."""
    found = _plugged.get(audience)
    return found(municipality_code) if found else None
