"""A calendar file (iCalendar, RFC 5545) of whole days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LINE_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class DayEvent:
    """One day to be remembered. `uid` stays the same when the day changes, so that calendars move it."""

    uid: str
    on: date
    title: str
    text: str = ""
    link: str = ""
    category: str = ""


def calendar_file(name: str, events: Iterable[DayEvent], *, at: datetime, domain: str) -> bytes:
    """The file as UTF-8 with CRLF. Lines are folded at 75 octets (3.1), text is escaped (3.3.11)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//madoguchi//calendar//JA", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", "X-WR-TIMEZONE:Asia/Tokyo"]
    for event in events:
        lines += _event(event, at, domain)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line)).encode()


def _event(event: DayEvent, at: datetime, domain: str) -> list[str]:
    optional = {"DESCRIPTION": escaped(event.text), "URL": event.link, "CATEGORIES": escaped(event.category)}
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}@{domain}",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.title)}",
        *(f"{key}:{value}" for key, value in optional.items() if value),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, the later ones with a leading space; no character is cut in two."""
    piece, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _LINE_OCTETS:
            yield piece
            piece, size = " ", 1
        piece += char
        size += octets
    yield piece
