"""Every write of the office: organisation, staff, grants and the trace."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from madoguchi.common.ages import fiscal_year_end
from madoguchi.ledgers.office.models import Grant, Municipality, Section, SectionInYear, Staff, Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Act, Actor, Subject


def actor_of(staff: Staff) -> Actor:
    """The member of staff as the trace names them."""
    return Actor("staff", str(staff.pk), staff.name)


def leave_trace(
    by: Actor,
    verb: str,
    subject: Subject,
    *,
    at: datetime,
    purpose: str = "",
    note: dict[str, Any] | None = None,
) -> None:
    """Write down one act or one look. The database numbers and chains the row."""
    leave_traces(by, verb, [(subject, note or {})], at=at, purpose=purpose)


def leave_traces(
    by: Actor,
    verb: str,
    subjects: Iterable[tuple[Subject, dict[str, Any]]],
    *,
    at: datetime,
    purpose: str = "",
) -> None:
    """Write down one act on many records."""
    leave_acts([Act(by, verb, subject, at, note) for subject, note in subjects], purpose=purpose)


def leave_acts(acts: Iterable[Act], *, purpose: str = "") -> None:
    """Write down many acts of different people and moments, in this order."""
    Trace.objects.bulk_create(
        Trace(
            happened_at=act.at,
            actor_kind=act.by.kind,
            actor_id=act.by.id,
            actor_name=act.by.name,
            verb=act.verb,
            subject_kind=act.subject.kind,
            subject_id=act.subject.id,
            purpose=purpose,
            note=act.note,
        )
        for act in acts
    )


@transaction.atomic
def found_municipality(
    *,
    code: str,
    name: str,
    name_kana: str,
    prefecture: str,
    mayor: str,
    host: str = "",
    contact_phone: str = "",
) -> Municipality:
    """Enter a municipality into this installation; entering the same code again changes nothing."""
    municipality, _ = Municipality.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "name_kana": name_kana,
            "prefecture": prefecture,
            "mayor": mayor,
            "host": host,
            "contact_phone": contact_phone,
        },
    )
    return municipality


@transaction.atomic
def set_up_section(
    *, code: str, fiscal_year: int, name: str, symbol: str, phone: str, unit: str = "", parent: str = ""
) -> Section:
    """Name a section for a fiscal year; earlier years keep the name they had."""
    section, _ = Section.objects.get_or_create(code=code)
    SectionInYear.objects.update_or_create(
        section=section,
        fiscal_year=fiscal_year,
        defaults={
            "name": name,
            "unit": unit,
            "symbol": symbol,
            "phone": phone,
            "parent": Section.objects.filter(code=parent).first(),
        },
    )
    return section


@transaction.atomic
def employ(
    *, login: str, name: str, name_kana: str, section: Section, password: str, email: str = ""
) -> Staff:
    """Enter a member of staff. The password is kept only as a hash."""
    staff = Staff(login=login, name=name, name_kana=name_kana, section=section, email=email)
    staff.set_password(password)
    staff.save()
    return staff


@transaction.atomic
def grant_role(
    *, staff: Staff, role: Role, on: date, by: Actor, at: datetime, expires_on: date | None = None
) -> Grant:
    """Give a role until the end of the fiscal year, or until an earlier day."""
    last_day = min(expires_on or fiscal_year_end(on), fiscal_year_end(on))
    grant = Grant.objects.create(staff=staff, role=role, granted_on=on, expires_on=last_day)
    leave_trace(
        by,
        "office.role_granted",
        Subject("office.staff", str(staff.pk)),
        at=at,
        note={"role": role, "until": last_day.isoformat()},
    )
    return grant
