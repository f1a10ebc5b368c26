"""The facts of the controls 全般: rights, households, printed addresses, documents and samples of one case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from unicodedata import normalize

from django.utils import timezone

from madoguchi.clerical.controls.overseeing import sample_failed
from madoguchi.clerical.controls.states import SampleKind
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.office.queries import powers_of, staff_by_id
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.registry.queries import household_members, protections_of, resident
from madoguchi.services.applications.case_reads import CaseRead
from madoguchi.services.applications.states import Outcome
from madoguchi.services.subsidies.models import BatchItem
from madoguchi.services.subsidies.package_file import subsidy_of
from madoguchi.services.subsidies.states import BatchKind, BatchState

KIND = "applications.application"


@dataclass(frozen=True)
class Done:
    """What a member of staff did to a case: the power it took, and when."""

    staff_id: str
    power: Power
    at: datetime


def subject_of(case: CaseRead) -> Subject:
    return Subject(KIND, str(case.id))


def documents_sha256(case: CaseRead) -> str:
    """The fingerprint of every document of a case: whether one was exchanged after the decision."""
    told = sorted(f"{each.id}:{each.sha256}" for each in documents_of(subject_of(case)))
    return sha256("\n".join(told).encode()).hexdigest()


def general_facts(package: Any, case: CaseRead, done: Sequence[Done]) -> dict[str, Any]:
    """What these controls read, as it is now: a right that was ended with an earlier day is seen here as well.

    Read with full sight and told as yes or no: no name and no address goes into a finding.
    """
    with full_sight():
        return {
            "documents_changed": _documents_changed(case),
            "grant_expired": any(not _held(each) for each in done),
            "officer_same_household": bool(_officers(done) & _household(case)),
            "protected": bool(case.resident_id and protections_of([case.resident_id])),
            "address_printed": _address_printed(package, case),
            "sample_failed": sample_failed(subject_of(case), SampleKind.RANDOM),
            "risk_sample_failed": sample_failed(subject_of(case), SampleKind.RISK),
        }


def granted_item(case: CaseRead) -> BatchItem | None:
    """The latest 交付の起案 of a case that was not sent back."""
    rows = BatchItem.objects.filter(
        application_id=case.id, batch__kind=BatchKind.GRANT, outcome=Outcome.GRANTED
    )
    standing = rows.exclude(batch__state=BatchState.TAKEN_BACK)
    return standing.select_related("batch").order_by("-pk").first()


def _documents_changed(case: CaseRead) -> bool:
    item = granted_item(case)
    return item is not None and item.documents_sha256 != documents_sha256(case)


def _held(done: Done) -> bool:
    staff = staff_by_id(done.staff_id, or_left=True)
    return staff is not None and done.power in powers_of(staff, timezone.localdate(done.at))


def _officers(done: Iterable[Done]) -> set[str]:
    known = (staff_by_id(each.staff_id, or_left=True) for each in done)
    return {_bare(staff.name) for staff in known if staff is not None}


def _household(case: CaseRead) -> set[str]:
    """The names of the applicant and of everybody who lives in the household."""
    row = resident(case.resident_id) if case.resident_id else None
    members = household_members(row.household_id) if row else []
    return {_bare(case.applicant_name), *(_bare(each.name) for each in members)}


def _address_printed(package: Any, case: CaseRead) -> bool:
    """Whether what the letter prints holds town and block of the address, registered or typed."""
    row = resident(case.resident_id) if case.resident_id else None
    typed = [case.answers.get(key) for key, field in package.form.fields.items() if field.type == "address"]
    homes = [row.town + row.block] if row else []
    homes += [f"{each.get('town', '')}{each.get('block', '')}" for each in typed if isinstance(each, dict)]
    lines = [case.answers.get(name) for name in subsidy_of(package).letter_lines]
    printed = _bare("".join(str(each) for each in (case.applicant_name, *lines)))
    return any(home and home in printed for home in map(_bare, homes))


def _bare(text: str) -> str:
    return "".join(normalize("NFKC", text).split())
