"""The menu of the desk: only what this person's powers open."""

from dataclasses import dataclass

from django.urls import reverse

from madoguchi.clerical.decisions import queries as decisions
from madoguchi.ledgers.office.clock import today
from madoguchi.ledgers.office.queries import section_in_year
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures import queries as procedures
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
    loaded = list(procedures.live_procedures()) if held else []
    first = loaded[0].package.slug if loaded else ""
    return {
        "work": work_entries(request, first, held),
        "better": better_entries(request, first, held),
        "procedures": procedure_entries(request, loaded) if Power.SEE_CASES in held else [],
        "may_search": Power.SEARCH_RESIDENTS in held,
        "may_enter": Power.ENTER_CASES in held,
        "section": section_in_year(request.user.section_id, today()),
    }


def work_entries(request: StaffRequest, slug: str, held: frozenset[Power]) -> list[Entry]:
    waiting = len(list(decisions.inbox(request.user))) if Power.APPROVE in held else 0
    entries = [entry(request, "home", "朝の一覧", reverse("desk:home"), exact=True)]
    if slug and Power.SEE_CASES in held:
        entries.append(entry(request, "list", "台帳", reverse("desk:ledger", args=[slug]), exact=True))
    if slug and Power.ENTER_CASES in held:
        href = reverse("desk:new", args=[slug])
        entries.append(entry(request, "counter", "窓口・紙の入力", href))
    if Power.SEARCH_RESIDENTS in held:
        entries.append(entry(request, "search", "住民を探す", reverse("desk:residents")))
    if Power.MANAGE_PROTECTION in held:
        entries.append(entry(request, "people", "支援措置", reverse("desk:protection")))
    if slug and Power.ALLOCATE in held:
        entries.append(entry(request, "people", "選考", reverse("desk:allocation", args=[slug])))
    if held & {Power.APPROVE, Power.ALLOCATE}:
        entries.append(entry(request, "seal", "決裁", reverse("desk:decisions"), count=waiting))
    if Power.RELEASE_LETTERS in held:
        entries.append(entry(request, "mail", "通知", reverse("desk:letters")))
    return entries


def better_entries(request: StaffRequest, slug: str, held: frozenset[Power]) -> list[Entry]:
    entries = []
    if slug and Power.SEE_MEASURES in held:
        entries.append(entry(request, "chart", "成績", reverse("desk:measures", args=[slug])))
    if Power.MANAGE_GRANTS in held:
        entries.append(entry(request, "person", "権限", reverse("desk:grants")))
    if Power.SEE_TRACE in held:
        entries.append(entry(request, "link", "記録と鎖", reverse("desk:trace")))
    return entries


def procedure_entries(request: StaffRequest, loaded: list) -> list[Entry]:
    return [
        entry(request, "", one.package.names.ja, reverse("desk:ledger", args=[one.package.slug]))
        for one in loaded
    ]


def entry(request: StaffRequest, icon: str, name: str, href: str, *, exact=False, count=0) -> Entry:
    path = request.path
    return Entry(icon, name, href, path == href if exact else path.startswith(href), count)
