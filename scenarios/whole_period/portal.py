"""Families at the portal: real pages over real HTTP, as a browser without JavaScript uses them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from madoguchi.ledgers.procedures.package import Package
from scenarios.browser import Browser, Page
from scenarios.whole_period.plan import Plan, Raw

BROWSERS = 4
MOST_SHOWINGS = 4


@dataclass(frozen=True)
class Visit:
    """One family's visit: the applicant's key in the registry, what is typed, whether the last button is pressed twice."""

    resident_id: int
    raw: Raw
    twice: bool = False


@dataclass(frozen=True)
class Visited:
    """How a visit ended: the receipt number, or the page on which it got stuck."""

    number: str
    requests: int
    stuck_on: str = ""


def visit_all(address: str, plan: Plan, package: Package, visits: Sequence[Visit]) -> list[Visited]:
    """Send every family through the portal, a few at a time."""
    fields = {page.key: {field.key for field in page.fields} for page in package.form.pages}
    with ThreadPoolExecutor(BROWSERS) as pool:
        return list(pool.map(lambda visit: _visit(address, plan, fields, visit), visits))


def _visit(address: str, plan: Plan, fields: dict[str, set[str]], visit: Visit) -> Visited:
    browser = Browser(address)
    try:
        page = _started(browser, plan, visit)
        while not page.path.endswith("/review/"):
            page = _answered(browser, page, fields, visit)
        return Visited(_sent(browser, page, visit), browser.requests)
    except LookupError as stuck:
        return Visited("", browser.requests, str(stuck))
    finally:
        browser.close()


def _started(browser: Browser, plan: Plan, visit: Visit) -> Page:
    """From the page of the procedure to the proof, and from there to the first page of the form."""
    browser.get(f"/procedures/{plan.slug}/")
    proof = browser.get(f"/procedures/{plan.slug}/begin/?period={plan.period}")
    return browser.submit(proof, proof.form_with("resident"), {"resident": [str(visit.resident_id)]})


def _answered(browser: Browser, page: Page, fields: dict[str, set[str]], visit: Visit) -> Page:
    """Fill in one page; a page that shows further questions because of an answer is filled in once more."""
    key = page.path.rstrip("/").rsplit("/", 1)[-1]
    typed = {name: values for name, values in visit.raw.items() if _field_of(name) in fields.get(key, set())}
    after = page
    for _ in range(MOST_SHOWINGS):
        after = browser.submit(after, after.form_with("csrfmiddlewaretoken", "post"), typed)
        if after.path != page.path:
            return after
    raise LookupError(f"refused at {page.path} ({after.status})")


def _field_of(name: str) -> str:
    return name.split("-", 1)[0]


def _sent(browser: Browser, review: Page, visit: Visit) -> str:
    form = review.form_with("csrfmiddlewaretoken", "post")
    receipt = browser.submit(review, form, {})
    if visit.twice and browser.submit(review, form, {}).path != receipt.path:
        raise LookupError("a second press led elsewhere")
    if not receipt.path.endswith("/receipt/"):
        raise LookupError(f"no receipt but {receipt.path} ({receipt.status})")
    return receipt.path.split("/")[2]
