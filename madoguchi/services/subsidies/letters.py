"""The letters of a settled batch: 交付決定 and 不交付, one a case, set from its package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.notices.actions import prepare_letters
from madoguchi.clerical.notices.orders import LetterOrder
from madoguchi.clerical.notices.typesetting import unprintable
from madoguchi.common.era import format_era
from madoguchi.common.errors import Refusal
from madoguchi.common.names import strip_variation_selectors, usual_form
from madoguchi.common.yen import format_yen
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.case_reads import CaseRead, case_reads
from madoguchi.services.subsidies.controlling import subject_of as subject_of_case
from madoguchi.services.subsidies.errors import LetterMissing
from madoguchi.services.subsidies.models import Batch, BatchItem
from madoguchi.services.subsidies.package_file import subsidy_of

if TYPE_CHECKING:
    pass


@full_sight()
@transaction.atomic
def prepare_chunk(*, batch_id: int, release_id: UUID, ids: Iterable[int], at: datetime) -> int:
    """Set the letters of some cases; those already set stay. How many were new."""
    batch = Batch.objects.get(pk=batch_id)
    items = list(BatchItem.objects.filter(batch=batch).order_by("application_id"))
    places = {item.application_id: place for place, item in enumerate(items)}
    known = {item.application_id: item for item in items}
    cases = case_reads(ids)
    made = [replace(order_of(batch, known[case.id], case), place=places[case.id]) for case in cases]
    new, failures = _prepare_what_can_be(release_id, made, at)
    jobs.advance(release_id, done=new + len(failures), failures=failures)
    progress = jobs.job_progress(release_id)
    if progress is not None and not progress.is_over and progress.done >= progress.total:
        jobs.finish(release_id, at=at, result={"letters": progress.total - len(progress.failures)})
    return new


def _prepare_what_can_be(release_id: UUID, made: list[LetterOrder], at: datetime) -> tuple[int, list[str]]:
    """One letter that cannot be set holds back itself, not the others; its sentence is kept with the job."""
    new, failures = 0, []
    for order in made:
        try:
            with transaction.atomic():
                new += prepare_letters(release_id=release_id, orders=[order], at=at)
        except Refusal as refusal:
            failures.append(str(refusal))
    return new, failures


def order_of(batch: Batch, item: BatchItem, case: CaseRead) -> LetterOrder:
    package = package_of(case.version_id).package
    title, template, text = letter_of(package, item.outcome)
    return LetterOrder(
        kind="decision",
        subject=subject_of_case(case),
        addressee=as_printed(case.applicant_name),
        email=case.email,
        title=title,
        facts=facts_of(package, item, case),
        dated_on=localdate(batch.settled_at),
        template=template,
        text=text,
    )


def letter_of(package: Any, outcome: str) -> tuple[str, str, str]:
    """Title, Typst source and plain text for an outcome, as the package's flow names them."""
    told = package.flow.outcomes.get(outcome)
    text = package.files.get(f"letters/{told.letter}.txt") if told else None
    if told is None or told.letter not in package.letters or text is None:
        raise LetterMissing(outcome)
    return f"{told.label.ja}通知書", package.letters[told.letter], text.decode()


def facts_of(package: Any, item: BatchItem, case: CaseRead) -> dict[str, str | int | list[str]]:
    """What a letter may print: no address and no account, so that a letter in wrong hands tells neither."""
    subsidy = subsidy_of(package)
    return {
        **facts_of_case(case),
        "detail_lines": [
            _line(package.form.fields[name], case.answers.get(name)) for name in subsidy.letter_lines
        ],
        "amount": format_yen(item.amount),
        "pay_within_days": subsidy.pay_within_days,
        "reason_lines": [item.reason] if item.reason else ["なし"],
    }


def facts_of_case(case: CaseRead) -> dict[str, str | int | list[str]]:
    """What every letter of a case may print, also one about no decision."""
    return {
        "number": case.number,
        "applicant_name": as_printed(case.applicant_name),
        "received_on": format_era(localdate(case.received_at)),
    }


def _line(field: Any, value: Any) -> str:
    labels = {option.value: option.label.ja for option in field.options}
    if field.type == "date" and value:
        said = format_era(date.fromisoformat(value))
    elif field.type == "money" and isinstance(value, int):
        said = format_yen(value)
    else:
        said = labels.get(value, str(value or "―"))
    return f"{field.label.ja}：{as_printed(said)}"


def as_printed(text: str) -> str:
    """A text as the letter's font can print it; what has no shape at all still stops the letter (never 〓)."""
    if not unprintable([text]):
        return text
    base = strip_variation_selectors(text)
    return usual_form(base, unprintable([base]))
