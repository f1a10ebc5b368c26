"""How staff look at residents: with a purpose, and leaving a trace."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.ledgers.office.actions import leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.registry import history, imports_seen, queries
from madoguchi.ledgers.registry.errors import PurposeMissing
from madoguchi.ledgers.registry.history import HouseholdView, RecordView
from madoguchi.ledgers.registry.models import ProtectionUnit
from madoguchi.ledgers.registry.rules import may_renew_on
from madoguchi.ledgers.registry.states import Ground
from madoguchi.ledgers.registry.views import ProtectionView, ResidentView, SearchResult


@transaction.atomic
def search_residents(text: str, *, by: Actor, at: datetime, purpose: str, limit: int = 50) -> SearchResult:
    """Search and write down who was shown to whom and why; what was typed is not kept."""
    _insist_on_purpose(purpose)
    result = queries.search_residents(text, on=at.date(), limit=limit)
    leave_trace(
        by,
        "registry.searched",
        Subject("registry.search", result.kind),
        at=at,
        purpose=purpose,
        note={"residents": [hit.id for hit in result.hits if hit.protection is None]},
    )
    protected = [hit for hit in result.hits if hit.protection is not None]
    leave_traces(
        by,
        "registry.looked_at",
        [(Subject("registry.resident", str(hit.id)), {}) for hit in protected],
        at=at,
        purpose=purpose,
    )
    return result


@transaction.atomic
def resident_for(resident_id: int, *, by: Actor, at: datetime, purpose: str) -> ResidentView:
    """One person, for somebody who says why. NotFound when missing or another town's."""
    _insist_on_purpose(purpose)
    found = queries.resident(resident_id)
    if found is None:
        raise NotFound("住民")
    leave_trace(
        by, "registry.looked_at", Subject("registry.resident", str(resident_id)), at=at, purpose=purpose
    )
    return found


def _insist_on_purpose(purpose: str) -> None:
    if not purpose.strip():
        raise PurposeMissing(
            "住民を見る目的が書かれていません。", next_step="目的を選ぶか書いてから、もう一度お試しください。"
        )


_CHECKING = "住民データの取り込みの確認"


@transaction.atomic
def record_for(
    resident_id: int, *, on: date, by: Actor, at: datetime, purpose: str
) -> tuple[RecordView | None, list[RecordView]]:
    """A person as of a day (None: the register says nothing of that day) and the whole history, newest first."""
    _insist_on_purpose(purpose)
    versions = history.history_of(resident_id)
    subject = Subject("registry.resident", str(resident_id))
    leave_trace(by, "registry.looked_at", subject, at=at, purpose=purpose, note={"on": on.isoformat()})
    return history.resident_as_of(resident_id, on), versions


@transaction.atomic
def household_for(number: int, *, on: date, by: Actor, at: datetime, purpose: str) -> HouseholdView:
    """A household as of a day, in the order of 記載順位."""
    _insist_on_purpose(purpose)
    found = history.household_as_of(number, on)
    note = {"on": on.isoformat(), "residents": [member.resident_id for member in found.members]}
    leave_trace(
        by,
        "registry.looked_at",
        Subject("registry.household", str(number)),
        at=at,
        purpose=purpose,
        note=note,
    )
    return found


def leave_import_look(import_id: UUID, what: str, rows: int, *, by: Actor, at: datetime) -> None:
    """Lines of a file were shown to somebody who checks an import."""
    note = {"shown": what, "rows": rows}
    subject = Subject("registry.import", str(import_id))
    leave_trace(by, "registry.import_looked_at", subject, at=at, purpose=_CHECKING, note=note)


@transaction.atomic
def rejections_for(import_id: UUID, *, by: Actor, at: datetime, purpose: str) -> list[list[object]]:
    """The rejected lines as a table to take away; the head first."""
    _insist_on_purpose(purpose)
    table = list(imports_seen.rejection_table(import_id))
    subject = Subject("registry.import", str(import_id))
    leave_trace(
        by, "registry.exported", subject, at=at, purpose=purpose, note={"rejected_lines": len(table) - 1}
    )
    return table


@transaction.atomic
def protection_units(*, by: Actor, at: datetime, purpose: str) -> list[ProtectionView]:
    """Every unit in sight, those about to lapse first, for somebody who says why."""
    _insist_on_purpose(purpose)
    found = list(_units().order_by("ended_on", "ends_on", "number"))
    leave_traces(by, "registry.protection_looked_at", _subjects(found), at=at, purpose=purpose)
    return [_protection_view(unit) for unit in sorted(found, key=lambda each: each.ended_on is not None)]


@transaction.atomic
def protection_unit(unit_id: int, *, by: Actor, at: datetime, purpose: str) -> ProtectionView:
    """One unit. NotFound when missing, another town's or out of sight."""
    _insist_on_purpose(purpose)
    unit = _units().filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("支援措置")
    leave_traces(by, "registry.protection_looked_at", _subjects([unit]), at=at, purpose=purpose)
    return _protection_view(unit)


def _units() -> QuerySet[ProtectionUnit]:
    return ProtectionUnit.objects.select_related("applicant").prefetch_related(
        "people__resident", "protected_from__resident"
    )


def _subjects(units: Iterable[ProtectionUnit]) -> list[tuple[Subject, dict[str, object]]]:
    return [(Subject("registry.protection", str(unit.pk)), {}) for unit in units]


def _protection_view(unit: ProtectionUnit) -> ProtectionView:
    members = (queries.resident_view(each.resident) for each in unit.people.all())
    return ProtectionView(
        unit.pk,
        unit.number,
        Ground(unit.ground).label,
        unit.begins_on,
        unit.ends_on,
        unit.ended_on,
        unit.announced_on,
        may_renew_on(unit.ends_on),
        unit.note,
        queries.resident_view(unit.applicant),
        tuple(member for member in members if unit.ended_on or member.protection == unit.pk),
        tuple(each.name for each in unit.protected_from.all()),
    )
