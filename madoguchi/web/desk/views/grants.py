"""権限: who may do what until when, given and taken back by somebody else, with the reason."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from madoguchi.ledgers.office import granting, queries
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import GrantRefused, NotFound
from madoguchi.ledgers.office.roles import ExceptionKind, Power, Role
from madoguchi.web.desk.dates import read_day
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

OPEN_ANEW = "open_anew"


@never_cache
@needs(Power.MANAGE_GRANTS)
def grants(request: StaffRequest) -> HttpResponse:
    """What holds and what held; a POST gives a role or makes an exception."""
    if request.method == "POST" and request.POST.get("what") == OPEN_ANEW:
        return shown(request, opened=open_anew(request))
    if request.method == "POST":
        give(request, request.POST)
        return redirect("desk:grants")
    return shown(request)


def open_anew(request: StaffRequest) -> dict[str, str]:
    """The password is shown once, here, and kept nowhere."""
    login, reason = request.POST.get("login", ""), request.POST.get("reason", "")
    password = granting.open_anew(login=login, reason=reason, by=request.user, at=now())
    return {"login": login, "password": password}


def shown(request: StaffRequest, *, opened: dict[str, str] | None = None) -> HttpResponse:
    context = {
        "opened": opened,
        "open_anew": OPEN_ANEW,
        "lines": queries.grant_lines(today()),
        "people": [each for each in queries.everybody() if each.pk != request.user.pk],
        "roles": Role.choices,
        "powers": Power.choices,
        "kinds": ExceptionKind.choices,
    }
    return render(request, "desk/grants.html", context)


def give(request: StaffRequest, asked) -> None:
    login, until = asked.get("login", ""), until_of(asked.get("until", ""))
    what, reason = asked.get("what", ""), asked.get("reason", "")
    if what in Role.values:
        granting.give_role(login=login, role=Role(what), by=request.user, at=now(), until=until)
    elif what in Power.values and asked.get("kind") in ExceptionKind.values:
        granting.make_exception(
            login=login,
            power=Power(what),
            kind=ExceptionKind(asked["kind"]),
            reason=reason,
            by=request.user,
            at=now(),
            until=until,
        )
    else:
        raise NotFound("権限")
    messages.success(request, "権限を変えました。年度末か、入れた日に終わります。")


def until_of(text: str) -> date | None:
    """An empty field means the end of the fiscal year."""
    if not text.strip():
        return None
    day = read_day(text)
    if day is None or day < today():
        raise GrantRefused(
            "終わりの日が読めないか、過ぎています。",
            next_step="「R9.3.31」のように、今日から後の日を入れてください。",
        )
    return day


@needs(Power.MANAGE_GRANTS)
def end(request: StaffRequest, key: str) -> HttpResponse:
    """取りやめる."""
    if request.method == "POST":
        granting.take_back(key=key, reason=request.POST.get("reason", ""), by=request.user, at=now())
        messages.success(request, "取りやめました。今から使えません。")
    return redirect("desk:grants")
