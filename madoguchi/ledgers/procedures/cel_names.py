"""Which names a rule uses, found by walking its tree: unknown ones are reported before anybody applies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from .cel_cost import RuleTooCostly, refuse_costly
from .cel_functions import FUNCTIONS, MACROS, NATIVE

MAX_LENGTH = 2000
"""Characters of one rule; the longest of our own has about 300."""
MAX_BRACKETS = 24
"""Brackets inside brackets."""
MAX_WALKS = 2
"""Lists walked inside lists: with groups of at most 20 rows a rule stays under a thousand steps."""

RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "package",
        "namespace",
        "null",
        "return",
        "true",
        "var",
        "void",
        "while",
        "has",
    ]
)
"""Words a field or fact cannot be called."""


class RuleUnreadable(ValueError):
    """The text is not a rule; the message is a sentence for the author."""


@dataclass
class Use:
    """What one rule uses: dotted paths of names, names of functions, depth of walks over lists."""

    paths: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    walks: int = 0

    @property
    def roots(self) -> frozenset[str]:
        return frozenset(path.split(".")[0] for path in self.paths)


@lru_cache(maxsize=1)
def parser() -> Any:
    from celpy.celparser import CELParser  # takes 0.2 s and is needed at check time only

    return CELParser()


def use_of(rule: str) -> Use:
    """The names a rule uses. Raises RuleUnreadable with a sentence when it cannot be read or is too large."""
    refuse_large(rule)
    try:
        return used_in(parser().parse(rule))
    except RuleUnreadable:
        raise
    except RuleTooCostly:
        raise RuleUnreadable("規則の計算が大きくなりすぎます。一覧や文字を短くしてください。") from None
    except RecursionError:
        raise RuleUnreadable("規則が複雑すぎます。計算項目に分けてください。") from None
    except Exception as error:
        raise RuleUnreadable(syntax_sentence(error)) from None


def used_in(tree: Any) -> Use:
    use = Use()
    Walker(use).walk(tree, {}, 0)
    if use.walks > MAX_WALKS:
        raise RuleUnreadable(f"一覧の中の一覧をたどれるのは{MAX_WALKS}段までです。計算項目に分けてください。")
    refuse_costly(tree)
    return use


def refuse_large(rule: str) -> None:
    if not rule.strip():
        raise RuleUnreadable("規則が空です。書くか、この行を消してください。")
    if len(rule) > MAX_LENGTH:
        raise RuleUnreadable(f"規則が{MAX_LENGTH}文字を超えています。計算項目に分けてください。")
    depth = deepest = 0
    for letter in rule:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    if deepest > MAX_BRACKETS:
        raise RuleUnreadable(f"かっこが{MAX_BRACKETS}段を超えています。計算項目に分けてください。")


def syntax_sentence(error: Exception) -> str:
    column = getattr(error, "column", None)
    place = f"{column}文字目" if isinstance(column, int) else "途中"
    return f"規則の{place}で書き方が崩れています。かっこ・引用符・記号(&& || == など)を確かめてください。"


@dataclass
class Walker:
    """Goes down the tree with the names bound by exists, all, map and filter."""

    use: Use

    def walk(self, node: Any, bound: Mapping[str, str], depth: int) -> None:
        kind = getattr(node, "data", None)
        if kind is None:
            return
        handler = getattr(self, f"on_{kind}", None)
        if handler is None:
            self.walk_all(node.children, bound, depth)
        else:
            handler(node, bound, depth)

    def walk_all(self, nodes: Collection[Any], bound: Mapping[str, str], depth: int) -> None:
        for node in nodes:
            self.walk(node, bound, depth)

    def on_ident(self, node: Any, bound: Mapping[str, str], _depth: int) -> None:
        self.read(str(node.children[0]), bound)

    on_dot_ident = on_ident

    def on_ident_arg(self, node: Any, bound: Mapping[str, str], depth: int) -> None:
        name = str(node.children[0])
        if name != "has":
            self.use.functions.add(name)
        self.walk_all(node.children[1:], bound, depth)

    on_dot_ident_arg = on_ident_arg

    def on_member_dot(self, node: Any, bound: Mapping[str, str], depth: int) -> None:
        path = path_of(node)
        if path is None:
            self.walk(node.children[0], bound, depth)
        else:
            self.read(path, bound)

    def on_member_dot_arg(self, node: Any, bound: Mapping[str, str], depth: int) -> None:
        target, name, *arguments = node.children
        path = path_of(target)
        if path and f"{path}.{name}" in FUNCTIONS:
            self.use.functions.add(f"{path}.{name}")
            self.walk_all(arguments, bound, depth)
        elif str(name) in MACROS and arguments:
            self.walk_list(target, arguments[0].children, bound, depth + 1)
        else:
            self.use.functions.add(str(name))
            self.walk_all([target, *arguments], bound, depth)

    def walk_list(self, target: Any, arguments: list[Any], bound: Mapping[str, str], depth: int) -> None:
        self.use.walks = max(self.use.walks, depth)
        self.walk(target, bound, depth - 1)
        variable = path_of(arguments[0])
        if variable is None or "." in variable:
            raise RuleUnreadable("一覧をたどる規則の最初には、行を指す名前を1つ書いてください。")
        listed = path_of(target) or ""
        self.walk_all(arguments[1:], {**bound, variable: bound.get(listed, listed)}, depth)

    def on_member_object(self, _node: Any, _bound: Mapping[str, str], _depth: int) -> None:
        raise RuleUnreadable("この書き方(型を作る波かっこ)は使えません。")

    def read(self, path: str, bound: Mapping[str, str]) -> None:
        root, _, rest = path.partition(".")
        if root not in bound:
            self.use.paths.add(path)
        elif bound[root] and rest:
            self.use.paths.add(f"{bound[root]}.{rest}")


SINGLE = frozenset(
    [
        "expr",
        "conditionalor",
        "conditionaland",
        "relation",
        "addition",
        "multiplication",
        "unary",
        "member",
        "primary",
    ]
)


def path_of(node: Any) -> str | None:
    """The dotted name a tree stands for, such as facts.arrears_months; None for anything else."""
    kind = getattr(node, "data", None)
    if kind in ("ident", "dot_ident"):
        return str(node.children[0])
    if kind in SINGLE and len(node.children) == 1:
        return path_of(node.children[0])
    if kind == "member_dot":
        start = path_of(node.children[0])
        return f"{start}.{node.children[1]}" if start else None
    return None


def unknown_names(use: Use, known: Collection[str]) -> Iterator[str]:
    """A sentence for every name or function that does not exist, with the nearest one that does."""
    names = frozenset(known) | {path.split(".")[0] for path in known}
    for path in sorted(use.paths):
        if not is_known(path, names):
            yield unknown_sentence("名前", path, names)
    functions = set(FUNCTIONS) | NATIVE
    for name in sorted(use.functions - functions):
        yield unknown_sentence("関数", name, functions)


def is_known(path: str, names: Collection[str]) -> bool:
    """A member is checked only where members were declared (facts.x, guardians.reason)."""
    root, _, rest = path.partition(".")
    if root not in names:
        return False
    declared = {name for name in names if name.startswith(f"{root}.")}
    return not rest or not declared or ".".join(path.split(".")[:2]) in declared


def unknown_sentence(kind: str, name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    if near:
        return f"「{name}」という{kind}はありません。「{near[0]}」の書き間違いではありませんか。"
    some = "、".join(sorted(known)[:8])
    return f"「{name}」という{kind}はありません。使えるものの例: {some}。"
