"""What this room needs from outside: a way to hand over mail, and keys that sign. Connectors are plugged in at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from madoguchi.clerical.notices.errors import MailUnavailable


@dataclass(frozen=True)
class MailMessage:
    """One plain-text mail. The same `message_id` is the same mail."""

    to: str
    subject: str
    body: str
    message_id: str


class Mail(Protocol):
    """A way to hand over mail, called only after commit."""

    def send(self, message: MailMessage) -> None:
        """Hand over one mail. Raises MailNotSent when it surely did not go, MailUnclear when nobody knows."""

    def was_sent(self, message_id: str) -> bool | None:
        """Was this mail handed over? None when this way of sending cannot tell."""


_plugged: list[Mail] = []


def plug_mail(connector: Mail) -> None:
    """Say by which way mail goes out; the last word counts."""
    _plugged[:] = [connector]


def mail() -> Mail:
    """The way mail goes out."""
    if not _plugged:
        raise MailUnavailable(
            "メールの送り方が決まっていません。",
            next_step="MADOGUCHI_MAIL に dry か smtp を指定してください。",
        )
    return _plugged[0]


class SigningKey(Protocol):
    """The key of a municipality, wherever it lies, with its certificate in force."""

    @property
    def certificate(self) -> bytes:
        """DER (X.509) of the certificate that goes with the key."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """DER of the certificates of whoever issued it, nearest first."""

    def sign(self, data: bytes) -> bytes:
        """The signature over the SHA-256 of `data`: ECDSA as DER, RSA as PKCS #1 v1.5. Raises SigningUnavailable."""


SigningKeys = Callable[[str], SigningKey | None]
"""The key of a municipality by its code; None where letters are not signed."""
_keys: list[SigningKeys] = []


def plug_signing_keys(keys: SigningKeys) -> None:
    """Say where the keys of the municipalities lie; the last word counts."""
    _keys[:] = [keys]


def signing_key(code: str) -> SigningKey | None:
    """The key of a municipality; None where its letters are not signed."""
    return _keys[0](code) if _keys else None
