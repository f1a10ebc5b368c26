"""権限の付与 by a person with 「権限を付ける」: until the end of the fiscal year at the latest, never to oneself."""

from datetime import date, datetime

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.timezone import localdate

from madoguchi.common.ages import fiscal_year_end
from madoguchi.ledgers.office.actions import actor_of, grant_role, leave_trace
from madoguchi.ledgers.office.errors import GrantRefused, NotAllowed, NotFound
from madoguchi.ledgers.office.factors import remove_every_factor
from madoguchi.ledgers.office.models import Grant, PowerException, Staff
from madoguchi.ledgers.office.queries import powers_of, staff_by_login
from madoguchi.ledgers.office.roles import ExceptionKind, Power, Role
from madoguchi.ledgers.office.signing_in import change_password
from madoguchi.ledgers.office.trace import Subject

NEXT_ENTRY_LETTERS = 16
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that are taken for one another when read out."""


@transaction.atomic
def give_role(*, login: str, role: Role, by: Staff, at: datetime, until: date | None = None) -> None:
    """Give somebody else a role. Refused: NotAllowed, NotFound, GrantRefused."""
    staff = _other(login, by, at)
    grant_role(staff=staff, role=Role(role), on=localdate(at), by=actor_of(by), at=at, expires_on=until)


@transaction.atomic
def make_exception(
    *,
    login: str,
    power: Power,
    kind: ExceptionKind,
    reason: str,
    by: Staff,
    at: datetime,
    until: date | None = None,
) -> None:
    """Give somebody else one power more or less than the roles, with the reason."""
    staff, on = _other(login, by, at), localdate(at)
    if not reason.strip():
        raise GrantRefused("理由が書かれていません。", next_step="なぜ要るのかを書いてください。")
    last_day = min(until or fiscal_year_end(on), fiscal_year_end(on))
    if last_day < on:
        raise GrantRefused("終わりの日が過ぎています。", next_step="今日から後の日を入れてください。")
    made = PowerException.objects.create(
        staff=staff,
        power=Power(power),
        kind=ExceptionKind(kind),
        granted_on=on,
        expires_on=last_day,
        reason=reason.strip()[:300],
        granted_by=by,
    )
    note = {"power": made.power, "kind": made.kind, "until": last_day.isoformat()}
    _trace("office.exception_made", staff, by, at, reason, note)


@transaction.atomic
def take_back(*, key: str, reason: str, by: Staff, at: datetime) -> None:
    """取りやめる: a grant or an exception ends today; the row stays for the history."""
    kind, _, number = key.partition("-")
    row = _standing(kind, int(number)) if number.isdecimal() and len(number) < 16 else None
    if row is None:
        raise NotFound("権限")
    _other(row.staff.login, by, at)
    row.ended_on = localdate(at)
    row.save(update_fields=["ended_on"])
    what = row.role if isinstance(row, Grant) else row.power
    _trace("office.grant_taken_back", row.staff, by, at, reason, {"what": what, "kind": kind})


@transaction.atomic
def open_anew(*, login: str, reason: str, by: Staff, at: datetime) -> str:
    """Somebody else lost the telephone or the password: a password for the next entry, to be handed over in person.

    The former password, every second proof and every open sitting end. Refused: NotAllowed, NotFound, GrantRefused.
    """
    staff = _other(login, by, at)
    if not reason.strip():
        raise GrantRefused(
            "理由が書かれていません。", next_step="本人であることをどう確かめたかを書いてください。"
        )
    password = get_random_string(NEXT_ENTRY_LETTERS, READABLE)
    gone = remove_every_factor(staff)
    change_password(staff, password=password, by=actor_of(by), at=at)
    _trace("office.opened_anew", staff, by, at, reason, {"factors": str(gone)})
    return password


def _standing(kind: str, key: int) -> Grant | PowerException | None:
    if kind == "role":
        return Grant.objects.select_for_update().filter(pk=key, ended_on__isnull=True).first()
    if kind == "power":
        return PowerException.objects.select_for_update().filter(pk=key, ended_on__isnull=True).first()
    return None


def _other(login: str, by: Staff, at: datetime) -> Staff:
    if Power.MANAGE_GRANTS not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.MANAGE_GRANTS.label)
    staff = staff_by_login(login)
    if staff is None:
        raise NotFound("職員")
    if staff.pk == by.pk:
        raise GrantRefused(
            "自分の権限は、自分では変えられません。", next_step="権限を付けられるほかの職員に頼んでください。"
        )
    return staff


def _trace(verb: str, staff: Staff, by: Staff, at: datetime, reason: str, note: dict[str, str]) -> None:
    subject = Subject("office.staff", str(staff.pk))
    leave_trace(actor_of(by), verb, subject, at=at, purpose=reason.strip()[:200], note=note)
