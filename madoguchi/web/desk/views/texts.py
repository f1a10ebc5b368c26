"""補正の文例: what a section asks again and again, kept by its reviewers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures import queries as procedures
from madoguchi.services.applications import actions
from madoguchi.services.applications.correction_texts import PLACEHOLDERS, texts_for
from madoguchi.web.desk.lookups import live
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.case_work import whole


@needs(Power.REVIEW_CASES)
def texts(request: StaffRequest) -> HttpResponse:
    """Every text of the section by procedure, a form to add one, and `edit` to change one."""
    failed = ""
    if request.method == "POST":
        try:
            return saved(request)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            failed = str(refusal)
    loaded = procedures.live_procedures()
    groups = [(one.package, texts_for(request.user, one.package, today())) for one in loaded]
    context = {
        "groups": groups,
        "failed": failed,
        "asked": asked_for(request, groups),
        "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS],
    }
    return render(request, "desk/texts.html", context, status=422 if failed else 200)


def saved(request: StaffRequest) -> HttpResponse:
    text_id = whole(request.POST.get("text_id", ""))
    if request.POST.get("verb") == "retire":
        actions.retire_text(text_id=text_id or 0, by=request.user, at=now())
        messages.success(request, "文例を一覧から外しました。送った文は変わりません。")
        return redirect("desk:texts")
    actions.save_text(
        procedure=live(request.POST.get("procedure", "")).package.slug,
        title=request.POST.get("title", ""),
        text=request.POST.get("text", ""),
        fields=request.POST.getlist("fields"),
        by=request.user,
        at=now(),
        text_id=text_id,
    )
    messages.success(request, "文例を残しました。「補正を頼む」の画面で使えます。")
    return redirect("desk:texts")


def asked_for(request: StaffRequest, groups) -> dict:
    """What the form shows: what was typed, the text to change, or a package's text as a beginning."""
    if request.method == "POST":
        return {
            **{key: request.POST.get(key, "") for key in ("text_id", "procedure", "title", "text")},
            "fields": request.POST.getlist("fields"),
        }
    wanted = request.GET.get("edit", "")
    for package, of_package in groups:
        for text in of_package:
            if text.id == wanted and request.GET.get("of", package.slug) == package.slug:
                own = "" if text.id.startswith("p:") else text.id
                told = {"text_id": own, "title": text.title, "text": text.text, "fields": text.fields}
                return {**told, "procedure": package.slug}
    first = request.GET.get("of") or (groups[0][0].slug if groups else "")
    return {"text_id": "", "procedure": first, "title": "", "text": "", "fields": []}
