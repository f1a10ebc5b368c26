"""書類: kept before an application names them, added later, and handed out with a trace."""

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from ninja import File, Router, Status
from ninja.files import UploadedFile

from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.services.applications import by_key
from madoguchi.web.api.applications import document_out
from madoguchi.web.api.door import needs, told
from madoguchi.web.api.schemas import DocumentOut, Documents, UploadOut

router = Router(tags=["書類"])
READ, WRITE = needs(Scope.APPLICATIONS_READ), needs(Scope.APPLICATIONS_WRITE)
BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@router.post("/documents", response=told(201, UploadOut), operation_id="uploadDocument", **WRITE)
def upload(request, file: UploadedFile = File()):
    """申請の前に書類を送る。返った upload を、申請の書類の項目に入れます。"""
    number, kept = by_key.keep_upload(key=request.auth, name=file.name or "", body=body_of(file), at=now())
    return Status(201, UploadOut(upload=number, name=kept.name, media_type=kept.media_type, size=kept.size))


@router.post(
    "/applications/{str:number}/documents",
    response=told(201, DocumentOut),
    operation_id="addDocument",
    **WRITE,
)
def add(request, number: str, file: UploadedFile = File()):
    """受け付けた申請に書類を加える（決裁に回る前まで）。"""
    kept = by_key.attach_by_key(
        key=request.auth, number=number, name=file.name or "", body=body_of(file), at=now()
    )
    return Status(201, document_out(kept))


@router.get(
    "/applications/{str:number}/documents",
    response=told(200, Documents),
    operation_id="listDocuments",
    **READ,
)
def listed(request, number: str):
    """申請の書類の一覧。"""
    kept = by_key.documents_by_key(request.auth, number)
    return Documents(items=[document_out(each) for each in kept])


@router.get(
    "/applications/{str:number}/documents/{uuid:document_id}",
    response=told(200, None),
    operation_id="getDocument",
    **{**READ, "openapi_extra": {**READ["openapi_extra"], "responses": {200: {"content": BINARY}}}},
)
def download(request, number: str, document_id: UUID):
    """書類の中身。読んだことは記録に残ります。"""
    opened = by_key.document_by_key(key=request.auth, number=number, document_id=document_id, at=now())
    answer = HttpResponse(opened.body, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(opened.view.name)}"
    answer["Cache-Control"] = "no-store"
    return answer


def body_of(file: UploadedFile) -> bytes:
    """At most one byte more than may be kept: enough to be refused."""
    return file.read(settings.FILE_LIMIT_BYTES + 1)
