"""書き出し: the filtered list as CSV or XLSX. It leaves a trace with its purpose and the number of rows."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.exporting import AT_ONCE, KEPT_DAYS, MEDIA_TYPES
from madoguchi.services.applications.ledger_columns import chosen_columns
from madoguchi.web.desk import ledger_views
from madoguchi.web.desk.lookups import live, period_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.bulk import job_key
from madoguchi.web.desk.views.ledger import wanted_columns

PURPOSES = ("選考会議の資料", "課内の確認", "統計・報告", "ほかの課への提供")


@needs(Power.EXPORT)
def export(request: StaffRequest, slug: str = "") -> HttpResponse:
    """GET asks for the purpose and says what will be in the file; POST hands it over, or orders it when it is large."""
    package = live(slug).package if slug else None
    period = period_of(package, request.GET.get("period", ""), today()) if package else None
    held = powers(request)
    filters = ledger_views.read_filters(slug, period, request.GET, request.user, held)
    _, habit = queries.ledger_desk(request.user, slug)
    columns = chosen_columns(wanted_columns(request.GET, habit), package, held)
    purpose = request.POST.get("purpose", "").strip()[:200]
    count = queries.export_count(filters)
    if request.method == "POST" and purpose:
        told = {"filters": filters, "columns": [each.key for each in columns], "purpose": purpose}
        return handed_over(request, slug, count, told)
    context = {
        "slug": slug,
        "package": package,
        "count": count,
        "large": count > AT_ONCE,
        "kept_days": KEPT_DAYS,
        "columns": [each.label for each in columns],
        "purposes": PURPOSES,
        "failed": request.method == "POST",
    }
    return render(request, "desk/export.html", context, status=422 if context["failed"] else 200)


def handed_over(request: StaffRequest, slug: str, count: int, told: dict) -> HttpResponse:
    kind = request.POST.get("kind", "csv")
    if kind not in MEDIA_TYPES:
        raise NotFound("書き出しの種類")
    at = now()
    if count > AT_ONCE:
        key = actions.begin_to_export(**told, kind=kind, by=request.user, at=at, job_id=job_key(request))
        messages.info(request, "書き出しを始めました。できたファイルは、この画面から受け取れます。")
        back = reverse("desk:ledger", args=[slug]) if slug else reverse("desk:cases")
        return redirect(f"{reverse('desk:job', args=[key])}?back={quote(back)}")
    body = actions.export_now(**told, kind=kind, by=request.user, at=at)
    return attachment(body, MEDIA_TYPES[kind], f"{slug or 'ledger'}-{at:%Y%m%d-%H%M}.{kind}")


def attachment(body: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@needs(Power.SEE_CASES)
def file(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """A file that was made for this person; nobody else's."""
    made = actions.fetch_made(file_id=file_id, by=request.user, at=now())
    return attachment(bytes(made.body), made.media_type, made.name)
