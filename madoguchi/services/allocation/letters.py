"""The letters of a settled round: one order for each application, built from its placement and its package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.notices.actions import open_release, prepare_letters
from madoguchi.clerical.notices.orders import LetterOrder
from madoguchi.clerical.notices.queries import with_released_letters
from madoguchi.clerical.notices.typesetting import unprintable
from madoguchi.common.ages import fiscal_year_end
from madoguchi.common.era import format_era
from madoguchi.common.errors import Refusal
from madoguchi.common.names import strip_variation_selectors, usual_form
from madoguchi.common.yen import format_yen
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.decision_tables import FactKind, Table, decide, read_table
from madoguchi.ledgers.procedures.flow import printed
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.procedures.score_sheet import plain_points
from madoguchi.services.allocation.computing import subject_of
from madoguchi.services.allocation.contest import EVERYBODY
from madoguchi.services.allocation.errors import LetterMissing, WrongState
from madoguchi.services.allocation.models import Placement, Round
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.allocation.turns import changed_by, letter_kind, standings, turn_name
from madoguchi.services.applications.queries import candidates, withdrawn_ids

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

CHUNK = 100
FEE_TABLE = "tables/fee_reduction.csv"
FEE_FACTS = {"fee_reason": FactKind(), "order_in_club": FactKind("number")}
WITHDRAWN = "withdrawn"
CASE = "applications.application"


@full_sight()
def open_letters(found: Round, by: Staff, at: datetime) -> tuple[UUID, int]:
    """The release of a settled round and how many letters it expects: one a case, withdrawn ones too."""
    if found.state != RoundState.SETTLED:
        raise WrongState(RoundState(found.state), "通知を作る")
    loaded = package_of(found.version_id)
    rows = Placement.objects.filter(round=found)
    for outcome in rows.values_list("outcome", flat=True).distinct():
        letter_of(loaded.package, outcome)
    period = loaded.package.period(found.period_code)
    expected = len(applications_of(found))
    release_id = open_release(
        title=f"{period.label.ja} {loaded.package.names.ja}の結果{turn_name(found.sequence)}"[:120],
        section_id=loaded.section_id,
        subject=subject_of(found),
        expected=expected,
        by=by,
        at=at,
        dated_on=localdate(found.settled_at),
    )
    return release_id, expected


@full_sight()
def applications_of(found: Round) -> list[int]:
    """Every application of the period that gets a letter: those placed or not, and those withdrawn; of a further round
    only those who hear something new."""
    # Each chunk asks this: the explanations of thousands would be read again for every hundred letters.
    rows = Placement.objects.filter(round=found).only("application_id", "outcome", "facility_code")
    placed = [row.application_id for row in changed_by(found, rows)]
    withdrawn = withdrawn_ids(found.procedure, found.period_code)
    if found.sequence > 1:
        told = with_released_letters([Subject(CASE, str(pk)) for pk in withdrawn])
        withdrawn = [pk for pk in withdrawn if Subject(CASE, str(pk)) not in told]
    return sorted([*placed, *withdrawn])


def chunks(found: Round) -> Iterator[list[int]]:
    """Ids of applications, some at a time."""
    ids = applications_of(found)
    for first in range(0, len(ids), CHUNK):
        yield ids[first : first + CHUNK]


@full_sight()
@transaction.atomic
def prepare_chunk(*, round_id: int, release_id: UUID, ids: Iterable[int], at: datetime) -> int:
    """Set the letters of some applications; those already set stay. How many were new.

    Letters and progress are written together: killed anywhere and run again, each is counted once.
    """
    found = Round.objects.get(pk=round_id)
    package = package_of(found.version_id).package
    wanted = list(ids)
    rows = {
        row.application_id: row for row in Placement.objects.filter(round=found, application_id__in=wanted)
    }
    before = standings(found)
    places = {application_id: place for place, application_id in enumerate(applications_of(found))}
    orders = [
        replace(
            order_of(
                found,
                package,
                rows.get(candidate.application_id),
                candidate,
                again=candidate.application_id in before,
            ),
            place=places[candidate.application_id],
        )
        for candidate in candidates(wanted)
    ]
    new, failures = _prepare_what_can_be(release_id, orders, at)
    jobs.advance(release_id, done=new + len(failures), failures=failures)
    progress = jobs.job_progress(release_id)
    if progress is not None and not progress.is_over and progress.done >= progress.total:
        jobs.finish(release_id, at=at, result={"letters": progress.total - len(progress.failures)})
    return new


def _prepare_what_can_be(release_id: UUID, orders: list[LetterOrder], at: datetime) -> tuple[int, list[str]]:
    """One letter that cannot be set holds back itself, not the others; its sentence is kept with the job."""
    try:
        with transaction.atomic():
            return prepare_letters(release_id=release_id, orders=orders, at=at), []
    except Refusal as refusal:
        if len(orders) == 1:
            return 0, [str(refusal)]
    halves = (orders[: len(orders) // 2], orders[len(orders) // 2 :])
    done = [_prepare_what_can_be(release_id, half, at) for half in halves]
    return sum(new for new, _ in done), [sentence for _, failures in done for sentence in failures]


def order_of(
    found: Round, package: Any, row: Placement | None, candidate: Any, *, again: bool = False
) -> LetterOrder:
    """The letter of one application: its decision (again: the second one), or that its withdrawal was received (no
    disposition)."""
    title, template, text = letter_of(package, row.outcome if row else WITHDRAWN)
    told = facts_of(found, package, row, candidate) if row else {}
    return LetterOrder(
        kind=letter_kind(found, decided_before=again) if row else WITHDRAWN,
        subject=Subject(CASE, str(candidate.application_id)),
        addressee=as_printed(candidate.applicant_name or f"{candidate.person_name}の保護者"),
        email=candidate.email,
        title=title,
        facts=printed(package.flow, candidate.answers) | person_facts(candidate) | told,
        dated_on=localdate(found.settled_at),
        template=template,
        text=text,
        disposition=row is not None,
    )


def letter_of(package: Any, outcome: str) -> tuple[str, str, str]:
    """Title, Typst source and plain text for an outcome, as the package's flow names them."""
    told = package.flow.outcomes.get(outcome)
    text = package.files.get(f"letters/{told.letter}.txt") if told else None
    if told is None or told.letter not in package.letters or text is None:
        raise LetterMissing(told.label.ja if told else outcome, outcome)
    return f"{told.label.ja}通知書", package.letters[told.letter], text.decode()


