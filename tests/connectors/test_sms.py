"""The SMS gateway signs what it sends, tries again when that may help, and never twice for the receiver."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from madoguchi.connectors.apps import chosen_texts
from madoguchi.connectors.dry_sms import DrySms
from madoguchi.connectors.providers import providers_from
from madoguchi.connectors.sms_gateway import SmsGateway
from madoguchi.ledgers.registry.errors import TextUnavailable
from madoguchi.ledgers.registry.ports import ShortText

TEXT = ShortText("09012345678", "番号は 123456 です。", "proof-1")


@pytest.fixture
def gateway() -> Iterator[Any]:
    """A gateway that answers with the statuses it is given, one after another, and remembers what came."""
    seen: list[tuple[dict[str, str], bytes]] = []
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((dict(self.headers), body))
            self.send_response(statuses.pop(0) if statuses else 202)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connector = SmsGateway(
        f"http://127.0.0.1:{server.server_port}/send", "shared", "madoguchi", pause_seconds=0
    )
    yield connector, statuses, seen
    server.shutdown()
    server.server_close()


def test_a_text_is_signed_over_its_time_and_body(gateway: Any) -> None:
    connector, _, seen = gateway
    connector.send(TEXT)
    headers, body = seen[0]
    assert json.loads(body) == {"to": "09012345678", "from": "madoguchi", "body": "番号は 123456 です。"}
    signed = f"{headers['X-Timestamp']}.".encode() + body
    assert headers["X-Signature"] == hmac.new(b"shared", signed, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == "proof-1"


@pytest.mark.parametrize("statuses", [[503], [500, 429]])
def test_a_busy_gateway_is_asked_again_with_the_same_key(gateway: Any, statuses: list[int]) -> None:
    connector, given, seen = gateway
    given += statuses
    connector.send(TEXT)
    assert {headers["Idempotency-Key"] for headers, _ in seen} == {"proof-1"}
    assert len(seen) == len(statuses) + 1


@pytest.mark.parametrize(("statuses", "tries"), [([400], 1), ([401], 1), ([503, 503, 503], 3)])
def test_what_the_gateway_does_not_take_is_said(gateway: Any, statuses: list[int], tries: int) -> None:
    connector, given, seen = gateway
    given += statuses
    with pytest.raises(TextUnavailable) as refused:
        connector.send(TEXT)
    assert len(seen) == tries
    assert "shared" not in f"{refused.value}{connector!r}"


def test_nobody_there() -> None:
    with pytest.raises(TextUnavailable):
        SmsGateway("http://127.0.0.1:1/send", "shared", "x", pause_seconds=0).send(TEXT)


def test_the_dry_twin_writes_each_text_once(tmp_path: Path) -> None:
    for _ in range(2):
        DrySms(tmp_path).send(TEXT)
    [file] = tmp_path.glob("*.json")
    assert json.loads(file.read_text())["to"] == "09012345678"
    assert file.stat().st_mode & 0o077 == 0


def test_the_settings_choose(settings: Any) -> None:
    assert chosen_texts("off") is None
    assert isinstance(chosen_texts("dry"), DrySms)
    for name in ("gateway", "pigeon"):
        with pytest.raises(TextUnavailable):
            chosen_texts(name)
    settings.MADOGUCHI_SMS_URL, settings.MADOGUCHI_SMS_SECRET = "https://sms.example/", "s"
    assert isinstance(chosen_texts("gateway"), SmsGateway)


def test_providers_by_municipality(tmp_path: Path) -> None:
    told = '{"999999": {"issuer": "https://idp.example", "client_id": "m"}}'
    file = tmp_path / "providers.json"
    file.write_text(told)
    for setting in (told, f"@{file}"):
        found = providers_from(setting, "X")
        assert found("999999") is not None
        assert found("999998") is None
    assert providers_from("", "X")("999999") is None
    for wrong in (
        "{",
        '{"999999": {"issuer": "x"}}',
        '{"999999": {"issuer": "x", "client_id": "m", "secret": "s"}}',
    ):
        with pytest.raises(ImproperlyConfigured):
            providers_from(wrong, "X")
