"""The stage on which a scenario plays: a database of its own, the real pages, a real worker."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol
from urllib.parse import urlsplit, urlunsplit

Size = Literal["small", "full"]


class Serve(Protocol):
    """Start a web server for the time of a `with`; its address. `settings` are added to the environment."""

    def __call__(
        self, application: str, *, processes: int, settings: dict[str, str]
    ) -> AbstractContextManager[str]: ...


@dataclass(frozen=True)
class Stage:
    """`turn_to(day)` starts pages and worker on that day of the story and returns the portal's address."""

    size: Size
    turn_to: Callable[[date], str]
    serve: Serve


def beside(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
