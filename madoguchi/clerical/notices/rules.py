"""What makes a letter right, and what makes it belong to its case; no queries."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from madoguchi.clerical.notices.errors import (
    FactsMismatched,
    InstructionMissing,
    LetterBroken,
    TemplateReachesOut,
    WrongDeliveryState,
)
from madoguchi.clerical.notices.orders import Facts, LetterOrder
from madoguchi.clerical.notices.states import NEXT_DELIVERY, DeliveryState, Route
from madoguchi.common.era import format_era

_FACT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# `std`, `sys` and `eval` would lead to the others by another name.
_REACHES_OUT = re.compile(
    r"(?<![\w-])(import|include|plugin|read|eval|image|json|csv|toml|yaml|xml|cbor|bibliography|sys|std)(?![\w-])"
)
MAIL_TRIES = 5
_INSTRUCTION = ("審査請求", "３か月", "取消", "６か月")


@dataclass(frozen=True)
class Town:
    """The sender as letters name it."""

    name: str
    mayor: str
    contact: str


def letter_number(symbol: str, serial: int) -> str:
    """サ子青第1204号."""
    return f"{symbol}第{serial}号"


def require_delivery_move(route: Route, now: DeliveryState, to: DeliveryState) -> None:
    """What a person may do with a delivery: the table in states.py, save that a mail goes by itself."""
    goes_by_itself = now == DeliveryState.SENDING or (route != Route.POST and now == DeliveryState.WAITING)
    if goes_by_itself or to not in NEXT_DELIVERY[now]:
        raise WrongDeliveryState(
            f"この送達は「{now.label}」のため「{to.label}」にはできません。",
            next_step="画面を読み直し、現在の状態を確かめてください。",
        )


def message_id(of: UUID, host: str) -> str:
    """The Message-ID of the mail about one letter, the same at every try (RFC 5322 3.6.4, RFC 2606)."""
    return f"<{of}@{host or 'madoguchi.invalid'}>"


def mail_about(town: str, number: str, contact: str, url: str) -> tuple[str, str]:
    """Subject and body of the mail that says a letter has come; of the letter itself it says nothing."""
    where = (
        f"次のページで内容をご確認ください。\n{url}" if url else "申請状況のページで内容をご確認ください。"
    )
    body = (
        f"{town}から通知が届いています（文書番号 {number}）。\n{where}\n\n"
        f"このメールには返信できません。\n問合せ先　{contact}\n"
    )
    return f"【{town}】通知が届いています", body


def complete_facts(order: LetterOrder, number: str, town: Town) -> dict[str, str | int | list[str]]:
    """The facts of the order with what the room itself knows.

    Raises FactsMismatched when the order's facts name somebody or something else than the order does.
    """
    known = {
        "title": order.title,
        "addressee": order.addressee,
        "document_number": number,
        "dated_on": format_era(order.dated_on),
        "municipality": town.name,
        "mayor": town.mayor,
    }
    for name in ("title", "addressee", "dated_on"):
        if order.facts.get(name, known[name]) != known[name]:
            raise FactsMismatched(
                f"受付番号「{order.case}」の通知で、差し込む項目「{name}」が注文と違います。",
                next_step="通知を作り直してください。",
            )
    return {"contact": town.contact, **order.facts, **known}


def fill_text(template: str, facts: Facts, case: str) -> str:
    """The plain twin of a letter: {names} become facts, lists become lines. Nothing is computed."""

    def put(found: re.Match[str]) -> str:
        if found[1] not in facts:
            raise LetterBroken(
                f"受付番号「{case}」の通知文に、項目「{found[1]}」がありません。",
                next_step="手続パッケージの letters の項目名を確かめてください。",
            )
        value = facts[found[1]]
        return "\n".join(value) if isinstance(value, list) else str(value)

    return _FACT.sub(put, template)


def require_confined(template: str) -> None:
    """A letter of a package prints its facts; it reads no file, runs no plug-in and fetches no package."""
    if found := _REACHES_OUT.search(template):
        raise TemplateReachesOut(
            f"通知のひな形で「{found[1]}」は使えません。",
            next_step="letter、fact-table、lines、appeal-notice と facts だけで書いてください。",
        )


def require_instruction(order: LetterOrder, text: str) -> None:
    """行政不服審査法82条1項 and 行政事件訴訟法46条1項: a disposition in writing says how to contest it."""
    if not order.disposition:
        return
    said = all(word in text for word in _INSTRUCTION)
    if not said or "appeal-notice" not in order.template:
        raise InstructionMissing(
            f"「{order.title}」に教示文（審査請求と取消訴訟）がありません。",
            next_step="ひな形に #appeal-notice を、通知文に同じ教示を入れてください。",
        )


@dataclass(frozen=True)
class Pairing:
    """A prepared letter as it stands in the database, with the case it would be sent to."""

    number: str
    addressee: str
    title: str
    dated_on: date
    facts: Facts
    text: str
    letter_id: UUID
    pdf_owner: str
    pdf_sha256: str
    kept_sha256: str

    def faults(self) -> tuple[str, ...]:
        """What does not belong together; empty when the letter may go out."""
        facts = self.facts
        checks = {
            "宛名": facts.get("addressee") == self.addressee and self.addressee in self.text,
            "文書番号": facts.get("document_number") == self.number and self.number in self.text,
            "標題": facts.get("title") == self.title,
            "日付": facts.get("dated_on") == format_era(self.dated_on),
            "PDF": self.pdf_sha256 == self.kept_sha256 and self.pdf_owner == str(self.letter_id),
        }
        return tuple(name for name, holds in checks.items() if not holds)
