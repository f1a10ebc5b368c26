"""支援措置: units of protected people, and letters that were stopped for them. Every look leaves its purpose."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from madoguchi.clerical.notices import holding
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.registry import access, actions
from madoguchi.ledgers.registry.errors import ProtectionRefused
from madoguchi.ledgers.registry.queries import resident, residents_by_number
from madoguchi.ledgers.registry.states import Ground
from madoguchi.web.desk.dates import read_day
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.purposes import ask_purpose, sitting_purpose
from madoguchi.web.desk.requests import StaffRequest

PURPOSES = ("支援措置の事務", "本人からの問い合わせ", "ほかの課からの照会", "監査への対応")
KEPT = "protection_purpose"
ASKED = "何のために支援措置の記録を見ますか"


@needs(Power.MANAGE_PROTECTION)
def units(request: StaffRequest) -> HttpResponse:
    """Every unit with its last day; a POST registers one."""
    if request.method == "POST":
        unit_id = register(request)
        messages.success(request, "登録しました。対象者と、その申請は、権限のない職員には見えません。")
        return redirect("desk:protection-unit", unit_id)
    purpose = sitting_purpose(request, KEPT)
    if not purpose:
        return ask_purpose(request, title=ASKED, purposes=PURPOSES)
    found = access.protection_units(by=actor_of(request.user), at=now(), purpose=purpose)
    context = {"purpose": purpose, "units": found, "grounds": Ground.choices, "today": today()}
    return render(request, "desk/protection.html", context)


def register(request: StaffRequest) -> int:
    asked = request.POST
    applicant = numbers_of(asked.get("applicant", ""))
    day = read_day(asked.get("begins_on", "")) or today()
    if len(applicant) != 1 or asked.get("ground") not in Ground.values:
        raise ProtectionRefused(
            "申出者の宛名番号と区分がそろっていません。", next_step="宛名番号を1つと、区分を選んでください。"
        )
    return actions.register_protection(
        applicant_id=applicant[0],
        resident_ids=numbers_of(asked.get("people", "")),
        ground=Ground(asked["ground"]),
        begins_on=day,
        protected_from=[(None, name) for name in asked.get("other_side", "").split("、") if name.strip()]
        + [(key, name_of(key)) for key in numbers_of(asked.get("other_numbers", ""))],
        note=asked.get("note", ""),
        by=request.user,
        at=now(),
    )


def name_of(resident_id: int) -> str:
    found = resident(resident_id)
    return found.name if found else ""


def numbers_of(text: str) -> list[int]:
    """Residents by 宛名番号, separated by anything."""
    words = "".join(char if char.isdigit() else " " for char in text).split()
    wanted = [int(word) for word in words if len(word) <= 15]
    found = residents_by_number(wanted)
    if len(found) != len(set(wanted)):
        raise NotFound("宛名番号の住民")
    return [found[number] for number in wanted]


@needs(Power.MANAGE_PROTECTION)
def unit(request: StaffRequest, unit_id: int) -> HttpResponse:
    """One unit; a POST changes, renews or ends it."""
    if request.method == "POST":
        messages.success(request, act(request, unit_id, request.POST.get("verb", "")))
        return redirect("desk:protection-unit", unit_id)
    purpose = sitting_purpose(request, KEPT)
    if not purpose:
        return ask_purpose(request, title=ASKED, purposes=PURPOSES)
    found = access.protection_unit(unit_id, by=actor_of(request.user), at=now(), purpose=purpose)
    return render(request, "desk/protection_unit.html", {"unit": found, "today": today()})


def act(request: StaffRequest, unit_id: int, verb: str) -> str:
    told = {"unit_id": unit_id, "by": request.user, "at": now()}
    if verb == "renew":
        return f"{actions.renew_protection(**told):%Y年%m月%d日}まで延長しました。"
    if verb == "end":
        actions.end_protection(reason=request.POST.get("reason", ""), **told)
        return "終えました。対象者と申請が、また見えるようになりました。"
    if verb == "change":
        people = numbers_of(request.POST.get("people", ""))
        actions.change_protection(resident_ids=people, note=request.POST.get("note"), **told)
        return "対象者を変えました。"
    raise NotFound("操作")


@needs(Power.MANAGE_PROTECTION)
def held_letters(request: StaffRequest) -> HttpResponse:
    """止めた通知: letters that name a protected person to somebody else."""
    purpose = sitting_purpose(request, KEPT)
    if not purpose:
        return ask_purpose(request, title=ASKED, purposes=PURPOSES)
    found = holding.held_letters(by=request.user, at=now(), purpose=purpose)
    return render(request, "desk/held_letters.html", {"letters": found})


@needs(Power.MANAGE_PROTECTION)
def held_letter(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """出してよい, after somebody has looked."""
    if request.method == "POST":
        holding.let_go(letter_id=letter_id, by=request.user, at=now(), reason=request.POST.get("reason", ""))
        messages.success(request, "この通知を出せるようにしました。")
    return redirect("desk:held-letters")
