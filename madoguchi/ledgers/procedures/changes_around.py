"""What changed around the questions: checks, stages, tables, points, places, letters, rounds, the procedure itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .changes_controls import control_point_changes
from .csv_tables import CsvTable
from .in_words import in_words, vocabulary_of
from .retention import KIND_NAMES, METHOD_NAMES

if TYPE_CHECKING:
    from .package import Package

Found = tuple[str, str, str]
"""Kind, place and sentence."""


def changes_around(old: Package, new: Package) -> Iterator[Found]:
    yield from flow_changes(old, new)
    yield from control_point_changes(old, new)
    yield from table_changes(old, new)
    yield from letter_changes(old, new)
    yield from period_changes(old, new)
    yield from word_changes(old, new)
    yield from other_files(old, new)


def keyed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Every key with what it was and what it is, those of the new version first."""
    for key in [*new, *(key for key in old if key not in new)]:
        yield key, old.get(key), new.get(key)


def gone_or_new(what: str, was: Any, now: Any) -> str:
    return f"{what}が加わりました。" if was is None else f"{what}がなくなりました。" if now is None else ""


def flow_changes(old: Package, new: Package) -> Iterator[Found]:
    yield from check_changes(old, new)
    yield from control_changes(old, new)
    place = "流れ"
    for _, was, now in keyed({s.key: s for s in old.flow.stages}, {s.key: s for s in new.flow.stages}):
        name = f"段階「{(now or was).label.ja}」"
        if said := gone_or_new(name, was, now):
            yield "stage_changed", place, said
        elif was != now:
            days = (
                f"（{was.office_days}日→{now.office_days}日）" if was.office_days != now.office_days else ""
            )
            yield "stage_changed", place, f"{name}の内容が変わりました{days}。"
    if old.flow.correction_days != new.flow.correction_days:
        told = f"補正の期限が{old.flow.correction_days}日から{new.flow.correction_days}日に変わりました。"
        yield "flow_changed", place, told
    if old.flow.approval_route != new.flow.approval_route:
        yield "flow_changed", place, "決裁の道が変わりました。"
    if old.flow.approval_title != new.flow.approval_title:
        yield "flow_changed", place, f"決裁の題名が「{new.flow.approval_title.ja}」に変わりました。"


def rule_parts(check: Any) -> tuple[Any, ...]:
    when = getattr(check, "when", None)
    return (check.rule.text, when.text if when else "")


def said_parts(check: Any) -> tuple[Any, ...]:
    return (check.label, check.passes, check.looks, check.not_run, check.correction, check.about)


def check_changes(old: Package, new: Package) -> Iterator[Found]:
    words, place = vocabulary_of(new), "自動の確認"
    for _, was, now in keyed({c.key: c for c in old.flow.checks}, {c.key: c for c in new.flow.checks}):
        name = f"確認「{(now or was).label.ja}」"
        if said := gone_or_new(name, was, now):
            yield "flow_check_changed", place, said
        elif rule_parts(was) != rule_parts(now):
            told = f"{name}の条件が変わりました。今は：{in_words(now.rule, words)}。"
            yield "flow_check_changed", place, told
        elif said_parts(was) != said_parts(now) or part_texts(was) != part_texts(now):
            yield "flow_check_changed", place, f"{name}の文が変わりました。"


def part_texts(check: Any) -> dict[str, str]:
    return {name: rule.text for name, rule in check.parts.items()}


def control_changes(old: Package, new: Package) -> Iterator[Found]:
    for _, was, now in keyed({c.key: c for c in old.flow.controls}, {c.key: c for c in new.flow.controls}):
        name = f"統制点「{(now or was).label.ja}」"
        if said := gone_or_new(name, was, now):
            yield "control_changed", "流れ", said
        elif (was.rule.text, was.stage, was.says) != (now.rule.text, now.stage, now.says):
            yield "control_changed", "流れ", f"{name}が変わりました。"


def table_changes(old: Package, new: Package) -> Iterator[Found]:
    for name, was, now in keyed(old.tables, new.tables):
        place = table_place(new if now else old, (now or was).file)
        if said := gone_or_new(f"表「{name}」", was, now):
            yield "table_changed", place, said
        elif was.header != now.header or was.rows != now.rows:
            kind = "facility_changed" if name == new.facilities_table else "table_row_changed"
            yield from row_changes(kind, place, was, now)


