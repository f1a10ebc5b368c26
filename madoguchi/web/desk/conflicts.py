"""Two clerks on one case: the second one sees what changed, keeps what was typed and may do it again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office.clock import now
from madoguchi.services.applications import access
from madoguchi.services.applications.errors import StaleEdition
from madoguchi.services.applications.states import Stage
from madoguchi.web.desk import case_page, happenings, words
from madoguchi.web.desk.opened import opened_at
from madoguchi.web.desk.requests import StaffRequest

NOT_CARRIED = {"csrfmiddlewaretoken", "edition", "opened"}
ACTS: dict[str, tuple[str, Stage | None]] = {
    "review": ("確認を始める", Stage.REVIEWING),
    "accept": ("受理する", Stage.ACCEPTED),
    "correct": ("補正を頼む", Stage.CORRECTING),
    "withdraw": ("本人に代わって取り下げる", Stage.WITHDRAWN),
    "clock": ("時計を止める・動かす", None),
    "facts": ("事実を入れる", None),
}
TYPED = {
    "message": "お願いの文",
    "due": "返事の期限",
    "reason": "理由",
    "note": "説明",
    "value": "値",
    "source": "根拠",
    "dated": "いつ現在",
}


def tells_what_changed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An act on an old edition answers with what others did meanwhile, instead of a sentence only."""

    @wraps(view)
    def told(request: StaffRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, number, *args, **kwargs)
        except StaleEdition as refusal:
            return conflict_page(request, number, refusal)

    return told


def conflict_page(request: StaffRequest, number: str, refusal: StaleEdition) -> HttpResponse:
    found = access.application_for(request.user, number, at=now(), purpose="変更の確認")
    moment = opened_at(request)
    match = request.resolver_match
    name, stage = ACTS.get(match.url_name or "" if match else "", ("もう一度行う", None))
    files = {str(document.id): document.name for document in found.documents}
    answered = [
        one for one in found.corrections if one.answered_at and (not moment or one.answered_at >= moment)
    ]
    context = {
        "case": found,
        "refusal": refusal,
        "act": name,
        "may_again": stage is None or stage in found.may_go_to,
        "news": [(words.deed(row.verb), row) for row in changes_of(found, moment)],
        "corrections": [case_page.correction(found.package, one, files) for one in answered],
        "comments": [one for one in found.comments if moment and one.written_at >= moment],
        "typed": [(label, request.POST[key]) for key, label in TYPED.items() if request.POST.get(key)],
        "fields": [case_page.field_label(found.package, key) for key in request.POST.getlist("fields")],
        "carried": [
            (key, value) for key, values in request.POST.lists() if key not in NOT_CARRIED for value in values
        ],
    }
    return render(request, "desk/conflict.html", context, status=409)


def changes_of(found: Any, moment: Any) -> list[Any]:
    """Everything done since the page was opened, one's own acts in another window too; else the last act."""
    if moment is not None:
        return happenings.since(found.timeline, 0, moment)
    acts = [row for row in found.timeline if row.verb not in happenings.LOOKS]
    return acts[:1]
