"""Two applications for one person, side by side: choose which stays and what it takes over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import access, actions
from madoguchi.services.applications.merge_rules import compared
from madoguchi.web.desk.case_page import field_label
from madoguchi.web.desk.diffs import shown
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.case_work import whole

PURPOSE = "重複の確認"


@needs(Power.REVIEW_CASES)
def merge(request: StaffRequest, number: str) -> HttpResponse:
    """GET compares with `other`; POST makes one of the two. What was chosen is kept when it is refused."""
    other = (request.POST or request.GET).get("other", "")
    at, failed = now(), ""
    if request.method == "POST":
        try:
            return merged(request, number, other)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            failed = str(refusal)
    kept = access.application_for(request.user, number, at=at, purpose=PURPOSE)
    gone = access.application_for(request.user, other, at=at, purpose=PURPOSE)
    if gone.procedure != kept.procedure:
        raise NotFound("申請")
    files = {str(each.id): each.name for each in (*kept.documents, *gone.documents)}
    fields = [
        field
        for field in kept.package.form.fields.values()
        if field.type not in ("explanation", "calculated")
    ]
    by_key = {field.key: field for field in fields}
    rows = [
        (each, field_label(kept.package, each.key), *texts_of(by_key[each.key], each, kept.package, files))
        for each in compared(kept.answers, gone.answers, list(by_key))
    ]
    context = {
        "kept": kept,
        "gone": gone,
        "rows": [row for row in rows if row[0].differs],
        "same": [row for row in rows if not row[0].differs],
        "chosen": request.POST.getlist("fields"),
        "reason": request.POST.get("reason", ""),
        "failed": failed,
    }
    return render(request, "desk/merge.html", context, status=422 if failed else 200)


def texts_of(field, each, package, files) -> tuple[str, str]:
    """Both answers in words; rows of a group one after the other."""
    return in_text(field, each.kept, package, files), in_text(field, each.gone, package, files)


def in_text(field, value, package, files) -> str:
    if not field.has_rows or not isinstance(value, list):
        return shown(field, value, package, files)
    rows = [
        "・".join(
            f"{column.label.ja} {shown(column, row[column.key], package, files)}"
            for column in field.columns
            if row.get(column.key) not in (None, "", [])
        )
        for row in value
    ]
    return "\n".join(rows)


def merged(request: StaffRequest, number: str, other: str) -> HttpResponse:
    actions.merge_cases(
        kept=number,
        gone=other,
        editions=(
            whole(request.POST.get("edition", "")) or 0,
            whole(request.POST.get("other_edition", "")) or 0,
        ),
        fields=request.POST.getlist("fields"),
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
    )
    messages.success(request, f"{other} を {number} にまとめました。決裁の前なら元に戻せます。")
    return redirect("desk:case", number)


@require_POST
@needs(Power.REVIEW_CASES)
def unmerge(request: StaffRequest, number: str) -> HttpResponse:
    gone = actions.undo_merge(
        merge_id=whole(request.POST.get("merge", "")) or 0,
        number=number,
        by=request.user,
        at=now(),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, f"{gone} を元に戻しました。引き継いだ項目と書類も戻りました。")
    return redirect("desk:case", gone)
