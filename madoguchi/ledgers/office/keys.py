"""API鍵. Made for one section until the end of the fiscal year at the latest, shown once, counted, revoked."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from madoguchi.common.ages import fiscal_year_end
from madoguchi.common.text import strip_controls
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import KeyRefused, KeyUnfit, NotAllowed, NotFound, TooFast
from madoguchi.ledgers.office.models import ApiKey, Section, Staff
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.office.tracing import leave_trace

WINDOW = timedelta(minutes=1)
MARK = "mdg"

# One statement: many processes count the same key, and none may see a number that another has passed.
COUNT = """
UPDATE office_apikey SET last_used_at = %(at)s,
  window_count = CASE WHEN window_started_at > %(since)s THEN window_count + 1 ELSE 1 END,
  window_started_at = CASE WHEN window_started_at > %(since)s THEN window_started_at ELSE %(at)s END
WHERE id = %(id)s RETURNING window_count
"""


@dataclass(frozen=True)
class KeyView:
    """A key as the desk and the API see it, without its secret."""

    id: int
    name: str
    purpose: str
    section_id: int
    scopes: frozenset[Scope]
    prefix: str
    created_by: str
    created_at: datetime
    expires_on: date
    revoked_at: datetime | None
    last_used_at: datetime | None
    per_minute: int

    @property
    def actor(self) -> Actor:
        """The key as the trace names it."""
        return Actor("api", str(self.id), self.name)

    def is_good(self, on: date) -> bool:
        return self.revoked_at is None and on <= self.expires_on


@dataclass(frozen=True)
class NewKey:
    """`secret` is shown once and can never be read again."""

    view: KeyView
    secret: str


@transaction.atomic
def make_key(
    *,
    name: str,
    purpose: str,
    section: Section,
    scopes: Collection[Scope],
    by: Staff,
    at: datetime,
    expires_on: date | None = None,
    per_minute: int = 120,
) -> NewKey:
    """A new key. Ends with the fiscal year unless an earlier day is given. Raises NotAllowed, KeyUnfit."""
    require_keys(by, at)
    on = timezone.localdate(at)
    name, purpose = strip_controls(name).strip()[:80], strip_controls(purpose).strip()[:200]
    refuse_unfit(name, purpose, scopes, expires_on, on)
    secret = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name,
        purpose=purpose,
        section=section,
        scopes=sorted(scopes),
        prefix=secrets.token_hex(6),
        secret_hash=hash_of(secret),
        created_by=by,
        created_at=at,
        expires_on=min(expires_on or fiscal_year_end(on), fiscal_year_end(on)),
        per_minute=max(1, min(per_minute, 6000)),
    )
    note = {"name": name, "scopes": sorted(scopes), "section": section.code, "until": str(key.expires_on)}
    leave_trace(actor_of(by), "office.key_made", subject_of(key.pk), at=at, purpose=purpose, note=note)
    return NewKey(view_of(key), f"{MARK}_{key.prefix}_{secret}")


def refuse_unfit(
    name: str, purpose: str, scopes: Collection[Scope], expires_on: date | None, on: date
) -> None:
    if not name or not purpose:
        raise KeyUnfit(
            "鍵の名前と目的が要ります。", next_step="どのシステムが何のために使うかを書いてください。"
        )
    if not scopes:
        raise KeyUnfit("できることが選ばれていません。", next_step="1つ以上選んでください。")
    if expires_on is not None and expires_on < on:
        raise KeyUnfit("終了日が今日より前です。", next_step="今日か、それより後の日を入れてください。")


@transaction.atomic
def revoke_key(*, key_id: int, by: Staff, at: datetime) -> None:
    """The key opens nothing from this moment. A second press changes nothing. Raises NotFound."""
    require_keys(by, at)
    key = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotFound("API鍵")
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        leave_trace(actor_of(by), "office.key_revoked", subject_of(key.pk), at=at, note={"name": key.name})


def key_of(token: str, *, at: datetime) -> KeyView:
    """The key that a caller showed. Raises KeyRefused, the same for every reason, and TooFast."""
    mark, _, rest = token.partition("_")
    prefix, _, secret = rest.partition("_")
    found = (
        ApiKey.objects.select_related("created_by").filter(prefix=prefix).first()
        if is_plain(prefix)
        else None
    )
    same = hmac.compare_digest(found.secret_hash if found else "0" * 64, hash_of(secret))
    if found is None or not same or mark != MARK:
        raise KeyRefused
    view = view_of(found)
    if not view.is_good(timezone.localdate(at)):
        raise KeyRefused
    count_use(view, at)
    return view


def is_plain(prefix: str) -> bool:
    """Whether a text may be asked of the database as the beginning of a key."""
    return len(prefix) <= 16 and prefix.isascii() and prefix.isalnum()


def count_use(key: KeyView, at: datetime) -> None:
    """Count one request of the key. Raises TooFast above its number a minute."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"id": key.id, "at": at, "since": at - WINDOW})
        row = cursor.fetchone()
    if row is None or row[0] > key.per_minute:
        raise TooFast(key.per_minute)


def all_keys() -> list[KeyView]:
    """Every key of the municipality, the newest first."""
    return [
        view_of(key) for key in ApiKey.objects.select_related("created_by").order_by("-created_at", "-pk")
    ]


def key_by_id(key_id: int) -> KeyView:
    """One key. Raises NotFound."""
    key = ApiKey.objects.select_related("created_by").filter(pk=key_id).first()
    if key is None:
        raise NotFound("API鍵")
    return view_of(key)


def view_of(key: ApiKey) -> KeyView:
    return KeyView(
        id=key.pk,
        name=key.name,
        purpose=key.purpose,
        section_id=key.section_id,
        scopes=frozenset(Scope(scope) for scope in key.scopes if scope in Scope.values),
        prefix=key.prefix,
        created_by=key.created_by.name,
        created_at=key.created_at,
        expires_on=key.expires_on,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
        per_minute=key.per_minute,
    )


def subject_of(key_id: int) -> Subject:
    return Subject("office.apikey", str(key_id))


def hash_of(secret: str) -> str:
    """Secrets are 256 random bits: one round of SHA-256 is enough, and cheap at every request."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def require_keys(by: Staff, at: datetime) -> None:
    if Power.MANAGE_API_KEYS not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(Power.MANAGE_API_KEYS.label)
