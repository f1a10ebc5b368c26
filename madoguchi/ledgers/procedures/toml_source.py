"""TOML files of a package, read so that every fault knows its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

from .cel import Rule, compile_rule
from .faults import Fault, PackageFaults, fault
from .words import NOTHING, Words

HEADER = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*[.=]")
T = TypeVar("T")

KEY_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass
class Source:
    """One file: its lines, its faults so far, and how many tables of each header were taken."""

    file: str
    lines: list[str]
    faults: list[Fault] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)

    def header_line(self, name: str, fallback: int) -> int:
        """The line of the next [[name]] header; tables of arrays come in the order of the file."""
        start = self.taken.get(name, 0)
        for index in range(start, len(self.lines)):
            match = HEADER.match(self.lines[index])
            if match and match[1] == name:
                self.taken[name] = index + 1
                return index + 1
        return fallback

    def key_line(self, key: str, after: int) -> int:
        """The line of a key below a header, or the header itself when it cannot be found."""
        for index in range(after, len(self.lines)):
            if HEADER.match(self.lines[index]):
                break
            match = KEY.match(self.lines[index])
            if match and match[1] == key:
                return index + 1
        return after

    def blame(self, line: int, sentence: str) -> None:
        self.faults.append(Fault(self.file, max(line, 1), sentence))


def read_toml(file: str, content: bytes) -> Table:
    """The outermost table of a file. Raises PackageFaults with the line of a syntax error."""
    text = decoded(file, content)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        sentence = "TOML として読めません。引用符・かっこ・「=」を確かめてください。"
        raise fault(file, line, sentence) from None
    return Table(Source(file, text.splitlines()), data, 0, "")


def decoded(file: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise fault(file, line, "UTF-8 の文字として読めません。UTF-8 で保存し直してください。") from None


@dataclass
class Table:
    """One table of a file with its line; what is wrong in it is noted and reading goes on."""

    source: Source
    data: Mapping[str, Any]
    line: int
    path: str

    def line_of(self, key: str) -> int:
        return self.source.key_line(key, self.line)

    def blame(self, key: str, sentence: str) -> None:
        self.source.blame(self.line_of(key), sentence)

    def only(self, allowed: Collection[str]) -> None:
        """Note every key that has no meaning here, with the nearest one that has."""
        for key in self.data:
            if key not in allowed:
                near = get_close_matches(key, sorted(allowed), n=1)
                hint = f"「{near[0]}」の書き間違いではありませんか。" if near else "この行を消してください。"
                self.blame(key, f"「{key}」という設定はここにはありません。{hint}")

    def value(self, key: str, kind: type[T], default: T, *, must: bool = False) -> T:
        found = self.data.get(key)
        if found is None:
            if must:
                self.blame(key, f"「{key}」がありません。書いてください。")
            return default
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            self.blame(key, f"「{key}」の値は{KIND_NAMES.get(kind, '決まった形')}で書いてください。")
            return default
        return found

    def text(self, key: str, default: str = "", *, must: bool = False) -> str:
        return self.value(key, str, default, must=must)

    def integer(self, key: str, default: int = 0, *, least: int = 0, most: int = 10**12) -> int:
        found = self.value(key, int, default)
        if not least <= found <= most:
            self.blame(key, f"「{key}」は{least}から{most}までの数で書いてください。")
            return default
        return found

    def flag(self, key: str, default: bool = False) -> bool:
        return self.value(key, bool, default)

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.value(key, list, [])
        if not all(isinstance(item, str) for item in found):
            self.blame(key, f"「{key}」には文字列を並べてください。")
            return ()
        return tuple(found)

    def one_of(self, key: str, allowed: Collection[str], default: str = "") -> str:
        found = self.text(key, default, must=not default)
        if found not in allowed:
            choices = "、".join(sorted(allowed))
            self.blame(key, f"「{key}」の「{found}」は使えません。次から選んでください: {choices}。")
            return default
        return found

    def key(self, name: str = "key") -> str:
        found = self.text(name, must=True)
        if found and not KEY_SHAPE.fullmatch(found):
            self.blame(
                name,
                f"「{found}」は名前にできません。英小文字で始め、英小文字・数字・_ で書いてください。",
            )
        return found

    def words(self, key: str, *, must: bool = False) -> Words:
        """A text in up to three languages; Japanese is the one that must be there."""
        table = self.value(key, dict, {}, must=must)
        unknown = set(table) - {"ja", "en", "easy"}
        if unknown or not all(isinstance(text, str) for text in table.values()):
            self.blame(key, f"「{key}」には ja・en・easy の文だけを書いてください。")
            return NOTHING
        if table and not table.get("ja"):
            self.blame(key, f"「{key}」に日本語（ja）の文がありません。書いてください。")
        return Words(table.get("ja", ""), table.get("en", ""), table.get("easy", ""))

    def table(self, key: str) -> Table:
        inside = self.value(key, dict, {})
        path = f"{self.path}.{key}".lstrip(".")
        return Table(self.source, inside, self.line_below(key, path), path)

    def tables(self, key: str) -> list[Table]:
        rows = self.value(key, list, [])
        path = f"{self.path}.{key}".lstrip(".")
        if not all(isinstance(row, dict) for row in rows):
            self.blame(key, f"「{key}」は [[{path}]] の表で書いてください。")
            return []
        return [Table(self.source, row, self.line_below(key, path), path) for row in rows]

    def line_below(self, key: str, path: str) -> int:
        """The line of a table inside this one: that of its key, or of a header of its own."""
        if key not in self.data:
            return self.line
        here = self.line_of(key)
        return here if here != self.line else self.source.header_line(path, here)

    def rule(self, key: str, known: Collection[str], *, must: bool = False) -> Rule | None:
        """The rule under a key, compiled; None when it is missing or faulty (then the fault is noted)."""
        written = self.text(key, must=must)
        if not written and key not in self.data:
            return None
        try:
            return compile_rule(written, known=known, file=self.source.file, line=self.line_of(key))
        except PackageFaults as error:
            self.source.faults += error.faults
            return None


KIND_NAMES = {str: '文字列（"…"）', int: "整数", bool: "true か false", list: "[ ] の並び", dict: "表"}
