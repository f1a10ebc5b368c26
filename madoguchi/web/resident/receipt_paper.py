"""The facts of a receipt on paper, in the reader's language, with furigana when the reader wants it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.common.era import format_both
from madoguchi.web.components import dates, texts, words
from madoguchi.web.components.words import Reader
from madoguchi.web.resident.answers_shown import AnswersShown
from madoguchi.web.resident.qr import qr_svg

Run = tuple[str, ...]
STEPS = ("received", "checked", "decided", "told")


@dataclass(frozen=True)
class ReceiptPaper:
    """One receipt. `told_on` is when the result is due, as shown on the receipt page; `link` opens the case."""

    status: Any
    package: Any
    answers: AnswersShown
    owed: list[str]
    link: str
    municipality: Any
    reader: Reader
    told_on: str = ""

    def facts(self) -> dict[str, Any]:
        """Everything the template prints."""
        number, say = self.status.number, self.say
        return {
            "lang": self.reader.language,
            "furigana": self.reader.furigana and self.reader.language == "ja",
            "plain_title": self.plain("receipt.paper"),
            "municipality": self.municipality.name,
            "title": say("receipt.title"),
            "number_name": say("receipt.number"),
            "number": number,
            "received_name": say("receipt.received-at"),
            "received_at": self.received_at,
            "procedure": self.runs(words.marked(self.package.names, self.reader.voice)),
            "person": self.status.person_name,
            "qr_svg": str(qr_svg(self.link, standalone=True)),
            "qr_alt": self.plain("receipt.qr-alt", number=number),
            "qr_text": say("receipt.qr-text"),
            "next_title": say("receipt.next"),
            "steps": self.steps,
            "owed_title": say("receipt.owed", count=len(self.owed)),
            "owed": [self.runs(each) for each in self.owed],
            "checks_title": say("receipt.checks"),
            "checks": self.checks,
            "answers_title": say("status.answers"),
            "groups": [self.group(each) for each in self.answers.groups()],
            "withdraw": say("receipt.withdraw-text"),
            "contact": self.contact,
            "link": self.link,
            "replaced": self.plain("receipt.replaced"),
        }

    @property
    def received_at(self) -> str:
        at = self.status.received_at
        told = dates.day_time(at, self.reader.language)
        return told if self.reader.language == "en" else f"{format_both(dates.local_day(at))} {told}"

    @property
    def steps(self) -> list[dict[str, list[Run]]]:
        when = {"received": self.received_at, "told": self.told_on}
        lines = {step: self.runs(when.get(step, "")) for step in STEPS}
        lines["checked"] = self.say("receipt.next-checked-text")
        return [{"name": self.say(f"receipt.next-{step}"), "text": lines[step]} for step in STEPS]

    @property
    def checks(self) -> list[list[Run]]:
        """What was checked before the application was taken; findings of staff never stand here."""
        files = self.answers.file_count()
        known = [self.say("review.checked-known")] if self.status_knows else []
        counted = [self.say("review.checked-files", **files)] if files["count"] else []
        return [*known, self.say("review.checked-form"), *counted]

    @property
    def status_knows(self) -> bool:
        return bool(self.answers.paper.context.facts.get("resident"))

    @property
    def contact(self) -> str:
        name = words.without_readings(words.marked(self.package.contact, self.reader.voice))
        return "　".join(each for each in (name, self.municipality.contact_phone) if each)

    def group(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        title = words.marked(shown["title"], self.reader.voice)
        rows = [row for item in shown["items"] for row in self.rows(item)]
        return {"title": self.runs(title), "rows": rows}

    def rows(self, item: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One line of the form, or the lines of one entry of a group under its name."""
        if "inside" not in item:
            later = self.plain("procedure.need-later") if item.get("mark") == "later" else ""
            return [{"name": self.runs(item["name"]), "value": f"{item['value']}　{later}".strip()}]
        inside = [row for each in item["inside"] for row in self.rows(each)]
        return [{"name": self.runs(f"［{item['name']}］"), "value": ""}, *inside]

    def say(self, key: str, **parts: object) -> list[Run]:
        return self.runs(texts.say(key, self.reader.voice, **parts))

    def plain(self, key: str, **parts: object) -> str:
        return words.without_readings(texts.say(key, self.reader.voice, **parts))

    def runs(self, text: str) -> list[Run]:
        """The text in pieces, those with a reading as (words, reading)."""
        return words.runs(text, self.reader)
