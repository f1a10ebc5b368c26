"""A line of a file becomes a person of the register: accepted, repaired or rejected. No queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from madoguchi.common.addresses import AddressParts, split_address, split_town
from madoguchi.common.kana import is_kana
from madoguchi.common.partial import PartialDate
from madoguchi.ledgers.registry.import_cells import Cells, day_words
from madoguchi.ledgers.registry.import_mapping import Layout, plain
from madoguchi.ledgers.registry.import_rows import (
    Accepted,
    CellRefused,
    PersonRecord,
    Rejected,
    Repaired,
    RowReading,
)
from madoguchi.ledgers.registry.import_source import Line
from madoguchi.ledgers.registry.states import Move, Relationship, ResidentKind, ResidentState, Sex

_KINDS = {kind.value: kind for kind in ResidentKind}
_STATES = {state.value: state for state in ResidentState}
_SEXES = {sex.value: sex for sex in Sex}
_RELATIONSHIPS = {each.value: each for each in Relationship}
_NAME, _KANA, _PART, _LINE, _REASON = 60, 120, 100, 300, 40
_MOST_PLACES = 999


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
        cells = Cells(self.layout, line.cells)
        try:
            record = self._person(cells)
        except CellRefused as refused:
            return self._rejected(line, self.layout.head_of(refused.field), refused.reason)
        if cells.repairs:
            return Repaired(line.number, record, tuple(cells.repairs))
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

    def _person(self, cells: Cells) -> PersonRecord:
        self._insist_on_latest(cells)
        cells.municipality("municipality_code", self.municipality_code)
        state = _state(cells)
        resident = state == ResidentState.RESIDENT
        birth = cells.day("birth_date", "birth_era", "birth_unknown")
        if birth.exact and birth.exact > self.as_of:
            raise CellRefused("birth_date", "生年月日が、ファイルの基準日より後になっています。")
        event = self._event(cells)
        family, given = _name(cells)
        family_kana, given_kana = _kana(cells)
        town, block, building = _home(cells)
        relationship = cells.code("relationship", _RELATIONSHIPS, None)
        return PersonRecord(
            atena_number=cells.needed_number("atena_number"),
            household_number=cells.needed_number("household_number"),
            kind=cells.code("kind", _KINDS, ResidentKind.JAPANESE),
            state=state,
            relationship=relationship,
            relationship_text=cells.text("relationship_text", 40) or Relationship(relationship).label,
            place_in_household=_place(cells, resident),
            head_name=_one_space(cells.text("head_name", _KANA)),
            family_name=family,
            given_name=given,
            family_kana=family_kana,
            given_kana=given_kana,
            kana_confirmed=cells.flag("kana_confirmed"),
            sex=cells.code("sex", _SEXES, Sex.UNKNOWN),
            birth_date=birth.exact,
            birth_text=day_words(birth)[:20],
            postcode=cells.postcode("postcode"),
            town=town,
            block=block,
            building=building,
            school_district=cells.text("school_district", 30),
            former_postcode=cells.postcode("former_postcode"),
            former_address=_elsewhere(cells, "former"),
            next_postcode=cells.postcode("next_postcode"),
            next_address=_elsewhere(cells, "next"),
            moved_in_on=self._moved_in(cells, birth, event),
            event_on=event.exact,
            event_text=day_words(event)[:20] if cells.raw("event_date") else "",
            event_kind=_event_kind(cells),
            event_reason=cells.text("event_reason", _REASON),
        )

    def _insist_on_latest(self, cells: Cells) -> None:
        if cells.has("latest") and not cells.flag("latest"):
            raise CellRefused("latest", "最新の記録ではありません。")
        if cells.flag("deleted"):
            raise CellRefused("deleted", "削除された記録です。")

    def _event(self, cells: Cells) -> PartialDate:
        event = cells.day("event_date", "event_era", "event_unknown")
        if event.exact and event.exact > self.as_of:
            raise CellRefused("event_date", "異動年月日が、ファイルの基準日より後になっています。")
        return event

    def _moved_in(self, cells: Cells, birth: PartialDate, event: PartialDate) -> date:
        """住民となった日; where nobody knows it, the latest event, else the day of the file: reported."""
        written = cells.day("moved_in_date", "moved_in_era", "moved_in_unknown")
        if written.exact and written.exact <= self.as_of:
            return written.exact
        instead = event.exact or self.as_of
        if birth.exact and birth.exact > instead:
            instead = birth.exact
        head = "moved_in_date" if cells.has("moved_in_date") else "住民となった年月日"
        why = "住民となった日がわからないため、異動の日かファイルの基準日にしました。"
        cells.repaired(head, cells.raw("moved_in_date"), instead.isoformat(), why)
        return instead


def _state(cells: Cells) -> int:
    if cells.has("state") and cells.raw("state"):
        return cells.code("state", _STATES, None)
    return ResidentState.REMOVED if cells.flag("removed") else ResidentState.RESIDENT


def _place(cells: Cells, resident: bool) -> int:
    place = cells.needed_number("place_in_household") if resident else cells.number("place_in_household") or 0
    if (resident and place < 1) or place > _MOST_PLACES:
        raise CellRefused("place_in_household", f"記載順位{place}は、1から{_MOST_PLACES}までではありません。")
    return place


def _one_space(text: str) -> str:
    return "　".join(text.split())


def _name(cells: Cells) -> tuple[str, str]:
    """氏 and 名: from their own columns, else 氏名 at its space, else the name in Roman letters."""
    family, given = cells.text("family_name", _NAME), cells.text("given_name", _NAME)
    if family:
        return family, given
    whole = cells.text("full_name", _NAME * 2) or cells.text("latin_name", _NAME * 2)
    if not whole:
        raise CellRefused("family_name" if cells.has("family_name") else "full_name", "氏名がありません。")
    first, _, rest = _one_space(whole).partition("　")
    if len(first) > _NAME or len(rest) > _NAME:
        raise CellRefused("full_name", "氏名が長すぎます。")
    return first, rest


def _kana(cells: Cells) -> tuple[str, str]:
    family, given = cells.kana("family_kana", _KANA), cells.kana("given_kana", _KANA)
    if not family:
        family, _, given = _one_space(cells.kana("full_kana", _KANA * 2)).partition("　")
    for part, field in ((family, "family_kana"), (given, "given_kana")):
        if len(part) > _KANA:
            raise CellRefused(field, "フリガナが長すぎます。")
        if part and not part.isascii() and not is_kana(part):
            raise CellRefused(
                field if cells.has(field) else "full_kana", "フリガナにカナでない文字があります。"
            )
    return family, given


def _home(cells: Cells) -> tuple[str, str, str]:
    """町字, 番地号表記, 方書 of where the person lives, whichever way the file writes an address."""
    town, block = cells.text("town", _LINE), cells.text("block", _PART)
    building = cells.text("building", _PART)
    if not town:
        raise CellRefused("town", "住所がありません。")
    if block or not _holds_block(town):
        return _fitting(town, "town"), block, building
    parts = split_address(town)
    _, split_block, split_building = parts.town, parts.block, parts.building
    if not split_block:
        return _fitting(town, "town"), "", building
    after = f"{parts.town}／{split_block}／{building or split_building}"
    cells.repaired("town", town, after, "1つの欄の住所を、町字・番地・方書に分けました。")
    return (
        _fitting(parts.town, "town"),
        _fitting(split_block, "town"),
        _fitting(building or split_building, "town"),
    )


def _holds_block(town: str) -> bool:
    return bool(split_town(town)[1])


def _fitting(text: str, field: str) -> str:
    if len(text) > _PART:
        raise CellRefused(field, f"{len(text)}文字あり、{_PART}文字までの長さを超えています。")
    return text


def _elsewhere(cells: Cells, which: str) -> str:
    """転入前住所 or 転出先住所 on one line; both ways of writing it give the same line."""
    written = [
        cells.text(f"{which}_{part}", _LINE) for part in ("prefecture", "city", "town", "block", "building")
    ]
    parts = AddressParts(*written)
    if parts.town and not (parts.prefecture or parts.city or parts.block):
        split = split_address(parts.town)
        parts = AddressParts(
            split.prefecture, split.city, split.town, split.block, parts.building or split.building
        )
    return _line_of(parts, f"{which}_town")


def _line_of(parts: AddressParts, field: str) -> str:
    if len(parts.line) > _LINE:
        raise CellRefused(field, f"{_LINE}文字までの長さを超えています。")
    return parts.line


def _event_kind(cells: Cells) -> str:
    """The move that the file names, if it is one the register knows; else it is told by what changed."""
    written = cells.raw("event_kind")
    meant = cells.layout.mapping.codes.get("event_kind", {}).get(plain(written)) if written else None
    return str(meant) if meant in Move.values else ""
