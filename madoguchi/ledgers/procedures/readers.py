"""How each type of field reads what was typed: a value, what is wrong with it, and how it was understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from madoguchi.common.ages import age_on, school_words
from madoguchi.common.codes import postcode
from madoguchi.common.emails import parse_email
from madoguchi.common.era import format_both, parse_japanese_date
from madoguchi.common.errors import Unreadable
from madoguchi.common.kana import fold_kana, fold_width, is_kana
from madoguchi.common.phones import format_phone, parse_phone
from madoguchi.common.text import strip_controls
from madoguchi.common.times import parse_time
from madoguchi.common.yen import format_yen, parse_yen

from .context import Context
from .fields import Field, Option
from .messages import say
from .postcodes import town_of_postcode

Raw = Mapping[str, Sequence[str]]

MAX_TYPED = 10_000
"""Characters of one input that are read; a page refuses longer ones before they come here."""


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one input (by its HTML name), the rule and what to do, in one text."""

    name: str
    sentence: str


@dataclass
class Read:
    """One answer as understood. An answer with errors keeps the empty value; the typed text stays in raw."""

    value: Any
    errors: list[FieldError] = field(default_factory=list)
    echoes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One field asked under one HTML name, with everything typed."""

    field: Field
    name: str
    raw: Raw
    context: Context

    def typed(self, part: str = "") -> str:
        found = self.raw.get(f"{self.name}-{part}" if part else self.name) or [""]
        return strip_controls(str(found[0]))[:MAX_TYPED].strip()

    def typed_all(self) -> list[str]:
        texts = (strip_controls(str(item))[:MAX_TYPED].strip() for item in self.raw.get(self.name) or [])
        return [text for text in texts if text]

    def say(self, code: str, **parts: object) -> str:
        label = self.field.label.in_language(self.context.language)
        return say(code, self.context.language, label=label, **parts)

    def wrong(self, code: str, part: str = "", **parts: object) -> FieldError:
        return FieldError(f"{self.name}-{part}" if part else self.name, self.say(code, **parts))

    def unreadable(self, code: str, error: Unreadable, part: str = "") -> FieldError:
        """The reason in Japanese as the parser gives it; other readers get our general sentence."""
        name = f"{self.name}-{part}" if part else self.name
        if self.context.language == "ja":
            return FieldError(name, str(error))
        typed = self.typed(part)
        return FieldError(name, self.say(code, typed=typed, length=sum(map(str.isdigit, typed))))


def read_text(asked: Asked) -> Read:
    typed = asked.typed()
    most = asked.field.max_length
    if len(typed) > most:
        return Read("", [asked.wrong("too_long", length=len(typed), most=most)])
    return Read(typed)


def read_name(asked: Asked) -> Read:
    parts = {part: " ".join(asked.typed(part).split()) for part in ("family", "given")}
    if not any(parts.values()):
        return Read(dict(asked.field.empty))
    missing = [asked.wrong(part, part) for part, text in parts.items() if not text]
    long = [
        asked.wrong("too_long", part, length=len(text), most=100)
        for part, text in parts.items()
        if len(text) > 100
    ]
    return Read(parts, [*missing, *long])


def read_kana(asked: Asked) -> Read:
    read = read_name(asked)
    for part, text in read.value.items():
        if text and not is_kana(text) and text not in "-－":
            read.errors.append(asked.wrong("kana", part, typed=text))
    folded = {part: fold_kana(text) for part, text in read.value.items()}
    if folded != read.value and not read.errors:
        read.echoes[asked.name] = " ".join(folded.values())
    return Read(folded, read.errors, read.echoes)


def read_date(asked: Asked) -> Read:
    typed = asked.typed()
    if not typed:
        return Read("")
    try:
        day = parse_japanese_date(typed)
    except Unreadable as error:
        return Read("", [asked.unreadable("date", error)])
    return Read(day.isoformat(), echoes={asked.name: date_echo(asked, day)})


def date_echo(asked: Asked, day: date) -> str:
    """令和2年（2020年）6月14日, and the class in April or the age where the form wants it said."""
    said = format_both(day)
    context = asked.context
    if asked.field.echo == "grade":
        words = school_words(day, entry_on=context.reference_day, seen_on=context.reference_day)
        return f"{said}・{context.reference_day.month}月に{words}"
    if asked.field.echo == "age" and day <= context.on:
        return f"{said}・{age_on(day, context.on)}歳"
    return said


def read_time(asked: Asked) -> Read:
    typed = asked.typed()
    if not typed:
        return Read("")
    try:
        value = parse_time(typed).strftime("%H:%M")
    except Unreadable as error:
        return Read("", [asked.unreadable("time", error)])
    return Read(value, echoes={} if value == typed else {asked.name: value})


def read_address(asked: Asked) -> Read:
    parts = {part: asked.typed(part) for part in ("postcode", "town", "block", "building")}
    if not any(parts.values()):
        return Read(dict(asked.field.empty))
    errors: list[FieldError] = []
    found = ""
    try:
        parts["postcode"] = postcode(parts["postcode"]) if parts["postcode"] else ""
        found = town_of_postcode(parts["postcode"]) if parts["postcode"] else ""
    except Unreadable as error:
        errors.append(asked.unreadable("postcode", error, "postcode"))
    parts["town"] = parts["town"] or found
    errors += [asked.wrong(part, part) for part in ("town", "block") if not parts[part]]
    echo = {asked.name: f"〒{parts['postcode']} {found}"} if found else {}
    return Read(parts, errors, echo)


def read_phone(asked: Asked) -> Read:
    typed = asked.typed()
    if not typed:
        return Read("")
    try:
        shown = format_phone(parse_phone(typed))
    except Unreadable as error:
        return Read("", [asked.unreadable("phone", error)])
    return Read(shown, echoes={} if shown == typed else {asked.name: shown})


def read_email(asked: Asked) -> Read:
    typed = asked.typed()
    if not typed:
        return Read("")
    try:
        return Read(parse_email(typed))
    except Unreadable as error:
        return Read("", [asked.unreadable("email", error)])


def read_number(asked: Asked) -> Read:
    typed = fold_width(asked.typed()).replace(",", "").strip().removesuffix(asked.field.unit.ja).strip()
    if not typed:
        return Read(None)
    value = as_number(typed)
    if value is None:
        return Read(None, [asked.wrong("number", typed=asked.typed())])
    if not asked.field.decimals and value != int(value):
        return Read(None, [asked.wrong("whole", typed=asked.typed())])
    number = round(value, asked.field.decimals) if asked.field.decimals else int(value)
    unit = asked.field.unit.in_language(asked.context.language)
    return within_bounds(asked, number, f"{number}{unit}", unit)


def as_number(typed: str) -> float | None:
    """A number of at most twelve digits before the point; nobody types exponents."""
    whole, _, rest = typed.lstrip("-").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 12) or (rest and not rest.isascii()):
        return None
    return float(typed) if typed.count("-") <= 1 and (not rest or rest.isdigit()) else None


def read_money(asked: Asked) -> Read:
    typed = asked.typed()
    if not typed:
        return Read(None)
    try:
        amount = parse_yen(typed)
    except Unreadable as error:
        return Read(None, [asked.unreadable("number", error)])
    if amount > 10**12:
        return Read(None, [asked.wrong("number", typed=typed)])
    return within_bounds(asked, amount, format_yen(amount), "円")


def within_bounds(asked: Asked, number: float, shown: str, unit: str) -> Read:
    least, most = asked.field.least, asked.field.most
    echo = {} if shown.removesuffix(unit) == asked.typed() else {asked.name: shown}
    if least is not None and number < least:
        return Read(None, [asked.wrong("least", shown=shown, least=f"{least}{unit}")], echo)
    if most is not None and number > most:
        return Read(None, [asked.wrong("most", shown=shown, most=f"{most}{unit}")], echo)
    return Read(number, echoes=echo)


def options_of(field: Field, context: Context) -> tuple[Option, ...]:
    """What can be chosen now: the options of the package, or the places of this round."""
    if field.options_from == "facilities":
        return context.places
    return field.options


def read_choice(asked: Asked) -> Read:
    allowed = {option.value for option in options_of(asked.field, asked.context)}
    if asked.field.look == "check":
        chosen = list(dict.fromkeys(asked.typed_all()))
        wrong = [asked.wrong("no_option", typed=value) for value in chosen if value not in allowed]
        return Read([value for value in chosen if value in allowed], wrong)
    typed = asked.typed()
    if typed and typed not in allowed:
        return Read("", [asked.wrong("no_option", typed=typed)])
    return Read(typed)


def read_ranked(asked: Asked) -> Read:
    """Wishes in order; a gap closes up, a repeated or unknown wish is refused beside its rank."""
    allowed = {option.value for option in options_of(asked.field, asked.context)}
    read = Read([])
    ranks: dict[str, int] = {}
    for rank in range(1, asked.field.ranks + 1):
        typed = asked.typed(str(rank))
        if not typed:
            continue
        if typed not in allowed:
            read.errors.append(asked.wrong("no_option", str(rank), typed=typed))
        elif typed in ranks:
            read.errors.append(asked.wrong("twice", str(rank), rank=ranks[typed]))
        else:
            ranks[typed] = rank
            read.value.append(typed)
    return read


def read_yes_no(asked: Asked) -> Read:
    typed = asked.typed()
    if typed in ("", "yes", "no"):
        return Read({"yes": True, "no": False}.get(typed))
    return Read(None, [asked.wrong("yes_no")])


def read_file(asked: Asked) -> Read:
    return Read(list(dict.fromkeys(asked.typed_all()))[: asked.field.most])


def read_consent(asked: Asked) -> Read:
    return Read(asked.typed() == "yes")


READERS: Mapping[str, Callable[[Asked], Read]] = {
    "text": read_text,
    "longtext": read_text,
    "kana": read_kana,
    "name": read_name,
    "date": read_date,
    "time": read_time,
    "address": read_address,
    "phone": read_phone,
    "email": read_email,
    "number": read_number,
    "money": read_money,
    "choice": read_choice,
    "ranked": read_ranked,
    "yes_no": read_yes_no,
    "file": read_file,
    "consent": read_consent,
}
