"""The reading aids: what they offer now, and the cookie each sets."""

from typing import Any
from urllib.parse import urlencode

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


def href(name: str, value: str, *, back: str) -> str:
    return "/aids/?" + urlencode({"set": f"{name}:{value}", "back": back})


def wanted(setting: str) -> tuple[str, str] | None:
    """("size", "large") when the setting exists; nothing else ever becomes a cookie."""
    name, _, value = setting.partition(":")
    return (name, value) if value in SETTINGS.get(name, ()) else None
