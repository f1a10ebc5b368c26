"""A line of a file becomes a person of the register: accepted, repaired or rejected. No queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from madoguchi.ledgers.registry.import_cells import Cells
from madoguchi.ledgers.registry.import_mapping import Layout
from madoguchi.ledgers.registry.import_parts import KANA, Parts, is_reading, parts_of
from madoguchi.ledgers.registry.import_rows import (
    Accepted,
    CellRefused,
    PersonRecord,
    Rejected,
    Repair,
    Repaired,
    RowReading,
)
from madoguchi.ledgers.registry.import_source import Line
from madoguchi.ledgers.registry.states import Relationship, ResidentState


@dataclass(frozen=True)
class Reader:
    """How the lines of one file are read: its layout, its town and the day as of which it was written."""

    layout: Layout
    municipality_code: str
    as_of: date

    def read_all(self, lines: Iterable[Line]) -> Iterator[RowReading]:
        return (self.read(line) for line in lines)

    def read(self, line: Line) -> RowReading:
        """One line. Never raises: what cannot be read is a Rejected with head and reason."""
        if len(line.cells) != len(self.layout.heads):
            return self._uneven(line)
        repairs: list[Repair] = []
        try:
            record = self._person(line.cells, repairs)
        except CellRefused as refused:
            return self._rejected(line, self.layout.head_of(refused.field), refused.reason)
        if repairs:
            return Repaired(line.number, record, tuple(repairs))
        return Accepted(line.number, record)

    def _uneven(self, line: Line) -> Rejected:
        return self._rejected(
            line, "", f"欄が{len(line.cells)}個あり、見出しの{len(self.layout.heads)}個と合いません。"
        )

    def _rejected(self, line: Line, column: str, reason: str) -> Rejected:
        kept = {
            self.layout.heads[place]: line.cells[place]
            for place in sorted(set(self.layout.places.values()))
            if place < len(line.cells)
        }
        number = kept.get(self.layout.head_of("atena_number"), "").strip()
        known = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else None
        return Rejected(line.number, column, reason, known, kept)

    @cached_property
    def _parts(self) -> Parts:
        return parts_of(self.layout, self.municipality_code, self.as_of)

    def _person(self, line: tuple[str, ...], repairs: list[Repair]) -> PersonRecord:
        """The parts in the order in which their repairs are told and the first refusal counts."""
        parts = self._parts
        state = parts.state(line, repairs)
        birth, birth_text = parts.birth(line, repairs)
        event, event_text = parts.event(line, repairs)
        family, given = self._name(line, repairs)
        family_kana, given_kana = self._kana(line, repairs)
        town, block, building = parts.home(line, repairs)
        relationship = parts.relationship(line, repairs)
        atena_number, household_number = self._numbers(line, repairs)
        kind, relationship_text = parts.kind(line, repairs)
        place = (parts.place if state == ResidentState.RESIDENT else parts.former_place)(line, repairs)
        head_name = parts.head_name(line, repairs)
        kana_confirmed, sex = parts.sex(line, repairs)
        postcode, school_district = parts.area(line, repairs)
        former_postcode, former_address = parts.former(line, repairs)
        next_postcode, next_address = parts.next(line, repairs)
        moved_in_on = parts.moved_in(line, repairs) or self._moved_in(line, birth, event, repairs)
        event_kind, event_reason = parts.reason(line, repairs)
        return PersonRecord(
            atena_number, household_number, kind, state, relationship,
            relationship_text or Relationship(relationship).label, place, head_name, family, given,
            family_kana, given_kana, kana_confirmed, sex, birth, birth_text, postcode, town, block, building,
            school_district, former_postcode, former_address, next_postcode, next_address, moved_in_on,
            event, event_text, event_kind, event_reason,
        )  # fmt: skip

    def _name(self, line: tuple[str, ...], repairs: list[Repair]) -> tuple[str, str]:
        """氏 and 名: from their own columns, else 氏名 at its space, else the name in Roman letters."""
        family, given = self._parts.family(line, repairs), self._parts.given(line, repairs)
        return (family, given) if family else self._parts.full_name(line, repairs)

    def _kana(self, line: tuple[str, ...], repairs: list[Repair]) -> tuple[str, str]:
        family, given = self._parts.family_kana(line, repairs), self._parts.given_kana(line, repairs)
        if not family:
            family, given = self._parts.full_kana(line, repairs)
        for part, field in ((family, "family_kana"), (given, "given_kana")):
            if not is_reading(part):
                self._refuse_kana(part, field)
        return family, given

    def _refuse_kana(self, part: str, field: str) -> None:
        if len(part) > KANA:
            raise CellRefused(field, "フリガナが長すぎます。")
        head = field if field in self.layout.places else "full_kana"
        raise CellRefused(head, "フリガナにカナでない文字があります。")

    def _numbers(self, line: tuple[str, ...], repairs: list[Repair]) -> tuple[int, int]:
        cells = Cells(self.layout, line)
        numbers = cells.needed_number("atena_number"), cells.needed_number("household_number")
        repairs += cells.repairs
        return numbers

    def _moved_in(
        self, line: tuple[str, ...], birth: date | None, event: date | None, repairs: list[Repair]
    ) -> date:
        """Where nobody knows 住民となった日: the latest event, else the day of the file; reported."""
        cells = Cells(self.layout, line)
        instead = event or self.as_of
        if birth and birth > instead:
            instead = birth
        head = "moved_in_date" if cells.has("moved_in_date") else "住民となった年月日"
        why = "住民となった日がわからないため、異動の日かファイルの基準日にしました。"
        cells.repaired(head, cells.raw("moved_in_date"), instead.isoformat(), why)
        repairs += cells.repairs
        return instead
