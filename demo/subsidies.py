"""猫の手術費補助金 in every stage: a budget, cases, one draft and one batch of payments before the head, one exception."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from demo.answers import Raw
from demo.applications import LEFT_TO_VISITORS
from madoguchi.clerical.controls.actions import fill_checklist
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.actions import approve
from madoguchi.clerical.payments.actions import enter_appropriation, take_snapshot
from madoguchi.clerical.payments.budgeting import BudgetSubject
from madoguchi.clerical.payments.queries import appropriations, orders
from madoguchi.clerical.payments.states import SnapshotKind
from madoguchi.common.ages import fiscal_year, fiscal_year_start
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_procedures
from madoguchi.ledgers.registry.queries import demo_identities
from madoguchi.ledgers.registry.views import ResidentView
from madoguchi.services.applications import actions as applications
from madoguchi.services.applications.states import Channel
from madoguchi.services.subsidies import actions
from madoguchi.services.subsidies.granting import Choice

SLUG = "neko-hojokin"
BUDGET = 600_000
STORIES = ("received", "reviewing", "late", "accepted", "accepted", "deciding", "paying", "paying")
"""One application each; `late` has an exception of its controls, `deciding` and `paying` wait for the head."""
# The families the sign-in page offers come first; these come after them, where the town is large enough.
OFFERED = LEFT_TO_VISITORS
_KEYS = uuid.UUID("6d61646f-6775-4368-8000-6e656b6f0000")
_SUBJECT = BudgetSubject(
    account="01 一般会計",
    kan="04 衛生費",
    kou="01 保健衛生費",
    moku="03 環境衛生費",
    project="011 人と猫の共生事業",
    setsu="18 負担金、補助及び交付金",
    saisetsu="01 補助金",
)
_CATS = ("ミケ", "クロ", "シロ", "トラ", "サビ", "ハチ", "モモ", "ソラ")
_CHECKLISTS = {
    "ic12_receipt_seen": ("original", "addressee", "cat", "operation", "hospital"),
    "ic13_origin": ("asked",),
}


@dataclass(frozen=True)
class Desk:
    """Who works on the seeded cases, and the moment everything happens at: the last hour before the demo begins."""

    loaded: LoadedPackage
    reviewer: Any
    head: Any
    at: datetime

    def before(self, minutes: int) -> datetime:
        """Some minutes ago, and never in the fiscal year before."""
        begins = datetime.combine(fiscal_year_start(self.at.date()), datetime.min.time(), self.at.tzinfo)
        return max(self.at - timedelta(minutes=minutes), begins)


def seed_subsidies(at: datetime) -> int:
    """Seed once, while the intake is open and the town has the families; says how many applications."""
    loaded = next((each for each in live_procedures() if each.package.slug == SLUG), None)
    reviewer, head, clerk = (staff_by_login(login) for login in ("eisei", "eikacho", "zaisei"))
    if loaded is None or reviewer is None or head is None or clerk is None:
        return 0
    period, families = loaded.package.periods[0], demo_identities(OFFERED + len(STORIES))[-len(STORIES) :]
    if not period.opens <= at.date() <= period.closes or len(families) < len(STORIES):
        return 0
    if appropriations(fiscal_year(at.date()), [loaded.section_id]):
        return 0
    desk = Desk(loaded, reviewer, head, at)
    budget = enter_appropriation(
        fiscal_year=fiscal_year(at.date()),
        section_id=loaded.section_id,
        subject=_SUBJECT,
        name="猫の去勢・不妊手術費補助金",
        amount=BUDGET,
        by=clerk,
        at=desk.before(50),
    )
    _take_lists(families, desk.before(50))
    plans = list(zip(STORIES, families, _CATS, strict=True))
    numbers = [
        (story, *_handed_in(story, family, cat, place, desk))
        for place, (story, family, cat) in enumerate(plans)
    ]
    _decide(numbers, budget, desk)
    return len(numbers)


def _take_lists(families: list[ResidentView], at: datetime) -> None:
    """収納 without anybody who owes, 債権者 with everybody who applied."""
    lines = (
        f"K{each.atena_number},{each.atena_number},{each.family}　{each.given},{each.family_kana} {each.given_kana},"
        f"9999,997,普通,{place:07d},{each.family_kana} {each.given_kana}"
        for place, each in enumerate(families, 1)
    )
    heads = {
        SnapshotKind.ARREARS: ("宛名番号,滞納月数,分納の約束", ["1,1,"]),
        SnapshotKind.CREDITORS: (
            "債権者番号,宛名番号,債権者名,債権者カナ,金融機関コード,支店コード,預金種目,口座番号,口座名義カナ",
            lines,
        ),
    }
    for kind, (head, rows) in heads.items():
        take_snapshot(
            kind=kind,
            file_name=f"{kind}.csv",
            body="\n".join([head, *rows]).encode(),
            as_of=at.date(),
            source="見本の財務会計システム",
            by=SYSTEM,
            at=at,
        )


def _handed_in(story: str, family: ResidentView, cat: str, place: int, desk: Desk) -> tuple[str, int]:
    """One paper application and what the reviewer did with it; its number and key."""
    received = desk.before(45 - place)
    days = 75 if story == "late" else 12
    operated = max(received.date() - timedelta(days=days), fiscal_year_start(received.date()))
    receipt = applications.receive(
        version_id=desk.loaded.version_id,
        period_code=desk.loaded.package.periods[0].code,
        raw=_typed(family, cat, place, operated),
        channel=Channel.PAPER,
        by=actor_of(desk.reviewer),
        at=received,
        submission_key=uuid.uuid5(_KEYS, str(family.atena_number)),
        resident_id=family.id,
        staff_seconds=240,
    )
    told = {"number": receipt.number, "by": desk.reviewer}
    if story == "reviewing":
        applications.start_review(**told, at=desk.before(30), edition=1)
    if story == "late":
        actions.check_case(**told, at=desk.before(30))
    if story in {"accepted", "deciding", "paying"}:
        for key, items in _CHECKLISTS.items():
            _list(receipt.number, receipt.application_id, key, items, desk)
        applications.accept(**told, at=desk.before(25), edition=1, staff_seconds=180)
    return receipt.number, receipt.application_id


def _list(number: str, application_id: int, key: str, items: tuple[str, ...], desk: Desk) -> None:
    fill_checklist(
        subject=Subject("applications.application", str(application_id)),
        section_id=desk.loaded.section_id,
        version_id=desk.loaded.version_id,
        controls=desk.loaded.package.controls,
        key=key,
        items=dict.fromkeys(items, True),
        by=desk.reviewer,
        at=desk.before(28),
        label=number,
    )


def _decide(numbers: list[tuple[str, str, int]], budget: int, desk: Desk) -> None:
    """The head decided on some, whose claims came back; those and one more grant wait in the inbox."""
    told = {"slug": SLUG, "appropriation_id": budget, "approver": desk.head, "by": desk.reviewer}
    paying = [(number, key) for story, number, key in numbers if story == "paying"]
    draft_id = actions.submit_grants(choices=[Choice(key) for _, key in paying], at=desk.before(20), **told)
    when = desk.before(15)
    seen = draft_for(desk.head, draft_id, when)
    approve(draft_id=draft_id, by=desk.head, at=when, seen_sha256=seen.content_sha256, edition=seen.edition)
    for number, _ in paying:
        actions.claim(number=number, by=actor_of(desk.reviewer), at=desk.before(10))
    waiting = [row.id for row in orders([desk.loaded.section_id])]
    actions.submit_payments(order_ids=waiting, approver=desk.head, by=desk.reviewer, at=desk.before(8))
    deciding = [Choice(key) for story, _, key in numbers if story == "deciding"]
    actions.submit_grants(choices=deciding, at=desk.before(6), **told)


def _typed(family: ResidentView, cat: str, place: int, operated: date) -> Raw:
    male = place % 2 == 0
    return {name: [value] for name, value in _answers(family, cat, place, operated, male)}


def _answers(
    family: ResidentView, cat: str, place: int, operated: date, male: bool
) -> Iterator[tuple[str, str]]:
    yield from (("name-family", family.family), ("name-given", family.given))
    yield from (("name_kana-family", family.family_kana), ("name_kana-given", family.given_kana))
    yield "birth", family.birth.isoformat() if family.birth else ""
    yield from (("address-postcode", family.postcode), ("address-town", family.town))
    yield from (("address-block", family.block), ("address-building", family.building))
    yield "telephone", f"090-0000-{1000 + place}"
    yield from (("cat_name", cat), ("nyushukeiro", "保護した"), ("hospital", "見本動物病院"))
    yield from (("sex", "オス" if male else "メス"), ("operation", "去勢" if male else "不妊"))
    yield from (("operated_on", operated.isoformat()), ("receipt_amount", "18000"))
    yield "seikyu_money", "3000" if male else "5000"
    yield from (("bank_code", "9999"), ("branch_code", "997"), ("account_type", "普通"))
    yield "account_number", f"{place + 1:07d}"
    yield "account_holder", f"{family.family_kana} {family.given_kana}"
    yield from (("consent_lookup", "yes"), ("consent_true", "yes"))
