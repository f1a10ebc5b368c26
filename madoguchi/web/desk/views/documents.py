"""One document of a case: opened for a purpose, and the looking is written down."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import access
from madoguchi.web.components.downloads import as_download
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

PURPOSES = ("申請の審査", "補正の確認", "本人からの問い合わせ", "監査への対応")


@needs(Power.SEE_CASES)
def document(request: StaffRequest, number: str, document_id: UUID) -> HttpResponse:
    """Without a purpose the page asks for one; with it the file opens."""
    purpose = request.GET.get("purpose", "").strip()
    if not purpose:
        context = {"number": number, "document_id": document_id, "purposes": PURPOSES}
        return render(request, "desk/document_purpose.html", context)
    opened = access.document_for(request.user, number, document_id, at=now(), purpose=purpose[:200])
    return as_download(opened)
