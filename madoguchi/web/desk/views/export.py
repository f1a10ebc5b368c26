"""書き出し: the filtered list as CSV or XLSX. It leaves a trace with its purpose and the number of rows."""

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.applications import queries
from madoguchi.web.desk import ledger_views, spreadsheets
from madoguchi.web.desk.lookups import facility_names, live, period_of
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

PURPOSES = ("選考会議の資料", "課内の確認", "統計・報告", "ほかの課への提供")


@needs(Power.EXPORT)
def export(request: StaffRequest, slug: str) -> HttpResponse:
    """GET asks for the purpose and says what will be in the file; POST hands it over."""
    package = live(slug).package
    period = period_of(package, request.GET.get("period", ""), today())
    filters = ledger_views.read_filters(slug, period, request.GET, request.user)
    purpose = request.POST.get("purpose", "").strip()[:200]
    kind = request.POST.get("kind", "csv")
    if request.method == "POST" and purpose:
        return handed_over(request, package, filters, kind, purpose)
    context = {
        "package": package,
        "count": queries.ledger(filters).total,
        "columns": spreadsheets.HEADS,
        "purposes": PURPOSES,
        "failed": request.method == "POST",
    }
    return render(request, "desk/export.html", context, status=422 if context["failed"] else 200)


def handed_over(request: StaffRequest, package, filters, kind: str, purpose: str) -> HttpResponse:
    if kind not in spreadsheets.KINDS:
        raise NotFound("書き出しの種類")
    at = now()
    names = facility_names(package)
    rows = [spreadsheets.cells(row, names) for row in queries.export_rows(filters)]
    note = {"rows": len(rows), "kind": kind, "view": filters.view}
    leave_trace(
        actor_of(request.user),
        "applications.exported",
        Subject("applications.ledger", package.slug),
        at=at,
        purpose=purpose,
        note=note,
    )
    media_type, write = spreadsheets.KINDS[kind]
    answer = HttpResponse(write(rows), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{package.slug}-{at:%Y%m%d-%H%M}.{kind}"'
    return answer
