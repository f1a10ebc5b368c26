"""The stage on which a scenario plays: a database of its own, the real pages, a real worker."""

from dataclasses import dataclass
from typing import Literal

Size = Literal["small", "full"]


@dataclass(frozen=True)
class Stage:
    """`address` is the portal, e.g. http://127.0.0.1:8123; `size` is small in CI and full otherwise."""

    address: str
    size: Size
