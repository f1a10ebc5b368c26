"""What the registry asks of the outside: a way to send a short text to a telephone."""

from dataclasses import dataclass
from typing import Protocol

from madoguchi.ledgers.registry.errors import TextUnavailable


@dataclass(frozen=True)
class ShortText:
    """One SMS. `to` is a Japanese mobile number in digits; `message_id` makes sending twice harmless."""

    to: str
    body: str
    message_id: str


class Texts(Protocol):
    def send(self, text: ShortText) -> None:
        """Raises TextUnavailable when it could not be handed over."""


_plugged: list[Texts] = []


def plug_texts(texts: Texts | None) -> None:
    """Choose the way of sending, or none."""
    _plugged[:] = [texts] if texts else []


def texts_can_be_sent() -> bool:
    return bool(_plugged)


def texts() -> Texts:
    if not _plugged:
        raise TextUnavailable(
            "この市では、SMSでの確認を使えません。", next_step="メールアドレスで確認してください。"
        )
    return _plugged[0]
