"""連携レイアウト: how the file for one core system (基幹系システム) looks. Reading and checking; no queries.

One TOML file a target. What the core system asks for stands there – columns, widths in bytes, codes, date forms – so
that another vendor's layout is another file, not a program.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .cel import Rule
from .context import OUTER_NAMES
from .faults import PackageFaults
from .toml_source import Table, read_toml

FOLDER = "exports"
ENCODINGS = {"cp932": "cp932", "utf-8": "utf-8", "utf-8-bom": "utf-8"}
LINE_ENDS = {"crlf": "\r\n", "lf": "\n", "none": ""}
DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}
QUOTINGS = ("all", "needed", "none")
TYPES = ("text", "name", "kana", "number", "date", "code")
DATE_FORMS = ("era7", "western8", "era_text", "western10", "slashed10")
WIDTH_FORMS = ("as_is", "full", "half")
STAGES = ("received", "reviewing", "correcting", "accepted", "deciding", "decided")
OUTCOMES = ("granted", "waitlisted", "refused")
KINDS = ("new", "changed", "cancelled")
FILLS = (" ", "0", "　")
MOST_ROWS = 200_000
CASE_NAMES = frozenset(
    {"case", "outcome", "export", "facts"}
    | {
        f"case.{name}"
        for name in ("number", "stage", "outcome", "channel", "period", "name", "kana", "grade")
    }
    | {
        f"case.{name}"
        for name in ("applicant", "first_wish", "score", "received_on", "decided_on", "due_on", "entry_on")
    }
    | {f"export.{name}" for name in ("kind", "number", "on", "position", "town_code")}
)
TARGET_SHAPE = re.compile(r"[a-z][a-z0-9-]{0,39}")
FILE_NAME_PARTS = ("target", "date", "number", "town_code")
PATH = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z0-9_]+)*")


@dataclass(frozen=True)
class Column:
    """One column. `width` in bytes: exact in a fixed layout, the most that fits in a delimited one (0: any)."""

    name: str
    value: Rule | None
    path: tuple[str, ...]
    type: str
    width: int
    side: Literal["left", "right"]
    fill: str
    date_form: str
    letters: str
    codes: Mapping[str, str]
    constant: str | None
    required: bool
    one_line: bool

    @property
    def is_content(self) -> bool:
        """Whether somebody would have to type it: constants and the run's own words are not."""
        names = self.value.names if self.value else frozenset()
        return self.constant is None and names != {"export"}


@dataclass(frozen=True)
class AnswerFile:
    """処理結果ファイル: how the core system says what it took."""

    encoding: str
    delimiter: str
    header: bool
    number: int
    result: int
    message: int
    accepted: frozenset[str]


@dataclass(frozen=True)
class Layout:
    """The file of one target."""

    target: str
    name: str
    file_name: str
    encoding: str
    line_end: str
    fixed: bool
    delimiter: str
    quoting: str
    header: bool
    stages: tuple[str, ...]
    outcomes: tuple[str, ...]
    kinds: Mapping[str, str]
    includes_protected: bool
    unmappable: str
    characters: Mapping[str, str]
    most: int
    purpose: str
    columns: tuple[Column, ...]
    answer: AnswerFile | None
    text: bytes = field(repr=False)

    @property
    def codec(self) -> str:
        return ENCODINGS[self.encoding]

    @property
    def sends_changes(self) -> bool:
        return "changed" in self.kinds

    @property
    def record_width(self) -> int:
        """Bytes of one fixed record without its line end."""
        return sum(column.width for column in self.columns)


def read_layout(file: str, content: bytes, known: Collection[str]) -> Layout:
    """Read a layout; `known` are the names its rules may use besides the case's own. Raises PackageFaults."""
    table = read_toml(file, content)
    found = _layout(table, frozenset(known) | OUTER_NAMES | CASE_NAMES, content)
    if table.source.faults:
        raise PackageFaults(table.source.faults)
    return found


def read_layouts(files: Mapping[str, bytes], known: Collection[str]) -> dict[str, Layout]:
    """Every layout among the files of a package, by target. Raises PackageFaults with all faults."""
    found: dict[str, Layout] = {}
    faults = []
    for name, content in sorted(files.items()):
        if name.startswith(f"{FOLDER}/") and name.endswith(".toml"):
            try:
                layout = read_layout(name, content, known)
                found[layout.target] = layout
            except PackageFaults as error:
                faults += error.faults
    if faults:
        raise PackageFaults(faults)
    return found


SETTINGS = (
    *("target", "name", "file_name", "encoding", "line_end", "format", "delimiter", "quoting", "header"),
    *(
        "when",
        "kinds",
        "includes_protected",
        "unmappable",
        "characters",
        "most",
        "purpose",
        "column",
        "answer",
    ),
)


def _layout(table: Table, known: frozenset[str], content: bytes) -> Layout:
    table.only(SETTINGS)
    fixed = table.one_of("format", ("csv", "fixed"), "csv") == "fixed"
    when = table.table("when")
    when.only(("stages", "outcomes"))
    layout = Layout(
        target=_target(table),
        name=table.text("name", must=True),
        file_name=_file_name(table),
        encoding=table.one_of("encoding", ENCODINGS, "cp932"),
        line_end=LINE_ENDS[table.one_of("line_end", LINE_ENDS, "crlf")],
        fixed=fixed,
        delimiter=DELIMITERS[table.one_of("delimiter", DELIMITERS, "comma")],
        quoting=table.one_of("quoting", QUOTINGS, "needed"),
        header=table.flag("header", not fixed),
        stages=_some_of(when, "stages", STAGES),
        outcomes=_some_of(when, "outcomes", OUTCOMES),
        kinds=_kinds(table),
        includes_protected=table.flag("includes_protected"),
        unmappable=table.one_of("unmappable", ("stop", "hold"), "stop"),
        characters=_characters(table),
        most=table.integer("most", MOST_ROWS, least=1, most=MOST_ROWS),
        purpose=table.text("purpose", must=True),
        columns=tuple(_column(each, known, fixed) for each in table.tables("column")),
        answer=_answer(table),
        text=content,
    )
    _check_whole(table, layout)
    return layout


