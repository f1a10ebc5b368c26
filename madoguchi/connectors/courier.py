"""Notices by HTTP: one POST, to an address outside the house, without following anything."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from madoguchi.services.webhooks.errors import NotDelivered

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
AGENT = "madoguchi-webhook/1"


class PinnedConnection(HTTPConnection):
    """Connects to the address that was judged, whatever the name means a moment later."""

    def __init__(self, host: str, port: int, address: Address, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.address = address
        self.tls: ssl.SSLContext | None = None

    def connect(self) -> None:
        opened = socket.create_connection((str(self.address), self.port), self.timeout)
        self.sock = self.tls.wrap_socket(opened, server_hostname=self.host) if self.tls else opened


@dataclass(frozen=True)
class HttpCourier:
    """`inside`: networks of the house that may be told all the same; only there plain http is good enough."""

    inside: tuple[Network, ...] = ()
    seconds: float = 10.0
    trust: ssl.SSLContext | None = field(default=None, repr=False)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises NotDelivered unless the answer is 2xx within `seconds`; a redirect is not followed."""
        parts = urlsplit(url)
        try:
            connection = self._reach(parts)
            status = self._answer(connection, parts, body, headers)
        except (OSError, HTTPException, ValueError) as error:
            raise NotDelivered(f"つながりません（{type(error).__name__}）") from error
        if not 200 <= status < 300:
            raise NotDelivered(f"相手の答えが {status} でした")

    def _reach(self, parts: SplitResult) -> PinnedConnection:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._judged(str(parts.hostname), port)
        if parts.scheme != "https" and not self._is_inside(address):
            raise NotDelivered("庁外の宛先が https ではありません")
        connection = PinnedConnection(str(parts.hostname), port, address, self.seconds)
        if parts.scheme == "https":
            connection.tls = self.trust or ssl.create_default_context()
        return connection

    def _judged(self, host: str, port: int) -> Address:
        """The first address of the name; NotDelivered when any of its addresses is one we do not tell."""
        told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = [ip_address(str(each[4][0]).partition("%")[0]) for each in told]
        for address in found:
            if not self._is_inside(address) and not is_public(address):
                raise NotDelivered("庁内のアドレスなので送りません")
        return found[0]

    def _is_inside(self, address: Address) -> bool:
        return any(address in network for network in self.inside if network.version == address.version)

    def _answer(
        self, connection: PinnedConnection, parts: SplitResult, body: bytes, headers: Mapping[str, str]
    ) -> int:
        """The status; the rest of the answer is not read. A slow trickle is cut off."""
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        limit = Timer(self.seconds, lambda: cut(connection))
        limit.start()
        try:
            connection.request("POST", path, body, {**headers, "User-Agent": AGENT, "Connection": "close"})
            return connection.getresponse().status
        finally:
            limit.cancel()
            connection.close()


def is_public(address: Address) -> bool:
    """Outside the house. An IPv4 address dressed as IPv6 is judged as what it is."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


def cut(connection: PinnedConnection) -> None:
    if connection.sock is not None:
        connection.sock.shutdown(socket.SHUT_RDWR)
