"""What staff do with one application. Every form carries the edition it was opened in and when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.common.era import format_era, parse_japanese_date
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import access, actions
from madoguchi.services.applications.calendars import office_calendar
from madoguchi.services.applications.correction_texts import chosen_text, filled, texts_for
from madoguchi.services.applications.errors import StaleEdition
from madoguchi.web.desk.answers_shown import answered_pages
from madoguchi.web.desk.case_page import field_label
from madoguchi.web.desk.conflicts import tells_what_changed
from madoguchi.web.desk.opened import staff_seconds
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest


def edition_of(request: StaffRequest) -> int:
    """A form without a readable edition counts as old: the action then says who changed the case."""
    text = request.POST.get("edition", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


@require_POST
@needs(Power.REVIEW_CASES)
@tells_what_changed
def review(request: StaffRequest, number: str) -> HttpResponse:
    actions.start_review(number=number, by=request.user, at=now(), edition=edition_of(request))
    messages.success(request, "確認を始めました。担当はあなたです。")
    return redirect("desk:case", number)


@require_POST
@needs(Power.REVIEW_CASES)
@tells_what_changed
def accept(request: StaffRequest, number: str) -> HttpResponse:
    at = now()
    actions.accept(
        number=number,
        by=request.user,
        at=at,
        edition=edition_of(request),
        staff_seconds=staff_seconds(request, at),
    )
    messages.success(request, f"{number} を受理しました。受理は決定ではありません。入所は決裁で決まります。")
    return redirect("desk:case", number)


@require_POST
@needs(Power.REVIEW_CASES)
@tells_what_changed
def settle(request: StaffRequest, number: str) -> HttpResponse:
    at = now()
    actions.settle_check(
        number=number,
        code=request.POST.get("code", ""),
        by=request.user,
        at=at,
        reason=request.POST.get("reason", ""),
        staff_seconds=staff_seconds(request, at),
    )
    messages.success(request, "印を片づけました。理由は記録に残りました。")
    return redirect("desk:case", number)


@require_POST
@needs(Power.REVIEW_CASES)
@tells_what_changed
def assign(request: StaffRequest, number: str) -> HttpResponse:
    to = office.staff_by_login(request.POST.get("to", ""))
    if to is None:
        raise NotFound("職員")
    actions.assign(numbers=[number], to=to, by=request.user, at=now())
    messages.success(request, f"担当を{to.name}さんに変えました。")
    return redirect("desk:case", number)


@require_POST
@needs(Power.REVIEW_CASES, Power.ENTER_CASES)
@tells_what_changed
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """On behalf of the applicant, with the reason the applicant gave."""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Refusal(
            "取下げの理由がありません。", next_step="だれから、いつ、何で申出があったかを書いてください。"
        )
    actions.withdraw(
        number=number, by=actor_of(request.user), at=now(), reason=reason, edition=edition_of(request)
    )
    messages.success(request, f"{number} を取り下げました。")
    return redirect("desk:case", number)


@needs(Power.REVIEW_CASES)
@tells_what_changed
def correct(request: StaffRequest, number: str) -> HttpResponse:
    """Choose what to ask for, in words the applicant will read, and until when. A text of the section or of the
    package is put in with `insert`; nothing typed or ticked so far is lost by it."""
    found = access.application_for(request.user, number, at=now(), purpose="補正の確認")
    failed = ""
    if request.method == "POST" and "insert" not in request.POST:
        try:
            return ask(request, number)
        except Refusal as refusal:
            if isinstance(refusal, NotFound | StaleEdition):
                raise
            failed = str(refusal)
    context = {
        "case": found,
        "pages": answered_pages(found.package, found.answers),
        "edition": request.POST.get("edition", found.edition),
        "texts": texts_for(request.user, found.package, today()),
        **typed_so_far(request, found),
        "failed": failed,
    }
    return render(request, "desk/correct.html", context, status=422 if failed else 200)


def typed_so_far(request: StaffRequest, found) -> dict:
    """Fields, sentence and day as typed, with the chosen text put behind what is there."""
    chosen = request.POST.getlist("fields") or request.GET.getlist("field")
    message = request.POST.get("message", "" if "insert" in request.POST else suggested(found))
    due = request.POST.get("due", format_era(due_day(found.package)))
    used = request.POST.getlist("used")
    text = chosen_text(request.user, found.package, request.POST.get("insert", ""), today())
    if text is not None:
        chosen = [*chosen, *text.fields]
        labels = [field_label(found.package, key) for key in dict.fromkeys(text.fields or chosen)]
        put = filled(text.text, number=found.number, labels=labels, due_on=day_typed(due, found.package))
        message = f"{message.rstrip()}\n{put}".strip()[:600]
        used = [*used, text.id]
    return {"chosen": chosen, "message": message, "due": due, "used": used}


def day_typed(text: str, package):
    try:
        return parse_japanese_date(text)
    except Refusal:
        return due_day(package)


def ask(request: StaffRequest, number: str) -> HttpResponse:
    at = now()
    if not request.POST.get("message", "").strip():
        raise Refusal("お願いの文がありません。", next_step="何を、どう直してほしいかを書いてください。")
    actions.ask_correction(
        number=number,
        by=request.user,
        at=at,
        edition=edition_of(request),
        fields=request.POST.getlist("fields"),
        message=request.POST["message"],
        due_on=parse_japanese_date(request.POST.get("due", "")),
        staff_seconds=staff_seconds(request, at),
    )
    actions.count_use(request.POST.getlist("used"))
    messages.success(request, "補正を頼みました。届くまで標準処理期間の時計は止まります。")
    return redirect("desk:case", number)


def suggested(found) -> str:
    """The sentences the package prepared for the checks that have a mark."""
    return "\n".join(
        check.correction for check in found.checks if check.result == "look" and check.correction
    )


def due_day(package):
    days = getattr(package.flow, "correction_days", 0) or 10
    return office_calendar().add_open_days(today(), days)


@needs(Power.SEE_CASES)
def copied(request: StaffRequest, number: str) -> HttpResponse:
    """写す: the button reports what was copied, and for what. Selecting text by hand cannot be seen by anybody."""
    if request.method == "POST":
        access.report_copy(request.user, number, at=now(), purpose=request.POST.get("purpose", "")[:200])
        messages.success(request, "写したことを記録しました。")
    return redirect("desk:case", number)
