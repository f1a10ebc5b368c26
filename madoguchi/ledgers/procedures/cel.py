"""Rules of a package: Common Expression Language, checked when the package is read, run many times.

A rule cannot change anything, call the outside or run long: its length, depth and walks over lists are
bounded when it is compiled, and the language has no loops.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cel

from . import cel_memory
from .cel_functions import FUNCTIONS
from .cel_names import RuleUnreadable, unknown_names, use_of
from .faults import Fault, PackageFaults, fault


class RuleFailed(ValueError):
    """A rule could not be worked out for these facts, mostly because something is not yet answered."""


@dataclass(frozen=True)
class Rule:
    """One compiled rule and where it stands. It reads names (outermost) and paths (dotted)."""

    text: str
    file: str
    line: int
    names: frozenset[str]
    paths: frozenset[str]
    functions: frozenset[str]
    program: cel.Program = field(repr=False, compare=False)

    def evaluate(self, context: Mapping[str, Any]) -> Any:
        """The value for these facts (dates ISO text). Raises RuleFailed when it cannot be worked out."""
        seen = {name: context.get(name) for name in self.names}
        for name in self._members:
            seen[name] = self._read_of(name, seen[name])
        key = cel_memory.fingerprint(self.text, seen)
        told = cel_memory.told(key)
        if told is cel_memory.UNKNOWN:
            told = self._worked_out(seen, key)
        if told is cel_memory.FAILED:
            raise RuleFailed(f"{self.file} {self.line}行目の規則を計算できません。")
        return told

    def _worked_out(self, seen: dict[str, Any], key: bytes | None) -> Any:
        try:
            told = self.program.execute(cel.Context(seen, self._used))
        except Exception as error:
            cel_memory.keep(key, cel_memory.FAILED)
            raise RuleFailed(f"{self.file} {self.line}行目の規則を計算できません: {error}") from error
        cel_memory.keep(key, told)
        return told

    def decide(self, context: Mapping[str, Any]) -> Any:
        """The value, where what has no value is not there at all: a name without one fails the rule unless the
        rest settles it (false && ?, true || ?), so that silence can never be taken for an answer. Raises RuleFailed.
        """
        told = {name: _told(self._read_of(name, context.get(name))) for name in self.names}
        there = {name: value for name, value in told.items() if value is not None}
        try:
            return self.program.execute(cel.Context(there, self._used))
        except Exception as error:
            raise RuleFailed(f"{self.file} {self.line}行目の規則を計算できません: {error}") from error

    def untold(self, context: Mapping[str, Any]) -> tuple[str, ...]:
        """The paths the rule reads that have no value here, in their order."""
        return tuple(path for path in sorted(self.paths) if _told(value_at(path, context)) is None)

    @cached_property
    def _used(self) -> dict[str, Any]:
        return {name: FUNCTIONS[name] for name in self.functions if name in FUNCTIONS}

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        """By name, the members the rule reads; a name read as a whole is not here."""
        parts = [path.split(".") for path in self.paths]
        whole = {part[0] for part in parts if len(part) == 1}
        return {name: frozenset(part[1] for part in parts if part[0] == name) for name in self.names - whole}

    def _read_of(self, name: str, value: Any) -> Any:
        """Handing a value over copies it, so a rule that reads one fact is not handed the whole household."""
        wanted = self._members.get(name)
        if wanted is None or not isinstance(value, Mapping):
            return value
        return {member: value[member] for member in wanted if member in value}

    def value_or(self, default: Any, context: Mapping[str, Any]) -> Any:
        """The value, or the default when something the rule reads is missing."""
        try:
            return self.evaluate(context)
        except RuleFailed:
            return default

    def holds(self, context: Mapping[str, Any]) -> bool:
        """True only when the rule says true: what is not decided does not hold."""
        return self.value_or(False, context) is True


def value_at(path: str, context: Mapping[str, Any]) -> Any:
    """What stands under a dotted path; a list is taken as a whole, whatever of its rows the path names."""
    found: Any = context
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return found
        found = found.get(part)
    return found


def _told(value: Any) -> Any:
    """The value without what is not answered; None when nothing is."""
    if isinstance(value, Mapping):
        return {name: each for name, each in value.items() if each is not None and each != ""}
    return None if value == "" else value


def compile_rule(text: str, *, known: Collection[str], file: str, line: int) -> Rule:
    """Read and check one rule. known holds the names it may use; dotted ones declare members.

    Raises PackageFaults with file, line and a sentence for every unknown name or function.
    """
    try:
        use = use_of(text)
        program = cel.compile(text)
    except RuleUnreadable as error:
        raise fault(file, line, f"{error}（{shortened(text)}）") from None
    except ValueError:
        raise fault(
            file, line, f"規則として読めません。記号を確かめてください。（{shortened(text)}）"
        ) from None
    faults = [Fault(file, line, sentence) for sentence in unknown_names(use, known)]
    if faults:
        raise PackageFaults(faults)
    return Rule(text, file, line, use.roots, frozenset(use.paths), frozenset(use.functions), program)


def shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