def table_place(package: Package, file: str) -> str:
    if file == f"tables/{package.facilities_table}.csv":
        return "場所"
    points = {table.file for table in package.scoring.tables.values()} if package.scoring else set()
    return (
        f"点数の表：{file.removeprefix('tables/')}"
        if file in points
        else f"表：{file.removeprefix('tables/')}"
    )


def row_changes(kind: str, place: str, was: CsvTable, now: CsvTable) -> Iterator[Found]:
    for column in [*now.header[1:], *was.header[1:]]:
        if (column in now.header) != (column in was.header):
            said = "加わりました" if column in now.header else "なくなりました"
            yield kind, place, f"列「{column}」が{said}。"
    if was.header[0] != now.header[0]:
        yield kind, place, f"行の選び方が {was.header[0]} から {now.header[0]} に変わりました。"
    before, after = (records(table) for table in (was, now))
    for row_id, old_row, new_row in keyed(before, after):
        name = row_name(row_id, new_row or old_row or {})
        if said := gone_or_new(name, old_row, new_row):
            yield kind, place, said + (points_told(new_row) if new_row else "")
        elif old_row != new_row:
            yield kind, place, f"{name}：{cell_changes(old_row or {}, new_row or {})}。"
    shared = [key for key in before if key in after]
    if shared != [key for key in after if key in before]:
        yield kind, place, "行の順が変わりました。"


def records(table: CsvTable) -> dict[str, dict[str, str]]:
    """Rows by their first cell; rows of one name are numbered."""
    found: dict[str, dict[str, str]] = {}
    for _, row in table.records():
        first = row[table.header[0]]
        key = first if first not in found else f"{first}#{len(found)}"
        found[key] = {name: cell for name, cell in row.items() if name != table.header[0] and cell}
    return found


def row_name(row_id: str, row: Mapping[str, str]) -> str:
    text = row.get("text_ja") or row.get("name") or ""
    return f"{row_id}「{text}」" if text else row_id


def points_told(row: Mapping[str, str]) -> str:
    return f"{row['points']}点です。" if row.get("points") else ""


COLUMNS = {
    "points": "点", "text_ja": "説明", "effective_from": "適用の始まり", "effective_to": "適用の終わり", "cap": "上限",
    "capacity": "定員", "closes_at": "閉まる時刻", "extension": "延長", "name": "名前", "address": "住所", "symbol": "記号",
    "school_district": "学区", "group": "組", "needs_approver": "承認者",
}  # fmt: skip


