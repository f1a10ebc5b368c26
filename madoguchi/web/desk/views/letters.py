"""通知: prepared together, looked at one by one, released at one instant."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from madoguchi.clerical.notices import access, actions, queries
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.clock import now
from madoguchi.web.desk.powers import needs


@needs(Power.RELEASE_LETTERS)
def releases(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/letters.html", {"releases": queries.releases()})


@needs(Power.RELEASE_LETTERS)
def release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    found = one_release(release_id)
    context = {"release": found, "letters": queries.sample_of(release_id, limit=20)}
    return render(request, "desk/release.html", context)


@needs(Power.RELEASE_LETTERS)
def send(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """GET names the count and the instant; POST sends everything once."""
    found = one_release(release_id)
    if request.method != "POST":
        return render(request, "desk/send.html", {"release": found, "at": now()})
    actions.release_all(release_id=release_id, by=request.user, at=now())
    messages.success(request, f"{found.prepared:,}通を発送しました。申請状況のページには、もう出ています。")
    return redirect("desk:release", release_id)


@needs(Power.RELEASE_LETTERS, Power.SEE_CASES)
def pdf(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """One letter as it goes out. Looking leaves a trace."""
    purpose = request.GET.get("purpose", "発送前の確認")[:200]
    body = access.letter_pdf(letter_id, by=actor_of(request.user), at=now(), purpose=purpose)
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="letter-{letter_id}.pdf"'
    return answer


def one_release(release_id: UUID):
    found = queries.release(release_id)
    if found is None:
        raise NotFound("発送")
    return found
