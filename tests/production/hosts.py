"""Two machines on one network, as Linux network namespaces: each with an address of its own, the server between them."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

SERVER = "10.77.0.1"


@dataclass(frozen=True)
class Host:
    """One machine. `command` runs there."""

    name: str
    address: str

    def command(self, command: list[str]) -> list[str]:
        return ["ip", "netns", "exec", self.name, *command]


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def hosts(count: int) -> Iterator[list[Host]]:
    """`count` machines that reach SERVER, and each other, over a bridge. Skips where nobody may make them."""
    if os.geteuid() != 0 or subprocess.run(["which", "ip"], capture_output=True, check=False).returncode:
        pytest.skip("network namespaces need root and iproute2")
    mark = uuid.uuid4().hex[:6]
    bridge = f"mgb{mark}"
    made = [Host(f"mg{mark}{number}", f"10.77.0.{number + 2}") for number in range(count)]
    try:
        _ip("link", "add", bridge, "type", "bridge")
        _ip("addr", "add", f"{SERVER}/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for host in made:
            _join(host, bridge)
        yield made
    finally:
        for host in made:
            subprocess.run(["ip", "netns", "del", host.name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", bridge], check=False, capture_output=True)


def _join(host: Host, bridge: str) -> None:
    outside, inside = f"{host.name}o", f"{host.name}i"
    _ip("netns", "add", host.name)
    _ip("link", "add", outside, "type", "veth", "peer", "name", inside)
    _ip("link", "set", outside, "master", bridge, "up")
    _ip("link", "set", inside, "netns", host.name)
    _ip("netns", "exec", host.name, "ip", "addr", "add", f"{host.address}/24", "dev", inside)
    for device in (inside, "lo"):
        _ip("netns", "exec", host.name, "ip", "link", "set", device, "up")
