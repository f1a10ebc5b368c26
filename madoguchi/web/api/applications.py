"""申請: received from another system, and told to it again."""

from typing import Annotated

from ninja import Header, Query, Router, Status
from pydantic import StringConstraints

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.procedures.readers import FieldError
from madoguchi.ledgers.procedures.structured import to_raw
from madoguchi.services.applications import by_key
from madoguchi.services.applications.gif import GifCase, Town, from_gif, to_gif
from madoguchi.web.api.door import needs, told
from madoguchi.web.api.gif_schemas import GifApplication
from madoguchi.web.api.procedures import public_package
from madoguchi.web.api.schemas import (
    ApplicationIn,
    CaseOut,
    DocumentOut,
    LineOut,
    Lines,
    Number,
    ReceiptOut,
    Slug,
    Statuses,
    TimelineOut,
)

router = Router(tags=["申請"])
READ, WRITE = needs(Scope.APPLICATIONS_READ), needs(Scope.APPLICATIONS_WRITE)
Cursor = Annotated[int, Query(ge=0, lt=2**62)]
Limit = Annotated[int, Query(ge=1, le=500)]
Idempotency = Annotated[str, StringConstraints(pattern=r"^[!-~]{8,100}$")]
RECEIVED = {**told(201, ReceiptOut), 200: ReceiptOut}


class FieldsRefused(Refusal):
    """Answers that no input of the form could hold, or sheets that cannot be read."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(
            f"まだ受け取れません。直すところが{len(errors)}か所あります。",
            next_step="errors の項目を直して、同じ Idempotency-Key でもう一度送ってください。",
            code="api.fields_refused",
        )
        self.errors = errors


@router.post("/applications", response=RECEIVED, operation_id="sendApplication", **WRITE)
def send_application(
    request, body: ApplicationIn, idempotency_key: Idempotency = Header(alias="Idempotency-Key")
):
    """申請を送る。同じ Idempotency-Key は、何度送っても1件です。"""
    return received(request, body.procedure, body.period, body.answers, idempotency_key)


@router.post("/applications/gif", response=RECEIVED, operation_id="sendGifApplication", **WRITE)
def send_gif(request, body: GifApplication, idempotency_key: Idempotency = Header(alias="Idempotency-Key")):
    """申請を GIF 申請（個人）A票・B票で送る。"""
    loaded = public_package(body.content.content.procedure)
    read = from_gif(body.model_dump(by_alias=True, exclude_none=True), loaded.package)
    if read.errors:
        raise FieldsRefused(read.errors)
    return received(request, read.slug, read.period_code, read.answers, idempotency_key)


def received(request, slug: str, period: str, answers: dict, idempotency_key: str):
    loaded = public_package(slug)
    raw, errors = to_raw(loaded.package.form, answers)
    if errors:
        raise FieldsRefused(errors)
    sent = by_key.Submission(loaded, period, raw, idempotency_key)
    receipt = by_key.receive_by_key(key=request.auth, sent=sent, at=now())
    return Status(
        200 if receipt.again else 201,
        ReceiptOut(
            number=receipt.number,
            procedure=receipt.procedure,
            period=receipt.period_code,
            received_at=receipt.received_at,
            due_on=receipt.due_on,
            again=receipt.again,
        ),
    )


@router.get("/applications", response=told(200, Lines), operation_id="listApplications", **READ)
def list_applications(request, cursor: Cursor = 0, limit: Limit = 100, procedure: Slug | None = None):
    """申請データ一覧取得。cursor の後に変わった申請を、変わった順に返します。返った cursor から続けてください。"""
    changes = by_key.changes_after(request.auth, cursor, limit, procedure=procedure or "")
    return Lines(items=[line_out(each) for each in changes.lines], cursor=changes.cursor, more=changes.more)


@router.get("/statuses", response=told(200, Statuses), operation_id="listStatuses", **READ)
def list_statuses(request, number: list[Number] = Query(min_length=1, max_length=100)):
    """申請処理状況一覧取得。見つからない受付番号は、返しません。"""
    return Statuses(items=[line_out(each) for each in by_key.statuses(request.auth, number)])


@router.get("/applications/{str:number}", response=told(200, CaseOut), operation_id="getApplication", **READ)
def get_application(request, number: str):
    """申請データ取得。読んだことは、鍵の目的とともに記録に残ります。"""
    case = by_key.case_by_key(key=request.auth, number=number, at=now())
    return CaseOut(
        **line_out(case.line).model_dump(),
        answers=case.answers,
        score=case.score,
        documents=[document_out(each) for each in case.documents],
        timeline=[
            TimelineOut(at=row.at, verb=row.verb, sentence=row.sentence, by=row.actor_name)
            for row in case.timeline
        ],
    )


@router.get(
    "/applications/{str:number}/gif",
    response=told(200, GifApplication),
    operation_id="getGifApplication",
    exclude_unset=True,
    **READ,
)
def get_gif(request, number: str):
    """申請データ取得を GIF 申請（個人）A票・B票で。"""
    case = by_key.case_by_key(key=request.auth, number=number, at=now(), verb="exported")
    town = request.municipality
    sent = GifCase(
        answers=case.answers,
        period_code=case.line.period,
        applied_on=case.line.received_at.date(),
        changed_on=case.line.changed_at.date(),
        number=case.line.number,
    )
    return to_gif(sent, package_of(case.version_id).package, Town(town.name, town.mayor))


def line_out(line: by_key.CaseLine) -> LineOut:
    return LineOut(
        **vars(line),
        stage_label=line.stage.label,
        outcome_label=line.outcome.label if line.outcome else "",
    )


def document_out(document) -> DocumentOut:
    return DocumentOut(
        id=document.id,
        name=document.name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
    )
