"""まとめて印刷: cover, answers and all attachments of a case as one PDF, for a purpose that is written down."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import access, bundles
from madoguchi.services.applications.bundle_orders import order_bundle
from madoguchi.web.desk.answers_shown import AnsweredPage, Line, answered_pages
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.documents import PURPOSES


@needs(Power.SEE_CASES)
def bundle(request: StaffRequest, number: str) -> HttpResponse:
    """GET asks for the purpose and shows what will be in it; POST prints, or orders a large bundle."""
    at = now()
    found = access.application_for(request.user, number, at=at, purpose="印刷の準備")
    large = bundles.is_large(found.documents)
    if request.method != "POST":
        context = {
            "case": found,
            "purposes": PURPOSES,
            "large": large,
            "ready": bundles.kept_bundles(found.id, request.user),
        }
        return render(request, "desk/bundle.html", context)
    purpose = request.POST.get("purpose", "")
    if kept := key_of(request.POST.get("kept", "")):
        return as_pdf(bundles.open_bundle(request.user, number, kept, at=at, purpose=purpose), found.number)
    asked = {
        "number": found.number,
        "title": found.package.names.ja,
        "answers": answers_of(answered_pages(found.package, found.answers)),
        "purpose": purpose,
        "by": request.user,
        "at": at,
    }
    if large:
        job = order_bundle(**asked)
        messages.info(request, "書類をまとめています。終わったら「まとめて印刷」の画面で開けます。")
        back = quote(reverse("desk:bundle", args=[number]))
        return redirect(f"{reverse('desk:job', args=[job])}?back={back}")
    return as_pdf(bundles.print_bundle(**asked).body, found.number)


def as_pdf(body: bytes, number: str) -> HttpResponse:
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return answer


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def answers_of(pages: list[AnsweredPage]) -> bundles.Answers:
    return tuple((page.title, tuple((line.label, told(line)) for line in page.lines)) for page in pages)


def told(line: Line) -> str:
    """One line of the bundle; rows of a group one below the other."""
    if not line.rows:
        return line.text
    rows = ["、".join(f"{cell.label} {cell.text}" for cell in row if cell.given) for row in line.rows]
    return "\n".join(f"{at}. {row}" for at, row in enumerate(rows, 1))
