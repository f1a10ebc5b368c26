"""The second proof of staff: passkey, authenticator app, recovery codes. Part of actions.py.

Keys and their checks are django-allauth's (allauth.mfa); what stands here is who may add, use and remove them,
that a number of the app opens only once, and the trace.
"""

import json
import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from madoguchi.ledgers.office.errors import FactorRefused, NotFound
from madoguchi.ledgers.office.models import Staff, UsedCode
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.signing_in import Door, is_locked, note_failure, note_success
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.office.tracing import leave_trace

PERIOD_SECONDS = 30
PERIODS_ASIDE = 1
MOST_PASSKEYS = 10
KINDS = {"totp": "認証アプリ", "webauthn": "パスキー", "recovery_codes": "予備コード"}


@dataclass(frozen=True)
class FactorView:
    """One second proof, as its owner sees it."""

    id: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None


def factors_of(staff: Staff) -> list[FactorView]:
    """Passkeys and the authenticator app; recovery codes alone are no second proof."""
    rows = Authenticator.objects.filter(user=staff).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return [
        FactorView(
            row.pk, row.type, row.data.get("name") or KINDS[row.type], row.created_at, row.last_used_at
        )
        for row in rows.order_by("created_at", "pk")
    ]


def codes_left(staff: Staff) -> int:
    """How many recovery codes have not been used."""
    row = Authenticator.objects.filter(user=staff, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.wrap().get_unused_codes()) if row else 0


def must_have_factor(staff: Staff, on: date) -> bool:
    """Whether the powers of this account ask for a second proof (MADOGUCHI_FACTOR_POWERS); never in the demo."""
    if settings.MADOGUCHI_DEMO_IDENTITY:
        return False
    return any(power.value in settings.MADOGUCHI_FACTOR_POWERS for power in powers_of(staff, on))


@transaction.atomic
def add_app(staff: Staff, *, secret: str, code: str, at: datetime) -> list[str]:
    """Keep the key of an authenticator app that has shown one right number; hands out the recovery codes."""
    period = matching_period(secret, code, int(time.time()))
    if period is None:
        raise FactorRefused(
            "認証アプリの6けたの数字が合いません。",
            next_step="アプリに今出ている数字を入れてください。スマートフォンの時計が正しいかも確かめてください。",
        )
    Authenticator.objects.filter(user=staff, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(staff, secret)
    UsedCode.objects.update_or_create(staff=staff, defaults={"last_period": period})
    _trace(staff, "office.factor_added", at, kind="totp")
    return _recovery_codes(staff)


@transaction.atomic
def add_passkey(staff: Staff, *, credential: dict[str, Any], name: str, at: datetime) -> list[str]:
    """Keep a passkey that the browser has just made for this page."""
    held = Authenticator.objects.filter(user=staff, type=Authenticator.Type.WEBAUTHN).count()
    if held >= MOST_PASSKEYS:
        raise FactorRefused(
            f"パスキーは{MOST_PASSKEYS}個までです。", next_step="使っていないものを消してから足してください。"
        )
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise _passkey_refused() from error
    webauthn.WebAuthn.add(staff, name[:60] or f"パスキー{held + 1}", credential)
    _trace(staff, "office.factor_added", at, kind="webauthn")
    return _recovery_codes(staff)


def check_code(staff: Staff, *, code: str, address: str, at: datetime) -> bool:
    """Whether a number of the app or a recovery code is right; failures are counted and locked like passwords."""
    door = Door(f"factor:{staff.pk}", address)
    typed = "".join(code.split()).replace("-", "")
    if is_locked(door, at):
        return False
    if typed and (_is_app_code(staff, typed) or _is_recovery_code(staff, typed)):
        note_success(door, at)
        return True
    note_failure(door, staff, at, step="factor")
    return False


def staff_of_passkey(credential: dict[str, Any], *, expected: Staff | None = None) -> Staff:
    """Whose passkey answered the question of this session. FactorRefused for every kind of wrong answer."""
    try:
        webauthn.parse_authentication_response(credential)
        found = expected or webauthn.extract_user_from_response(credential)
        staff = Staff.objects.select_related("section").get(pk=found.pk, is_active=True)
        webauthn.complete_authentication(staff, credential).record_usage()
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError, Staff.DoesNotExist) as error:
        raise _passkey_refused() from error
    return staff


@transaction.atomic
def remove_factor(staff: Staff, factor_id: int, *, by: Actor, at: datetime) -> None:
    """Take one away; with the last one the recovery codes go too."""
    row = Authenticator.objects.filter(user=staff, pk=factor_id).first()
    if row is None:
        raise NotFound("本人確認の方法")
    kind = row.type
    row.delete()
    if not factors_of(staff):
        Authenticator.objects.filter(user=staff).delete()
    subject = Subject("office.staff", str(staff.pk))
    leave_trace(by, "office.factor_removed", subject, at=at, note={"kind": kind})


def remove_every_factor(staff: Staff) -> int:
    """Passkeys, the app and the recovery codes of an account; how many ways there were. Inside a transaction."""
    held = len(factors_of(staff))
    Authenticator.objects.filter(user=staff).delete()
    return held


def matching_period(secret: str, code: str, moment: int) -> int | None:
    """The 30-second period (RFC 6238) whose number this is; one period aside is allowed for slow clocks."""
    now = moment // PERIOD_SECONDS
    for period in range(now - PERIODS_ASIDE, now + PERIODS_ASIDE + 1):
        if period >= 0 and format_hotp_value(hotp_value(secret, period)) == code:
            return period
    return None


@transaction.atomic
def _is_app_code(staff: Staff, code: str) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=staff, type=Authenticator.Type.TOTP).first()
    period = matching_period(decrypt(row.data["secret"]), code, int(time.time())) if row else None
    if row is None or period is None:
        return False
    used, _ = UsedCode.objects.get_or_create(staff=staff, defaults={"last_period": -1})
    if period <= used.last_period:
        return False
    UsedCode.objects.filter(pk=used.pk).update(last_period=period)
    row.record_usage()
    return True


def _is_recovery_code(staff: Staff, code: str) -> bool:
    row = Authenticator.objects.filter(user=staff, type=Authenticator.Type.RECOVERY_CODES).first()
    return bool(row and row.wrap().validate_code(code))


def _recovery_codes(staff: Staff) -> list[str]:
    """Shown with the first proof only; later proofs keep the codes that were handed out."""
    if Authenticator.objects.filter(user=staff, type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    return list(RecoveryCodes.activate(staff).get_unused_codes())


def _passkey_refused() -> FactorRefused:
    return FactorRefused(
        "パスキーを確かめられませんでした。", next_step="もう一度ボタンを押すか、別の方法で入ってください。"
    )


def _trace(staff: Staff, verb: str, at: datetime, **note: str) -> None:
    actor = Actor("staff", str(staff.pk), staff.name)
    leave_trace(actor, verb, Subject("office.staff", str(staff.pk)), at=at, note=dict(note))


def passkey_question(staff: Staff | None) -> dict[str, Any]:
    """What a browser is to ask a passkey; bound to the session of this request."""
    return _plain(webauthn.begin_authentication(staff))


def passkey_offer(staff: Staff) -> dict[str, Any]:
    """What a browser needs to make a passkey that opens the desk by itself, with PIN or fingerprint."""
    return _plain(webauthn.begin_registration(staff, passwordless=True))


def _plain(options: Any) -> dict[str, Any]:
    # fido2 hands out its own mappings; the page needs plain JSON.
    return dict(json.loads(json.dumps(options, default=dict)))
