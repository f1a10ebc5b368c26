"""Starts the provider of tests/oidc_provider.py and talks to it as its operator and as a browser."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from madoguchi.connectors.oidc import OidcClient

ROOT = Path(__file__).resolve().parent.parent
CLIENT, SECRET = "madoguchi", "nobody-knows-this-secret"
CALLBACK = "http://testserver/prove/card/back/"


@dataclass(frozen=True)
class Provider:
    issuer: str

    def client(self, **changed: Any) -> OidcClient:
        told = {"issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET} | changed
        return OidcClient(**told)

    def person(self, *redirect_uris: str, **claims: Any) -> None:
        """Who holds the card from now on."""
        told = {"person": claims, "redirect_uris": [CALLBACK, *redirect_uris]}
        httpx.post(f"{self.issuer}/test/person", json=told).raise_for_status()

    def rotate(self) -> None:
        """The provider signs with a new key."""
        httpx.post(f"{self.issuer}/test/rotate").raise_for_status()

    def visit(self, url: str) -> dict[str, str]:
        """The browser at the provider; what it brings back to us."""
        answer = httpx.get(url, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        query = urlsplit(answer.headers["Location"]).query
        return dict(httpx.QueryParams(query))


@contextmanager
def running_provider() -> Iterator[Provider]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.oidc_provider", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    provider = Provider(f"http://127.0.0.1:{port}")
    try:
        wait_for(provider, process)
        yield provider
    finally:
        process.terminate()
        process.wait(10)


def wait_for(provider: Provider, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{provider.issuer}/jwks").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the identity provider did not start")
