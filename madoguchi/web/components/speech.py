"""A fixed sentence as one reader reads it, with names, dates and other sentences put in."""

from django.utils.safestring import SafeString, mark_safe

from madoguchi.web.components import texts, words
from madoguchi.web.components.words import Reader


def speak(key: str, reader: Reader, **parts: object) -> SafeString:
    """Safe HTML. Parts that are safe already stay; others are escaped and may carry furigana marks."""
    sentence = words.printed(texts.say(key, reader.voice), reader)
    if not parts:
        return sentence
    shown = {
        name: part if isinstance(part, SafeString) else words.shown_part(str(part), reader)
        for name, part in parts.items()
    }
    return mark_safe(sentence.format(**shown))  # noqa: S308 - sentence and parts are escaped above


def speak_plain(key: str, reader: Reader, **parts: object) -> str:
    """For attributes, options and mail, where no ruby can stand."""
    return words.without_readings(texts.say(key, reader.voice, **parts))
