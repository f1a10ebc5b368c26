"""What staff add to a case: comments, the clock, facts, the reason of a delay."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.common.era import parse_japanese_date
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import actions
from madoguchi.services.applications.states import PauseReason
from madoguchi.web.desk.conflicts import tells_what_changed
from madoguchi.web.desk.opened import staff_seconds
from madoguchi.web.desk.powers import back_of, needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.case_acts import edition_of


@require_POST
@needs(Power.SEE_CASES)
def comment(request: StaffRequest, number: str) -> HttpResponse:
    """Write a comment; with `comment` change or strike an own one."""
    text, at = request.POST.get("text", ""), now()
    written = whole(request.POST.get("comment", ""))
    verb = request.POST.get("verb", "")
    if written is None:
        calls = request.POST.getlist("calls")
        actions.write_comment(number=number, by=request.user, at=at, text=text, calls=calls)
    elif verb == "strike":
        actions.strike_comment(number=number, comment_id=written, by=request.user, at=at)
    else:
        actions.edit_comment(number=number, comment_id=written, by=request.user, at=at, text=text)
    return redirect(f"{reverse('desk:case', args=[number])}#comments")


@require_POST
@needs(Power.REVIEW_CASES)
@tells_what_changed
def clock(request: StaffRequest, number: str) -> HttpResponse:
    """Stop the clock for a reason, or let it go on."""
    if request.POST.get("verb") == "explain":
        actions.explain_delay(number=number, by=request.user, at=now(), reason=request.POST.get("reason", ""))
        messages.success(request, f"{number} の遅れの理由を残しました。")
        return redirect(back_of(request))
    asked = {"number": number, "by": request.user, "at": now(), "edition": edition_of(request)}
    reason = reason_of(request.POST.get("why", ""))
    if request.POST.get("verb") == "resume":
        actions.resume_clock(**asked, reason=reason)
        messages.success(request, "時計を動かしました。期限は、止まっていた日数だけ延びました。")
    else:
        actions.stop_clock(**asked, reason=reason, note=request.POST.get("note", ""))
        messages.success(request, "時計を止めました。理由は記録に残りました。")
    return redirect("desk:case", number)


def reason_of(text: str) -> PauseReason:
    if text not in PauseReason.values:
        raise NotFound("停止の理由")
    return PauseReason(text)


@require_POST
@needs(Power.REVIEW_CASES, Power.APPROVE)
@tells_what_changed
def facts(request: StaffRequest, number: str) -> HttpResponse:
    """Enter or take away one fact; score and checks are worked out again at once."""
    at = now()
    actions.enter_fact(
        number=number,
        key=request.POST.get("fact", ""),
        value=request.POST.get("value", ""),
        source=request.POST.get("source", ""),
        dated_on=parse_japanese_date(request.POST.get("dated", "")),
        by=request.user,
        at=at,
        edition=edition_of(request),
        staff_seconds=staff_seconds(request, at),
    )
    messages.success(request, "事実を入れました。チェックと指数を計算し直しました。")
    return redirect(f"{reverse('desk:case', args=[number])}#facts")


@require_POST
@needs(Power.REVIEW_CASES)
@tells_what_changed
def look_up(request: StaffRequest, number: str) -> HttpResponse:
    """Ask the lists of arrears and creditors again; checks follow at once."""
    actions.look_up_again(number=number, by=request.user, at=now(), edition=edition_of(request))
    messages.success(request, "収納・債権者に照会し直しました。チェックをやり直しました。")
    return redirect(f"{reverse('desk:case', args=[number])}#lookups")


def whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
