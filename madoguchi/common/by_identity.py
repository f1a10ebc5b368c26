"""What is worked out once for a thing that never changes and is too big to be compared: found by the thing itself."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar

Work = TypeVar("Work", bound=Callable[..., Any])


def by_identity(most: int) -> Callable[[Work], Work]:
    """Keep what a function tells of its first argument, for as many things as `most`; the others must be hashable.

    Only for things that stay as they are. The thing is held as long as its result, so no other takes its place.
    """

    def keeping(work: Work) -> Work:
        kept: dict[Hashable, tuple[Any, Any]] = {}

        @wraps(work)
        def told(thing: Any, *more: Hashable) -> Any:
            key = (id(thing), *more)
            found = kept.get(key)
            if found is None:
                if len(kept) >= most:
                    kept.clear()
                found = kept[key] = (thing, work(thing, *more))
            return found[1]

        return told  # type: ignore[return-value]

    return keeping
