"""How long somebody must wait after wrong passwords or codes; no queries.

Three counters: one for an account, one for an address, and one for an account at an address from which it was
entered lately. Somebody who was here lately is judged by the third alone: neither a stranger who tries
passwords for the account elsewhere nor a colleague who fails behind the same proxy locks them out.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

ACCOUNT_TRIES = 5
ADDRESS_TRIES = 50
FIRST_WAIT = timedelta(minutes=1)
LONGEST_ACCOUNT_WAIT = timedelta(hours=1)
LONGEST_ADDRESS_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
KNOWN_FOR = timedelta(days=30)

ACCOUNT, ADDRESS, KNOWN = "account", "address", "known"


def wait_after(kind: str, failures: int) -> timedelta:
    """The delay after so many failures in a row: nothing, then one minute, doubling up to the longest."""
    free, longest = (
        (ADDRESS_TRIES, LONGEST_ADDRESS_WAIT) if kind == ADDRESS else (ACCOUNT_TRIES, LONGEST_ACCOUNT_WAIT)
    )
    if failures < free:
        return timedelta(0)
    doublings: int = min(failures - free, 12)
    return min(FIRST_WAIT * (1 << doublings), longest)


def failures_still_counted(failures: int, last_failed_at: datetime | None, at: datetime) -> int:
    """Failures of yesterday are forgotten."""
    if last_failed_at is None or at - last_failed_at > FORGOTTEN_AFTER:
        return 0
    return failures


def key_of(secret: str, *parts: str) -> str:
    """What is kept instead of the login and the address themselves."""
    return hmac.new(secret.encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
