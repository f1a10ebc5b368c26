"""The reading aids: what they offer now, and the cookie each sets."""

from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.utils.safestring import SafeString

from madoguchi.web.components import texts, words
from madoguchi.web.components.words import SIZES, Reader

SETTINGS: dict[str, tuple[str, ...]] = {
    "easy": ("on", "off"),
    "furigana": ("on", "off"),
    "size": tuple(SIZES),
    "language": ("ja", "en"),
}


def offered(reader: Reader, back: str) -> list[dict[str, Any]]:
    """Four aids in the order of the bar. `set` is "name:value"; `href` sets it and comes back."""
    size_now = texts.say(f"aids.size-{reader.size}", reader.voice)
    sizes = list(SIZES)
    following = sizes[(sizes.index(reader.size) + 1) % len(sizes)]
    aids = [
        _aid(reader, "easy", "off" if reader.easy else "on", "on" if reader.easy else "off", on=reader.easy),
        _aid(reader, "furigana", "off" if reader.furigana else "on", "on" if reader.furigana else "off", on=reader.furigana),
        {**_aid(reader, "size", following, "", on=False), "state": words.shown(size_now, reader), "choices": [
            {"name": words.shown(texts.say(f"aids.size-{size}", reader.voice), reader), "set": f"size:{size}",
             "href": href("size", size, back=back), "on": size == reader.size}
            for size in sizes
        ]},
        _aid(reader, "language", "ja" if reader.language == "en" else "en", "", on=False)
        | {"state": "English" if reader.language == "en" else "日本語", "lang": "ja" if reader.language == "en" else "en"},
    ]  # fmt: skip
    return [aid | {"href": href(*aid["set"].split(":", 1), back=back)} for aid in aids]


def _aid(reader: Reader, name: str, to: str, state: str, *, on: bool) -> dict[str, Any]:
    shown = words.shown(texts.say(f"aids.{name}", reader.voice), reader)
    now = words.shown(texts.say(f"aids.{name}-{state}", reader.voice), reader) if state else ""
    return {"name": shown, "state": now, "set": f"{name}:{to}", "on": on}


PLACE = "\0"
"""Where the address to come back to goes; no text of a page can hold it."""


def bar(reader: Reader, form: str, back: str) -> SafeString:
    """The bar as HTML: links that come back to `back`; inside the form with this id, buttons that save it first."""
    return SafeString(_bar(reader, form).replace(PLACE, quote_plus(back)))


@lru_cache(maxsize=256)
def _bar(reader: Reader, form: str) -> str:
    name = escape(words.without_readings(texts.say("aids.name", reader.voice)))
    inside = "".join(f"<li>{_choices(aid, form)}</li>" for aid in offered(reader, ""))
    return f'<nav class="aids" aria-label="{name}"><div class="wrap"><ul>\n  {inside}\n</ul></div></nav>\n'


def _choices(aid: dict[str, Any], form: str) -> str:
    """One aid; the sizes are one aid that goes round on a phone and three elsewhere."""
    lang = f' lang="{aid["lang"]}"' if aid.get("lang") else ""
    inside = f"<span>{aid['name']}</span><small>{aid['state']}</small>"
    if "choices" not in aid:
        return _pressed(aid, form, "aid aid--on" if aid["on"] else "aid", lang, inside)
    sizes = "".join(
        _pressed(
            each,
            form,
            "aid aid--on" if each["on"] else "aid",
            ' aria-current="true"' if each["on"] else "",
            each["name"],
        )
        for each in aid["choices"]
    )
    round_button = _pressed(aid, form, "aid aid--cycle", "", inside)
    return (
        f'\n    {round_button}\n    <div class="aids__sizes"><span>{aid["name"]}</span>'
        f'<span class="group">{sizes}</span></div>\n    '
    )


def _pressed(aid: dict[str, Any], form: str, look: str, more: str, inside: str) -> str:
    if form:
        return f'<button class="{look}" form="{escape(form)}" name="_aid" value="{aid["set"]}"{more}>{inside}</button>'
    return f'<a class="{look}" href="{escape(aid["href"])}{PLACE}" rel="nofollow"{more}>{inside}</a>'


def href(name: str, value: str, *, back: str) -> str:
    return "/aids/?" + urlencode({"set": f"{name}:{value}", "back": back})


def wanted(setting: str) -> tuple[str, str] | None:
    """("size", "large") when the setting exists; nothing else ever becomes a cookie."""
    name, _, value = setting.partition(":")
    return (name, value) if value in SETTINGS.get(name, ()) else None
