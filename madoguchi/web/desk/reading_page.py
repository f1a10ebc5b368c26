"""A package as a person reads it: what is asked, when, what counts, what is sent; no queries."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.common.era import format_era
from madoguchi.ledgers.procedures.answers import read_all
from madoguchi.ledgers.procedures.changes import TYPES
from madoguchi.ledgers.procedures.controls import FILLERS, KIND_NAMES, STEP_NAMES
from madoguchi.ledgers.procedures.decision_cells import Between, OneOf
from madoguchi.ledgers.procedures.examples import context_of, score_of
from madoguchi.ledgers.procedures.flow import printed
from madoguchi.ledgers.procedures.in_words import (
    Vocabulary,
    in_words,
    inside_rows,
    sentence_in_words,
    vocabulary_of,
)

HITS = {
    "UNIQUE": "当てはまる行は1つだけです。",
    "FIRST": "上から見て、はじめに当てはまった行を使います。",
    "ANY": "当てはまる行は、どれも同じ答えです。",
    "COLLECT": "当てはまる行をすべて数えます（同じ組の中では1行だけ）。",
}
TABLES = {
    "base": "保護者の事由",
    "guardian": "保護者の調整",
    "adjust": "お子さん・世帯・クラブの調整",
    "combine": "保護者の点の合わせ方",
    "phases": "選考の順",
    "waivers": "順位によらない入所",
}


@dataclass(frozen=True)
class Question:
    """One question as the reading page shows it."""

    key: str
    label: str
    kind: str
    help: str
    must: str
    when: str
    quoted: bool
    options: tuple[str, ...]
    checks: tuple[tuple[str, str], ...]
    columns: tuple["Question", ...]
    formula: str


def pages(package: Any) -> list[dict[str, Any]]:
    """Pages of the form with their questions."""
    words = vocabulary_of(package)
    return [
        {
            "key": page.key,
            "title": page.title.ja,
            "help": page.help.ja,
            "when": str(in_words(page.visible, words)) if page.visible else "",
            "questions": [question(each, words) for each in page.fields],
        }
        for page in package.form.pages
    ]


def question(each: Any, words: Vocabulary) -> Question:
    inside = inside_rows(words, each.key)
    when = in_words(each.visible, words) if each.visible else None
    return Question(
        each.key,
        each.label.ja,
        TYPES[each.type],
        each.help.ja,
        must(each, words),
        str(when) if when else "",
        bool(when and when.quoted),
        options(each),
        tuple(
            (str(in_words(check.rule, words)), sentence_in_words(check.says.ja, check.parts, words))
            for check in each.checks
        ),
        tuple(question(column, inside) for column in each.columns),
        str(in_words(each.rule, words)) if each.rule else "",
    )


def must(each: Any, words: Vocabulary) -> str:
    if each.type in ("calculated", "explanation"):
        return ""
    if isinstance(each.required, bool):
        return "必須" if each.required else "任意"
    return f"{in_words(each.required, words)}ときは必須"


def options(each: Any) -> tuple[str, ...]:
    if each.options_from:
        return ("場所の一覧から選ぶ",)
    return tuple(option.label.ja for option in each.options)


def flow_checks(package: Any) -> list[dict[str, str]]:
    words = vocabulary_of(package)
    return [
        {
            "label": check.label.ja,
            "when": str(in_words(check.when, words)) if check.when else "いつも",
            "rule": str(in_words(check.rule, words)),
            "passes": check.passes.ja,
            "looks": check.looks.ja,
        }
        for check in package.flow.checks
    ]


def controls(package: Any) -> list[dict[str, str]]:
    words = vocabulary_of(package)
    return [
        {"label": each.label.ja, "rule": str(in_words(each.rule, words)), "says": each.says.ja}
        for each in package.flow.controls
    ]


def control_points(package: Any) -> list[dict[str, Any]]:
    """controls.toml in words: what stops a case, on which facts, and who may let it go on all the same."""
    words = vocabulary_of(package)
    return [
        {
            "point": each,
            "says": sentence_in_words(each.says.ja, each.parts, words),
            "step": STEP_NAMES[each.step],
            "kind": KIND_NAMES[each.kind],
            "rule": str(in_words(each.rule, words)) if each.rule else "",
            "filled_by": FILLERS.get(each.filled_by, ""),
            "facts": [
                (package.controls.label_of(path), package.controls.source_of(path))
                for path in sorted(each.rule.paths if each.rule else ())
            ],
        }
        for each in package.controls
    ]


def tables(package: Any) -> list[dict[str, Any]]:
    """The tables of points, each row as a sentence of conditions."""
    if package.scoring is None:
        return []
    return [
        {
            "name": TABLES.get(name, name),
            "file": table.file,
            "hit": HITS[table.hit.value],
            "rows": [table_row(package, row) for row in table.rows],
        }
        for name, table in package.scoring.tables.items()
    ]


def table_row(package: Any, row: Any) -> dict[str, Any]:
    ends = "" if row.ends.year == 9999 else f"{row.ends:%Y-%m-%d}まで"
    starts = "" if row.starts.year == 1 else f"{row.starts:%Y-%m-%d}から"
    results = "、".join(f"{value}" for value in row.results.values() if value)
    return {
        "id": row.id,
        "line": row.line,
        "text": row.text,
        "when": [condition(package, fact, cell) for fact, cell in row.conditions],
        "points": results or points(package, row),
        "group": row.group,
        "dates": f"{starts}{ends}",
    }


def points(package: Any, row: Any) -> str:
    if row.hand:
        return f"{row.hand.low.normalize():f}〜{row.hand.high.normalize():f}（{row.hand.approver}が決める）"
    told = f"{row.points.normalize():f}"
    if row.per:
        cap = f"、{row.per.cap.normalize():f}まで" if row.per.cap is not None else ""
        return f"{told}（{fact_label(package, row.per.fact)} {row.per.size.normalize():f}ごと{cap}）"
    return told


def fact_label(package: Any, name: str) -> str:
    return next((fact.label for fact in package.scoring.facts if fact.name == name), name)


def condition(package: Any, fact: str, cell: Any) -> str:
    label = fact_label(package, fact)
    if isinstance(cell, Between):
        return f"{label}が{between(cell)}"
    names = value_names(package, fact)
    texts = sorted(cell.texts) if isinstance(cell, OneOf) else []
    return f"{label}が{'か'.join(names.get(text, text) for text in texts)}"


def between(cell: Any) -> str:
    low = f"{cell.low:g}{'以上' if cell.with_low else 'より大きく'}" if cell.low != float("-inf") else ""
    high = f"{cell.high:g}{'以下' if cell.with_high else '未満'}" if cell.high != float("inf") else ""
    return f"{low}{high}"


def value_names(package: Any, fact: str) -> Mapping[str, str]:
    found = next((each for each in package.scoring.facts if each.name == fact), None)
    words = inside_rows(vocabulary_of(package), package.scoring.people)
    path = found.rule.text.removeprefix("row.") if found and found.rule else ""
    return {"yes": "はい", "no": "いいえ", **words.options.get(path, {})}


def other_tables(package: Any) -> list[Any]:
    """Tables that are no points and no places, as they are."""
    used = {table.file for table in package.scoring.tables.values()} if package.scoring else set()
    return [
        table
        for name, table in package.tables.items()
        if table.file not in used and name != package.facilities_table
    ]


FACT = re.compile(r"\{([a-z_]+)\}")


def letters(package: Any, town: Any) -> list[dict[str, Any]]:
    """Every letter with the facts of the first example that has points."""
    facts = letter_facts(package, town)
    return [
        {
            "key": key,
            "title": f"{each.label.ja}通知書",
            "appeal": each.appeal,
            "text": filled(package.files.get(f"letters/{each.letter}.txt", b"").decode(), facts),
        }
        for key, each in package.flow.outcomes.items()
    ]


def filled(text: str, facts: Mapping[str, Any]) -> str:
    return FACT.sub(lambda found: said(facts.get(found[1], f"（{found[1]}）")), text)


def said(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)


def letter_facts(package: Any, town: Any) -> dict[str, Any]:
    """Facts as an example's letter would have them; nobody real."""
    example = next((each for each in package.examples if each.score), next(iter(package.examples), None))
    told: dict[str, Any] = {
        "number": f"{package.number_prefix}0000000",
        "document_number": "例第0号",
        "dated_on": format_era(package.in_force_from),
        "municipality": town.name,
        "mayor": town.mayor,
        "contact": package.contact.ja,
        "status_url": "",
        "addressee": "見本　例",
        "child_name": "見本　例",
        "reason_lines": ["（ここに理由が入ります）"],
        "cut_off": "30",
        "wish_rank": 1,
        "monthly_fee": "（月額）",
        "received_on": format_era(package.in_force_from),
    }
    return told | (example_facts(package, example) if example else {})


