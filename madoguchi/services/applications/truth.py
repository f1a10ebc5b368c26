"""入力の時点の確かめ. What was typed against the town's books; no queries.

What the applicant reads depends on the question alone (`Question`), never on what was found: no such person,
another household and a protected person look the same. What was found is for staff (`Finding`).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from madoguchi.common.era import format_era
from madoguchi.common.kana import fold_hyphens, fold_width, kana_key
from madoguchi.common.names import name_key
from madoguchi.ledgers.procedures.truth_rules import Truth
from madoguchi.services.applications.casefacts import by_prefill, registered
from madoguchi.services.applications.rules import Raw, belongs_to, full_name

LABELS = {
    "household": "住民記録の同じ世帯にいる",
    "birth": "住民記録の生年月日と一致",
    "address": "住民記録の住所と一致",
    "duplicate": "ほかの経路に同じ申請がない",
    "holder": "口座名義が申請する人と一致",
}
CORRECTION = "入力の内容を、もう一度確かめてください。"
ASKED = "（入力のときに、もう一度確かめるようお願いし、そのまま送られました。）"
KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")


@dataclass(frozen=True)
class Finding:
    """A comparison that did not agree, with the reason for staff."""

    truth: Truth
    reason: str


@dataclass(frozen=True)
class Question:
    """What the applicant is asked to look at again. It holds nothing of what was found."""

    field: str
    demand: str


def findings(
    truths: Sequence[Truth], form: Any, values: Mapping[str, Any], known: Mapping[str, Any]
) -> list[Finding]:
    """Every comparison that could be made and did not agree; what the town does not know is not compared."""
    found = ((truth, COMPARE[truth.kind](truth, form, values, known)) for truth in truths)
    return [Finding(truth, reason) for truth, reason in found if reason]


def could_run(truth: Truth, known: Mapping[str, Any]) -> bool:
    """Whether there was anything to compare with."""
    needs = {"household": "household", "birth": "household", "address": "resident", "duplicate": "duplicates"}
    return truth.kind == "holder" or needs[truth.kind] in known


def questions(found: Sequence[Finding]) -> tuple[Question, ...]:
    """What is asked, once a field: the same whatever and however much was found."""
    return tuple(dict.fromkeys(Question(each.truth.field, each.truth.demand) for each in found))


def _household(_: Truth, form: Any, values: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    child = by_prefill(form, values, "child.name")
    if "household" not in known or not full_name(child) or registered(known["household"], child):
        return ""
    return f"申請する人の世帯に「{full_name(child)}」という方がいません。"


def _birth(_: Truth, form: Any, values: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    typed = by_prefill(form, values, "child.birth")
    child = registered(known.get("household", []), by_prefill(form, values, "child.name"), typed)
    if child is None or not typed or not child.get("birth") or child["birth"] == typed:
        return ""
    return f"住民記録の生年月日は{format_era(date.fromisoformat(child['birth']))}です。"


def _address(_: Truth, form: Any, values: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    typed = by_prefill(form, values, "resident.address")
    kept = (known.get("resident") or {}).get("address")
    if not typed or not kept or same_address(typed, kept):
        return ""
    return f"住民記録の住所は「{kept.get('town', '')}{kept.get('block', '')}」です。"


def _duplicate(_: Truth, __: Any, ___: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    numbers = known.get("duplicates") or []
    return f"同じ氏名と生年月日の申請があります（{'、'.join(numbers)}）。" if numbers else ""


def _holder(truth: Truth, _: Any, values: Mapping[str, Any], __: Mapping[str, Any]) -> str:
    holder = full_name(values.get(truth.field))
    names = [full_name(values.get(key)) for key in truth.against]
    if not holder or not any(names) or any(same_holder(holder, name) for name in names):
        return ""
    return f"口座名義「{holder}」が、申請する人「{'、'.join(filter(None, names))}」と違います。"


COMPARE: Mapping[str, Callable[[Truth, Any, Mapping[str, Any], Mapping[str, Any]], str]] = {
    "household": _household,
    "birth": _birth,
    "address": _address,
    "duplicate": _duplicate,
    "holder": _holder,
}


def same_holder(holder: str, name: str) -> bool:
    """Whether a bank's holder (全銀: half width, large kana, - for ー) names this person, by sound or by characters."""
    return kana_key(_bank_text(holder)) == kana_key(_bank_text(name)) or name_key(holder) == name_key(name)


def _bank_text(text: str) -> str:
    return re.sub(r"[.,()/・．，]", "", fold_width(text)).upper()


def same_address(typed: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """Whether two addresses name one place: 一丁目２番３号 is 1-2-3, with or without the town's name before it."""
    one, other = address_key(typed), address_key(kept)
    return one.endswith(other) or other.endswith(one)


def address_key(address: Mapping[str, Any]) -> str:
    """Town and block without the ways of writing them; the building does not count."""
    text = fold_width(f"{address.get('town') or ''}{address.get('block') or ''}")
    text = re.sub(
        "[〇一二三四五六七八九](?=丁目|番|号)", lambda found: found[0].translate(KANJI_DIGITS), text
    )
    text = re.sub(r"丁目|番地の?|番|号|の(?=\d)", "-", fold_hyphens(text))
    return re.sub("-+", "-", name_key_of_place(text)).strip("-")


def name_key_of_place(text: str) -> str:
    """Variants of characters folded, strokes kept: between numbers they mean something."""
    return "-".join(name_key(part) for part in text.split("-"))


def mark_of(truths: Sequence[Truth], form: Any, raw: Raw, field: str) -> str:
    """A mark of what was typed when somebody said they had looked; it ends when an answer it hangs on changes."""
    roles = ("child.name", "child.birth")
    keys = {field, *(key for each in truths if each.field == field for key in each.against)}
    keys |= {each.key for each in form.fields.values() if each.prefill in roles}
    typed = {name: values for name, values in sorted(raw.items()) if belongs_to(name, keys)}
    return sha256(json.dumps(typed, ensure_ascii=False).encode()).hexdigest()[:32]
