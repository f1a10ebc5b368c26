"""役職と不在: who holds which post, and who is away; routes are made of both."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from madoguchi.ledgers.office import appointing, posts, queries
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import AbsenceRefused, NotFound, PostRefused
from madoguchi.ledgers.office.ranks import LADDER
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.dates import read_day
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest


@needs(Power.SEE_CASES, Power.APPROVE, Power.MANAGE_GRANTS)
def held(request: StaffRequest) -> HttpResponse:
    """Posts and absences; a POST appoints, notes an absence, or takes one back."""
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb not in ACTS:
            raise NotFound("操作")
        messages.success(request, ACTS[verb](request))
        return redirect("desk:posts")
    everywhere = Power.MANAGE_GRANTS in powers(request)
    here = queries.everybody() if everywhere else queries.colleagues_of_section(request.user.section_id)
    sections = {row.section_id: row for row in queries.organisation(today())}
    context = {
        "posts": [(sections.get(each.section_id), each) for each in posts.every_post(today())],
        "absences": posts.absences(today()),
        "people": here,
        "sections": sections.values(),
        "ladder": LADDER[1:],
        "may_appoint": everywhere,
        "me": request.user,
    }
    return render(request, "desk/posts.html", context)


def appoint(request: StaffRequest) -> str:
    staff = queries.staff_by_login(request.POST.get("login", ""))
    section = queries.section_by_code(request.POST.get("section", ""))
    on = read_day(request.POST.get("from", ""))
    if staff is None or section is None:
        raise NotFound("職員か課")
    if on is None:
        raise PostRefused("就く日が読めません。", next_step="「R9.4.1」のように入れてください。")
    appointing.appoint(
        staff=staff, section=section, post=request.POST.get("post", ""), on=on, by=request.user, at=now()
    )
    return "役職を登録しました。前の人は、その前の日までになりました。"


def note_absence(request: StaffRequest) -> str:
    staff = queries.staff_by_login(request.POST.get("login", ""))
    begins, ends = read_day(request.POST.get("from", "")), read_day(request.POST.get("to", ""))
    if staff is None:
        raise NotFound("職員")
    if begins is None or ends is None:
        raise AbsenceRefused("日が読めません。", next_step="「R8.12.1」のように、両方の日を入れてください。")
    appointing.note_absence(
        staff=staff,
        begins_on=begins,
        ends_on=ends,
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
    )
    return "不在を登録しました。この間の決裁は、代決者が行えます。"


def withdraw_absence(request: StaffRequest) -> str:
    key = request.POST.get("absence", "")
    appointing.withdraw_absence(absence_id=int(key) if key.isdecimal() else 0, by=request.user, at=now())
    return "不在を取りやめました。"


ACTS = {"appoint": appoint, "absent": note_absence, "here": withdraw_absence}