def example_facts(package: Any, example: Any) -> dict[str, Any]:
    context = context_of(package, example)
    reading = read_all(package.form, example.raw, context)
    roles = {
        each.prefill: reading.values.get(each.key) for each in package.form.fields.values() if each.prefill
    }
    wishes = (
        next((reading.values.get(f.key) for f in package.form.fields.values() if f.type == "ranked"), None)
        or []
    )
    place = package.facility(wishes[0]) if wishes else None
    entry = context.reference_day
    points_told = score_of(package, reading.values, example)["total"] if package.scoring else 0
    return {
        "child_name": full_name(roles.get("child.name")),
        "addressee": full_name(roles.get("resident.name")),
        "child_birth": era(roles.get("child.birth")),
        "club_name": place.name if place else "なし",
        "entry_from": format_era(entry),
        "entry_until": format_era(date(entry.year + (entry.month > 3), 3, 31)),
        "score": f"{points_told:g}",
        **printed(package.flow, reading.values),
    }


def full_name(name: Any) -> str:
    return f"{name.get('family', '')}　{name.get('given', '')}" if isinstance(name, Mapping) else "見本　例"


def era(text: Any) -> str:
    return format_era(date.fromisoformat(text)) if text else "（生年月日）"


def days(package: Any) -> Iterator[tuple[str, str, str, int]]:
    """Stages with who acts and how many office days."""
    for stage in package.flow.stages:
        yield stage.label.ja, WHO.get(stage.who, stage.who), stage.resident_sees.ja, stage.office_days


WHO = {"counter": "窓口担当", "reviewer": "審査担当", "resident": "申請した人", "section_head": "課長"}
