"""Every write of the office: organisation, staff, grants; signing in and the trace stand in files of their own."""

from datetime import date, datetime

from django.db import transaction

from madoguchi.common.ages import fiscal_year_end
from madoguchi.ledgers.office.factors import add_app as add_app
from madoguchi.ledgers.office.factors import add_passkey as add_passkey
from madoguchi.ledgers.office.factors import check_code as check_code
from madoguchi.ledgers.office.factors import remove_factor as remove_factor
from madoguchi.ledgers.office.factors import staff_of_passkey as staff_of_passkey
from madoguchi.ledgers.office.models import Grant, Municipality, Section, SectionInYear, Staff
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.signing_in import change_password as change_password
from madoguchi.ledgers.office.signing_in import check_password as check_password
from madoguchi.ledgers.office.signing_in import deactivate as deactivate
from madoguchi.ledgers.office.signing_in import insist_on_password as insist_on_password
from madoguchi.ledgers.office.signing_in import note_entry as note_entry
from madoguchi.ledgers.office.signing_in import note_exit as note_exit
from madoguchi.ledgers.office.signing_in import staff_by_provider as staff_by_provider
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.office.tracing import leave_acts as leave_acts
from madoguchi.ledgers.office.tracing import leave_trace as leave_trace
from madoguchi.ledgers.office.tracing import leave_traces as leave_traces


def actor_of(staff: Staff) -> Actor:
    """The member of staff as the trace names them."""
    return Actor("staff", str(staff.pk), staff.name)


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
