"""The format `madoguchi-allocation/1`: read and examined as a whole before anything is computed, written at one stroke.

docs/reference/allocation_format.md says the same for people. What is wrong is told once, with its place in the file, the
reason and what to do; nothing is guessed or left out silently.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from .faults import FileUnreadable, InstanceFaulty, ResultFaulty

FORMAT = "madoguchi-allocation/1"
MOST_WISHES = 5_000
"""Joint wishes of one family: four children with seven clubs each, or nowhere, are 4,095."""

Wish = tuple[str | None, ...]
Tiers = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Facility:
    """seats by class, those of initial children included; the classes of one shared group pool theirs."""

    id: str
    seats: Mapping[str, int]
    shared: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """initial: the facility whose seat the child holds and never loses."""

    id: str
    age: str
    initial: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """wishes: best first, one facility (or None, not placed) for each child."""

    id: str
    children: tuple[str, ...]
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """One allocation to make. priorities: tiers by facility, best first; a tier is a tie."""

    facilities: tuple[Facility, ...]
    children: tuple[Child, ...]
    families: tuple[Family, ...]
    priorities: Mapping[str, Tiers]


def read_instance(file: Path) -> Instance:
    """The instance of a file. Raises FileUnreadable or InstanceFaulty."""
    return instance_of(read_json(file))


def told_of(instance: Instance) -> dict[str, Any]:
    """What a file says of an instance; instance_of() reads the same back."""
    return {
        "format": FORMAT,
        "facilities": [
            {"id": each.id, "seats": dict(each.seats), "shared": [list(group) for group in each.shared]}
            for each in instance.facilities
        ],
        "children": [
            {"id": each.id, "class": each.age, "initial": each.initial} for each in instance.children
        ],
        "families": [
            {"id": each.id, "children": list(each.children), "wishes": [list(wish) for wish in each.wishes]}
            for each in instance.families
        ],
        "priorities": {
            facility: [list(tier) for tier in tiers] for facility, tiers in instance.priorities.items()
        },
    }


def read_placed(file: Path) -> dict[str, str]:
    """Who is placed where by a result file of ours or of another solver."""
    told = read_json(file)
    placed = told.get("placed") if isinstance(told, dict) else None
    if not isinstance(placed, dict):
        raise ResultFaulty("placed", "子どもごとの施設の組がありません。")
    for child, facility in placed.items():
        if facility is not None and not isinstance(facility, str):
            raise ResultFaulty(f"placed.{child}", "施設の id（文字）でも null でもありません。")
    return {child: facility for child, facility in placed.items() if facility is not None}


def write_result(file: Path, result: Mapping[str, Any]) -> None:
    """The whole file or nothing: written beside it, then put in its place."""
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as out:
            written = Path(out.name)
            try:
                json.dump(result, out, ensure_ascii=False, indent=1)
            except BaseException:
                written.unlink()
                raise
        written.chmod(0o644)
        os.replace(written, file)
    except OSError as error:
        raise FileUnreadable(file, f"書き込めません: {error.strerror}") from error


def read_json(file: Path) -> Any:
    """What a file tells; a name that stands twice in one object is refused, not overwritten."""
    try:
        return json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_each_name_once)
    except OSError as error:
        raise FileUnreadable(file, error.strerror or "読めません") from error
    except json.JSONDecodeError as error:
        raise FileUnreadable(file, f"{error.lineno}行{error.colno}字目から JSON ではありません") from error
    except RecursionError as error:
        raise FileUnreadable(file, "入れ子が深すぎます") from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(file, "文字コードが UTF-8 ではありません") from error


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        name = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise InstanceFaulty(f"「{name}」", "同じ { } の中に2回あります。", "1つにまとめてください。")
    return told


def instance_of(told: Any) -> Instance:
    """An instance from parsed JSON. Raises InstanceFaulty with the place, the reason and the remedy."""
    if not isinstance(told, dict):
        raise InstanceFaulty("ファイル全体", "{ } で囲んだ JSON ではありません。")
    if told.get("format") != FORMAT:
        raise InstanceFaulty(
            "format", f"{told.get('format')!r} は読めません。", f'"format": "{FORMAT}" と書いてください。'
        )
    facilities = [_facility(f"facilities[{n}]", row) for n, row in enumerate(_list("facilities", told))]
    by_facility = _once("facilities", facilities)
    children = [_child(f"children[{n}]", row, by_facility) for n, row in enumerate(_list("children", told))]
    by_child = _once("children", children)
    families = [
        _family(f"families[{n}]", row, by_child, by_facility) for n, row in enumerate(_list("families", told))
    ]
    _once("families", families)
    _each_child_in_one_family(families, by_child)
    _initial_seats_suffice(children, by_facility)
    priorities = _priorities(told.get("priorities"), by_facility, by_child)
    _wishers_have_a_place(families, by_child, priorities)
    return Instance(tuple(facilities), tuple(children), tuple(families), priorities)


def _list(place: str, told: Any) -> list[Any]:
    name = place.rpartition(".")[2]
    found = told.get(name) if isinstance(told, dict) else None
    if not isinstance(found, list):
        raise InstanceFaulty(place, "[ ] で囲んだ一覧がありません。")
    return found


def _text(place: str, told: Any, name: str) -> str:
    found = told.get(name) if isinstance(told, dict) else None
    if not isinstance(found, str) or not found:
        raise InstanceFaulty(
            f"{place}.{name}", f"{found!r} は空でない文字ではありません。", '"…" で囲んでください。'
        )
    return found


def _once(place: str, rows: Sequence[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, row in enumerate(rows):
        if row.id in found:
            raise InstanceFaulty(
                f"{place}[{number}]", f"id「{row.id}」が2回あります。", "重なりを除いてください。"
            )
        found[row.id] = row
    return found


def _facility(place: str, told: Any) -> Facility:
    name = _text(place, told, "id")
    seats = told.get("seats")
    if not isinstance(seats, dict):
        raise InstanceFaulty(f"{place}.seats", f"施設「{name}」に、クラスごとの席の数がありません。")
    for age, count in seats.items():
        if type(count) is not int or count < 0:
            reason = f"施設「{name}」の席の数 {count!r} は0以上の整数ではありません。"
            raise InstanceFaulty(f"{place}.seats.{age}", reason)
    shared = told.get("shared") or []
    if not isinstance(shared, list) or not all(isinstance(group, list) for group in shared):
        raise InstanceFaulty(f"{place}.shared", "クラスの一覧の一覧ではありません。")
    _groups_are_apart(f"{place}.shared", shared, seats)
    return Facility(name, seats, tuple(map(tuple, shared)))


def _groups_are_apart(place: str, shared: list[list[Any]], seats: Mapping[str, int]) -> None:
    seen: set[str] = set()
    for age in (age for group in shared for age in group):
        if not isinstance(age, str) or age not in seats:
            raise InstanceFaulty(place, f"クラス {age!r} が seats にありません。", "席の数も書いてください。")
        if age in seen:
            raise InstanceFaulty(place, f"クラス「{age}」が2回あります。", "1つの組だけに書いてください。")
        seen.add(age)


def _child(place: str, told: Any, facilities: Mapping[str, Facility]) -> Child:
    name, age = _text(place, told, "id"), _text(place, told, "class")
    initial = told.get("initial")
    if initial is not None:
        _accepts(f"{place}.initial", facilities, initial, name, age)
    return Child(name, age, initial)


def _accepts(place: str, facilities: Mapping[str, Facility], facility: Any, child: str, age: str) -> None:
    known = facilities.get(facility) if isinstance(facility, str) else None
    if known is None:
        reason = f"子ども「{child}」の施設 {facility!r} が facilities にありません。"
        raise InstanceFaulty(place, reason, "施設を加えるか、id を直してください。")
    if age not in known.seats:
        reason = f"施設「{facility}」に、子ども「{child}」のクラス「{age}」がありません。"
        raise InstanceFaulty(place, reason, "希望から除くか、施設の seats にクラスを加えてください。")


def _family(
    place: str, told: Any, children: Mapping[str, Child], facilities: Mapping[str, Facility]
) -> Family:
    name, members = _text(place, told, "id"), _list(f"{place}.children", told)
    if not members:
        raise InstanceFaulty(f"{place}.children", f"家族「{name}」に子どもがいません。")
    for child in members:
        if not isinstance(child, str) or child not in children:
            raise InstanceFaulty(f"{place}.children", f"子ども {child!r} が children にありません。")
    wishes = _list(f"{place}.wishes", told)
    if len(wishes) > MOST_WISHES:
        reason = f"家族「{name}」の希望が{len(wishes):,}件あります。{MOST_WISHES:,}件までです。"
        raise InstanceFaulty(f"{place}.wishes", reason, "上位の希望だけにしてください。")
    ages = [(child, children[child].age) for child in members]
    for number, wish in enumerate(wishes):
        _wish(f"{place}.wishes[{number}]", wish, ages, facilities)
    return Family(name, tuple(members), tuple(map(tuple, wishes)))


def _wish(place: str, wish: Any, ages: Sequence[tuple[str, str]], facilities: Mapping[str, Facility]) -> None:
    if not isinstance(wish, list) or len(wish) != len(ages):
        reason = f"子ども{len(ages)}人に対して、施設を{len(ages)}つ並べた一覧ではありません。"
        raise InstanceFaulty(place, reason, "入らない子どもには null を書いてください。")
    for facility, (child, age) in zip(wish, ages, strict=True):
        if facility is not None:
            _accepts(place, facilities, facility, child, age)


def _each_child_in_one_family(families: Sequence[Family], children: Mapping[str, Child]) -> None:
    seen: dict[str, str] = {}
    for number, family in enumerate(families):
        for child in family.children:
            if child in seen:
                reason = f"子ども「{child}」は家族「{seen[child]}」にもいます。"
                raise InstanceFaulty(
                    f"families[{number}].children", reason, "1つの家族だけに書いてください。"
                )
            seen[child] = family.id
    for number, child in enumerate(children):
        if child not in seen:
            reason = f"子ども「{child}」がどの家族にもいません。"
            raise InstanceFaulty(f"children[{number}]", reason, "families に加えてください。")


def _initial_seats_suffice(children: Iterable[Child], facilities: Mapping[str, Facility]) -> None:
    held: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for child in children:
        if child.initial is None:
            continue
        groups = facilities[child.initial].shared
        group = next((group for group in groups if child.age in group), (child.age,))
        held[child.initial, group] += 1
    for (facility, group), count in held.items():
        seats = sum(facilities[facility].seats[age] for age in group)
        if count > seats:
            reason = f"施設「{facility}」のクラス{'・'.join(group)}は{seats}席ですが、在籍が{count}人います。"
            raise InstanceFaulty("facilities", reason, "seats に在籍の席も数えてください。")


def _priorities(
    told: Any, facilities: Mapping[str, Facility], children: Mapping[str, Child]
) -> dict[str, Tiers]:
    if not isinstance(told, dict):
        raise InstanceFaulty("priorities", "施設ごとの順位がありません。")
    for facility, tiers in told.items():
        place = f"priorities.{facility}"
        if facility not in facilities:
            raise InstanceFaulty(place, f"施設「{facility}」が facilities にありません。")
        if not isinstance(tiers, list) or not all(isinstance(tier, list) for tier in tiers):
            raise InstanceFaulty(place, '段の一覧（[["a"],["b","c"]]）ではありません。')
        _ranked_once(place, tiers, children)
    return {facility: tuple(map(tuple, tiers)) for facility, tiers in told.items()}


def _ranked_once(place: str, tiers: list[list[Any]], children: Mapping[str, Child]) -> None:
    seen: dict[str, int] = {}
    for number, tier in enumerate(tiers):
        for child in tier:
            if not isinstance(child, str) or child not in children:
                raise InstanceFaulty(f"{place}[{number}]", f"子ども {child!r} が children にありません。")
            if child in seen:
                reason = f"順位が循環しています。子ども「{child}」は{seen[child]}番目の段にもあります。"
                raise InstanceFaulty(f"{place}[{number}]", reason, "1つの段だけに書いてください。")
            seen[child] = number


def _wishers_have_a_place(
    families: Sequence[Family], children: Mapping[str, Child], priorities: Mapping[str, Tiers]
) -> None:
    ranked = {facility: {child for tier in tiers for child in tier} for facility, tiers in priorities.items()}
    for number, family in enumerate(families):
        for place, wish in enumerate(family.wishes):
            for child, facility in zip(family.children, wish, strict=True):
                if (
                    facility is None
                    or child in ranked.get(facility, ())
                    or children[child].initial == facility
                ):
                    continue
                reason = f"家族「{family.id}」の子ども「{child}」が、希望する施設「{facility}」の順位にありません。"
                remedy = f"priorities.{facility} に加えてください。"
                raise InstanceFaulty(f"families[{number}].wishes[{place}]", reason, remedy)
