"""Who applies in the story, and what they type: right but for the one thing that is seeded wrong."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow
from scenarios.neko_hojokin.season import SEEDED, Season, at, received_at

HOSPITALS = ("見本動物病院", "例示どうぶつクリニック", "サンプル犬猫病院")
ORIGINS = ("ゆずり受けた", "購入した", "保護した", "飼い主のいない猫")
COLOURS = ("ミケ", "クロ", "シロ", "茶トラ", "サビ", "ハチワレ")
Raw = dict[str, list[str]]


@dataclass(frozen=True)
class Handed:
    """One application: whose, what is wrong with it (nothing: ""), and how it comes in."""

    place: int
    person: MemberRow
    house: HouseholdRow
    wrong: str
    raw: Raw
    at: datetime
    key: uuid.UUID


def applications(season: Season, houses: list[HouseholdRow], lot: Random) -> list[Handed]:
    """Every application of the season in the order of receipt; each of another household but where the mistake wants it."""
    wrong = [key for key in SEEDED for _ in range(season.wrong_each)]
    lot.shuffle(wrong)
    made: list[Handed] = []
    left = iter(houses)
    for key in wrong:
        made += _with_mistake(key, next(left), len(made), lot)
    while len(made) < season.applications:
        made.append(_handed(next(left), "", len(made), lot))
    return made


def _with_mistake(key: str, house: HouseholdRow, place: int, lot: Random) -> Iterator[Handed]:
    """The wrong application, after those of the same household that it needs to be wrong."""
    before = {"ic07_same_receipt": 1, "ic08_household": 3}.get(key, 0)
    for number in range(before):
        yield _handed(house, "", place + number, lot, cat=number)
    yield _handed(house, key, place + before, lot, cat=before)


def _handed(house: HouseholdRow, wrong: str, place: int, lot: Random, cat: int = 0) -> Handed:
    person = house.members[0]
    when = at(date(2026, 3, 25), 10) if wrong == "ic18_version" else received_at(place)
    raw = {name: [value] for name, value in {**_typed(house, person, place, cat, when, lot)}.items()}
    if wrong == "ic07_same_receipt":
        raw |= {"cat_name": [_cat(place - 1, 0)], "operated_on": [_operated(received_at(place - 1))]}
        raw |= {"hospital": [HOSPITALS[(place - 1) % 3]]}
    raw |= {name: [value] for name, value in _mistake(wrong, raw, when).items()}
    return Handed(place, person, house, wrong, raw, when, uuid.UUID(int=lot.getrandbits(128)))


def _operated(when: datetime) -> str:
    return (when.date() - timedelta(days=12)).isoformat()


def _cat(place: int, cat: int) -> str:
    return f"{COLOURS[place % 6]}{place}-{cat}"


def _typed(
    house: HouseholdRow, person: MemberRow, place: int, cat: int, when: datetime, lot: Random
) -> dict[str, str]:
    male = place % 2 == 0
    return {
        "name-family": person.family,
        "name-given": person.given,
        "name_kana-family": person.family_kana,
        "name_kana-given": person.given_kana,
        "birth": person.birth.isoformat() if person.birth else "",
        "address-postcode": house.address.postcode,
        "address-town": house.address.town,
        "address-block": house.address.block,
        "address-building": house.address.building,
        "telephone": f"090-0000-{lot.randint(1000, 9999)}",
        "cat_name": _cat(place, cat),
        "nyushukeiro": lot.choice(ORIGINS),
        "sex": "オス" if male else "メス",
        "operation": "去勢" if male else "不妊",
        "hospital": HOSPITALS[place % 3],
        "operated_on": _operated(when),
        "receipt_amount": "18000",
        "seikyu_money": "3000" if male else "5000",
        "bank_code": "9999",
        "branch_code": "997",
        "account_type": "普通",
        "account_number": f"{place:07d}",
        "account_holder": f"{person.family_kana} {person.given_kana}",
        "consent_lookup": "yes",
        "consent_true": "yes",
    }


def _mistake(wrong: str, raw: Raw, when: datetime) -> dict[str, str]:
    male = {"sex": "オス", "operation": "去勢"}
    female = {"sex": "メス", "operation": "不妊"}
    told = {
        "ic01_male_limit": {**male, "seikyu_money": "4000"},
        "ic02_female_limit": {**female, "seikyu_money": "5001"},
        "ic03_receipt": {**female, "seikyu_money": "2500", "receipt_amount": "2000"},
        "ic04_operation": {**male, "operation": "不妊", "seikyu_money": "3000"},
        "ic09_deadline": {"operated_on": (when.date() - timedelta(days=60)).isoformat()},
        "ic10_holder": {"account_holder": "ベツノ ヒト"},
        "ic32_address": {"hospital": f"{raw['address-town'][0]}{raw['address-block'][0]}（往診）"},
    }
    return told.get(wrong, {})


def as_registered(house: HouseholdRow, wrong: str) -> HouseholdRow:
    """The household as the register has it: where that is the mistake, with the member of staff who reviews."""
    if wrong != "ic31_household":
        return house
    assert len(house.members) > 1
    *others, last = house.members
    return replace(house, members=(*others, replace(last, family="小林", given="例")))
