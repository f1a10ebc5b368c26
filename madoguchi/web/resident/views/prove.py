"""Showing who one is: a code to an e-mail address or a telephone, or the demo's stand-in for the card."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.clerical.notices.actions import send_mail
from madoguchi.clerical.notices.rules import message_id
from madoguchi.common.emails import parse_email
from madoguchi.common.errors import Refusal
from madoguchi.common.phones import format_phone, parse_phone
from madoguchi.ledgers.registry import actions, queries
from madoguchi.ledgers.registry.ports import ShortText, texts
from madoguchi.ledgers.registry.views import AskedProof
from madoguchi.web.client_address import client_address
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.public_address import public_address
from madoguchi.web.resident.refusals import refused
from madoguchi.web.resident.visiting import holder_of, now, safe_next, visitor_of, welcome
from madoguchi.web.resident.ways import Ways

DEMO_PEOPLE = 16


@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        request.session["next"] = safe_next(request.GET.get("next", "/my/"))
        request.session["prove_for"] = request.GET.get("for", "")[:50]
        return choice(request)
    ways = {"card": by_card, "sms": by_sms}
    return ways.get(request.POST.get("way", ""), by_mail)(request)


def choice(
    request: HttpRequest, *, errors: dict[str, str] | None = None, typed: str = "", failed: str = ""
) -> HttpResponse:
    visitor = visitor_of(request)
    ways = Ways.of(request, visitor)
    people = (
        queries.demo_identities(DEMO_PEOPLE)
        if settings.MADOGUCHI_DEMO_IDENTITY and ways.card_suffices
        else []
    )
    shown = {
        "errors": errors or {}, "problems": [(f"#{name}", said) for name, said in (errors or {}).items()],
        "typed": typed, "people": people, "demo": bool(people), "visitor": visitor, "ways": ways, "failed": failed,
    }  # fmt: skip
    return render(request, "resident/prove.html", shown, status=422 if errors or failed else 200)


def by_mail(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("email", "")
    try:
        email = parse_email(typed)
        asked = actions.ask_email_proof(email=email, at=now(), asked_from=client_address(request))
        send_code(request, email, asked)
    except Refusal as error:
        return choice(request, errors={"email": refused(error, reader_of(request))}, typed=typed)
    return waiting_for_code(request, asked, email, "email")


def waiting_for_code(request: HttpRequest, asked: AskedProof, sent_to: str, method: str) -> HttpResponse:
    request.session["proof_id"] = str(asked.proof_id)
    request.session["proof_email"] = sent_to
    request.session["proof_method"] = method
    return redirect("resident:code")


def by_sms(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("phone", "")
    try:
        gateway = texts()
        asked = actions.ask_sms_proof(phone=typed, at=now(), asked_from=client_address(request))
        body = speak_plain("prove.sms-body", reader_of(request), code=asked.code)
        gateway.send(ShortText(parse_phone(typed), body, str(asked.proof_id)))
    except Refusal as error:
        return choice(request, errors={"phone": str(error)}, typed=typed)
    return waiting_for_code(request, asked, format_phone(parse_phone(typed)), "sms")


def send_code(request: HttpRequest, email: str, asked: AskedProof) -> None:
    reader = reader_of(request)
    link = f"{public_address(request)}/prove/{asked.proof_id}/{asked.code}/"
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
    by_text = request.session.get("proof_method") == "sms" and request.session.get("proof_id") == str(
        proof_id
    )
    check = actions.confirm_sms_proof if by_text else actions.confirm_email_proof
    try:
        visitor = check(proof_id=proof_id, code=digits(typed), at=now(), holder=holder_of(request))
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
    visitor = actions.prove_by_demo_card(resident_id=int(chosen), at=now(), holder=holder_of(request))
    welcome(request, visitor)
    return redirect(request.session.pop("next", "/my/"))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    return redirect("resident:top")
