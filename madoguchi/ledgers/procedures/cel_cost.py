"""How much a rule can cost at worst, reckoned before it is taken: a package from another town may be hostile.

The language has no loops, but lists walked inside lists and texts doubled in a row of maps grow without end.
Every part gets an upper bound: how many items, how many letters an item, how many steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .cel_functions import FUNCTIONS, MACROS

MAX_STEPS = 1_000_000
MAX_LETTERS = 10_000_000


class RuleTooCostly(ValueError):
    """The bound is passed; nothing was run."""


@dataclass(frozen=True)
class Bound:
    """At most so many items of so many letters, reached in so many steps."""

    items: int = 1
    letters: int = 1
    steps: int = 1

    def checked(self) -> Bound:
        if self.steps > MAX_STEPS or self.items * self.letters > MAX_LETTERS:
            raise RuleTooCostly
        return self


ANSWER = Bound(100, 1000)
"""An answer or fact: groups have at most 20 rows, tables of places about 100, texts 2,000 letters."""
VALUE = Bound(1, 1000)

Names = Mapping[str, Bound]


def refuse_costly(tree: Any) -> None:
    """Raises RuleTooCostly when a rule could take more steps or memory than a page may."""
    bound_of(tree, {})


def bound_of(node: Any, names: Names) -> Bound:
    kind = getattr(node, "data", None)
    if kind is None:
        return Bound(1, len(str(node)))
    if kind in ("ident", "dot_ident"):
        return names.get(str(node.children[0]), ANSWER)
    if kind in ("ident_arg", "dot_ident_arg"):
        return call(str(node.children[0]), [bound_of(each, names) for each in node.children[1:]])
    if kind == "member_dot_arg":
        return method(node, names)
    return composed(kind, [bound_of(each, names) for each in node.children])


def composed(kind: str, parts: list[Bound]) -> Bound:
    """An operator or a member over its parts."""
    if kind in ("member_dot", "member_index"):
        items = parts[0].items if kind == "member_dot" else 1
        return Bound(items, parts[0].letters, together(parts).steps)
    if kind in JUDGING and len(parts) > 1:
        return Bound(steps=together(parts).steps).checked()
    return together(parts)


JUDGING = frozenset({"conditionalor", "conditionaland", "relation"})
"""Parts that compare or join truths: their value is true or false, however long what they compare."""


def together(parts: list[Bound]) -> Bound:
    if len(parts) == 1:
        return parts[0]
    return Bound(
        sum(part.items for part in parts) or 1,
        sum(part.letters for part in parts) or 1,
        1 + sum(part.steps for part in parts),
    ).checked()


def call(name: str, arguments: list[Bound]) -> Bound:
    """Our functions give at most what they are allowed to (cel_functions.MOST), whatever they get."""
    steps = together([Bound(), *arguments]).steps
    return Bound(VALUE.items, VALUE.letters, steps) if name in FUNCTIONS else Bound(1, 100, steps)


def method(node: Any, names: Names) -> Bound:
    target, name, *arguments = node.children
    over = bound_of(target, names)
    if str(name) in MACROS and arguments:
        return walked(over, str(name), arguments[0].children, names)
    return call(str(name), [over, *(bound_of(each, names) for each in arguments)])


def walked(over: Bound, macro: str, arguments: list[Any], names: Names) -> Bound:
    """A walk over a list: every item takes the steps of the body."""
    variable = "".join(str(token) for token in arguments[0].scan_values(lambda _: True))
    inside = {**names, variable: Bound(1, over.letters)}
    bodies = [bound_of(each, inside) for each in arguments[1:]]
    steps = over.steps + over.items * sum(body.steps for body in bodies)
    if macro == "map":
        body = bodies[-1] if bodies else Bound()
        return Bound(over.items, body.items * body.letters, steps).checked()
    if macro == "filter":
        return Bound(over.items, over.letters, steps).checked()
    return Bound(steps=steps).checked()
