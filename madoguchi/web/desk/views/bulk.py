"""One act on many applications: the rows that were ticked, or everything the conditions show."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.states import BulkVerb
from madoguchi.web.desk import ledger_views
from madoguchi.web.desk.lookups import live, period_of
from madoguchi.web.desk.powers import back_of, needs, powers
from madoguchi.web.desk.requests import StaffRequest

AT_ONCE = (BulkVerb.ACCEPT, BulkVerb.ASSIGN)
"""What may begin without a second page, when rows were ticked one by one and each can be done."""
PURPOSES = ("選考会議の資料", "課内の確認", "窓口での説明")


class NothingChosen(Refusal):
    code = "desk.nothing_chosen"


class WordsMissing(Refusal):
    code = "desk.words_missing"


@require_POST
@needs(Power.SEE_CASES)
def bulk(request: StaffRequest, slug: str = "") -> HttpResponse:
    """Says first what will and will not be done; then orders it, and goes to its progress."""
    verb = verb_of(request.POST.get("verb", ""))
    chosen = chosen_of(request, slug)
    if not chosen:
        raise NothingChosen("申請が選ばれていません。", next_step="左の四角に印を付けてから押してください。")
    if "sure" not in request.POST:
        told = queries.preview(verb=verb, chosen=chosen, by=request.user, at=now())
        every = request.POST.get("scope") == "all"
        if every or verb not in AT_ONCE or told.refused or told.total == 0:
            return asked_first(request, slug, verb, told)
    return ordered(request, slug, verb, chosen)


def verb_of(text: str) -> BulkVerb:
    if text not in (BulkVerb.ACCEPT, BulkVerb.ASSIGN, BulkVerb.CORRECT, BulkVerb.PRINT):
        raise NothingChosen("処理が選ばれていません。", next_step="一覧の下のボタンから選んでください。")
    return BulkVerb(text)


def asked_first(request: StaffRequest, slug: str, verb: BulkVerb, told) -> HttpResponse:
    """The dry run: how many can be done, and why the others cannot."""
    package = live(slug).package if slug else None
    fields = [one for one in package.form.fields.values() if one.type != "explanation"] if package else []
    context = {
        "verb": verb,
        "told": told,
        "posted": request.POST,
        "numbers": request.POST.getlist("number") if request.POST.get("scope") != "all" else [],
        "slug": slug,
        "fields": fields,
        "package": package,
        "purposes": PURPOSES,
        "colleagues": office.colleagues(request.user),
        "action": reverse("desk:bulk", args=[slug]) if slug else reverse("desk:cases-bulk"),
    }
    return render(request, "desk/bulk_sure.html", context)


def ordered(request: StaffRequest, slug: str, verb: BulkVerb, chosen) -> HttpResponse:
    key = actions.begin_bulk(
        verb=verb,
        told=TOLD[verb](request, slug),
        chosen=chosen,
        by=request.user,
        at=now(),
        job_id=job_key(request),
    )
    messages.info(request, STARTED[verb])
    return redirect(f"{reverse('desk:job', args=[key])}?back={quote(back_of(request, ''))}")


def told_assign(request: StaffRequest, _: str) -> dict:
    to = office.staff_by_login(request.POST.get("to", ""))
    if to is None:
        raise NotFound("職員")
    return {"to": to.login}


def told_correct(request: StaffRequest, slug: str) -> dict:
    """The same fields and words to everybody; only within one procedure, whose form names the fields."""
    message, fields = request.POST.get("message", "").strip()[:600], request.POST.getlist("fields")
    due = ledger_views.day(request.POST.get("due_on"))
    known = live(slug).package.form.fields if slug else {}
    if not message or not due or due <= today() or not fields or any(key not in known for key in fields):
        raise WordsMissing(
            "補正のお願いに足りないところがあります。",
            next_step="直してほしい項目、お願いの文、明日より後の期限を入れて、もう一度押してください。",
        )
    return {"fields": fields, "message": message, "due_on": due.isoformat()}


def told_print(request: StaffRequest, _: str) -> dict:
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose:
        raise WordsMissing("目的がありません。", next_step="何のために印刷するかを選ぶか、書いてください。")
    return {"purpose": purpose, "what": "letters" if request.POST.get("what") == "letters" else "sheets"}


TOLD = {
    BulkVerb.ACCEPT: lambda *_: {},
    BulkVerb.ASSIGN: told_assign,
    BulkVerb.CORRECT: told_correct,
    BulkVerb.PRINT: told_print,
}
STARTED = {
    BulkVerb.ACCEPT: "受理を始めました。自動チェックに印のある申請は、受理せずに残します。",
    BulkVerb.ASSIGN: "担当を変え始めました。",
    BulkVerb.CORRECT: "補正のお願いを始めました。",
    BulkVerb.PRINT: "印刷するファイルを作り始めました。",
}


def chosen_of(request: StaffRequest, slug: str):
    """The ticked numbers, or the conditions themselves: the set is taken on the server."""
    held = powers(request)
    asked = QueryDict(request.POST.get("query", ""))
    package = live(slug).package if slug else None
    if request.POST.get("scope") != "all":
        return request.POST.getlist("number")[:1000]
    period = period_of(package, asked.get("period", ""), today()) if package else None
    return ledger_views.read_filters(slug, period, asked, request.user, held)


def job_key(request: StaffRequest) -> UUID | None:
    """The key in the form makes a second press of the same button the same job."""
    try:
        return UUID(request.POST.get("job", ""))
    except ValueError:
        return None
