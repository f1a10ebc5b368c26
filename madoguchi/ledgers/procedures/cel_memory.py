"""What rules told for facts they were asked about before: most facts of a form are the same on each of its pages.

Only a fingerprint of the facts is kept, and only plain results, so the memory holds nobody's answers.
"""

from __future__ import annotations

import marshal
from hashlib import blake2b
from typing import Any

MOST = 20_000
"""Results a process keeps; then it begins anew."""
PLAIN = frozenset([bool, int, float, type(None)])
FAILED = object()
"""Told of a rule that could not be worked out."""
UNKNOWN = object()

_told: dict[bytes, Any] = {}


def fingerprint(rule: str, facts: dict[str, Any]) -> bytes | None:
    """Of the text of a rule and what it reads; None for facts that are not plain, which are never remembered.

    True, 1 and 1.0 differ. Equal facts may differ too (the order of a mapping counts), which only costs an evaluation.
    """
    try:
        # The second format writes values without references to each other, so equal ones are written alike.
        written = marshal.dumps((rule, facts), 2)
    except ValueError:
        return None
    return blake2b(written, digest_size=16).digest()


def told(key: bytes | None) -> Any:
    """What was told before: a result, FAILED, or UNKNOWN."""
    return _told.get(key, UNKNOWN) if key else UNKNOWN


def keep(key: bytes | None, result: Any) -> None:
    """Remember a result, if it is plain; texts and lists may be somebody's answers."""
    if key and (result is FAILED or type(result) in PLAIN):
        if len(_told) >= MOST:
            _told.clear()
        _told[key] = result
