"""GIF 申請（個人）: an application as A票 and B票 of 政府相互運用性フレームワーク, out and in; no queries.

Source: digital-go-jp/GIF, 451 実装データモデル（行政）, 申請（個人）データモデル. Who applies stands in the A票, in GIF's
own words; every other answer stands in 内容 of the B票, by the key and the label it has in the form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.readers import FieldError

A_SHEET, B_SHEET = "個人申請基本情報（A票）", "個人申請内容（B票）"
ADDRESS = {"postcode": "郵便番号", "town": "町字", "block": "番地以下", "building": "建物名等(方書)"}
ABOVE_TOWN = ("都道府県", "市区町村")
NAME, KANA = ("氏", "名"), ("氏（カナ）", "名（カナ）")
PHONE, MAIL, PLACE = "連絡先電話番号", "連絡先メールアドレス", "連絡先住所"


@dataclass(frozen=True)
class Town:
    """To whom an application goes (宛先)."""

    name: str
    mayor: str
    title: str = "市長"


@dataclass(frozen=True)
class GifCase:
    """What of a case goes into the sheets. `answers` are as other systems send them."""

    answers: Mapping[str, Any]
    period_code: str
    applied_on: date
    changed_on: date
    number: str = ""


@dataclass(frozen=True)
class GifRead:
    """Sheets as they were read; `errors` name the place in the sheets."""

    slug: str
    period_code: str
    answers: dict[str, Any]
    errors: list[FieldError] = field(default_factory=list)


@dataclass(frozen=True)
class Roles:
    """Which fields of a form are in the A票: of the applicant, and of the proxy where there is one."""

    name: str = ""
    kana: str = ""
    birth: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""

    def keys(self) -> frozenset[str]:
        return frozenset(vars(self).values()) - {""}


SHAPES = {
    "name": "name",
    "kana": "kana",
    "birth": "date",
    "address": "address",
    "phone": "phone",
    "email": "email",
}
PROXY = Roles(name="proxy_name", kana="proxy_kana", phone="proxy_phone")
PROXY_TEXTS = {"委任者の役割": "proxy_relationship", "委任内容": "proxy_scope"}


def applicant_roles(package: Package) -> Roles:
    """The fields that a package fills from the resident, each the first of its kind."""
    found: dict[str, str] = {}
    for each in package.form.fields.values():
        source, _, part = each.prefill.partition(".")
        if source == "resident" and SHAPES.get(part) == each.type:
            found.setdefault(part, each.key)
    return Roles(**found)


def to_gif(case: GifCase, package: Package, town: Town) -> dict[str, Any]:
    """The case as A票 and B票. Nothing is written that was not answered."""
    roles, proxied = applicant_roles(package), is_proxied(case.answers)
    in_a = set(roles.keys()) | ({*PROXY.keys(), *PROXY_TEXTS.values()} if proxied else set())
    return {
        A_SHEET: {
            "宛先": {
                "商号または名称": town.name,
                "代表者": {"氏名": town.mayor},
                "代表者役職名": town.title,
            },
            "申請日": case.applied_on.isoformat(),
            **people(case.answers, roles, proxied),
        },
        B_SHEET: {
            "名称": package.names.ja,
            "内容": {
                "手続": package.slug,
                "版": package.version,
                "受付期間": case.period_code,
                **({"受付番号": case.number} if case.number else {}),
                "項目": [item for item in items(case.answers, package) if item["項目名"] not in in_a],
            },
            "更新年月日": case.changed_on.isoformat(),
        },
    }


def is_proxied(answers: Mapping[str, Any]) -> bool:
    return answers.get("proxy_for") == "proxy"


def people(answers: Mapping[str, Any], roles: Roles, proxied: bool) -> dict[str, Any]:
    """申請者 is who sends it; with a proxy the person it is for is 委任者."""
    principal = person_out(answers, roles)
    if not proxied:
        return {"連絡先": contact_out(answers, roles), "申請者": principal}
    told = {word: answers[key] for word, key in PROXY_TEXTS.items() if key in answers}
    return {
        "連絡先": contact_out(answers, PROXY),
        "申請者": person_out(answers, PROXY),
        "委任者": principal,
        **told,
    }


def person_out(answers: Mapping[str, Any], roles: Roles) -> dict[str, Any]:
    """個人, with the names both in parts and whole."""
    told: dict[str, Any] = {}
    for key, words, whole in ((roles.name, NAME, "氏名"), (roles.kana, KANA, "氏名（カナ）")):
        if key in answers:
            parts = (answers[key].get("family", ""), answers[key].get("given", ""))
            told |= dict(zip(words, parts, strict=True))
            told[whole] = "　".join(part for part in parts if part)
    if roles.birth in answers:
        told["生年月日"] = answers[roles.birth]
    if roles.address in answers:
        told["住所"] = address_out(answers[roles.address])
    if contact := contact_out(answers, roles):
        told["連絡先情報"] = contact
    return told


def address_out(address: Mapping[str, str]) -> dict[str, str]:
    return {word: address[part] for part, word in ADDRESS.items() if address.get(part)}


def contact_out(answers: Mapping[str, Any], roles: Roles) -> dict[str, str]:
    told = {PHONE: answers.get(roles.phone), MAIL: answers.get(roles.email)}
    return {word: text for word, text in told.items() if text}


def items(answers: Mapping[str, Any], package: Package) -> Iterator[dict[str, Any]]:
    for key, each in package.form.fields.items():
        if key in answers:
            yield {"項目名": key, "名称": each.label.ja, "値": answers[key]}


def from_gif(sheets: Mapping[str, Any], package: Package) -> GifRead:
    """The answers of the sheets. What cannot be read is told by its place in them; nothing is guessed."""
    basic, content = dict_at(sheets, A_SHEET), dict_at(dict_at(sheets, B_SHEET), "内容")
    errors: list[FieldError] = []
    answers = dict(items_in(content, errors))
    has_proxy = bool(dict_at(basic, "委任者"))
    if has_proxy and package.proxy is None:
        errors.append(FieldError(f"{A_SHEET}/委任者", "この手続は、代理の方からの申請を受けていません。"))
    principal = "委任者" if has_proxy else "申請者"
    known = dict_at(basic, principal)
    contact = dict_at(known, "連絡先情報") or ({} if has_proxy else dict_at(basic, "連絡先"))
    place = f"{A_SHEET}/{principal}"
    answers |= person_in(known, contact, applicant_roles(package), place, errors)
    if has_proxy and package.proxy is not None:
        answers |= proxy_in(basic, errors)
    period = str(content.get("受付期間") or "")
    return GifRead(str(content.get("手続") or ""), period, answers, errors)


def proxy_in(basic: Mapping[str, Any], errors: list[FieldError]) -> dict[str, Any]:
    sender = dict_at(basic, "申請者")
    contact = dict_at(sender, "連絡先情報") or dict_at(basic, "連絡先")
    told = {key: basic[word] for word, key in PROXY_TEXTS.items() if word in basic}
    return {"proxy_for": "proxy", **told} | person_in(sender, contact, PROXY, f"{A_SHEET}/申請者", errors)


def dict_at(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def items_in(content: Mapping[str, Any], errors: list[FieldError]) -> Iterator[tuple[str, Any]]:
    """The answers of the B票, by the keys of the form."""
    place = f"{B_SHEET}/内容/項目"
    listed = content.get("項目", [])
    for index, item in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(item, dict) and isinstance(item.get("項目名"), str):
            yield item["項目名"], item.get("値")
        else:
            errors.append(FieldError(f"{place}/{index}", "「項目名」と「値」の組で送ってください。"))
    if not isinstance(listed, list):
        errors.append(FieldError(place, "リストで送ってください。"))


def person_in(
    person: Mapping[str, Any], contact: Mapping[str, Any], roles: Roles, place: str, errors: list[FieldError]
) -> dict[str, Any]:
    """The answers that a 個人 gives."""
    found: dict[str, Any] = {
        roles.name: name_in(person, NAME, "氏名", place, errors),
        roles.kana: name_in(person, KANA, "氏名（カナ）", place, errors),
        roles.birth: person.get("生年月日"),
        roles.address: address_in(dict_at(person, "住所")),
        roles.phone: contact.get(PHONE),
        roles.email: contact.get(MAIL),
    }
    return {key: value for key, value in found.items() if key and value}


def name_in(
    person: Mapping[str, Any], words: tuple[str, str], whole: str, place: str, errors: list[FieldError]
) -> dict[str, Any]:
    """{"family", "given"}; a whole name is taken apart only where a space says how."""
    family, given = (person.get(word) for word in words)
    if family or given:
        return {"family": family or "", "given": given or ""}
    told = person.get(whole)
    if not told:
        return {}
    parts = told.split() if isinstance(told, str) else []
    if len(parts) != 2:
        errors.append(
            FieldError(f"{place}/{whole}", f"「{words[0]}」と「{words[1]}」に分けて送ってください。")
        )
        return {}
    return {"family": parts[0], "given": parts[1]}


def address_in(place: Mapping[str, Any]) -> dict[str, Any]:
    """The four parts of ours; prefecture and municipality, where told apart, go before the 町字."""
    found = {part: place[word] for part, word in ADDRESS.items() if place.get(word)}
    above = "".join(str(place[word]) for word in ABOVE_TOWN if place.get(word))
    if above:
        found["town"] = above + str(found.get("town", ""))
    return found
