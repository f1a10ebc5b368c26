"""What goes in and out, as types; the OpenAPI document is made of them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict, StringConstraints

from madoguchi.services.applications.states import Channel, Outcome, Stage
from madoguchi.services.webhooks.states import Event

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,49}$")]
PeriodCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,20}$")]
# Everybody reads the time of the municipality, whoever wrote it.
Moment = Annotated[datetime, AfterValidator(timezone.localtime)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,500}$")]


class Closed(Schema):
    """A body in which every name is known."""

    model_config = ConfigDict(extra="forbid")


class PeriodOut(Schema):
    code: str
    label: str
    opens: date
    closes: date
    entry_on: date
    is_open: bool


class IdentityOut(Schema):
    """How sure one must be of the applicant (DS-511)."""

    ial: int
    aal: int


class ProcedureOut(Schema):
    slug: str
    version: str
    name: str
    summary: str
    contact: str
    fee: str
    channels: list[str]
    standard_days: int
    required_identity: IdentityOut
    periods: list[PeriodOut]


class Procedures(Schema):
    items: list[ProcedureOut]


class OptionOut(Schema):
    value: str
    label: str


class FieldOut(Schema):
    """One question. `required` is true, false or "sometimes": then other answers decide."""

    key: str
    type: str
    label: str
    help: str
    required: bool | str
    options: list[OptionOut]
    columns: list["FieldOut"]


class PageOut(Schema):
    key: str
    title: str
    fields: list[FieldOut]


class ProcedureDetail(ProcedureOut):
    pages: list[PageOut]


class ApplicationIn(Closed):
    """`answers` has the shape that /procedures/{slug}/schema gives; a file is the id of an upload."""

    procedure: Slug
    period: PeriodCode
    answers: dict[str, Any]


class ReceiptOut(Schema):
    """`again`: this Idempotency-Key had been received before; nothing was received twice."""

    number: str
    procedure: str
    period: str
    received_at: Moment
    due_on: date
    again: bool


class LineOut(Schema):
    """Where a case stands. `applicant_sees` is the stage as the applicant is told it."""

    number: str
    procedure: str
    period: str
    channel: Channel
    stage: Stage
    stage_label: str
    outcome: Outcome | None
    outcome_label: str
    applicant_sees: Stage
    received_at: Moment
    changed_at: Moment
    due_on: date
    edition: int


class Lines(Schema):
    """`cursor` is where to go on next time; `more` tells whether there is more now."""

    items: list[LineOut]
    cursor: int
    more: bool


class Statuses(Schema):
    items: list[LineOut]


class DocumentOut(Schema):
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


class Documents(Schema):
    items: list[DocumentOut]


class UploadOut(Schema):
    """`upload` goes into the answer of a file field."""

    upload: UUID
    name: str
    media_type: str
    size: int


class TimelineOut(Schema):
    at: Moment
    verb: str
    sentence: str
    by: str


class CaseOut(LineOut):
    answers: dict[str, Any]
    score: float | None
    documents: list[DocumentOut]
    timeline: list[TimelineOut]


class WebhookIn(Closed):
    url: Url
    events: list[Event] = Field(min_length=1, max_length=10)


class WebhookOut(Schema):
    id: UUID
    url: str
    events: list[Event]
    created_at: Moment
    waiting: int
    failed: int


class NewWebhook(WebhookOut):
    """`secret` is told once; it signs what is sent."""

    secret: str


class Webhooks(Schema):
    items: list[WebhookOut]