def _target(table: Table) -> str:
    found = table.text("target", must=True)
    if found and not TARGET_SHAPE.fullmatch(found):
        table.blame("target", "「target」は英小文字で始め、英小文字・数字・- で書いてください。")
    return found


def _file_name(table: Table) -> str:
    found = table.text("file_name", must=True)
    parts = re.findall(r"{(.*?)}", found)
    bare = re.sub(r"{.*?}", "", found)
    if set(parts) - set(FILE_NAME_PARTS) or not re.fullmatch(r"[A-Za-z0-9._\-]+", bare or "_"):
        named = "、".join(f"{{{part}}}" for part in FILE_NAME_PARTS)
        table.blame("file_name", f"ファイル名には半角英数字・「._-」と {named} だけを使ってください。")
    if found and "number" not in parts:
        table.blame(
            "file_name", "ファイル名に {number} を入れてください。2つのファイルが同じ名前になります。"
        )
    return found


def _some_of(table: Table, key: str, allowed: Collection[str]) -> tuple[str, ...]:
    found = table.texts(key)
    for unknown in sorted(set(found) - set(allowed)):
        choices = "、".join(allowed)
        table.blame(key, f"「{key}」の「{unknown}」は使えません。次から選んでください: {choices}。")
    return found


def _kinds(table: Table) -> dict[str, str]:
    """異動区分: the code of each kind of row; kinds that are missing are never sent."""
    given = table.table("kinds")
    given.only(KINDS)
    return {"new": ""} | {kind: given.text(kind) for kind in KINDS if kind in given.data}


def _characters(table: Table) -> dict[str, str]:
    """Replacements the town has decided on, e.g. 髙 → 高; everything else that has no code is refused."""
    found = table.value("characters", dict, {})
    if not all(isinstance(value, str) for value in found.values()):
        table.blame("characters", "「characters」には文字と置き換える文字を書いてください。")
        return {}
    return dict(found)


COLUMN = (
    *("name", "value", "type", "width", "side", "fill", "date", "letters", "codes", "constant"),
    *("required", "one_line"),
)


def _column(table: Table, known: frozenset[str], fixed: bool) -> Column:
    table.only(COLUMN)
    kind = table.one_of("type", TYPES, "text")
    number = kind == "number"
    side = table.one_of("side", ("left", "right"), "right" if number else "left")
    rule = None if "constant" in table.data else table.rule("value", known, must=True)
    codes = table.value("codes", dict, {})
    column = Column(
        name=table.text("name", must=True),
        value=rule,
        path=tuple(rule.text.split(".")) if rule and PATH.fullmatch(rule.text) else (),
        type=kind,
        width=table.integer("width", 0, least=0, most=2000),
        side="right" if side == "right" else "left",
        fill=table.one_of("fill", FILLS, "0" if number and fixed else " "),
        date_form=table.one_of("date", DATE_FORMS, "western8"),
        letters=table.one_of("letters", WIDTH_FORMS, "full" if kind == "kana" else "as_is"),
        codes={str(key): str(value) for key, value in codes.items()},
        constant=table.text("constant") if "constant" in table.data else None,
        required=table.flag("required"),
        one_line=table.flag("one_line"),
    )
    if fixed and not column.width:
        table.blame("width", f"固定長の列「{column.name}」に幅（バイト）がありません。書いてください。")
    if kind == "code" and not codes:
        table.blame("codes", f"コードの列「{column.name}」に対応表「codes」がありません。書いてください。")
    return column


def _answer(table: Table) -> AnswerFile | None:
    if "answer" not in table.data:
        return None
    given = table.table("answer")
    given.only(("encoding", "delimiter", "header", "number", "result", "message", "accepted"))
    accepted = given.texts("accepted")
    if not accepted:
        given.blame("accepted", "「accepted」に、取り込めたことを表す値を書いてください。")
    return AnswerFile(
        encoding=ENCODINGS[given.one_of("encoding", ENCODINGS, "cp932")],
        delimiter=DELIMITERS[given.one_of("delimiter", DELIMITERS, "comma")],
        header=given.flag("header", True),
        number=given.integer("number", 1, least=1, most=200),
        result=given.integer("result", 2, least=1, most=200),
        message=given.integer("message", 0, least=0, most=200),
        accepted=frozenset(accepted),
    )


def _check_whole(table: Table, layout: Layout) -> None:
    if not layout.columns:
        table.blame("column", "列（[[column]]）が1つもありません。書いてください。")
    if not layout.stages and not layout.outcomes:
        table.blame("when", "どの申請を出すか（[when] の stages か outcomes）を書いてください。")
    names = [column.name for column in layout.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.blame("column", f"列「{name}」が2つあります。名前を分けてください。")
    if layout.encoding == "utf-8-bom" and layout.fixed:
        table.blame("encoding", "固定長のファイルに BOM は付けられません。utf-8 か cp932 にしてください。")
    if not layout.fixed and not layout.line_end:
        table.blame("line_end", "区切りのファイルには改行が要ります。crlf か lf にしてください。")
    for char, other in layout.characters.items():
        if not _has_code(other, layout.codec):
            table.blame("characters", f"「{char}」を置き換える「{other}」も、この文字コードにありません。")


def _has_code(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
