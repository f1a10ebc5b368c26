"""SMS through an HTTP gateway, each request signed so that the gateway knows it is ours and fresh."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field

import httpx

from madoguchi.ledgers.registry.errors import TextUnavailable
from madoguchi.ledgers.registry.ports import ShortText

TRIES = 3
SECONDS = 5.0
_AGAIN = {408, 425, 429}


@dataclass(frozen=True)
class SmsGateway:
    """POSTs {"to", "from", "body"} as JSON to `url`.

    Headers: `Idempotency-Key` is the message id, so that a repeated request sends one SMS; `X-Timestamp` is the
    second of sending; `X-Signature` is the hex HMAC-SHA256 of timestamp, a full stop and the body with `secret`.
    """

    url: str
    secret: str = field(repr=False)
    sender: str
    pause_seconds: float = 0.5

    def look(self) -> str:
        """Whether the gateway answers at all; no text is sent. TextUnavailable when it does not."""
        try:
            return str(httpx.head(self.url, timeout=SECONDS).status_code)
        except httpx.HTTPError as error:
            raise _unavailable() from error

    def send(self, text: ShortText) -> None:
        """Tried three times when the gateway is away or busy. TextUnavailable when it did not take the text."""
        body = json.dumps(
            {"to": text.to, "from": self.sender, "body": text.body}, ensure_ascii=False
        ).encode()
        for left in reversed(range(TRIES)):
            if self._handed_over(body, text.message_id):
                return
            if left:
                time.sleep(self.pause_seconds)
        raise _unavailable()

    def _handed_over(self, body: bytes, message_id: str) -> bool:
        """True when taken, False when it may be tried again; TextUnavailable when refused for good."""
        try:
            answer = httpx.post(
                self.url, content=body, headers=self._headers(body, message_id), timeout=SECONDS
            )
        except httpx.HTTPError:
            return False
        if answer.is_success:
            return True
        if answer.is_server_error or answer.status_code in _AGAIN:
            return False
        raise _unavailable()

    def _headers(self, body: bytes, message_id: str) -> dict[str, str]:
        moment = str(int(time.time()))
        signed = hmac.new(self.secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message_id,
            "X-Timestamp": moment,
            "X-Signature": signed,
        }


def _unavailable() -> TextUnavailable:
    return TextUnavailable(
        "SMSを送れませんでした。",
        next_step="電話番号を確かめるか、しばらく待ってお試しください。メールアドレスでも確認できます。",
    )
