"""How staff show who they are with a password, and how failures are counted. Part of actions.py."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from madoguchi.ledgers.office.errors import PasswordRefused
from madoguchi.ledgers.office.lockout import (
    ACCOUNT,
    ADDRESS,
    KNOWN,
    KNOWN_FOR,
    failures_still_counted,
    key_of,
    wait_after,
)
from madoguchi.ledgers.office.models import SignInGuard, Staff
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.office.tracing import leave_trace

LONGEST_LOGIN = 40


@dataclass(frozen=True)
class Door:
    """From where somebody knocks and for which account. `account` is a login or a staff number."""

    account: str
    address: str

    def key(self, kind: str) -> str:
        parts = {ACCOUNT: (self.account,), ADDRESS: (self.address,), KNOWN: (self.account, self.address)}
        return key_of(settings.SECRET_KEY, kind, *parts[kind])


def check_password(*, login: str, password: str, address: str, at: datetime) -> Staff | None:
    """The member of staff, or None: unknown login, wrong password, left, locked and other town look the same.

    Every answer costs exactly one password hash, so that the time tells nothing either.
    """
    login = login.strip()
    if not login or not password or len(login) > LONGEST_LOGIN:
        make_password(password)
        return None
    door = Door(login, address)
    if is_locked(door, at):
        make_password(password)
        return None
    staff = Staff.objects.filter(login=login, is_active=True).select_related("section").first()
    if staff is None:
        make_password(password)
    elif staff.check_password(password):
        note_success(door, at)
        return staff
    note_failure(door, staff, at, step="password")
    return None


def staff_by_provider(*, login: str, address: str, at: datetime) -> Staff | None:
    """The account a trusted provider named; never made anew. Failures are counted for the address."""
    door = Door(login[:LONGEST_LOGIN], address)
    staff = Staff.objects.filter(login=login, is_active=True).select_related("section").first()
    if staff is None and login:
        note_failure(door, None, at, step="sso")
    return staff


def insist_on_password(staff: Staff, *, password: str, address: str, at: datetime) -> None:
    """Ask somebody who is signed in for the password once more, counting failures as at the door."""
    if check_password(login=staff.login, password=password, address=address, at=at) is None:
        raise PasswordRefused(
            "今のパスワードを確かめられませんでした。", next_step="今のパスワードを入れ直してください。"
        )


def is_locked(door: Door, at: datetime) -> bool:
    """Whether whoever knocks must wait."""
    guards = {guard.kind: guard for guard in _guards(door)}
    known = guards.get(KNOWN)
    if known and known.entered_at and at - known.entered_at < KNOWN_FOR:
        return _waits(known, at)
    return any(_waits(guards.get(kind), at) for kind in (ACCOUNT, ADDRESS))


def _waits(guard: SignInGuard | None, at: datetime) -> bool:
    return guard is not None and guard.locked_until is not None and at < guard.locked_until


def _guards(door: Door) -> list[SignInGuard]:
    keys = [door.key(kind) for kind in (ACCOUNT, ADDRESS, KNOWN)]
    return list(SignInGuard.objects.filter(key__in=keys))


@transaction.atomic
def note_failure(door: Door, staff: Staff | None, at: datetime, *, step: str) -> None:
    """Count one failure on each counter that applies, and write down the failure and each new lock."""
    known = SignInGuard.objects.filter(kind=KNOWN, key=door.key(KNOWN), entered_at__gt=at - KNOWN_FOR)
    kinds = [KNOWN] if known.exists() else [ACCOUNT, ADDRESS]
    locked = [kind for kind in kinds if _count(kind, door.key(kind), at)]
    subject = Subject("office.staff", str(staff.pk) if staff else "")
    leave_trace(SYSTEM, "office.sign_in_failed", subject, at=at, note={"step": step})
    if locked:
        leave_trace(SYSTEM, "office.locked_out", subject, at=at, note={"step": step, "counted": locked})


def _count(kind: str, key: str, at: datetime) -> bool:
    """One more failure; whether it locks."""
    SignInGuard.objects.bulk_create([SignInGuard(kind=kind, key=key)], ignore_conflicts=True)
    guard = SignInGuard.objects.select_for_update().get(kind=kind, key=key)
    guard.failures = failures_still_counted(guard.failures, guard.last_failed_at, at) + 1
    guard.last_failed_at = at
    wait = wait_after(kind, guard.failures)
    guard.locked_until = at + wait if wait else None
    guard.save()
    return bool(wait)


@transaction.atomic
def note_success(door: Door, at: datetime) -> None:
    """Forget the failures of this account, and remember that it came in from this address."""
    SignInGuard.objects.filter(key__in=[door.key(ACCOUNT), door.key(KNOWN)]).update(
        failures=0, locked_until=None
    )
    SignInGuard.objects.update_or_create(kind=KNOWN, key=door.key(KNOWN), defaults={"entered_at": at})


@transaction.atomic
def note_entry(staff: Staff, *, way: str, at: datetime) -> None:
    """Write down that a member of staff came in, and how."""
    _about(staff, "office.signed_in", at, way=way)


@transaction.atomic
def note_exit(staff: Staff, *, why: str, at: datetime) -> None:
    """Write down that a sitting ended: by the person, by idleness or by its longest time."""
    _about(staff, "office.signed_out", at, why=why)


@transaction.atomic
def change_password(staff: Staff, *, password: str, by: Actor, at: datetime) -> None:
    """A new password; every other sitting of the account ends, because sessions carry a mark of the old one."""
    staff.set_password(password)
    staff.save(update_fields=["password"])
    leave_trace(by, "office.password_changed", Subject("office.staff", str(staff.pk)), at=at)


@transaction.atomic
def deactivate(staff: Staff, *, by: Actor, at: datetime) -> None:
    """The account of somebody who left; every sitting ends at its next request."""
    Staff.objects.filter(pk=staff.pk).update(is_active=False)
    leave_trace(by, "office.deactivated", Subject("office.staff", str(staff.pk)), at=at)


def _about(staff: Staff, verb: str, at: datetime, **note: str) -> None:
    actor = Actor("staff", str(staff.pk), staff.name)
    leave_trace(actor, verb, Subject("office.staff", str(staff.pk)), at=at, note=dict(note))
