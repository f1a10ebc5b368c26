"""What changed between two versions of a procedure, told so that a section head understands it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .changes_around import changes_around
from .fields import Field
from .in_words import Vocabulary, in_words, inside_rows, vocabulary_of
from .renames import Pair, option_names, pairs

if TYPE_CHECKING:
    from .cel import Rule
    from .package import Package

TYPES = {
    "text": "文字", "longtext": "長い文", "name": "氏名", "kana": "ふりがな", "date": "日付", "time": "時刻",
    "address": "住所", "phone": "電話", "email": "メール", "number": "数", "money": "金額", "choice": "選択",
    "ranked": "希望順", "yes_no": "はい・いいえ", "file": "ファイル", "group": "くり返し", "household": "世帯",
    "consent": "同意", "calculated": "計算", "explanation": "説明",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change. field is the key by its present name; empty when the change is not about a question."""

    kind: str
    place: str
    sentence: str
    field: str = ""

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "place": self.place, "sentence": self.sentence, "field": self.field}


@dataclass(frozen=True)
class PackageChanges:
    """Everything that differs, in the order of the form, then rules, tables, letters and rounds."""

    old: str
    new: str
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def fields(self) -> frozenset[str]:
        """Questions that are asked or read differently, by their present key."""
        return frozenset(
            change.field
            for change in self.changes
            if change.field and change.kind not in ("help_changed", "sensitive_changed")
        )

    @property
    def by_place(self) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.place, []).append(change)
        return found

    def as_json(self) -> dict[str, Any]:
        counts = Counter(change.kind for change in self.changes)
        told = [change.as_json() for change in self.changes]
        return {"old": self.old, "new": self.new, "counts": dict(counts), "changes": told}


def compare(old: Package, new: Package) -> PackageChanges:
    """What a person should know before the new version is used instead of the old one."""
    found = [*form_changes(old, new), *(Change(*each) for each in changes_around(old, new))]
    return PackageChanges(old.version, new.version, tuple(dict.fromkeys(found)))


def form_changes(old: Package, new: Package) -> Iterator[Change]:
    words = (vocabulary_of(old), vocabulary_of(new))
    yield from page_changes(old, new, words)
    for pair in pairs(old.form.fields.values(), new.form.fields.values()):
        form = new.form if pair.new else old.form
        title = form.page_of[pair.key].title.ja
        for kind, sentence in field_changes(pair, words):
            yield Change(kind, f"質問：{title}", sentence, pair.key)
        yield from moved(pair, old, new)


def page_changes(old: Package, new: Package, words: tuple[Vocabulary, Vocabulary]) -> Iterator[Change]:
    before = {page.key: page for page in old.form.pages}
    after = {page.key: page for page in new.form.pages}
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        title = (now or was).title.ja  # type: ignore[union-attr]
        place = f"質問：{title}"
        if was is None or now is None:
            kind, said = ("page_added", "加わりました") if now else ("page_removed", "なくなりました")
            yield Change(kind, place, f"ページ「{title}」が{said}。")
            continue
        if was.title.ja != now.title.ja:
            yield Change("label_changed", place, f"ページの名前が「{was.title.ja}」から変わりました。")
        if was.help.ja != now.help.ja:
            yield Change("help_changed", place, "ページの説明が変わりました。")
        if sentence := condition_change(f"ページ「{title}」", was.visible, now.visible, words):
            yield Change("visibility_changed", place, sentence)


def moved(pair: Pair, old: Package, new: Package) -> Iterator[Change]:
    if pair.old is None or pair.new is None:
        return
    was, now = old.form.page_of[pair.old.key], new.form.page_of[pair.new.key]
    if was.key != now.key:
        sentence = f"「{pair.new.label.ja}」が、ページ「{was.title.ja}」から移りました。"
        yield Change("moved", f"質問：{now.title.ja}", sentence)


Words2 = tuple[Vocabulary, Vocabulary]


def field_changes(pair: Pair, words: Words2, of: str = "") -> Iterator[tuple[str, str]]:
    """Kind and sentence of everything that changed of one question; of names the group a column stands in."""
    was, now = pair.old, pair.new
    if was is None and now is not None:
        yield (
            "field_added",
            f"{of}「{now.label.ja}」（{TYPES[now.type]}）が加わりました。{must(now, words[1])}です。",
        )
    elif now is None and was is not None:
        yield "field_removed", f"{of}「{was.label.ja}」がなくなりました。"
    elif was is not None and now is not None:
        yield from wording(was, now, of)
        yield from kinds(was, now, of)
        yield from rules(was, now, words, of)
        yield from readers(was, now, of)
        yield from columns(was, now, words)


