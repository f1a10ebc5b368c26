"""窓口・紙の入力: one application after the other, with the keyboard only."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.documents.actions import hand_over, keep_file
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.answers import read_all
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.postcodes import town_of_postcode
from madoguchi.ledgers.registry import access as registry
from madoguchi.ledgers.registry.queries import household_facts
from madoguchi.services.applications import actions
from madoguchi.services.applications.calendars import office_calendar
from madoguchi.services.applications.states import Channel
from madoguchi.web.desk import entry_form, prefill
from madoguchi.web.desk.ledger_views import one_of, whole
from madoguchi.web.desk.lookups import live, period_of
from madoguchi.web.desk.opened import staff_seconds
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

KEYED = (Channel.PAPER, Channel.COUNTER, Channel.PROXY)
OURS = ("csrfmiddlewaretoken", "opened", "key", "resident", "sure", "more", "shown")


@dataclass(frozen=True)
class Desk:
    """One entry: the package, the round, the way it came in, the resident it was filled from."""

    loaded: Any
    period: Any
    channel: Channel
    resident_id: int | None

    @property
    def package(self):
        return self.loaded.package

    def context(self) -> Context:
        facts = household_facts(self.resident_id, on=today()) if self.resident_id else {}
        return Context(
            on=today(),
            period=self.period,
            facts=facts,
            facilities=self.package.facilities,
            calendar=office_calendar(),
            channel=self.channel.value,
        )


@needs(Power.ENTER_CASES)
def new(request: StaffRequest, slug: str) -> HttpResponse:
    """GET gives an empty or prefilled form; POST receives, or shows what somebody should look at first."""
    loaded = live(slug)
    asked = request.POST if request.method == "POST" else request.GET
    channel = Channel(one_of(request.GET.get("channel"), [one.value for one in KEYED]) or Channel.PAPER)
    period = period_of(loaded.package, request.GET.get("period", ""), today())
    if period is None:
        raise NotFound("受付期間")
    desk = Desk(loaded, period, channel, whole(asked.get("resident")))
    if request.method == "POST":
        return posted(request, desk)
    return page(request, desk, entry_form.Typed(start_raw(request, desk)), uuid4())


def start_raw(request: StaffRequest, desk: Desk) -> dict[str, list[str]]:
    """What the registry knows of the chosen person; looking it up leaves a trace."""
    if desk.resident_id is None:
        return {}
    registry.resident_for(
        desk.resident_id, by=actor_of(request.user), at=now(), purpose=f"{desk.channel.label}の申請の入力"
    )
    return prefill.prefilled(desk.package, desk.context().facts, whole(request.GET.get("child")))


def posted(request: StaffRequest, desk: Desk) -> HttpResponse:
    raw = {name: values for name, values in request.POST.lists() if name not in OURS}
    raw = entry_form.with_codes(desk.package, raw)
    if "shown" in request.POST:
        return JsonResponse({"shown": entry_form.shown_names(desk.package, raw, desk.context())})
    key = key_of(request)
    reading = read_all(desk.package.form, raw, desk.context())
    typed = entry_form.Typed(raw, marks_of(reading), reading.echoes, request.POST.get("more", ""))
    if typed.more or (reading.errors and "sure" not in request.POST):
        return page(request, desk, typed, key, status=200 if typed.more else 422)
    try:
        receipt = received(request, desk, raw, key)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return page(request, desk, typed, key, status=422)
    said = (
        f"{receipt.number} を受け付けました（{receipt.person_name or '名前なし'}）。次の1件を入力できます。"
    )
    messages.success(request, said)
    address = reverse("desk:new", args=[desk.package.slug])
    return redirect(f"{address}?channel={desk.channel}&period={desk.period.code}&saved={receipt.number}")


def received(request: StaffRequest, desk: Desk, raw: dict[str, list[str]], key: UUID):
    """The files first, so that the answers can name them; then the one intake under every channel."""
    at, by = now(), actor_of(request.user)
    waiting = Subject("desk.entry", str(key))
    files: dict[str, Any] = request.FILES.dict()
    for name, file in files.items():
        kept = keep_file(name=file.name, body=file.read(), owner=waiting, by=by, at=at)
        raw.setdefault(name.removeprefix("file:"), []).append(str(kept.id))
    receipt = actions.receive(
        version_id=desk.loaded.version_id,
        period_code=desk.period.code,
        raw=raw,
        channel=desk.channel,
        by=by,
        at=at,
        submission_key=key,
        resident_id=desk.resident_id,
        staff_seconds=staff_seconds(request, at),
    )
    hand_over(from_owner=waiting, to_owner=Subject("applications.application", str(receipt.application_id)))
    return receipt


def page(request: StaffRequest, desk: Desk, typed, key: UUID, status: int = 200) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    by = actor_of(request.user)
    searched = (
        registry.search_residents(text, by=by, at=now(), purpose="申請の入力", limit=10) if text else None
    )
    context = {
        "package": desk.package,
        "period": desk.period,
        "channel": desk.channel,
        "channels": KEYED,
        "pages": entry_form.entry_pages(desk.package, typed),
        "mark_count": sum(len(marks) for marks in typed.marks.values()) if status == 422 else 0,
        "key": key,
        "resident": desk.resident_id,
        "members": desk.context().facts.get("household", []) if desk.resident_id else [],
        "text": text,
        "searched": searched,
        "saved": request.GET.get("saved", "") if request.method == "GET" else "",
    }
    return render(request, "desk/entry.html", context, status=status)


def marks_of(reading) -> dict[str, list[str]]:
    marks: dict[str, list[str]] = {}
    for error in reading.errors:
        marks.setdefault(error.name, []).append(error.sentence)
    return marks


def key_of(request: StaffRequest) -> UUID:
    """The key of the form, so that a second press is the same application."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


@needs(Power.ENTER_CASES)
def postcode(request: StaffRequest) -> HttpResponse:
    """The town of a postcode while typing; without a script the server fills it in when the form is read."""
    code = request.GET.get("code", "").replace("-", "")
    return JsonResponse({"town": town_of_postcode(code) if code.isdecimal() and len(code) == 7 else ""})
