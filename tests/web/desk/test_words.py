"""Nobody at the desk reads a verb of ours: every deed that is left in a trace has words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from madoguchi.clerical.payments.states import SnapshotKind
from madoguchi.services.subsidies.states import BatchState
from madoguchi.web.components.icons import SHAPES
from madoguchi.web.desk.words import DEEDS, RECORDS

CODE = Path(__file__).parents[3] / "madoguchi"
VERB = re.compile(r"[a-z_]+\.[a-z_]+")
LISTED = {"decisions.class", "decisions.table"}
"""Kinds of records beside their verbs in the same call."""
MADE_UP = {f"subsidies.{state}" for state in BatchState} | {f"payments.{kind}_taken" for kind in SnapshotKind}


def traced() -> Iterator[str]:
    """The constant verbs of every call that leaves a trace."""
    for file in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and "trace" in ast.unparse(node.func).rpartition(".")[2]:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                yield from (
                    each.value for each in given if isinstance(each, ast.Constant) and _is_verb(each.value)
                )


def marked() -> Iterator[str]:
    """The verbs that applications and procedures leave by their own `mark`."""
    for room in ("services/applications", "ledgers/procedures"):
        for file in (CODE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "mark":
                    verb = node.args[1]
                    if isinstance(verb, ast.Constant):
                        yield f"{room.rpartition('/')[2]}.{verb.value}"


def _is_verb(value: object) -> bool:
    return isinstance(value, str) and VERB.fullmatch(value) is not None


def test_every_deed_has_words() -> None:
    verbs = (set(traced()) | set(marked()) | MADE_UP) - LISTED
    assert len(verbs) > 100
    assert verbs - DEEDS.keys() == set()


def test_every_deed_has_an_icon_of_ours() -> None:
    assert {icon for icon, _ in DEEDS.values()} - SHAPES.keys() == set()
    assert all(words for words in RECORDS.values())
