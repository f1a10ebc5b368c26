"""The register as of a day: a person, a household, and everything that was ever recorded of a person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.registry.models import Household, PersonRecord, Resident, ResidentVersion
from madoguchi.ledgers.registry.states import Move, Relationship, ResidentKind, ResidentState, Sex


@dataclass(frozen=True)
class RecordView:
    """A person as recorded from `valid_from` until the day before `valid_to` (None: to this day)."""

    resident_id: int
    atena_number: int
    household_number: int
    valid_from: date
    valid_to: date | None
    record: dict[str, Any]
    move: Move

    @property
    def name(self) -> str:
        return f"{self.record['family_name']}　{self.record['given_name']}".strip("　")

    @property
    def kana(self) -> str:
        return f"{self.record['family_kana']}　{self.record['given_kana']}".strip("　")

    @property
    def address(self) -> str:
        building = self.record["building"]
        return f"{self.record['town']}{self.record['block']}" + (f"　{building}" if building else "")

    @property
    def state(self) -> ResidentState:
        return ResidentState(self.record["state"])

    @property
    def sex(self) -> str:
        return Sex(self.record["sex"]).label

    @property
    def kind(self) -> str:
        return ResidentKind(self.record["kind"]).label

    @property
    def place(self) -> int:
        return int(self.record["place_in_household"])

    @property
    def is_head(self) -> bool:
        return bool(self.record["relationship"] == Relationship.HEAD)


@dataclass(frozen=True)
class HouseholdView:
    """世帯 on a day, in the order of 記載順位."""

    number: int
    on: date
    members: tuple[RecordView, ...]

    @property
    def head(self) -> RecordView | None:
        return next((member for member in self.members if member.is_head), None)


FIELDS = tuple(field.name for field in PersonRecord._meta.local_concrete_fields)


def resident_as_of(resident_id: int, day: date) -> RecordView | None:
    """A person as the register says of a day; None where it says nothing of that day. NotFound: no such person."""
    for version in history_of(resident_id):
        if version.valid_from <= day and (version.valid_to is None or day < version.valid_to):
            return version
    return None


def history_of(resident_id: int) -> list[RecordView]:
    """Everything recorded of a person, newest first. NotFound for another town's and for none."""
    row = Resident.objects.filter(pk=resident_id).select_related("household").first()
    if row is None:
        raise NotFound("住民")
    former = ResidentVersion.objects.filter(resident=row).order_by("-valid_from", "-valid_to", "-pk")
    return [_current(row), *(_former(version, row.atena_number) for version in former)]


def household_as_of(number: int, day: date) -> HouseholdView:
    """Who lived in a household on a day. NotFound for a number that this town does not know."""
    if not Household.objects.filter(number=number).exists():
        raise NotFound("世帯")
    since = Coalesce(F("valid_from"), F("moved_in_on"))
    now = (
        Resident.objects.annotate(since=since)
        .select_related("household")
        .filter(household__number=number, state=ResidentState.RESIDENT, since__lte=day)
    )
    then = ResidentVersion.objects.select_related("resident").filter(
        Q(valid_from__lte=day, valid_to__gt=day), household_number=number, state=ResidentState.RESIDENT
    )
    members = [_current(row) for row in now] + [_former(row, row.resident.atena_number) for row in then]
    return HouseholdView(
        number, day, tuple(sorted(members, key=lambda each: (each.place, each.atena_number)))
    )


def _current(row: Resident) -> RecordView:
    since = row.valid_from or row.moved_in_on
    return RecordView(
        row.pk, row.atena_number, row.household.number, since, None, _record(row), Move(row.event_kind)
    )


def _former(row: ResidentVersion, atena_number: int) -> RecordView:
    return RecordView(
        row.resident_id, atena_number, row.household_number, row.valid_from, row.valid_to, _record(row),
        Move(row.event_kind),
    )  # fmt: skip


def _record(row: Resident | ResidentVersion) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


@dataclass(frozen=True)
class Difference:
    """One field that differs between two records of a person, in words."""

    name: str
    before: str
    after: str


_LABELS = {field.name: str(field.verbose_name) for field in PersonRecord._meta.local_concrete_fields}
_LABELS["household_number"] = "世帯番号"
_WORDS: dict[str, Any] = {
    "kind": ResidentKind,
    "state": ResidentState,
    "relationship": Relationship,
    "sex": Sex,
}
_UNTOLD = frozenset({"event_on", "event_text", "event_kind", "event_reason"})


def label_of(field: str) -> str:
    return _LABELS.get(field, field)


def words_of(field: str, value: Any) -> str:
    """A value as people read it: 世帯主, not 2."""
    if value in (None, ""):
        return "（なし）"
    if isinstance(value, bool):
        return "確認済み" if value else "未確認"
    if field in _WORDS and int(value) in _WORDS[field].values:
        return str(_WORDS[field](int(value)).label)
    return str(value)


def differences(before: RecordView, after: RecordView) -> list[Difference]:
    """What a later record says otherwise."""
    found = [
        Difference(label_of(name), words_of(name, before.record[name]), words_of(name, after.record[name]))
        for name in FIELDS
        if name not in _UNTOLD and before.record[name] != after.record[name]
    ]
    if before.household_number != after.household_number:
        found.append(Difference("世帯番号", str(before.household_number), str(after.household_number)))
    return found
