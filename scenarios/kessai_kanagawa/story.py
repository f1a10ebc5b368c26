"""神奈川県: six years from 36.7 % to 98.2 %. What was seeded, the analytics must find again, from the rows alone.

Source: case 30 (電子決裁率 平成30年度〜令和5年度, 併用決裁, offices of the same work 50 points apart, reasons for paper).
"""

import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from demo.accounts import PASSWORD
from madoguchi.clerical.decisions.states import ApprovalMode
from madoguchi.improvement.insight.adoption import Shares
from madoguchi.improvement.insight.adoption_queries import Adoption, adoption
from madoguchi.improvement.insight.arithmetic import rounded
from madoguchi.ledgers.office.queries import municipality_here, verify_chain
from scenarios.browser import Browser
from scenarios.kessai_kanagawa.plan import SIZES, Planned, planned, years
from scenarios.kessai_kanagawa.prefecture import HEAD, Prefecture
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period.plan import at

Key = TypeVar("Key", bound=Hashable)
LOOK_DAY = date(2024, 3, 29)
APART = 50
TIMES = 5
LEAST_ACTED = {"small": 600, "full": 2_000}
LONGEST_SECONDS = 420


def play(stage: Stage) -> Report:
    """Seed, measure, compare; then look at the page of the last year."""
    report, size, began = Report("kessai-kanagawa"), SIZES[stage.size], time.monotonic()
    drafts = list(planned(size))
    prefecture = Prefecture(size)
    acted = [draft for draft in drafts if draft.section < size.acted_sections]
    acting = time.monotonic()
    for draft in acted:
        prefecture.act(draft)
    acting = time.monotonic() - acting
    entered = prefecture.enter(draft for draft in drafts if draft.section >= size.acted_sections)
    report.figures |= {
        "sections": size.sections,
        "drafts": len(drafts),
        "through_the_actions": len(acted),
        "as_rows": entered,
        "acted_per_second": round(len(acted) / acting, 1),
    }
    report.check("so many went through the actions", len(acted) >= LEAST_ACTED[stage.size], str(len(acted)))
    ids = {section.pk: number for number, section in enumerate(prefecture.sections)}
    for year, percent in years().items():
        mine = [draft for draft in drafts if draft.year == year]
        _compare(report, year, percent, mine, _measured(year, report), ids)
    _look_at_spread(report)
    report.check("the chain of the trace verifies", verify_chain(municipality_here()).broken is None)
    _page(report, stage)
    report.figures["seconds"] = round(time.monotonic() - began, 1)
    report.check(f"under {LONGEST_SECONDS} seconds", report.figures["seconds"] < LONGEST_SECONDS)
    return report


def _measured(year: int, report: Report) -> Adoption:
    began = time.perf_counter()
    found = adoption(date(year, 4, 1), date(year + 1, 3, 31), at=at(LOOK_DAY, 9))
    report.figures.setdefault("analytics_ms", []).append(round((time.perf_counter() - began) * 1000))
    return found


def _compare(
    report: Report, year: int, percent: Decimal, seeded: list[Planned], found: Adoption, ids: dict[int, int]
) -> None:
    """Everything that was seeded in one year, beside what the analytics make of the rows."""
    rate = rounded(found.whole.rate)
    report.figures.setdefault("measured_percent", {})[year] = str(rate)
    report.figures.setdefault("printed_percent", {})[year] = str(percent)
    report.figures.setdefault("widest_spread_points", {})[year] = str(
        rounded(max((work.spread for work in found.same_work), default=Decimal(0)))
    )
    half_a_draft = Decimal(50) / len(seeded) + Decimal("0.05")
    near = found.whole.rate is not None and abs(found.whole.rate - percent) <= half_a_draft
    report.check(f"{year}: the rate is the printed one", near, f"{rate} %／{percent} %")
    by_section = {ids[section]: shares for section, shares in found.by_section.items()}
    report.check(f"{year}: shares of every section", by_section == _shares(seeded, lambda each: each.section))
    by_month = _shares(seeded, lambda each: each.decided_on.replace(day=1))
    report.check(f"{year}: shares of every month", found.by_month == by_month)
    offices = {office: shares.total for office, shares in found.by_office.items()}
    report.check(f"{year}: every draft stands in one office", sum(offices.values()) == len(seeded))
    reasons = Counter((each.reason, each.mode) for each in seeded if each.reason)
    told = {(each.reason, "mixed"): each.mixed for each in found.reasons}
    told |= {(each.reason, "paper"): each.paper for each in found.reasons}
    report.check(f"{year}: reasons for paper", {key: n for key, n in told.items() if n} == dict(reasons))
    sheets = sum(each.sheets for each in seeded if each.mode == "electronic")
    report.check(f"{year}: sheets not printed", found.sheets_not_printed == sheets, str(sheets))
    report.check(f"{year}: median days of each way", _medians(seeded) == _medians_found(found))
    report.check(f"{year}: spread of the same work", _spreads(seeded) == _spreads_found(found))


def _shares(seeded: list[Planned], key: Callable[[Planned], Key]) -> dict[Key, Shares]:
    counted = Counter((key(each), each.mode) for each in seeded)
    return {
        each: Shares(counted[each, "electronic"], counted[each, "mixed"], counted[each, "paper"])
        for each in dict.fromkeys(key(draft) for draft in seeded)
    }


def _medians(seeded: list[Planned]) -> dict[str, float]:
    ways = {each.mode for each in seeded}
    return {way: statistics.median(each.days for each in seeded if each.mode == way) for way in ways}


def _medians_found(found: Adoption) -> dict[str, float]:
    return {
        mode.value: float(found.days[mode].median or 0) for mode in ApprovalMode if found.days[mode].drafts
    }


def _spreads(seeded: list[Planned]) -> dict[str, float]:
    """By kind: points between the best and the last section, worked out another way than the analytics do."""
    rates: dict[str, list[float]] = {}
    for (kind, _), shares in _shares(seeded, lambda each: (each.kind, each.section)).items():
        rates.setdefault(kind, []).append(100 * (shares.electronic + shares.mixed) / shares.total)
    return {kind: round(max(found) - min(found), 6) for kind, found in rates.items()}


def _spreads_found(found: Adoption) -> dict[str, float]:
    return {work.kind: round(float(work.spread), 6) for work in found.same_work}


def _look_at_spread(report: Report) -> None:
    widest = max(Decimal(each) for each in report.figures["widest_spread_points"].values())
    report.check(f"sections of the same work are {APART} points apart or more", widest >= APART, str(widest))


def _page(report: Report, stage: Stage) -> None:
    """The page of the last year as a head sees it."""
    browser = Browser(stage.turn_to(LOOK_DAY))
    page = browser.get("/desk/login/")
    browser.submit(page, page.form_with("login"), {"login": [HEAD], "password": [PASSWORD]})
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        status, text = browser.fetch("/desk/adoption/?year=2023")
        took.append((time.perf_counter() - began) * 1000)
    browser.close()
    measured = report.figures["measured_percent"][2023]
    report.figures["page_median_ms"] = round(statistics.median(took))
    shown = re.search(r'class="kpi__value"[^>]*>([\d.]+)%', text)
    told = shown[1] if shown and status == 200 else f"HTTP {status}"
    report.check("the page shows what was measured", told == measured, told)
    printed = text[text.index('id="printed"') :]
    report.check(
        "the page shows the printed series under its own name",
        all(f"{percent}%" in printed for percent in years().values()),
    )
