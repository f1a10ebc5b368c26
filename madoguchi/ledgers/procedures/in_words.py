"""Rules put into Japanese sentences, for people who decide on a package but do not read formulas.

What the translation does not know is quoted as it is written: a wrong sentence would be worse than a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .cel import Rule
from .cel_names import parser, path_of
from .controls import ACTS

if TYPE_CHECKING:
    from .fields import Field
    from .package import Package

OUTER = {
    "on": "受付の日",
    "channel": "申請の経路",
    "period.code": "受付期間",
    "period.opens": "受付の始まり",
    "period.closes": "締切",
    "period.entry_on": "利用が始まる日",
    "period.decision_on": "決定の日",
    "wish.rank": "希望の順位",
    "wish.code": "希望した場所",
    "wish.school_district": "希望した場所の学区",
    "facts.sibling_wishes": "きょうだいの希望",
    "facts.on_time": "期限内の申請",
}
CHANNELS = {"online": "ネット", "counter": "窓口", "paper": "紙", "proxy": "代理"}
YES_NO = {"true": "はい", "false": "いいえ"}


class Unsayable(Exception):
    """This part of a rule has no sentence yet."""


@dataclass(frozen=True)
class Vocabulary:
    """What names are called, and what their values are called, by dotted path."""

    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def label(self, path: str) -> str:
        if path not in self.labels:
            raise Unsayable(path)
        return self.labels[path]


@dataclass(frozen=True)
class Said:
    """A rule as a sentence; quoted when it could not be put in words."""

    text: str
    quoted: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Clause:
    """A condition said as it is and said denied."""

    yes: str
    no: str


@dataclass(frozen=True)
class Thing:
    """A value in a sentence; path when it is a name, literal when it was written in the rule."""

    text: str
    path: str = ""
    literal: str | None = None
    counted: str = ""
    """What is counted, when the thing is the number of something."""


Told = Clause | Thing


def vocabulary_of(package: Package) -> Vocabulary:
    """Labels of everything the rules of a package may name."""
    labels = dict(OUTER) | {f"facts.{fact.key}": fact.label.ja for fact in package.facts}
    labels |= {f"facts.{fact.key}": fact.label.ja for fact in package.controls.facts}
    labels |= {f"acts.{name}": label for name, label in ACTS.items()}
    options: dict[str, Mapping[str, str]] = {"channel": CHANNELS}
    for each in package.form.fields.values():
        add_field(each, each.key, labels, options)
        for column in each.columns:
            add_field(column, f"{each.key}.{column.key}", labels, options)
    return Vocabulary(labels, options)


def add_field(each: Field, path: str, labels: dict[str, str], options: dict[str, Mapping[str, str]]) -> None:
    labels[path] = each.label.ja
    parts = {"family": "姓", "given": "名", "postcode": "郵便番号", "town": "町名", "block": "番地"}
    labels.update({f"{path}.{part}": f"{each.label.ja}の{word}" for part, word in parts.items()})
    if each.options:
        options[path] = {option.value: option.label.ja for option in each.options}


def inside_rows(words: Vocabulary, group: str) -> Vocabulary:
    """The vocabulary in which the columns of a group go by their bare names."""
    start = f"{group}."
    own = {path.removeprefix(start): label for path, label in words.labels.items() if path.startswith(start)}
    values = {
        path.removeprefix(start): each for path, each in words.options.items() if path.startswith(start)
    }
    return Vocabulary({**words.labels, **own}, {**words.options, **values})


def in_words(rule: Rule | str, words: Vocabulary) -> Said:
    """The rule as a Japanese clause (…とき), or quoted."""
    text = rule if isinstance(rule, str) else rule.text
    try:
        told = Translator(words).say(parser().parse(text), {})
    except (Unsayable, RecursionError):
        return Said(f"規則「{text}」", quoted=True)
    return Said(told.yes if isinstance(told, Clause) else told.text)


def sentence_in_words(says: str, parts: Mapping[str, Rule], words: Vocabulary) -> str:
    """A sentence that is filled later, as somebody reads it before: what comes into each {gap} is said by its name."""
    told = says.replace("{value}", "（入力した値）")
    for name, part in parts.items():
        said = in_words(part, words)
        told = told.replace(f"{{{name}}}", "（計算した値）" if said.quoted else said.text)
    return told


def as_clause(told: Told) -> Clause:
    """A yes-or-no value standing alone means "is yes"."""
    if isinstance(told, Clause):
        return told
    if told.literal in YES_NO:
        always = told.literal == "true"
        return Clause("いつも" if always else "決して当てはまらない", "" if always else "いつも")
    if not told.path:
        raise Unsayable(told.text)
    return Clause(f"{told.text}が「はい」", f"{told.text}が「はい」ではない")


COMPARED = {
    "relation_lt": ("が{}より小さい", "が{}以上"),
    "relation_le": ("が{}以下", "が{}より大きい"),
    "relation_gt": ("が{}より大きい", "が{}以下"),
    "relation_ge": ("が{}以上", "が{}より小さい"),
}
FUNCTIONS = {
    "age_on": "{1}の{0}の年齢",
    "school_grade": "{1}の学年（{0}から）",
    "age_class": "{1}の年度の歳児クラス（{0}から）",
    "fiscal_year": "{0}の年度",
    "days": "{0}から{1}までの日数",
    "hours_between": "{0}から{1}までの時間",
    "minutes_between": "{0}から{1}までの分",
    "minutes_after": "{1}から{0}までの分",
    "number": "{0}",
    "text": "{0}",
    "yen": "{0}（円）",
    "int": "{0}",
    "double": "{0}",
    "string": "{0}",
    "distinct": "異なる{0}",
    "min": "{0}の最小",
    "max": "{0}の最大",
    "sum": "{0}の合計",
    "join": "{0}",
}
SAME_THING = frozenset({"number", "text", "int", "double", "string"})


OR, AND = "、または", "、かつ"


def joined(left: str, word: str, right: str) -> str:
    """Two clauses; one that holds the other word is put in brackets, so that it can be read one way only."""
    other = AND if word == OR else OR
    return word.join(f"（{each}）" if other in each else each for each in (left, right))


def bracketed(clause: str) -> str:
    return f"（{clause}）" if OR in clause or AND in clause else clause


class Translator:
    """Goes down the tree of a rule. bound holds the rows being walked: variable → path of its list."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words

    def say(self, node: Any, bound: Mapping[str, str]) -> Told:
        kind = getattr(node, "data", None)
        if kind is None:
            raise Unsayable(str(node))
        if str(kind) in COMPARED or str(kind) in ("relation_eq", "relation_ne", "relation_in"):
            raise Unsayable(str(kind))
        act: Callable[[Any, Mapping[str, str]], Told] | None = getattr(self, f"on_{kind}", None)
        if act is not None:
            return act(node, bound)
        if len(node.children) == 1:
            return self.say(node.children[0], bound)
        raise Unsayable(str(kind))

    def both(self, node: Any, bound: Mapping[str, str], word: str, denied: str) -> Told:
        if len(node.children) == 1:
            return self.say(node.children[0], bound)
        left, right = (as_clause(self.say(child, bound)) for child in node.children)
        return Clause(joined(left.yes, word, right.yes), joined(left.no, denied, right.no))

    def on_conditionalor(self, node: Any, bound: Mapping[str, str]) -> Told:
        return self.both(node, bound, OR, AND)

    def on_conditionaland(self, node: Any, bound: Mapping[str, str]) -> Told:
        return self.both(node, bound, AND, OR)

    def on_expr(self, node: Any, bound: Mapping[str, str]) -> Told:
        if len(node.children) == 1:
            return self.say(node.children[0], bound)
        test, yes, no = (self.say(child, bound) for child in node.children)
        if isinstance(yes, Clause) or isinstance(no, Clause):
            yes, no = as_clause(yes), as_clause(no)
            when = as_clause(test)
            told = f"（{when.yes}ときは{{}}、そうでなければ{{}}）"
            return Clause(told.format(yes.yes, no.yes), told.format(yes.no, no.no))
        return Thing(f"{as_clause(test).yes}ときは{yes.text}、そうでなければ{no.text}")

    def on_paren_expr(self, node: Any, bound: Mapping[str, str]) -> Told:
        return self.say(node.children[0], bound)

    def on_unary(self, node: Any, bound: Mapping[str, str]) -> Told:
        if len(node.children) == 1:
            return self.say(node.children[0], bound)
        if node.children[0].data != "unary_not":
            raise Unsayable("minus")
        told = as_clause(self.say(node.children[1], bound))
        return Clause(told.no, told.yes)

    def on_relation(self, node: Any, bound: Mapping[str, str]) -> Told:
        if len(node.children) == 1:
            return self.say(node.children[0], bound)
        head, right = node.children
        left = self.say(head.children[0], bound)
        other = self.say(right, bound)
        if isinstance(left, Clause) or isinstance(other, Clause):
            raise Unsayable("a condition compared")
        return self.compared(str(head.data), left, other)

    def compared(self, kind: str, left: Thing, right: Thing) -> Clause:
        if kind == "relation_in":
            return self.among(left, right)
        if left.literal is not None and right.literal is None and kind in ("relation_eq", "relation_ne"):
            left, right = right, left
        if left.counted and right.literal is not None:
            return counted(kind, left, right.literal)
        if kind in COMPARED:
            yes, no = COMPARED[kind]
            return Clause(left.text + yes.format(right.text), left.text + no.format(right.text))
        same = self.equal(left, right)
        return same if kind == "relation_eq" else Clause(same.no, same.yes)

    def equal(self, left: Thing, right: Thing) -> Clause:
        if right.literal in ("null", ""):
            return Clause(f"{left.text}が空", f"{left.text}が入力されている")
        if right.literal in YES_NO:
            said = f"「{YES_NO[right.literal]}」"
        elif right.literal is not None:
            name = self.words.options.get(left.path, {}).get(right.literal)
            said = f"「{name}」" if name else right.text
        elif left.text == right.text:
            raise Unsayable("two rows compared")
        else:
            return Clause(f"{left.text}と{right.text}が同じ", f"{left.text}と{right.text}が違う")
        return Clause(f"{left.text}が{said}", f"{left.text}が{said}以外")

    def among(self, item: Thing, listed: Thing) -> Clause:
        if listed.literal is not None:
            names = self.words.options.get(item.path, {})
            told = "".join(f"「{names.get(each, each)}」" for each in listed.literal.split("\x1f"))
            return Clause(f"{item.text}が{told}のどれか", f"{item.text}が{told}のどれでもない")
        name = self.words.options.get(listed.path, {}).get(item.literal or "")
        said = f"「{name}」" if name else item.text
        return Clause(f"{listed.text}に{said}がある", f"{listed.text}に{said}がない")

    def on_literal(self, node: Any, _bound: Mapping[str, str]) -> Thing:
        text = str(node.children[0])
        if text[:1] in "\"'" and len(text) >= 2:
            return Thing(f"「{text[1:-1]}」", literal=text[1:-1])
        number = text.removesuffix(".0")
        return Thing(number, literal=number)

    def on_list_lit(self, node: Any, bound: Mapping[str, str]) -> Thing:
        things = self.arguments(node, bound)
        if any(thing.literal is None for thing in things):
            raise Unsayable("a list of names")
        texts = [str(thing.literal) for thing in things]
        return Thing("・".join(texts), literal="\x1f".join(texts))

    def arguments(self, node: Any, bound: Mapping[str, str]) -> list[Thing]:
        lists = [child for child in node.children if getattr(child, "data", "") == "exprlist"]
        told = [self.say(child, bound) for each in lists for child in each.children]
        if any(isinstance(each, Clause) for each in told):
            raise Unsayable("a condition as a value")
        return [each for each in told if isinstance(each, Thing)]

    def on_ident(self, node: Any, bound: Mapping[str, str]) -> Thing:
        name = str(node.children[0])
        if name in bound:
            return Thing("その行", path=bound[name])
        return Thing(f"『{self.words.label(name)}』", path=name)

    def on_member_dot(self, node: Any, bound: Mapping[str, str]) -> Thing:
        path = dotted(node)
        root, _, rest = path.partition(".")
        full = f"{bound[root]}.{rest}" if root in bound else path
        return Thing(f"『{self.words.label(full)}』", path=full)

    def on_ident_arg(self, node: Any, bound: Mapping[str, str]) -> Told:
        name, things = str(node.children[0]), self.arguments(node, bound)
        if name == "contains" and len(things) == 2:
            return self.among(things[1], things[0])
        if name in ("size", "count") and len(things) == 1:
            return Thing(f"{things[0].text}の数", counted=things[0].text)
        if name not in FUNCTIONS or not things:
            raise Unsayable(name)
        path = things[0].path if name in SAME_THING else ""
        return Thing(FUNCTIONS[name].format(*(thing.text for thing in things)), path=path)

    def on_member_dot_arg(self, node: Any, bound: Mapping[str, str]) -> Told:
        target, name = node.children[0], str(node.children[1])
        if name == "size":
            found = self.say(target, bound)
            if isinstance(found, Clause):
                raise Unsayable(name)
            return Thing(f"{found.text}の数", counted=found.text)
        if name not in ("all", "exists", "filter", "map"):
            raise Unsayable(name)
        variable, body = node.children[2].children
        listed = self.say(target, bound)
        if isinstance(listed, Clause):
            raise Unsayable(name)
        return walked(name, listed, self.say(body, {**bound, dotted(variable): listed.path}))


