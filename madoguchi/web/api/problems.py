"""What went wrong, after RFC 9457: a sentence, the next step, the fields; never anything of the inside."""

import json
import logging
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.documents.errors import FileTooLarge
from madoguchi.ledgers.office.errors import KeyRefused, NotFound, ScopeMissing, TooFast
from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.services.applications.errors import (
    AnswersIncomplete,
    KeyVouchesTooLittle,
    NotThisKeysSection,
    PeriodClosed,
    WrongStage,
)
from madoguchi.services.webhooks.errors import NoSuchWebhook

log = logging.getLogger("madoguchi.api")
MEDIA_TYPE = "application/problem+json"
AGAIN = "直してから、同じ Idempotency-Key でもう一度送ってください。"
STATUS: dict[type[Refusal], int] = {
    KeyRefused: 401,
    ScopeMissing: 403,
    NotThisKeysSection: 403,
    KeyVouchesTooLittle: 403,
    NotFound: 404,
    NoSuchProcedure: 404,
    NoSuchWebhook: 404,
    PeriodClosed: 409,
    WrongStage: 409,
    FileTooLarge: 413,
    TooFast: 429,
}
EXTRA_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}, 503: {"Retry-After": "60"}}
UNREADABLE = (
    BadRequest,
    SuspiciousOperation,
    MultiPartParserError,
    UnreadablePostError,
    DataError,
    UnicodeError,
    RecursionError,
)
KINDS = {
    "missing": "必要な項目がありません。",
    "extra_forbidden": "この名前の項目はありません。",
    "string_pattern_mismatch": "使えない文字があるか、形が違います。",
    "string_too_long": "長すぎます。",
    "too_long": "多すぎます。",
    "json_invalid": "JSONとして読めません。",
}


class Fault(Schema):
    """One field that cannot be taken."""

    field: str
    reason: str
    remedy: str


class Problem(Schema):
    """RFC 9457. `title` is the reason, `detail` the next step."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Fault] = Field(default_factory=list)


def problem(status: int, title: str, detail: str, code: str, errors: tuple[Fault, ...] = ()) -> HttpResponse:
    body = {
        "type": f"urn:madoguchi:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [fault.model_dump() for fault in errors],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=True),
        status=status,
        content_type=MEDIA_TYPE,
        headers=EXTRA_HEADERS.get(status, {}) | {"Cache-Control": "no-store"},
    )


def refused(refusal: Refusal) -> HttpResponse:
    status = next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 422)
    return problem(status, refusal.sentence, refusal.next_step, refusal.code, faults_of(refusal))


def faults_of(refusal: Refusal) -> tuple[Fault, ...]:
    errors = (
        refusal.reading.errors if isinstance(refusal, AnswersIncomplete) else getattr(refusal, "errors", ())
    )
    return tuple(fault(error.name, error.sentence) for error in errors)


def fault(field: str, sentence: str) -> Fault:
    """The first sentence says what is wrong, the rest what to do."""
    reason, mark, remedy = sentence.partition("。")
    return Fault(field=field, reason=reason + mark, remedy=remedy or AGAIN)


def misshapen(error: ValidationError) -> HttpResponse:
    """The request is not of the shape that the OpenAPI document gives."""
    faults = tuple(
        Fault(
            field="/".join(str(part) for part in each["loc"])[:200].encode("utf-8", "replace").decode(),
            reason=KINDS.get(each["type"], "形が違います。"),
            remedy="OpenAPI の定義を見て直し、もう一度送ってください。",
        )
        for each in error.errors[:50]
    )
    return problem(
        422, "送られた内容の形が違います。", "errors の項目を直してください。", "api.misshapen", faults
    )


def unreadable() -> HttpResponse:
    return problem(
        400,
        "送られた内容を読み取れません。",
        "UTF-8 の正しい JSON（または multipart）で送ってください。",
        "api.unreadable",
    )


def not_found() -> HttpResponse:
    return problem(404, "そのアドレスはありません。", "OpenAPI の定義を確かめてください。", "api.not_found")


def http_error(error: HttpError) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return refused(KeyRefused())
    return unreadable() if error.status_code == 400 else broken(error)


def broken(error: Exception) -> HttpResponse:
    """Ours to mend: the log has it, the caller learns nothing."""
    log.error("a request of the API failed", exc_info=error)
    return problem(
        500, "こちらの不具合で処理できませんでした。", "時間をおいて、もう一度送ってください。", "api.broken"
    )


def away() -> HttpResponse:
    return problem(
        503, "いまデータベースにつながりません。", "Retry-After の後で、もう一度送ってください。", "api.away"
    )


def answered(_request: HttpRequest, error: Any) -> HttpResponse:
    """The answer to an error of a kind that says what it is."""
    if isinstance(error, Refusal):
        return refused(error)
    return misshapen(error) if isinstance(error, ValidationError) else http_error(error)


def answer_problems(api: NinjaAPI) -> None:
    """Give every error its answer."""
    for known in (Refusal, ValidationError, HttpError):
        api.add_exception_handler(known, answered)
    api.add_exception_handler(Http404, lambda _request, _error: not_found())
    api.add_exception_handler(Exception, _broken)
    for kind in UNREADABLE:
        api.add_exception_handler(kind, lambda _request, _error: unreadable())
    for gone in (OperationalError, InterfaceError):
        api.add_exception_handler(gone, lambda _request, _error: away())


def _broken(_request: HttpRequest, error: Any) -> HttpResponse:
    return broken(error)
