"""What this room needs from outside: a way to hand over mail. Connectors are plugged in at start."""

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
