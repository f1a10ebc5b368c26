"""抽出: drawing cases for another look, writing down what it said, taking it along as evidence. No case changes."""

from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from madoguchi.clerical.controls import actions, overseeing
from madoguchi.clerical.controls.sampling import DEFAULT_SIZE, MOST, Weights
from madoguchi.clerical.controls.states import SampleKind, SampleResult
from madoguchi.common.errors import Unreadable
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.dates import read_day
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.bulk import job_key
from madoguchi.web.desk.views.controls import around, require_offered
from madoguchi.web.desk.views.export import attachment

HIGHEST_WEIGHT = 100
HIGHEST_AMOUNT = 10**12
LONGEST_DAYS = 366


@needs(Power.AUDIT_CONTROLS)
def samples(request: StaffRequest) -> HttpResponse:
    """The last samples and the form for the next; a POST draws."""
    if request.method == "POST":
        key = draw(request)
        messages.success(request, "抽出しました。種と名簿から、だれでも同じ件を抽出し直せます。")
        return redirect("desk:control-sample", key)
    context = around(request, "samples") | {"rows": overseeing.samples(request.user, now())}
    context |= {"kinds": SampleKind.choices, "size": DEFAULT_SIZE, "most": MOST, "weights": Weights()}
    context |= {"since": today().replace(day=1), "until": today()}
    return render(request, "desk/control_samples.html", context)


def draw(request: StaffRequest) -> UUID:
    asked = request.POST
    procedure = asked.get("procedure", "")
    require_offered(request, procedure, "")
    kind = asked.get("kind", "")
    if kind not in SampleKind.values:
        raise NotFound("抽出の種類")
    return actions.draw_sample(
        sample_id=job_key(request) or uuid4(),
        kind=SampleKind(kind),
        since=asked_day(asked.get("since", ""), "対象の始まり"),
        until=asked_day(asked.get("until", ""), "対象の終わり"),
        procedure=procedure,
        size=whole(asked, "size", "件数", DEFAULT_SIZE, MOST),
        seed=asked.get("seed", ""),
        weights=weights_of(asked),
        by=request.user,
        at=now(),
    )


def weights_of(asked) -> Weights:
    usual = Weights()
    limit = asked.get("high_amount_from", "").strip()
    return Weights(
        high_amount=whole(asked, "high_amount", "高額の重み", usual.high_amount, HIGHEST_WEIGHT),
        high_amount_from=whole(asked, "high_amount_from", "高額とみなす額", 0, HIGHEST_AMOUNT)
        if limit
        else None,
        near_deadline=whole(asked, "near_deadline", "期限間際の重み", usual.near_deadline, HIGHEST_WEIGHT),
        near_deadline_days=whole(
            asked, "near_deadline_days", "期限間際とみなす日数", usual.near_deadline_days, LONGEST_DAYS
        ),
        override_used=whole(asked, "override_used", "例外を使用の重み", usual.override_used, HIGHEST_WEIGHT),
    )


def whole(asked, name: str, label: str, usual: int, most: int) -> int:
    """A whole number of the form; empty is the usual one. Raises Unreadable with the field and the bounds."""
    text = asked.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 16) or int(text) > most:
        raise Unreadable(
            f"「{label}」の「{text[:20]}」を読めません。",
            next_step=f"0から{most}までの数で入力してください。",
        )
    return int(text)


def asked_day(text: str, label: str) -> date:
    day = read_day(text)
    if day is None:
        raise Unreadable(
            f"「{label}」の「{text[:20]}」を日付として読めません。",
            next_step="「R8.11.1」や「2026-11-01」のように入力してください。",
        )
    return day


@require_GET
@needs(Power.AUDIT_CONTROLS)
def sample(request: StaffRequest, sample_id: UUID) -> HttpResponse:
    """One sample: seed, list, weights, the drawn cases and what each look said."""
    view = overseeing.sample_of(request.user, sample_id, now())
    if view is None:
        raise NotFound("抽出")
    context = around(request, "samples") | {"view": view, "results": dict(SampleResult.choices)}
    context |= {"kind": SampleKind(view.sample.kind).label}
    return render(request, "desk/control_sample.html", context)


@require_POST
@needs(Power.AUDIT_CONTROLS)
def judge(request: StaffRequest, sample_id: UUID) -> HttpResponse:
    """問題なし or 問題あり with a note, for one drawn case."""
    item, result = request.POST.get("item", ""), request.POST.get("result", "")
    if not (item.isascii() and item.isdecimal() and len(item) < 16) or result not in SampleResult.values[1:]:
        raise NotFound("抽出した件")
    actions.judge_sampled(
        sample_id=sample_id,
        item_id=int(item),
        result=SampleResult(result),
        note=request.POST.get("note", ""),
        by=request.user,
        at=now(),
    )
    messages.success(request, "結果を記録しました。申請は変わっていません。")
    return redirect("desk:control-sample", sample_id)


@require_POST
@needs(Power.AUDIT_CONTROLS)
def evidence(request: StaffRequest, sample_id: UUID) -> HttpResponse:
    """The sample with everything that proves it, as ZIP."""
    purpose = request.POST.get("purpose", "")
    body = actions.export_sample(sample_id=sample_id, purpose=purpose, by=request.user, at=now())
    return attachment(body, "application/zip", f"sample-{now():%Y%m%d-%H%M}.zip")
