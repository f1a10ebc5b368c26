"""What this room needs from outside: a way to hand a notice to an address. A connector is plugged in at start."""

from collections.abc import Mapping
from typing import Protocol

from madoguchi.services.webhooks.errors import NotDelivered


class Courier(Protocol):
    """Hands over one notice."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises NotDelivered unless the other side answered that it has taken it (2xx)."""


_plugged: list[Courier] = []


def plug_courier(connector: Courier) -> None:
    """Say by which way notices go out; the last word counts."""
    _plugged[:] = [connector]


def courier() -> Courier:
    if not _plugged:
        raise NotDelivered("知らせの送り方が決まっていません")
    return _plugged[0]
