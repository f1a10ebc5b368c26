"""支払: claims, orders and due days; the file for the accounting system."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.clerical.payments import actions as payments
from madoguchi.clerical.payments import queries
from madoguchi.clerical.payments.states import OrderState
from madoguchi.common.era import parse_japanese_date
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.subsidies import actions
from madoguchi.services.subsidies.confirming import examinations
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.money import with_numbers


@needs(Power.SEE_PAYMENTS)
def orders(request: StaffRequest) -> HttpResponse:
    """Orders of this person's sections by their due day; the files so far for those who pay."""
    state = request.GET.get("state", "")
    if state and state not in OrderState.values:
        raise NotFound("支出命令")
    sections = sections_seen(request.user, today())
    everything = queries.orders(sections)
    rows = [row for row in everything if not state or row.state == state]
    held = powers(request)
    context = {
        "rows": with_numbers(request, rows),
        "to_examine": to_examine(everything) if Power.PAY in held else [],
        "handed_over": [row for row in everything if may_come_back(row)] if Power.PAY in held else [],
        "state": state,
        "today": today(),
        "counts": [(each, sum(row.state == each for row in everything)) for each in OrderState],
        "total": sum(row.amount for row in rows),
        "late": sum(row.is_late(today()) for row in everything),
        "claimed": [row for row in everything if row.state == OrderState.CLAIMED],
        "heads": [
            one for one in office.staff_with_power(Power.APPROVE, today()) if one.pk != request.user.pk
        ],
        "may_draft": Power.REVIEW_CASES in held,
        "may_pay": Power.PAY in held,
        "press": uuid.uuid4(),
        "files": queries.payment_files() if Power.PAY in held else [],
    }
    return render(request, "desk/payments.html", context)


def to_examine(rows) -> list:
    """Orders that may be paid, each with the checklists of 会計."""
    waiting = [row for row in rows if row.state == OrderState.APPROVED]
    lists = examinations(waiting)
    return [(row, lists.get(row.id, [])) for row in waiting]


@require_POST
@needs(Power.REVIEW_CASES, Power.PAY)
def act(request: StaffRequest) -> HttpResponse:
    """Put claims before their approver, or write the approved orders out."""
    verbs = {"submit": submitted, "export": exported}
    verb = request.POST.get("verb", "")
    if verb not in verbs:
        raise NotFound("支払")
    verbs[verb](request)
    return redirect("desk:payments")


def submitted(request: StaffRequest) -> None:
    approver = office.staff_by_login(request.POST.get("approver", ""))
    if approver is None:
        raise NotFound("決裁する人")
    chosen = [int(key) for key in request.POST.getlist("order") if key.isascii() and key.isdigit()]
    actions.submit_payments(order_ids=chosen, approver=approver, by=request.user, at=now())
    messages.success(request, f"{len(chosen)}件の支出命令の決裁を{approver.name}さんに頼みました。")


def exported(request: StaffRequest) -> None:
    try:
        press = uuid.UUID(request.POST.get("press", ""))
    except ValueError:
        raise NotFound("支払") from None
    made = actions.export_payments(press=press, by=request.user, at=now())
    messages.success(request, "支払のデータを書き出しました。下の一覧から受け取ってください。")
    for number, sentence in made.held:
        messages.warning(request, f"{number} は残しました。{sentence}")


@require_POST
@needs(Power.PAY)
def examine(request: StaffRequest, order_id: int) -> HttpResponse:
    """会計課の審査 of one order."""
    items = request.POST.getlist("item")
    complete = actions.examine(
        order_id=order_id, key=request.POST.get("key", ""), items=items, by=request.user, at=now()
    )
    messages.success(
        request, "審査を残しました。" if complete else "審査を残しました。まだ印のない行があります。"
    )
    return redirect("desk:payments")


def may_come_back(row) -> bool:
    """A transfer that may still fail, or whose money is still away."""
    return row.state == OrderState.EXPORTED or (row.state == OrderState.FAILED and row.returned_on is None)


@require_POST
@needs(Power.PAY)
def transfer(request: StaffRequest, order_id: int) -> HttpResponse:
    """組戻し: a transfer failed, or its money came back."""
    verb, day = request.POST.get("verb", ""), parse_japanese_date(request.POST.get("day", ""))
    if verb == "failed":
        reason = request.POST.get("reason", "")
        payments.fail_transfer(order_id=order_id, failed_on=day, reason=reason, by=request.user, at=now())
        messages.success(request, "振込不能としました。戻入を入れるまで、再支払は書き出せません。")
    elif verb == "returned":
        payments.take_return(order_id=order_id, returned_on=day, by=request.user, at=now())
        messages.success(request, "戻入を入れました。")
    else:
        raise NotFound("支払")
    return redirect("desk:payments")


@require_POST
@needs(Power.PAY)
def fetch(request: StaffRequest, payment_id: uuid.UUID) -> HttpResponse:
    """The bytes of a file; a second time with a reason."""
    found = payments.fetch_payment_file(
        file_id=payment_id, reason=request.POST.get("reason", ""), by=request.user, at=now()
    )
    answer = HttpResponse(found.body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return answer