def wording(was: Field, now: Field, of: str) -> Iterator[tuple[str, str]]:
    name = f"{of}「{now.label.ja}」"
    if was.key != now.key:
        yield (
            "field_renamed",
            f"{name}の名前（英字）が {was.key} から {now.key} に変わりました。答えは引き継がれます。",
        )
    if was.label.ja != now.label.ja:
        yield "label_changed", f"{of}「{was.label.ja}」の聞き方が「{now.label.ja}」に変わりました。"
    if was.help.ja != now.help.ja:
        yield "help_changed", f"{name}の説明が変わりました。"


SETTINGS = {
    "least": "最小", "most": "最大", "decimals": "小数の桁", "max_length": "文字数の上限", "min_rows": "行の最少",
    "max_rows": "行の最多", "ranks": "希望の数", "later": "後から出せるか", "accept": "ファイルの種類", "prefill": "写し元",
    "options_from": "選択肢の元",
}  # fmt: skip


def kinds(was: Field, now: Field, of: str) -> Iterator[tuple[str, str]]:
    name = f"{of}「{now.label.ja}」"
    if was.type != now.type:
        yield "type_changed", f"{name}の種類が「{TYPES[was.type]}」から「{TYPES[now.type]}」に変わりました。"
    elif was.empty != now.empty:
        yield "type_changed", f"{name}の選び方（1つ・いくつも）が変わりました。"
    for setting, word in SETTINGS.items():
        before, after = getattr(was, setting), getattr(now, setting)
        if before != after:
            yield (
                "setting_changed",
                f"{name}の{word}が「{plain(before)}」から「{plain(after)}」に変わりました。",
            )
    yield from options(was, now, name)


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, tuple):
        return "・".join(map(str, value))
    return "なし" if value in (None, "") else str(value)


def options(was: Field, now: Field, name: str) -> Iterator[tuple[str, str]]:
    before = {option.value: option.label.ja for option in was.options}
    after = {option.value: option.label.ja for option in now.options}
    renamed = option_names(was, now)
    for former, value in renamed.items():
        told = f"{name}の選択肢「{before[former]}」が「{after[value]}」に変わりました。答えは引き継がれます。"
        yield "options_changed", told
    for value in after:
        if value not in before and value not in renamed.values():
            yield "options_changed", f"{name}に選択肢「{after[value]}」が加わりました。"
        elif value in before and before[value] != after[value]:
            yield (
                "options_changed",
                f"{name}の選択肢「{before[value]}」の言い方が「{after[value]}」に変わりました。",
            )
    for value in before:
        if value not in after and value not in renamed:
            yield "options_changed", f"{name}の選択肢「{before[value]}」がなくなりました。"


def rules(was: Field, now: Field, words: Words2, of: str) -> Iterator[tuple[str, str]]:
    name = f"{of}「{now.label.ja}」"
    if sentence := condition_change(name, was.visible, now.visible, words):
        yield "visibility_changed", sentence
    if text_of(was.required) != text_of(now.required):
        yield (
            "required_changed",
            f"{name}は、{must(now, words[1])}になりました（前は{must(was, words[0])}）。",
        )
    if text_of(was.rule) != text_of(now.rule) and now.rule:
        yield "rule_changed", f"{name}の計算が変わりました。今は：{in_words(now.rule, words[1])}。"
    before = {(check.rule.text, check.says.ja) for check in was.checks}
    after = {(check.rule.text, check.says.ja) for check in now.checks}
    for check in now.checks:
        if (check.rule.text, check.says.ja) not in before:
            yield "check_changed", f"{name}に確認が加わりました：{in_words(check.rule, words[1])}。"
    for check in was.checks:
        if (check.rule.text, check.says.ja) not in after:
            yield "check_changed", f"{name}の確認がなくなりました：{in_words(check.rule, words[0])}。"


def readers(was: Field, now: Field, of: str) -> Iterator[tuple[str, str]]:
    if was.sensitive != now.sensitive:
        said = "権限のある職員だけが見る" if now.sensitive else "どの職員も見る"
        yield "sensitive_changed", f"{of}「{now.label.ja}」は、{said}項目になりました。"


def text_of(rule: Rule | bool | None) -> str:
    return str(rule) if isinstance(rule, bool) else (rule.text if rule else "")


def must(each: Field, words: Vocabulary) -> str:
    if isinstance(each.required, bool):
        return "必ず答える項目" if each.required else "答えなくてもよい項目"
    return f"「{in_words(each.required, words)}」ときに必ず答える項目"


def condition_change(name: str, was: Rule | None, now: Rule | None, words: Words2) -> str:
    if text_of(was) == text_of(now):
        return ""
    if now is None:
        return f"{name}は、いつも聞くようになりました。"
    return f"{name}は、{in_words(now, words[1])}ときに聞くようになりました。"


def columns(was: Field, now: Field, words: Words2) -> Iterator[tuple[str, str]]:
    inside = (inside_rows(words[0], was.key), inside_rows(words[1], now.key))
    for pair in pairs(was.columns, now.columns):
        yield from field_changes(pair, inside, f"「{now.label.ja}」の")
