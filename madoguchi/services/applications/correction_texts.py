"""補正の文例. Texts a section keeps for what it asks again and again, beside those the package ships."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, QuerySet

from madoguchi.common.era import format_era
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import live_package
from madoguchi.services.applications.models import CorrectionText
from madoguchi.services.applications.people import require, sections_seen
from madoguchi.services.applications.rules import spoken

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

PLACEHOLDERS = ("受付番号", "項目名", "期限")


class TextRefused(Refusal):
    code = "applications.text_refused"


@dataclass(frozen=True)
class TextView:
    """One text to choose. `id` is empty for one the package ships."""

    id: str
    title: str
    text: str
    fields: tuple[str, ...]
    used: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


def texts_for(staff: "Staff", package: Any, on: date) -> list[TextView]:
    """The section's texts for a procedure, the most used first, then those of the package."""
    rows = _seen(staff, on).filter(procedure=package.slug).order_by("-used", "title")
    return [_view(row) for row in rows] + shipped(package)


def shipped(package: Any) -> list[TextView]:
    """What the package says to ask when one of its checks has a mark."""
    return [
        TextView(f"p:{check.key}", check.label.ja, check.correction.ja, (check.about,) if check.about else ())
        for check in package.flow.checks
        if check.correction.ja
    ]


def chosen_text(staff: "Staff", package: Any, text_id: str, on: date) -> TextView | None:
    return next((each for each in texts_for(staff, package, on) if each.id == text_id), None)


def _seen(staff: "Staff", on: date) -> QuerySet[CorrectionText]:
    rows = CorrectionText.objects.filter(retired_at__isnull=True)
    sections = sections_seen(staff, on)
    return rows if sections is None else rows.filter(section_id__in=sections)


def _view(row: CorrectionText) -> TextView:
    return TextView(
        str(row.pk), row.title, row.text, tuple(row.fields), row.used, row.changed_by, row.changed_at
    )


def filled(text: str, *, number: str, labels: Sequence[str], due_on: date) -> str:
    """The text with {受付番号}, {項目名} and {期限} put in; any other brace stays as it is written."""
    values: Mapping[str, str] = {
        "受付番号": number,
        "項目名": "、".join(labels),
        "期限": format_era(due_on),
    }
    for name in PLACEHOLDERS:
        text = text.replace(f"{{{name}}}", values[name])
    return text


@transaction.atomic
def save_text(
    *,
    procedure: str,
    title: str,
    text: str,
    fields: Sequence[str],
    by: "Staff",
    at: datetime,
    text_id: int | None = None,
) -> int:
    """Add or change a text of one's own section. Raises TextRefused without title or text, or for unknown fields."""
    require(by, Power.REVIEW_CASES, at=at)
    named, said = spoken(title, 60), spoken(text, 600)
    if not named or not said:
        raise TextRefused("題か文がありません。", next_step="題と文の両方を書いてください。")
    unknown = [each for each in fields if each not in live_package(procedure).package.form.fields]
    if unknown:
        raise TextRefused(
            f"項目「{'、'.join(unknown)}」はこの手続にありません。", next_step="項目を選び直してください。"
        )
    same = _seen(by, at.date()).filter(procedure=procedure, title=named, section_id=by.section_id)
    if same.exclude(pk=text_id or 0).exists():
        raise TextRefused("同じ題の文例があります。", next_step="題を変えるか、前の文例を直してください。")
    row = _own(text_id, by, at) if text_id else CorrectionText(section_id=by.section_id, procedure=procedure)
    row.title, row.text, row.fields = named, said, list(fields)
    row.changed_by, row.changed_at = by.name, at
    row.save()
    leave_trace(actor_of(by), "applications.text_saved", subject_of_text(row), at=at, note={"title": named})
    return row.pk


@transaction.atomic
def retire_text(*, text_id: int, by: "Staff", at: datetime) -> None:
    """Take a text off the list; what was sent with it stays as it was sent."""
    require(by, Power.REVIEW_CASES, at=at)
    row = _own(text_id, by, at)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    leave_trace(actor_of(by), "applications.text_retired", subject_of_text(row), at=at)


def count_use(text_ids: Sequence[str]) -> None:
    """Count texts that went out in a request; those of the package are not counted."""
    own = [int(each) for each in dict.fromkeys(text_ids) if each.isdecimal() and len(each) < 10]
    CorrectionText.objects.filter(pk__in=own).update(used=F("used") + 1)


def _own(text_id: int, by: "Staff", at: datetime) -> CorrectionText:
    row = _seen(by, at.date()).filter(pk=text_id).first()
    if row is None:
        raise NotFound("文例")
    return row


def subject_of_text(row: CorrectionText) -> Subject:
    return Subject("applications.correction_text", str(row.pk))