def person_facts(candidate: Any) -> dict[str, str | int | list[str]]:
    """Whom a letter is about."""
    return {
        "number": candidate.number,
        "child_name": as_printed(candidate.person_name),
        "child_birth": _era(candidate.answers.get("child_birth")),
        "received_on": format_era(localdate(candidate.received_at)),
    }


def facts_of(found: Round, package: Any, row: Placement, candidate: Any) -> dict[str, str | int | list[str]]:
    """What a letter may print. Dates are written with their era, points without needless zeros."""
    period = package.period(found.period_code)
    wish = told_wish(row)
    code = wish.get("facility", "")
    facility = package.facility(code)
    cut_offs = {
        (line["code"], line.get("age_class", EVERYBODY)): line["cut_off"] for line in found.figures["clubs"]
    }
    return {
        "club_name": facility.name if facility else "なし",
        "wish_rank": row.wish_rank or 1,
        "entry_from": format_era(period.entry_on),
        "entry_until": format_era(fiscal_year_end(period.entry_on)),
        "monthly_fee": _fee(package, candidate.answers, period.entry_on),
        "score": plain_points(row.total) if row.total is not None else "0",
        "cut_off": cut_offs.get((code, wish.get("age_class", EVERYBODY))) or "―",
        "reason_lines": list(row.explanation["sentences"]) or ["なし"],
    }


def told_wish(row: Placement) -> Mapping[str, Any]:
    """The wish a letter is about: that which was met, else the first."""
    wishes = row.explanation["wishes"]
    met = [wish for wish in wishes if wish["facility"] == row.facility_code]
    return next(iter([*met, *wishes]), {})


def as_printed(name: str) -> str:
    """A name as the letter's font can print it; the register and the case keep it as it is.

    A variant the font lacks (邉 with a selector, 𠮷) is printed by its base or usual character; a character without
    either still stops the letter (never 〓).
    """
    if not unprintable([name]):
        return name
    base = strip_variation_selectors(name)
    return usual_form(base, unprintable([base]))


def _era(text: str | None) -> str:
    return format_era(date.fromisoformat(text)) if text else ""


def _fee(package: Any, answers: Mapping[str, Any], on: date) -> str:
    """The full fee. A reduction is decided by itself, after its documents have been seen."""
    if FEE_TABLE not in package.files:
        return ""
    row = decide(_fee_table(package.files[FEE_TABLE]), {}, on)
    fee = format_yen(int(row.results["fee_yen"])) if row else ""
    return f"{fee}（減額・免除は別にお知らせします）" if answers.get("fee_reduction") else fee


@lru_cache(maxsize=8)
def _fee_table(content: bytes) -> Table:
    return read_table(FEE_TABLE, content.decode(), FEE_FACTS)
