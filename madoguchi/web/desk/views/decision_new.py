"""起案する: a draft that hangs on no application. What was typed stays when it is refused."""

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from madoguchi.clerical.decisions import access, actions, queries
from madoguchi.clerical.decisions.errors import AmountUnread
from madoguchi.clerical.decisions.states import ApprovalMode, Disclosure, PaperReason
from madoguchi.clerical.decisions.terms import Paper, Terms
from madoguchi.common.errors import Refusal, Unreadable
from madoguchi.common.yen import parse_yen
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.queries import staff_by_login, staff_with_power
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.decisions import MOST_FILES, int_of

PAPER_ROWS = 3
ROUTED = "routed"


@dataclass
class Typed:
    """The form as it was typed, so that a refusal gives it back."""

    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    title: str = ""
    body: str = ""
    kind: str = ""
    amount: str = ""
    approver: str = ROUTED
    class_code: str = ""
    retention: str = ""
    disclosure: str = Disclosure.OPEN
    disclosure_reason: str = ""
    mode: str = ApprovalMode.ELECTRONIC
    paper_reason: str = ""
    paper_note: str = ""
    papers: list[tuple[str, str, str]] = field(default_factory=list)
    urgent: bool = False
    important: bool = False
    instructed: bool = False
    quoted_from: int = 0


@needs(Power.SEE_CASES)
def new(request: StaffRequest) -> HttpResponse:
    """The form; a POST puts the draft before those who decide it."""
    if request.method != "POST":
        return shown(request, quoting(request))
    typed = typed_of(request)
    try:
        draft_id = laid(request, typed)
    except Refusal as refusal:
        return shown(request, typed, refusal)
    messages.success(request, "起案しました。決裁の道を確かめてください。")
    return redirect("desk:draft", draft_id)


def quoting(request: StaffRequest) -> Typed:
    """An empty form, or one that begins with the words of the draft it quotes."""
    quoted = int_of(request.GET.get("quote", ""))
    if not quoted:
        return Typed()
    found = access.draft_for(request.user, quoted, now())
    return Typed(
        title=found.title,
        body=found.body,
        kind=found.kind,
        amount=str(found.amount) if found.amount is not None else "",
        class_code=found.class_code,
        retention=found.retention,
        quoted_from=quoted,
    )


def typed_of(request: StaffRequest) -> Typed:
    post = request.POST
    words = {name: post.get(name, "") for name in WORDS}
    papers = [
        (post.get(f"what-{at}", ""), post.get(f"kept-{at}", ""), post.get(f"sheets-{at}", ""))
        for at in range(1, PAPER_ROWS + 1)
    ]
    return Typed(
        **words,
        papers=[row for row in papers if any(cell.strip() for cell in row[:2])],
        urgent="urgent" in post,
        important="important" in post,
        instructed="instructed" in post,
        quoted_from=int_of(post.get("quoted_from", "")),
    )


WORDS = (
    "key", "title", "body", "kind", "amount", "approver", "class_code", "retention", "disclosure",
    "disclosure_reason", "mode", "paper_reason", "paper_note",
)  # fmt: skip


def laid(request: StaffRequest, typed: Typed) -> int:
    approver = staff_by_login(typed.approver) if typed.approver != ROUTED else None
    files = [(each.name or "", each.read()) for each in request.FILES.getlist("file")[:MOST_FILES]]
    return actions.draft_freely(
        key=uuid.UUID(typed.key),
        title=typed.title,
        body=typed.body,
        terms=terms_of(typed),
        by=request.user,
        at=now(),
        approver=approver,
        files=files,
    )


def terms_of(typed: Typed) -> Terms:
    return Terms(
        kind=typed.kind,
        amount=yen(typed.amount),
        class_code=typed.class_code.strip(),
        retention=typed.retention.strip(),
        disclosure=Disclosure(typed.disclosure) if typed.disclosure in Disclosure.values else None,
        disclosure_reason=typed.disclosure_reason,
        mode=ApprovalMode(typed.mode) if typed.mode in ApprovalMode.values else ApprovalMode.ELECTRONIC,
        paper_reason=PaperReason(typed.paper_reason) if typed.paper_reason in PaperReason.values else None,
        paper_note=typed.paper_note,
        papers=tuple(Paper(what, kept, max(1, int_of(sheets))) for what, kept, sheets in typed.papers),
        urgent=typed.urgent,
        important=typed.important,
        instructed=typed.instructed,
        quoted_from=typed.quoted_from or None,
    )


def yen(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return parse_yen(text)
    except Unreadable as error:
        raise AmountUnread(
            f"金額「{text[:20]}」が読めません。", next_step="「80万円」「800,000」のように書いてください。"
        ) from error


def shown(request: StaffRequest, typed: Typed, refusal: Refusal | None = None) -> HttpResponse:
    rows = [*typed.papers, *[("", "", "")] * PAPER_ROWS][:PAPER_ROWS]
    context = {
        "typed": typed,
        "refusal": refusal,
        "kinds": queries.kinds(today()),
        "approvers": [
            each for each in staff_with_power(Power.APPROVE, today()) if each.pk != request.user.pk
        ],
        "routed": ROUTED,
        "modes": ApprovalMode.choices,
        "disclosures": Disclosure.choices,
        "paper_reasons": PaperReason.choices,
        "paper_rows": list(enumerate(rows, 1)),
    }
    return render(request, "desk/draft_new.html", context, status=422 if refusal else 200)