def cell_changes(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    told = [
        f"{COLUMNS.get(name, name)}が「{before or '空'}」から「{after or '空'}」"
        for name, before, after in keyed(was, now)
        if before != after
    ]
    return "、".join(told)


def letter_changes(old: Package, new: Package) -> Iterator[Found]:
    place = "通知"
    for _, was, now in keyed(old.flow.outcomes, new.flow.outcomes):
        name = f"結果「{(now or was).label.ja}」"
        if said := gone_or_new(name, was, now):
            yield "letter_changed", place, said
            continue
        if was.label.ja != now.label.ja:
            yield (
                "letter_changed",
                place,
                f"通知の題名が「{was.label.ja}」から「{now.label.ja}」に変わりました。",
            )
        if was.letter != now.letter:
            yield "letter_changed", place, f"{name}の通知が {was.letter} から {now.letter} に変わりました。"
        if was.appeal != now.appeal:
            yield (
                "letter_changed",
                place,
                f"{name}の教示が{'加わりました' if now.appeal else 'なくなりました'}。",
            )
    yield from letter_texts(old, new)


def letter_texts(old: Package, new: Package) -> Iterator[Found]:
    titles = {
        each.letter: each.label.ja for each in [*old.flow.outcomes.values(), *new.flow.outcomes.values()]
    }
    for name, was, now in keyed(letter_files(old), letter_files(new)):
        stem = name.removeprefix("letters/").rpartition(".")[0]
        what = f"「{titles.get(stem, stem)}」の{'紙の通知' if name.endswith('.typ') else '文面'}（{name}）"
        if said := gone_or_new(what, was, now):
            yield "letter_changed", "通知", said
        elif was != now:
            yield "letter_changed", "通知", f"{what}が変わりました。"


def letter_files(package: Package) -> dict[str, bytes]:
    return {name: body for name, body in sorted(package.files.items()) if name.startswith("letters/")}


PERIOD_WORDS: tuple[tuple[str, str], ...] = (
    ("opens", "始まり"),
    ("closes", "締切"),
    ("entry_on", "利用の始まり"),
    ("decision_on", "決定の日"),
    ("released_at", "発表"),
)


def period_changes(old: Package, new: Package) -> Iterator[Found]:
    place = "受付期間"
    for _, was, now in keyed({p.code: p for p in old.periods}, {p.code: p for p in new.periods}):
        name = f"受付期間「{(now or was).label.ja}」"
        if said := gone_or_new(name, was, now):
            yield "period_changed", place, said
            continue
        for attribute, word in PERIOD_WORDS:
            before, after = getattr(was, attribute), getattr(now, attribute)
            if before != after:
                yield (
                    "period_changed",
                    place,
                    f"{name}の{word}が {before or 'なし'} から {after or 'なし'} に変わりました。",
                )
        if was.label.ja != now.label.ja:
            yield (
                "period_changed",
                place,
                f"受付期間「{was.label.ja}」の名前が「{now.label.ja}」に変わりました。",
            )


ABOUT: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("names", "手続の名前", lambda p: p.names.ja),
    ("summary", "説明", lambda p: p.summary.ja),
    ("contact", "連絡先", lambda p: p.contact.ja),
    ("result", "結果の知らせ方", lambda p: p.result.ja),
    ("fee", "費用", lambda p: p.fee.ja),
    ("retention", "保存期間", lambda p: p.retention.ja),
    (
        "retention_rules",
        "保存期間の定め",
        lambda p: "、".join(
            f"{KIND_NAMES[kind]}は{rule.words}で{METHOD_NAMES[rule.method]}"
            for kind, rule in p.retention_rules.rules.items()
        ),
    ),
    ("standard_days", "標準処理期間（日）", lambda p: p.standard_days),
    ("channels", "受け付ける経路", lambda p: "・".join(p.channels)),
    ("section_code", "担当課", lambda p: p.section_code),
    ("law", "根拠法令", lambda p: "・".join(f"{law.name}{law.article}" for law in p.law)),
    ("conditions", "申請できる人", lambda p: "・".join(each.ja for each in p.conditions)),
    ("needs", "用意するもの", lambda p: "・".join(each.label.ja for each in p.needs)),
    ("identity", "本人確認の強さ", lambda p: f"IAL{p.required_identity.ial} AAL{p.required_identity.aal}"),
    ("in_force_from", "施行日", lambda p: p.in_force_from),
    ("in_force_to", "失効日", lambda p: p.in_force_to),
    ("facts", "使う市の記録", lambda p: "・".join(fact.label.ja for fact in p.facts)),
)


def word_changes(old: Package, new: Package) -> Iterator[Found]:
    for _, word, read in ABOUT:
        before, after = read(old), read(new)
        if before != after:
            yield (
                "words_changed",
                "手続の説明",
                f"{word}が「{before or 'なし'}」から「{after or 'なし'}」に変わりました。",
            )


TOLD = ("form.toml", "flow.toml", "procedure.toml", "controls.toml")


def other_files(old: Package, new: Package) -> Iterator[Found]:
    """Files no other sentence speaks of: the way points are worked out, the section's examples."""
    if old.files.get("scoring.toml") != new.files.get("scoring.toml"):
        yield "scoring_changed", "点数の決まり", "点数の決まり（scoring.toml）が変わりました。"
    for name, was, now in keyed(*({e.name: e for e in p.examples} for p in (old, new))):
        if said := gone_or_new(f"例「{name}」", was, now):
            yield "example_changed", "例", said
        elif example_parts(was) != example_parts(now):
            yield "example_changed", "例", f"例「{name}」が変わりました。"
    for name, was, now in keyed(old.files, new.files):
        if (
            was != now
            and name not in (*TOLD, "scoring.toml", "examples.toml")
            and name.endswith((".md", ".svg", ".png", ".toml"))
        ):
            yield (
                "file_changed",
                "そのほかのファイル",
                f"{name} が{'変わりました' if was and now else '加わりました' if now else 'なくなりました'}。",
            )


def example_parts(example: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(example).items() if name != "line"}
