"""The parts of a line of a file of residents, each remembered: of 370,000 people few parts are new. No queries.

A household stands on consecutive lines with one address and one head; codes, dates and names repeat throughout
a town. A part is read from its own cells alone, so what was read from the same texts before is the answer: its
value and its repairs. A refusal is raised anew every time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from madoguchi.common.addresses import AddressParts, split_address, split_town
from madoguchi.common.kana import is_kana
from madoguchi.ledgers.registry.import_cells import Cells, day_words
from madoguchi.ledgers.registry.import_mapping import Layout, plain
from madoguchi.ledgers.registry.import_rows import CellRefused, Repair
from madoguchi.ledgers.registry.states import Move, Relationship, ResidentKind, ResidentState, Sex

_KINDS = {kind.value: kind for kind in ResidentKind}
_STATES = {state.value: state for state in ResidentState}
_SEXES = {sex.value: sex for sex in Sex}
_RELATIONSHIPS = {each.value: each for each in Relationship}
_MOVES = frozenset(Move.values)
_NAME, KANA, _PART, _LINE, _REASON = 60, 120, 100, 300, 40
_MOST_PLACES = 999
_DAYS, _MANY, _FEW = 65_536, 16_384, 2_048

T = TypeVar("T")
Part = Callable[[tuple[str, ...], list[Repair]], T]
"""Takes the cells of a line, gives the value and adds its repairs; CellRefused."""
_ADDRESS = ("prefecture", "city", "town", "block", "building")


@dataclass(frozen=True)
class Parts:
    """The readers of one file, in the order in which a line is read."""

    state: Part[int]
    birth: Part[tuple[date | None, str]]
    event: Part[tuple[date | None, str]]
    family: Part[str]
    given: Part[str]
    full_name: Part[tuple[str, str]]
    family_kana: Part[str]
    given_kana: Part[str]
    full_kana: Part[tuple[str, str]]
    home: Part[tuple[str, str, str]]
    relationship: Part[int]
    kind: Part[tuple[int, str]]
    place: Part[int]
    former_place: Part[int]
    head_name: Part[str]
    sex: Part[tuple[bool, int]]
    area: Part[tuple[str, str]]
    former: Part[tuple[str, str]]
    next: Part[tuple[str, str]]
    moved_in: Part[date | None]
    reason: Part[tuple[str, str]]


def parts_of(layout: Layout, municipality_code: str, as_of: date) -> Parts:
    """The readers for the files of one layout, one town and one day."""

    def part(fields: str, read: Callable[[Cells], T], most: int = _FEW) -> Part[T]:
        return _remembering(layout, fields.split(), read, most)

    def elsewhere(which: str) -> Part[tuple[str, str]]:
        fields = " ".join(f"{which}_{part}" for part in ("postcode", *_ADDRESS))
        return part(fields, lambda cells: (cells.postcode(f"{which}_postcode"), _elsewhere(cells, which)))

    return Parts(
        state=part(
            "latest deleted municipality_code state removed", lambda cells: _state(cells, municipality_code)
        ),
        birth=part("birth_date birth_era birth_unknown", lambda cells: _birth(cells, as_of), _DAYS),
        event=part("event_date event_era event_unknown", lambda cells: _event(cells, as_of), _MANY),
        family=part("family_name", lambda cells: cells.text("family_name", _NAME), _MANY),
        given=part("given_name", lambda cells: cells.text("given_name", _NAME), _MANY),
        full_name=part("full_name latin_name", _full_name),
        family_kana=part("family_kana", lambda cells: cells.kana("family_kana", KANA), _MANY),
        given_kana=part("given_kana", lambda cells: cells.kana("given_kana", KANA), _MANY),
        full_kana=part("full_kana", _full_kana),
        home=part("town block building", _home),
        relationship=part("relationship", lambda cells: cells.code("relationship", _RELATIONSHIPS, None)),
        kind=part("kind relationship_text", _kind),
        place=part("place_in_household", lambda cells: _place(cells, True)),
        former_place=part("place_in_household", lambda cells: _place(cells, False)),
        head_name=part("head_name", lambda cells: one_space(cells.text("head_name", KANA))),
        sex=part("kana_confirmed sex", _sex),
        area=part("postcode school_district", _area),
        former=elsewhere("former"),
        next=elsewhere("next"),
        moved_in=part(
            "moved_in_date moved_in_era moved_in_unknown", lambda cells: _moved_in(cells, as_of), _MANY
        ),
        reason=part("event_kind event_reason", _reason),
    )


def _remembering(layout: Layout, fields: list[str], read: Callable[[Cells], T], most: int) -> Part[T]:
    places = sorted({layout.places[field] for field in fields if field in layout.places})
    pick = _picking(places)

    @lru_cache(maxsize=most)
    def known(texts: tuple[str, ...]) -> tuple[T, list[Repair]]:
        line = [""] * len(layout.heads)
        for place, text in zip(places, texts, strict=True):
            line[place] = text
        cells = Cells(layout, tuple(line))
        return read(cells), cells.repairs

    def part(line: tuple[str, ...], repairs: list[Repair]) -> T:
        value, found = known(pick(line))
        if found:
            repairs += found
        return value

    return part


def _picking(places: list[int]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """The cells in these places; itemgetter alone gives one cell bare and none not at all."""
    if len(places) > 1:
        return itemgetter(*places)
    return itemgetter(slice(places[0], places[0] + 1) if places else slice(0, 0))


def _state(cells: Cells, municipality_code: str) -> int:
    if cells.has("latest") and not cells.flag("latest"):
        raise CellRefused("latest", "最新の記録ではありません。")
    if cells.flag("deleted"):
        raise CellRefused("deleted", "削除された記録です。")
    cells.municipality("municipality_code", municipality_code)
    if cells.has("state") and cells.raw("state"):
        return cells.code("state", _STATES, None)
    return ResidentState.REMOVED if cells.flag("removed") else ResidentState.RESIDENT


def _birth(cells: Cells, as_of: date) -> tuple[date | None, str]:
    birth = cells.day("birth_date", "birth_era", "birth_unknown")
    if birth.exact and birth.exact > as_of:
        raise CellRefused("birth_date", "生年月日が、ファイルの基準日より後になっています。")
    return birth.exact, day_words(birth)[:20]


def _event(cells: Cells, as_of: date) -> tuple[date | None, str]:
    event = cells.day("event_date", "event_era", "event_unknown")
    if event.exact and event.exact > as_of:
        raise CellRefused("event_date", "異動年月日が、ファイルの基準日より後になっています。")
    return event.exact, day_words(event)[:20] if cells.raw("event_date") else ""


def _moved_in(cells: Cells, as_of: date) -> date | None:
    """住民となった日; nothing where it is unknown or lies after the day of the file."""
    written = cells.day("moved_in_date", "moved_in_era", "moved_in_unknown").exact
    return written if written and written <= as_of else None


def _kind(cells: Cells) -> tuple[int, str]:
    return cells.code("kind", _KINDS, ResidentKind.JAPANESE), cells.text("relationship_text", 40)


def _place(cells: Cells, resident: bool) -> int:
    place = cells.needed_number("place_in_household") if resident else cells.number("place_in_household") or 0
    if (resident and place < 1) or place > _MOST_PLACES:
        raise CellRefused("place_in_household", f"記載順位{place}は、1から{_MOST_PLACES}までではありません。")
    return place


def _sex(cells: Cells) -> tuple[bool, int]:
    return cells.flag("kana_confirmed"), cells.code("sex", _SEXES, Sex.UNKNOWN)


def _area(cells: Cells) -> tuple[str, str]:
    return cells.postcode("postcode"), cells.text("school_district", 30)


def one_space(text: str) -> str:
    return "　".join(text.split())


def _full_name(cells: Cells) -> tuple[str, str]:
    whole = cells.text("full_name", _NAME * 2) or cells.text("latin_name", _NAME * 2)
    if not whole:
        raise CellRefused("family_name" if cells.has("family_name") else "full_name", "氏名がありません。")
    first, _, rest = one_space(whole).partition("　")
    if len(first) > _NAME or len(rest) > _NAME:
        raise CellRefused("full_name", "氏名が長すぎます。")
    return first, rest


def _full_kana(cells: Cells) -> tuple[str, str]:
    family, _, given = one_space(cells.kana("full_kana", KANA * 2)).partition("　")
    return family, given


@lru_cache(maxsize=_MANY)
def is_reading(part: str) -> bool:
    """Kana or Roman letters, or nothing, not longer than the register keeps."""
    return len(part) <= KANA and (not part or part.isascii() or is_kana(part))


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
    written = [cells.text(f"{which}_{part}", _LINE) for part in _ADDRESS]
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


def _reason(cells: Cells) -> tuple[str, str]:
    """The move that the file names, if it is one the register knows, else it is told by what changed; its 事由."""
    written = cells.raw("event_kind")
    meant = cells.layout.mapping.codes.get("event_kind", {}).get(plain(written)) if written else None
    kind = str(meant) if meant in _MOVES else ""
    return kind, cells.text("event_reason", _REASON)