def walked(name: str, listed: Thing, body: Told) -> Told:
    """A list gone through: .all, .exists, .filter and .map."""
    if name == "map":
        return Thing(f"各{listed.text}の{body.text}") if isinstance(body, Thing) else Thing(listed.text)
    told = as_clause(body)
    yes, no = bracketed(told.yes), bracketed(told.no)
    if name == "filter":
        return Thing(f"{listed.text}のうち{yes}という行", path=listed.path)
    if name == "all":
        return Clause(f"{listed.text}のどの行も{yes}", f"{listed.text}の中に{no}という行がある")
    return Clause(f"{listed.text}の中に{yes}という行がある", f"{listed.text}の中に{yes}という行がない")


def counted(kind: str, left: Thing, number: str) -> Clause:
    """size(x) == 0 is "there is none"."""
    there = Clause(f"{left.counted}がある", f"{left.counted}がない")
    if (kind, number) in (("relation_gt", "0"), ("relation_ge", "1"), ("relation_ne", "0")):
        return there
    if (kind, number) in (("relation_eq", "0"), ("relation_lt", "1")):
        return Clause(there.no, there.yes)
    if kind in COMPARED:
        yes, no = COMPARED[kind]
        return Clause(left.text + yes.format(number), left.text + no.format(number))
    same = Clause(f"{left.text}が{number}", f"{left.text}が{number}以外")
    return same if kind == "relation_eq" else Clause(same.no, same.yes)


def dotted(node: Any) -> str:
    """The dotted name a tree stands for. Raises Unsayable."""
    path = path_of(node)
    if path is None:
        raise Unsayable("not a name")
    return path
