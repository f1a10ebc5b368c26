"""A kept file as an answer: safe types stay in the page, everything else is saved."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

SHOWN_IN_PLACE = {"application/pdf", "image/jpeg", "image/png"}


def as_download(opened: Any) -> HttpResponse:
    """`opened` is a documents.OpenedDocument. Nothing of it stays in a shared cache."""
    # A PDF that runs, calls or carries something is saved and opened knowingly, not by the browser.
    in_place = opened.view.media_type in SHOWN_IN_PLACE and not opened.view.cautions
    answer = HttpResponse(bytes(opened.body), content_type=opened.view.media_type)
    kind = "inline" if in_place else "attachment"
    answer["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(opened.view.name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
