"""When a member of staff opened a page: a signed stamp, from which an action's working seconds are counted."""

from datetime import UTC, datetime
from functools import lru_cache

from django.core import signing

from madoguchi.web.desk.requests import StaffRequest

SALT = "madoguchi.desk.opened"
LONGEST = 1800


def stamp(at: datetime) -> str:
    return _signed(int(at.timestamp()))


@lru_cache(maxsize=16)
def _signed(seconds: int) -> str:
    # One page has a dozen forms, all opened in the same second.
    return signing.dumps(seconds, salt=SALT)


def opened_at(request: StaffRequest) -> datetime | None:
    """When the page of this form was opened; None when the stamp is missing or not ours."""
    try:
        seconds = signing.loads(request.POST.get("opened", ""), salt=SALT)
    except signing.BadSignature:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def staff_seconds(request: StaffRequest, at: datetime) -> int | None:
    """Seconds since the page was opened, at most half an hour; None when the stamp is missing or not ours."""
    try:
        opened = signing.loads(request.POST.get("opened", ""), salt=SALT)
    except signing.BadSignature:
        return None
    return max(0, min(LONGEST, int(at.timestamp()) - opened))
