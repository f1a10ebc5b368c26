"""What a request has asked once it need not ask again: for what cannot change while one page is answered."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_ANSWERS: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers_of_this_request", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """One request: it begins knowing nothing, and what it learned ends with it."""
    begun = _ANSWERS.set({})
    try:
        yield
    finally:
        _ANSWERS.reset(begun)


def remembered(key: Hashable) -> Any:
    """What `remember` kept under this key in this request, or None."""
    return (_ANSWERS.get() or {}).get(key)


def remember(key: Hashable, answer: Any) -> None:
    known = _ANSWERS.get()
    if known is not None:
        known[key] = answer


def once(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer of `ask`, asked once a request; every time where there is none, as in jobs and commands.

    The municipality is fixed for a request; an answer that hangs on the sight must name it in its key.
    """
    known = _ANSWERS.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    answer: Answer = known[key]
    return answer
