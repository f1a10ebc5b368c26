"""Answers read back as HTML, on review, status and receipts of corrections: two dozen lines a page, so drawn without a template."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString

from madoguchi.web.components import words
from madoguchi.web.components.words import Reader

Item = Mapping[str, Any]
Tag = Callable[[str], str]


def drawn(items: Iterable[Item], reader: Reader, tag: Tag, *, side: bool = False) -> SafeString:
    """Items are {name, value, mark (tag code), note} or {name, inside: items} for a row; `side` is two columns."""
    look = "definitions definitions--side" if side else "definitions"
    return SafeString(f"{_list(look, items, reader, tag)}\n")


def _list(look: str, items: Iterable[Item], reader: Reader, tag: Tag) -> str:
    return f'<dl class="{look}">{"".join(_item(each, reader, tag) for each in items)}</dl>'


def _item(item: Item, reader: Reader, tag: Tag) -> str:
    note, inside = item.get("note"), item.get("inside")
    told = _list("pairs", inside, reader, tag) if inside else _lines(item.get("value", ""))
    said = f' <small class="quiet">{words.shown(str(note), reader)}</small>' if note else ""
    mark = f" {tag(item['mark'])}" if item.get("mark") else ""
    return f"<div><dt>{words.shown(str(item['name'] or ''), reader)}</dt><dd>{told}{said}{mark}</dd></div>"


def _lines(value: Any) -> str:
    """What somebody typed, line by line; escaped unless it is safe HTML of ours."""
    text = value if isinstance(value, SafeString) else str(value)
    if isinstance(text, SafeString) or "\n" in text or "\r" in text:
        return str(linebreaksbr(text))
    return escape(text)
