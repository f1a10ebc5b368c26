"""The menu of the desk: only what this person's powers open."""

from collections.abc import Iterator
from dataclasses import dataclass

from madoguchi.ledgers.office.clock import today
from madoguchi.ledgers.office.queries import place_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.drawn import address
from madoguchi.web.desk.lookups import procedures_here, steps_waiting
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


@dataclass(frozen=True)
class Way:
    """One line of the menu for whoever holds one of the powers; `of_one` leads to the page of the first procedure."""

    powers: frozenset[Power]
    icon: str
    name: str
    view: str
    of_one: bool = False
    exact: bool = False


def way(powers: set[Power], icon: str, name: str, view: str, *, of_one=False, exact=False) -> Way:
    return Way(frozenset(powers), icon, name, view, of_one, exact)


WORK = (
    way({Power.SEE_CASES}, "wait", "期限と待ち", "desk:overdue"),
    way({Power.REVIEW_CASES}, "pen", "補正の文例", "desk:texts"),
    way({Power.SEE_CASES}, "list", "台帳", "desk:cases", exact=True),
    way({Power.ENTER_CASES}, "counter", "窓口・紙の入力", "desk:new", of_one=True),
    way({Power.SEARCH_RESIDENTS}, "search", "住民を探す", "desk:residents"),
    way({Power.IMPORT_RESIDENTS}, "people", "住民データの取り込み", "desk:registry-imports"),
    way({Power.MANAGE_PROTECTION}, "people", "支援措置", "desk:protection"),
    way({Power.ALLOCATE}, "people", "選考", "desk:allocation", of_one=True),
    way({Power.APPROVE, Power.ALLOCATE, Power.SEE_CASES}, "seal", "決裁", "desk:decisions"),
    way({Power.SEE_CASES, Power.APPROVE, Power.MANAGE_GRANTS}, "people", "役職と不在", "desk:posts"),
    way({Power.RELEASE_LETTERS}, "mail", "通知", "desk:letters"),
    way({Power.SEE_CASES, Power.SEE_TRACE, Power.RUN_RETENTION}, "paper", "簿冊", "desk:records"),
    way({Power.SEE_PAYMENTS}, "chart", "予算", "desk:budgets"),
    way({Power.SEE_PAYMENTS}, "download", "支払", "desk:payments"),
    way({Power.EXPORT}, "download", "基幹連携", "desk:exports"),
)
BETTER = (
    way({Power.SEE_MEASURES}, "chart", "統計", "desk:statistics-list"),
    way({Power.SEE_MEASURES}, "chart", "電子決裁の割合", "desk:adoption"),
    way({Power.SEE_MEASURES}, "chart", "成績", "desk:measures", of_one=True),
    way(
        {Power.SEE_CASES, Power.MANAGE_PROCEDURES, Power.SEE_TRACE},
        "person",
        "本人確認",
        "desk:identity",
        exact=True,
    ),
    way({Power.MANAGE_PROCEDURES, Power.PUBLISH_PROCEDURES}, "paper", "手続の版", "desk:procedures"),
    way({Power.MANAGE_GRANTS}, "person", "権限", "desk:grants"),
    way({Power.MANAGE_ROUTES, Power.APPROVE}, "seal", "決裁の決まり", "desk:decision-rules"),
    way({Power.MANAGE_API_KEYS}, "lock", "API鍵", "desk:keys"),
    way({Power.SEE_CONTROLS}, "check", "内部統制", "desk:controls"),
    way({Power.SEE_TRACE, Power.SEE_PAYMENT_TRACE}, "link", "記録と鎖", "desk:trace"),
    way({Power.RUN_RETENTION}, "paper", "保存期間", "desk:retention"),
    way({Power.SEE_TROUBLES}, "alert", "今日の異常", "desk:troubles"),
)


def work_entries(request: StaffRequest, slug: str, held: frozenset[Power]) -> list[Entry]:
    home = entry(request, "home", "朝の一覧", address("desk:home"), exact=True)
    waiting = steps_waiting(request)[0] if Power.APPROVE in held else 0
    return [home, *entries_of(WORK, request, slug, held, {"desk:decisions": waiting})]


def better_entries(request: StaffRequest, slug: str, held: frozenset[Power]) -> list[Entry]:
    return list(entries_of(BETTER, request, slug, held, {}))


def entries_of(
    ways: tuple[Way, ...], request: StaffRequest, slug: str, held: frozenset[Power], counts: dict[str, int]
) -> Iterator[Entry]:
    """The lines this person may follow; those of one procedure only where there is one."""
    for each in ways:
        if held & each.powers and (slug or not each.of_one):
            href = address(each.view, *([slug] if each.of_one else []))
            yield entry(request, each.icon, each.name, href, exact=each.exact, count=counts.get(each.view, 0))


def procedure_entries(request: StaffRequest, loaded: list) -> list[Entry]:
    return [
        entry(request, "", one.package.names.ja, address("desk:ledger", one.package.slug), exact=True)
        for one in loaded
    ]


def entry(request: StaffRequest, icon: str, name: str, href: str, *, exact=False, count=0) -> Entry:
    path = request.path
    return Entry(icon, name, href, path == href if exact else path.startswith(href), count)
