"""決裁の決まり: the town's table of who decides what, and what it demands of a kind of document."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from madoguchi.clerical.decisions import actions, queries
from madoguchi.clerical.decisions.errors import TableRefused
from madoguchi.clerical.decisions.states import PaperRule
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.dates import read_day
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest


@needs(Power.MANAGE_ROUTES, Power.APPROVE)
def rules(request: StaffRequest) -> HttpResponse:
    """The table in force and the classes; whoever may change them puts in others."""
    if request.method == "POST":
        said = put_in(request) if request.FILES else set_class(request)
        messages.success(request, said)
        return redirect("desk:decision-rules")
    context = {
        "rows": queries.rows_in_force(today()),
        "tables": queries.route_tables(),
        "kinds": queries.kinds(today()),
        "paper_rules": PaperRule.choices,
        "may_change": Power.MANAGE_ROUTES in powers(request),
    }
    return render(request, "desk/decision_rules.html", context)


def put_in(request: StaffRequest) -> str:
    day = read_day(request.POST.get("from", ""))
    if day is None:
        raise TableRefused(
            "使い始める日が読めません。", next_step="「R9.4.1」のように、今日から後の日を入れてください。"
        )
    file = request.FILES.get("table")
    if file is None:
        raise TableRefused("表が選ばれていません。", next_step="CSVのファイルを選んでください。")
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableRefused(
            "表の文字コードがUTF-8ではありません。", next_step="「CSV UTF-8」で保存し直してください。"
        ) from error
    actions.put_in_table(text=text, effective_from=day, by=request.user, at=now())
    return "表を入れました。その日からの起案に使います。進んでいる起案の道は変わりません。"


def set_class(request: StaffRequest) -> str:
    known = {kind.code: kind for kind in queries.kinds(today())}
    kind = known.get(request.POST.get("kind", ""))
    rule = request.POST.get("paper_rule", "")
    if kind is None or rule not in PaperRule.values:
        raise NotFound("文書の種類")
    actions.set_document_class(
        kind=kind.code,
        name=kind.name,
        paper_rule=PaperRule(rule),
        paper_reason=request.POST.get("paper_reason", ""),
        class_code=request.POST.get("class_code", "").strip(),
        retention=request.POST.get("retention", "").strip(),
        by=request.user,
        at=now(),
    )
    return f"「{kind.name}」の決まりを変えました。"
