"""What a notice says, how it is signed, and when it is sent again; no queries, no clock."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from madoguchi.services.webhooks.errors import WebhookUnfit

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
GIVEN_UP_AFTER = timedelta(days=1)
REPLAY_WINDOW = timedelta(minutes=5)
SIGNATURE, EVENT_ID = "Madoguchi-Signature", "Madoguchi-Event-Id"


def body_of(event_id: UUID, event: str, number: str, stage: str, happened_at: datetime, base: str) -> bytes:
    """The JSON that is sent: number, stage and where to read more with the key."""
    told = {
        "id": str(event_id),
        "event": event,
        "number": number,
        "stage": stage,
        "happened_at": happened_at.isoformat(),
        "link": f"{base}/api/v1/applications/{number}",
    }
    return json.dumps(told, ensure_ascii=False).encode()


def signature(secret: str, body: bytes, at: datetime) -> str:
    """t=<second>,v1=<hex HMAC-SHA256 of "second.body">: the time is signed too, so nothing old can be sent again."""
    second = int(at.timestamp())
    return f"t={second},v1={_hmac(secret, second, body)}"


def is_genuine(secret: str, header: str, body: bytes, at: datetime) -> bool:
    """What a receiver checks: the signature holds, and it was made within five minutes."""
    told = dict(part.partition("=")[::2] for part in header.split(","))
    if not told.get("t", "").isdigit():
        return False
    second = int(told["t"])
    fresh = abs(at.timestamp() - second) <= REPLAY_WINDOW.total_seconds()
    return fresh and hmac.compare_digest(told.get("v1", ""), _hmac(secret, second, body))


def _hmac(secret: str, second: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{second}.".encode() + body, hashlib.sha256).hexdigest()


def next_try(tries: int, happened_at: datetime, at: datetime) -> datetime | None:
    """Half a minute, then twice as long each time up to two hours; None when a day has passed."""
    pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    return None if at - happened_at >= GIVEN_UP_AFTER else at + pause


def refuse_unfit_url(url: str, *, closed_network: bool) -> None:
    """Raises WebhookUnfit for what no notice may go to; names are looked up only when it is sent."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.username is not None or port == 0:
        raise WebhookUnfit(
            "宛先のURLを読み取れません。",
            next_step="https://ホスト名/… の形で、利用者名を入れずに送ってください。",
        )
    if parts.scheme != "https" and not closed_network:
        raise WebhookUnfit("宛先は https だけです。", next_step="https のURLにしてください。")
    if not closed_network and _inside(host):
        raise WebhookUnfit(
            "庁内のアドレスには送れません。",
            next_step="閉じた網で使うときは、情報システム担当に MADOGUCHI_WEBHOOK_NETWORKS の設定を頼んでください。",
        )


def _inside(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False
