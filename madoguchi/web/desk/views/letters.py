"""通知: prepared together, looked at one by one, released at one instant."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from madoguchi.clerical.notices import access, actions, queries
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.applications.access import application_for
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.purposes import ask_purpose, purpose_of
from madoguchi.web.desk.requests import StaffRequest

SAMPLE, SHOWN = 20, 100
PURPOSES = ("通知の確認", "本人からの問い合わせ", "紙で送るための印刷", "監査への対応")


@needs(Power.RELEASE_LETTERS)
def releases(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/letters.html", {"releases": queries.releases()})


@needs(Power.RELEASE_LETTERS)
def release(request: StaffRequest, release_id: UUID) -> HttpResponse:
    found = queries.release(release_id)
    context = {
        "release": found,
        "letters": queries.sample_of(release_id, limit=SAMPLE),
        "deliveries": [
            (f"{route.label}：{state.label}", count) for (route, state), count in found.deliveries.items()
        ],
        "open_ones": queries.deliveries_to_look_after(release_id)[:SHOWN],
        "job": jobs.job_progress(found.delivery_job) if found.delivery_job else None,
    }
    return render(request, "desk/release.html", context)


@needs(Power.RELEASE_LETTERS)
def send(request: StaffRequest, release_id: UUID) -> HttpResponse:
    """GET names the count and the instant; POST sends everything once."""
    found = queries.release(release_id)
    if request.method != "POST":
        return render(request, "desk/send.html", {"release": found, "at": now()})
    actions.release_all(release_id=release_id, by=request.user, at=now())
    messages.success(request, f"{found.prepared:,}通を発送しました。申請状況のページには、もう出ています。")
    return redirect("desk:release", release_id)


@needs(Power.RELEASE_LETTERS)
def pdf(request: StaffRequest, release_id: UUID, letter_id: UUID) -> HttpResponse:
    """One letter as it goes out. Looking leaves a trace."""
    letter = queries.letter_in(release_id, letter_id)
    return shown(request, letter.id, letter.subject, ("発送前の確認", *PURPOSES))


@needs(Power.SEE_CASES)
def case_letter(request: StaffRequest, number: str, letter_id: UUID) -> HttpResponse:
    """One letter of a case."""
    case = application_for(request.user, number, at=now(), purpose="通知の確認")
    return shown(request, letter_id, Subject("applications.application", str(case.id)), PURPOSES)


def shown(
    request: StaffRequest, letter_id: UUID, subject: Subject, purposes: tuple[str, ...]
) -> HttpResponse:
    """The PDF for a purpose; without one the page asks, once it is certain that there is such a letter."""
    access.letter_of(letter_id, subject, actor_of(request.user))
    purpose = purpose_of(request)
    if not purpose:
        return ask_purpose(request, title="何のために通知を開きますか", purposes=purposes)
    body = access.letter_pdf(letter_id, subject=subject, by=actor_of(request.user), at=now(), purpose=purpose)
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="letter-{letter_id}.pdf"'
    return answer
