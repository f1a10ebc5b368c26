"""Showing who one is: a code to an e-mail address, or the demo's stand-in for the card."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.clerical.notices.actions import send_mail
from madoguchi.clerical.notices.rules import message_id
from madoguchi.common.emails import parse_email
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.registry import actions, queries
from madoguchi.ledgers.registry.views import AskedProof
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.refusals import refused
from madoguchi.web.resident.visiting import now, safe_next, visitor_of, welcome

DEMO_PEOPLE = 12


@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        request.session["next"] = safe_next(request.GET.get("next", "/my/"))
        return choice(request)
    if request.POST.get("way") == "card":
        return by_card(request)
    return by_mail(request)


def choice(request: HttpRequest, *, errors: dict[str, str] | None = None, typed: str = "") -> HttpResponse:
    people = queries.demo_identities(DEMO_PEOPLE) if settings.MADOGUCHI_DEMO_IDENTITY else []
    shown = {
        "errors": errors or {}, "problems": [(f"#{name}", said) for name, said in (errors or {}).items()],
        "typed": typed, "people": people, "demo": settings.MADOGUCHI_DEMO_IDENTITY, "visitor": visitor_of(request),
    }  # fmt: skip
    return render(request, "resident/prove.html", shown, status=422 if errors else 200)


def by_mail(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("email", "")
    try:
        email = parse_email(typed)
        asked = actions.ask_email_proof(email=email, at=now())
        send_code(request, email, asked)
    except Refusal as error:
        return choice(request, errors={"email": refused(error, reader_of(request))}, typed=typed)
    request.session["proof_id"] = str(asked.proof_id)
    request.session["proof_email"] = email
    return redirect("resident:code")


def send_code(request: HttpRequest, email: str, asked: AskedProof) -> None:
    base = settings.MADOGUCHI_PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    reader = reader_of(request)
    link = f"{base}/prove/{asked.proof_id}/{asked.code}/"
    send_mail(
        to=email,
        subject=speak_plain("mail.code-subject", reader),
        body=speak_plain("mail.code", reader, code=asked.code, link=link),
        message_id=message_id(asked.proof_id, ""),
    )


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    proof_id = request.session.get("proof_id")
    if not proof_id:
        return redirect("resident:prove")
    if request.method == "POST":
        return confirm(request, uuid.UUID(proof_id), request.POST.get("code", ""))
    return code_page(request)


def code_page(request: HttpRequest, error: str = "", typed: str = "") -> HttpResponse:
    shown = {"email": request.session.get("proof_email", ""), "error": error, "typed": typed}
    shown["problems"] = [("#code", error)] if error else []
    return render(request, "resident/code.html", shown, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, proof_id: uuid.UUID, code: str) -> HttpResponse:
    """The link of the mail. It asks for one press: mail programs open links by themselves and would use it up."""
    if request.method == "POST":
        return confirm(request, proof_id, code)
    return render(request, "resident/link.html")


def confirm(request: HttpRequest, proof_id: uuid.UUID, typed: str) -> HttpResponse:
    try:
        visitor = actions.confirm_email_proof(proof_id=proof_id, code=digits(typed), at=now())
    except Refusal as error:
        return code_page(request, refused(error, reader_of(request)), typed)
    welcome(request, visitor)
    return redirect(request.session.pop("next", "/my/"))


def digits(text: str) -> str:
    """The code as people type it: full-width or with blanks."""
    return "".join(str(int(each)) for each in text if each.isdigit())


def by_card(request: HttpRequest) -> HttpResponse:
    if not settings.MADOGUCHI_DEMO_IDENTITY:
        raise Http404
    chosen = request.POST.get("resident", "")
    if not chosen.isdigit():
        return choice(request, errors={"resident": speak_plain("prove.card-choose", reader_of(request))})
    visitor = actions.prove_by_demo_card(resident_id=int(chosen), at=now())
    welcome(request, visitor)
    return redirect(request.session.pop("next", "/my/"))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    return redirect("resident:top")
