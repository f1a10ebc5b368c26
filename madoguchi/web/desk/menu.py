"""The menu of the desk: only what this person's powers open."""

from dataclasses import dataclass

from django.urls import reverse

from madoguchi.clerical.decisions import queries as decisions
from madoguchi.ledgers.office.clock import today
from madoguchi.ledgers.office.queries import place_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.lookups import procedures_here
from madoguchi.web.desk.powers import powers
from madoguchi.web.desk.requests import StaffRequest


@dataclass(frozen=True)
class Entry:
    icon: str
    name: str
    href: str
    here: bool = False
    count: int = 0


def menu_of(request: StaffRequest) -> dict:
    """Everything around the page: menu, section, the search box."""
    held = powers(request)
    loaded = procedures_here(request) if held else []
    first = loaded[0].package.slug if loaded else ""
    return {
        "work": work_entries(request, first, held),
        "better": better_entries(request, first, held),
        "procedures": procedure_entries(request, loaded) if Power.SEE_CASES in held else [],
        "may_search": Power.SEARCH_RESIDENTS in held,
        "may_enter": Power.ENTER_CASES in held,
        "section": place_of(request.user, today()),
    }


def work_entries(request: StaffRequest, slug: str, held: frozenset[Power]) -> list[Entry]:
    waiting = len(list(decisions.inbox(request.user))) if Power.APPROVE in held else 0
    entries = [entry(request, "home", "朝の一覧", reverse("desk:home"), exact=True)]
    entries += case_entries(request, held)
    if slug and Power.SEE_CASES in held:
        entries.append(entry(request, "list", "台帳", reverse("desk:cases"), exact=True))
    if slug and Power.ENTER_CASES in held:
        href = reverse("desk:new", args=[slug])
        entries.append(entry(request, "counter", "窓口・紙の入力", href))
    if Power.SEARCH_RESIDENTS in held:
        entries.append(entry(request, "search", "住民を探す", reverse("desk:residents")))
    if Power.IMPORT_RESIDENTS in held:
        entries.append(entry(request, "people", "住民データの取り込み", reverse("desk:registry-imports")))
    if slug and Power.ALLOCATE in held:
        entries.append(entry(request, "people", "選考", reverse("desk:allocation", args=[slug])))
    if held & {Power.APPROVE, Power.ALLOCATE}:
        entries.append(entry(request, "seal", "決裁", reverse("desk:decisions"), count=waiting))
    if Power.RELEASE_LETTERS in held:
        entries.append(entry(request, "mail", "通知", reverse("desk:letters")))
    return entries


def case_entries(request: StaffRequest, held: frozenset[Power]) -> list[Entry]:
    """What stands across all procedures: what waits, and the texts of the section."""
    pages = (
        (Power.SEE_CASES, "wait", "期限と待ち", "desk:overdue"),
        (Power.REVIEW_CASES, "pen", "補正の文例", "desk:texts"),
    )
    return [entry(request, icon, name, reverse(view)) for power, icon, name, view in pages if power in held]


def better_entries(request: StaffRequest, slug: str, held: frozenset[Power]) -> list[Entry]:
    entries = []
    if slug and Power.SEE_MEASURES in held:
        entries.append(entry(request, "chart", "成績", reverse("desk:measures", args=[slug])))
    if held & {Power.SEE_CASES, Power.MANAGE_PROCEDURES, Power.SEE_TRACE}:
        entries.append(entry(request, "person", "本人確認", reverse("desk:identity"), exact=True))
    if held & {Power.MANAGE_PROCEDURES, Power.PUBLISH_PROCEDURES}:
        entries.append(entry(request, "paper", "手続の版", reverse("desk:procedures")))
    if Power.SEE_TRACE in held:
        entries.append(entry(request, "link", "記録と鎖", reverse("desk:trace")))
    return entries


def procedure_entries(request: StaffRequest, loaded: list) -> list[Entry]:
    return [
        entry(request, "", one.package.names.ja, reverse("desk:ledger", args=[one.package.slug]), exact=True)
        for one in loaded
    ]


def entry(request: StaffRequest, icon: str, name: str, href: str, *, exact=False, count=0) -> Entry:
    path = request.path
    return Entry(icon, name, href, path == href if exact else path.startswith(href), count)
