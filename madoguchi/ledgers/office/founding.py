"""町の設定を登録する: a municipality, its sections of a fiscal year and its staff, from files; again every spring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.timezone import localdate

from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.office.actions import employ, grant_role, leave_trace, set_up_section
from madoguchi.ledgers.office.founding_files import Founding, StaffLine, TownLine
from madoguchi.ledgers.office.granting import NEXT_ENTRY_LETTERS, READABLE
from madoguchi.ledgers.office.models import Municipality, Section, Staff
from madoguchi.ledgers.office.queries import powers_of, roles_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.signing_in import deactivate
from madoguchi.ledgers.office.trace import SYSTEM, Subject


@dataclass(frozen=True)
class NewAccount:
    """Somebody who may sign in from now on, with the password of the first entry; it is kept nowhere."""

    login: str
    name: str
    password: str


@dataclass(frozen=True)
class Founded:
    """What a run changed. `grant_givers` are the people who may give powers; a town needs two."""

    accounts: tuple[NewAccount, ...]
    changed: int
    left: int
    grant_givers: int


@transaction.atomic
def found(founding: Founding, *, at: datetime) -> Founded:
    """Enter everything, or nothing. The same files again change nothing.

    Sections are named for the fiscal year of `at`; earlier years keep their names. Roles are added, never taken away:
    they end with the fiscal year, and before that on the desk.
    """
    town = _town(founding.town)
    with municipality_session(town.pk):
        year = fiscal_year(localdate(at))
        for line in founding.sections:
            set_up_section(
                code=line.code,
                fiscal_year=year,
                name=line.name,
                unit=line.unit,
                symbol=line.symbol,
                phone=line.phone,
            )
        for line in founding.sections:
            if line.parent:
                set_up_section(fiscal_year=year, **line.__dict__)
        known = {each.login: each for each in Staff.objects.all()}
        accounts = tuple(_enter(founding.staff, known, at))
        changed = sum(_move(known[line.login], line, at) for line in founding.staff if line.login in known)
        left = sum(_leave(known.get(line.login), line, at) for line in founding.staff)
        givers = _grant_givers(localdate(at))
    return Founded(accounts, changed, left, givers)


def _town(line: TownLine) -> Municipality:
    told = {**line.__dict__, "closed_days": list(line.closed_days)}
    code = told.pop("code")
    town, _ = Municipality.objects.update_or_create(code=code, defaults=told)
    return town


def _enter(staff: tuple[StaffLine, ...], known: dict[str, Staff], at: datetime) -> Iterator[NewAccount]:
    for line in staff:
        if line.login in known or line.left:
            continue
        password = get_random_string(NEXT_ENTRY_LETTERS, READABLE)
        made = employ(
            login=line.login,
            name=line.name,
            name_kana=line.name_kana,
            section=Section.objects.get(code=line.section),
            password=password,
            email=line.email,
        )
        leave_trace(SYSTEM, "office.employed", Subject("office.staff", str(made.pk)), at=at)
        _give_roles(made, line, at)
        yield NewAccount(line.login, line.name, password)


def _move(staff: Staff, line: StaffLine, at: datetime) -> bool:
    """異動・改姓・復職: what the file says now; says whether anything did."""
    section = Section.objects.get(code=line.section)
    now = (line.name, line.name_kana, line.email, section.pk, not line.left)
    was = (staff.name, staff.name_kana, staff.email, staff.section_id, staff.is_active)
    if line.left:
        return False
    given = _give_roles(staff, line, at)
    if now == was:
        return given
    staff.name, staff.name_kana, staff.email, staff.section, staff.is_active = *now[:3], section, True
    staff.save(update_fields=["name", "name_kana", "email", "section", "is_active"])
    note = {"section": line.section}
    leave_trace(SYSTEM, "office.staff_changed", Subject("office.staff", str(staff.pk)), at=at, note=note)
    return True


def _give_roles(staff: Staff, line: StaffLine, at: datetime) -> bool:
    held = roles_of(staff, localdate(at))
    missing = [role for role in line.roles if role not in held]
    for role in missing:
        grant_role(staff=staff, role=role, on=localdate(at), by=SYSTEM, at=at)
    return bool(missing)


def _leave(staff: Staff | None, line: StaffLine, at: datetime) -> bool:
    if staff is None or not line.left or not staff.is_active:
        return False
    deactivate(staff, by=SYSTEM, at=at)
    return True


def _grant_givers(on: date) -> int:
    active = Staff.objects.filter(is_active=True)
    return sum(Power.MANAGE_GRANTS in powers_of(staff, on) for staff in active)
