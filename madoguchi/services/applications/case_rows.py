"""Everything that hangs on a case in one question to the database, as arrays of JSON beside its row."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from madoguchi.ledgers.office.prepared import one_of, prepared, slot
from madoguchi.services.applications.models import (
    Application,
    Check,
    ClockPause,
    Comment,
    Correction,
    Mention,
    Merge,
    Message,
    StaffFact,
    VersionMove,
)
from madoguchi.services.applications.states import Stage

SAME_COLUMNS = (
    "id",
    "number",
    "version_id",
    "procedure",
    "section_id",
    "period_code",
    "outcome_facts",
    "person_name",
    "person_kana",
    "applicant_name",
    "proxy",
    "email",
    "grade",
    "first_wish",
    "score",
    "score_sheet",
    "raw",
    "answers",
    "facts",
    "visitor_id",
    "resident_id",
    "assigned_to_id",
    "received_at",
    "due_on",
    "clock_stopped_on",
    "decided_at",
    "delay_reason",
    "edition",
)
ITS_COLUMNS = ("stage", "channel", "outcome", "protection_id", "assigned_to__name", "version__sha256")
CHECK = ("code", "label", "result", "sentence", "about", "correction", "settled_by", "settled_reason")
CORRECTION = (
    *("id", "fields", "message", "asked_at", "due_on", "answered_at", "before", "after"),
    *("score_before", "score_after", "checks_before", "checks_after"),
)
PAUSE = ("reason", "note", "stopped_on", "resumed_on")
COMMENT = ("id", "author_id", "text", "written_at", "edited_at", "struck_at")
FACT = ("name", "row", "value", "source", "dated_on", "entered_at")
MESSAGE = ("id", "direction", "author_name", "text", "documents", "sent_at", "read_at")


def _with_everything() -> Any:
    """The application of a number in one of these sections, with `all_checks`, `all_corrections` … as lists of dictionaries."""
    calls = Mention.objects.filter(comment=OuterRef("pk")).order_by("pk")
    called = JSONObject(staff="staff_id", name="staff__name", seen=Q(seen_at__isnull=False))
    here = one_of("applications_application.section_id", "sections")
    return (
        Application.objects.filter(here, number=slot("number", "text"))
        .values(*SAME_COLUMNS, *ITS_COLUMNS)
        .annotate(
            all_checks=_array(Check.objects.order_by("pk"), *CHECK),
            all_corrections=_array(Correction.objects.order_by("asked_at"), *CORRECTION),
            all_pauses=_array(ClockPause.objects.order_by("stopped_on", "pk"), *PAUSE),
            all_comments=_array(
                Comment.objects.order_by("written_at", "pk"),
                *COMMENT,
                author="author__name",
                calls=ArraySubquery(calls.values(told=called)),
            ),
            all_facts=_array(
                StaffFact.objects.filter(replaced_at__isnull=True).order_by("name", "row"),
                *FACT,
                entered_by="entered_by__name",
            ),
            all_messages=_array(Message.objects.order_by("sent_at", "pk"), *MESSAGE),
            went_to=_merges("gone"),
            came_in=_merges("kept"),
            same_persons=ArraySubquery(_same_persons().values("number")),
            colleagues=_colleagues(),
            has_moved=Exists(VersionMove.objects.filter(application=OuterRef("pk"))),
        )
    )


with_everything = prepared(_with_everything)
"""`with_everything(number=…, sections=…)`: the one row, or none. Sections None is every section."""


def _array(rows: QuerySet[Any], *names: str, **more: Any) -> ArraySubquery:
    told = JSONObject(**{name: F(name) for name in names}, **more)
    return ArraySubquery(rows.filter(application=OuterRef("pk")).values(told=told))


def _merges(side: str) -> ArraySubquery:
    told = JSONObject(
        id="pk", kept="kept__number", gone="gone__number", reason="reason", merged_at="merged_at"
    )
    rows = Merge.objects.filter(**{side: OuterRef("pk")}, undone_at__isnull=True).order_by("pk")
    return ArraySubquery(rows.values(told=told))


def _same_persons() -> QuerySet[Application]:
    """Standing applications for the same person in the same period."""
    alike = {name: OuterRef(name) for name in ("procedure", "period_code", "person_key")}
    rows = Application.objects.filter(**alike).exclude(pk=OuterRef("pk")).exclude(person_key="")
    return rows.exclude(stage=Stage.WITHDRAWN).order_by("number")


def _colleagues() -> ArraySubquery:
    """The people of the section that has the case: they may have it, and may be called for."""
    staff: type[Model] = Application._meta.get_field("assigned_to").related_model  # type: ignore[assignment]
    rows = staff._default_manager.filter(section=OuterRef("section"), is_active=True)
    told = JSONObject(id="pk", login="login", name="name")
    return ArraySubquery(rows.order_by("name_kana", "login").values(told=told))
