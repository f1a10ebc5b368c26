"""One field of a procedure as the template needs it: names, ids, descriptions, typed text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from madoguchi.ledgers.procedures.fields import Field
from madoguchi.web.components import speech, texts, words
from madoguchi.web.components.filled import Filled, row_values

PARTS: Mapping[str, tuple[str, ...]] = {
    "name": ("family", "given"),
    "kana": ("family", "given"),
    "address": ("postcode", "town", "block", "building"),
}
AUTOCOMPLETE = {
    "name-family": "family-name",
    "name-given": "given-name",
    "address-postcode": "postal-code",
    "address-town": "address-level2",
    "address-block": "street-address",
    "address-building": "address-line2",
    "phone": "tel",
    "email": "email",
    "date": "bday",
}
INPUTMODE = {"phone": "tel", "email": "email", "number": "numeric", "money": "numeric", "postcode": "numeric"}
WIDTH = {
    "date": "middle", "time": "short", "phone": "middle", "number": "short", "money": "middle", "email": "long",
    "postcode": "short", "family": "middle", "given": "middle",
}  # fmt: skip
OWN_DATA = ("resident.", "visitor.")
GROUPED = {"name", "kana", "address", "yes_no", "ranked", "group", "household", "file"}


@dataclass(frozen=True)
class Input:
    """One HTML input: `describedby` ties it to its help, its error and its echo."""

    name: str
    value: str
    label: str = ""
    error: str = ""
    describedby: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    width: str = ""
    required: bool = False


@dataclass(frozen=True)
class Shown:
    """A field drawn under one HTML name."""

    field: Field
    name: str
    filled: Filled

    def words(self, text: Any) -> SafeString:
        return words.spoken(text, self.filled.reader)

    def plain(self, text: Any) -> str:
        """For options and attributes, where no ruby can stand."""
        return words.without_readings(words.marked(text, self.filled.reader.voice))

    def say(self, key: str, **parts: object) -> SafeString:
        return speech.speak(key, self.filled.reader, **parts)

    def say_plain(self, key: str, **parts: object) -> str:
        return speech.speak_plain(key, self.filled.reader, **parts)

    @property
    def kind(self) -> str:
        """How it is drawn: a name in field_drawing.KINDS."""
        kind = self.field.type
        if kind == "choice":
            kind = f"choice_{self.field.look}"
        return SHARED.get(kind, kind)

    @property
    def is_group(self) -> bool:
        return self.field.type in GROUPED or (self.field.type == "choice" and self.field.look != "select")

    @property
    def label(self) -> SafeString:
        return self.words(self.field.label)

    @property
    def help(self) -> SafeString:
        return self.words(self.field.help)

    @property
    def must(self) -> bool:
        return self.filled.must(self.field)

    @property
    def known(self) -> bool:
        return self.name in self.filled.known

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(input name, sentence) of this field; rows show their own beside their columns."""
        if self.field.has_rows:
            return [pair for pair in self.filled.errors.items() if pair[0] == self.name]
        parts = {self.name} | {f"{self.name}-{part}" for part in self._parts()}
        return [pair for pair in self.filled.errors.items() if pair[0] in parts]

    def _parts(self) -> list[str]:
        if self.field.type == "ranked":
            return [str(rank) for rank in range(1, self.field.ranks + 1)]
        return list(PARTS.get(self.field.type, ()))

    @property
    def echo(self) -> str:
        return self.filled.echoes.get(self.name, "")

    def described(self, input_name: str) -> str:
        ids = [f"error:{input_name}"] if input_name in self.filled.errors else []
        ids += [f"help:{self.name}"] if self.field.help and not self.is_group else []
        ids += [f"echo:{self.name}"] if self.echo and not ids else []
        return " ".join(ids)

    @property
    def help_id(self) -> str:
        return f"help:{self.name}" if self.field.help else ""

    @property
    def input(self) -> Input:
        return self._input(self.name, self.field.type)

    @property
    def parts(self) -> list[Input]:
        return [self._input(f"{self.name}-{part}", part) for part in self._parts()]

    @property
    def family(self) -> list[Input]:
        """姓 and 名, also for kana."""
        return self.parts

    def _input(self, name: str, part: str) -> Input:
        kind = self.field.type
        suffix = "-kana" if kind == "kana" else ""
        label = self.say(f"field.{part}{suffix}") if part != kind else SafeString("")
        own = self.field.prefill.startswith(OWN_DATA) or kind in ("phone", "email")
        meaning = f"{kind}-{part}" if part != kind else kind
        return Input(
            name=name,
            value=self.filled.typed(name),
            label=label,
            error=self.filled.errors.get(name, ""),
            describedby=self.described(name),
            autocomplete=AUTOCOMPLETE.get(meaning, "off") if own else "off",
            inputmode="decimal" if self.field.decimals else INPUTMODE.get(part, ""),
            width=WIDTH.get(part, ""),
            required=self.must and part != "building",
        )

    @property
    def unit(self) -> SafeString:
        return self.say("field.yen") if self.field.type == "money" else self.words(self.field.unit)

    @property
    def options(self) -> list[dict[str, Any]]:
        typed = self.filled.typed_all(self.name)
        return [
            {"id": self._option_id(at, option.value), "value": option.value, "label": self.words(option.label),
             "plain": self.plain(option.label),
             "help": self.words(option.help), "chosen": option.value in typed}
            for at, option in enumerate(self._offered())
        ]  # fmt: skip

    def _offered(self) -> Any:
        if self.field.type == "yes_no":
            return [_Plain("yes", self.say("field.yes")), _Plain("no", self.say("field.no"))]
        return self.filled.options(self.field)

    def _option_id(self, at: int, value: str) -> str:
        return self.name if at == 0 else f"{self.name}:{value}"

    @property
    def ranks(self) -> list[dict[str, Any]]:
        count = self.filled.ranks(self.field)
        return [self._rank(rank, count) for rank in range(1, count + 1)]

    def _rank(self, rank: int, count: int) -> dict[str, Any]:
        name = f"{self.name}-{rank}"
        typed = self.filled.typed(name)
        return {
            "rank": rank, "name": name, "error": self.filled.errors.get(name, ""),
            "label": self.say("field.rank", rank=rank), "plain": self.say_plain("field.rank", rank=rank),
            "note": self._note(typed), "first": rank == 1, "last": rank == count, "typed": typed,
            "describedby": self.described(name), "focus": self.filled.focus == name,
        }  # fmt: skip

    def _note(self, value: str) -> SafeString:
        """What helps to choose: the package's own words, else the size and hours of the place."""
        chosen = next((option for option in self.filled.options(self.field) if option.value == value), None)
        if chosen is None or chosen.help:
            return self.words(chosen.help) if chosen else SafeString("")
        place = next((each for each in self.filled.context.facilities if each.code == value), None)
        return (
            self.say("field.place", capacity=place.capacity, closes=place.closes_at)
            if place
            else SafeString("")
        )

    @property
    def next_rank(self) -> int | None:
        count = self.filled.ranks(self.field)
        return count + 1 if count < self.field.ranks else None

    @property
    def next_rank_label(self) -> str:
        rank = texts.say("field.rank", self.filled.reader.voice, rank=self.next_rank)
        return self.say("field.rank-more", rank=rank)

    @property
    def rows(self) -> list[dict[str, Any]]:
        indexes = self.filled.row_indexes(self.field)
        return [self._row(number, index, len(indexes)) for number, index in enumerate(indexes, 1)]

    def _row(self, number: int, index: int, count: int) -> dict[str, Any]:
        inside = self.filled.inside(row_values(self.filled, self.field, index))
        shown = [
            Shown(column, f"{self.name}-{index}-{column.key}", inside)
            for column in inside.columns(self.field)
        ]
        return {
            "index": index, "name": words.shown(self.row_name(number), self.filled.reader),
            "plain": words.without_readings(self.row_name(number)), "fields": shown,
            "may_go": count > self.field.min_rows,
        }  # fmt: skip

    @property
    def may_add(self) -> bool:
        return len(self.filled.row_indexes(self.field)) < self.field.max_rows

    def row_name(self, number: int) -> str:
        """「2人目」 or 「保護者 2」, with its furigana marks."""
        voice = self.filled.reader.voice
        label = words.marked(self.field.row_label, voice) or words.marked(self.field.label, voice)
        if "{n}" in label:
            return label.replace("{n}", str(number))
        return texts.say("field.row-named", voice, label=label, number=number)

    @property
    def next_row_name(self) -> str:
        return self.row_name(len(self.filled.row_indexes(self.field)) + 1)

    @property
    def kept(self) -> list[dict[str, Any]]:
        """Files already attached: their id stands in a hidden input, so the page keeps them without a script."""
        ids = self.filled.typed_all(self.name)
        return [{"id": each, "view": self.filled.files.get(each)} for each in ids]

    @property
    def may_attach(self) -> bool:
        return len(self.kept) < (self.field.most or 1)

    @property
    def accept(self) -> str:
        return ",".join(self.field.accept)


@dataclass(frozen=True)
class _Plain:
    value: str
    label: Any
    help: str = ""


SHARED = {
    "text": "input", "date": "input", "time": "input", "phone": "input", "email": "input", "number": "input",
    "money": "input", "kana": "parts", "name": "parts", "yes_no": "choice_radio", "household": "group",
}  # fmt: skip
