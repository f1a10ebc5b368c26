"""From facts to a PDF/A letter. Typst sees only our font, our library and the facts: no file, no network."""

import importlib.util
import json
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Literal

import segno
import typst
from fontTools.ttLib import TTFont

from madoguchi.clerical.notices.errors import CharactersUnprintable, FontMissing, LetterBroken
from madoguchi.clerical.notices.orders import Facts, LetterOrder
from madoguchi.clerical.notices.rules import require_confined, require_instruction

LIBRARY = (Path(__file__).parent / "templates_typst" / "letter.typ").read_text(encoding="utf-8")
STANDARD: Literal["a-2a"] = "a-2a"
FONT_FILE = "ipaexg.ttf"
_SETTING = Lock()
_SHOWN_AT_MOST = 5
_VARIATION_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


def typeset(template: str, facts: Facts, *, seconds: int) -> bytes:
    """One letter as PDF/A-2a. The same input gives the same bytes; `seconds` (Unix) is its time of making.

    Raises LetterBroken with what Typst says, TemplateReachesOut.
    """
    require_confined(template)
    source = f"{LIBRARY}\n{template}"
    try:
        return compiled(source.encode(), "facts", json.dumps(with_code(facts), ensure_ascii=False), seconds)
    except typst.TypstError as error:
        raise LetterBroken(
            f"受付番号「{facts.get('number', '')}」の通知を組めません（{error.message}）。",
            next_step="手続パッケージの letters と、差し込む項目を確かめてください。",
        ) from error


def typeset_order(order: LetterOrder, facts: Facts, text: str, *, seconds: int) -> bytes:
    """One ordered letter with its completed facts, after the checks no letter may skip.

    Raises InstructionMissing, CharactersUnprintable, LetterBroken, TemplateReachesOut.
    """
    require_instruction(order, text)
    require_printable(order.case, [*printed_strings(facts), text])
    require_printable(f"{order.title}（ひな形）", [order.template])
    return typeset(order.template, facts, seconds=seconds)


def typeset_sheets(source: str, cases: str, *, seconds: int) -> bytes:
    """Sheets for the office as PDF/A-2a, from our own source and `cases` as JSON."""
    return compiled(source.encode(), "cases", cases, seconds)


def compiled(source: bytes, name: str, told: str, seconds: int) -> bytes:
    """PDF/A-2a of a source that reads `told` under `name`. Raises typst.TypstError."""
    # The compiler refuses a second page while it sets one, and a web process answers several people at once.
    with _SETTING:
        made = _compiler().compile(
            source, format="pdf", sys_inputs={name: told}, pdf_standards=[STANDARD], timestamp=seconds
        )
    assert isinstance(made, bytes)  # a list of pages only for images
    return made


def with_code(facts: Facts) -> Facts:
    """The facts with the two-dimensional code of `status_url` as an SVG, when there is one."""
    if not facts.get("status_url"):
        return facts
    drawn = BytesIO()
    segno.make(str(facts["status_url"]), error="m").save(drawn, kind="svg", border=0, xmldecl=False)
    return {**facts, "qr_svg": drawn.getvalue().decode()}


def unprintable(strings: Iterable[str]) -> tuple[str, ...]:
    """The characters for which the font has no shape, a variation selector together with its base."""
    missing: dict[str, None] = {}
    for string in strings:
        if not set(string) <= _shapes():
            missing.update(dict.fromkeys(_missing_in(string)))
    return tuple(missing)


def _missing_in(string: str) -> list[str]:
    former, missing = "", []
    for char in string:
        if char in _VARIATION_SELECTORS:
            if former + char not in _variations():
                missing.append(former + char)
        elif char not in _shapes():
            missing.append(char)
        former = char
    return missing


def require_printable(case: str, strings: Iterable[str]) -> None:
    """Refuse with CharactersUnprintable, naming the characters and the case."""
    if missing := unprintable(strings):
        shown = "、".join(f"「{char}」（{_code_points(char)}）" for char in missing[:_SHOWN_AT_MOST])
        raise CharactersUnprintable(
            f"受付番号「{case}」の通知に、印字できない文字 {shown} があります。",
            next_step="住民記録の文字を確かめ、この件は代わりの文字で作るか、手書きで作成してください。",
        )


def printed_strings(facts: Facts) -> list[str]:
    """Every string that a letter may print."""
    strings: list[str] = []
    for value in facts.values():
        strings += value if isinstance(value, list) else [str(value)]
    return strings


def _code_points(char: str) -> str:
    return "+".join(f"U+{ord(part):04X}" for part in char)


def font_folder() -> Path:
    """Where the installed dependency keeps the font; its module is never run."""
    found = importlib.util.find_spec("matplotlib_fontja")
    for place in (found.submodule_search_locations or []) if found else []:
        if (folder := Path(place) / "fonts").joinpath(FONT_FILE).is_file():
            return folder
    raise FontMissing(
        "通知書の書体（IPAexゴシック）がありません。",
        next_step="pip install matplotlib-fontja を実行してください。",
    )


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())]
    )
    return typst.Compiler(root=str(Path(__file__).parent / "templates_typst"), font_paths=fonts)


def _font() -> TTFont:
    # Read for one asking: the reader of fonts works tables out as they are looked at and is no one else's meanwhile.
    return TTFont(font_folder() / FONT_FILE, lazy=True)


@lru_cache(maxsize=1)
def _shapes() -> frozenset[str]:
    return frozenset(map(chr, _font().getBestCmap())) | {"\n"}


@lru_cache(maxsize=1)
def _variations() -> frozenset[str]:
    tables = [table for table in _font()["cmap"].tables if table.format == 14]
    return frozenset(
        chr(base) + chr(selector)
        for table in tables
        for selector, pairs in table.uvsDict.items()
        for base, _ in pairs
    )
