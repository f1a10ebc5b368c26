"""How a person on the portal shows who they are. Part of actions.py; other rooms call it there."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from madoguchi.common.emails import parse_email
from madoguchi.common.phones import is_mobile, parse_phone
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.registry.errors import (
    AskedTooOften,
    DemoIdentityOff,
    PhoneUnreadable,
    ProofExpired,
    ProofRefused,
    TooManyTries,
    WrongCode,
)
from madoguchi.ledgers.registry.four_items import FourItems, is_near, read_items
from madoguchi.ledgers.registry.joining import one_person, visitor_who_is
from madoguchi.ledgers.registry.models import CardIdentity, Proof, Resident, Visitor
from madoguchi.ledgers.registry.queries import visitor_view
from madoguchi.ledgers.registry.rules import (
    CODE_TRIES,
    CODE_VALID_FOR,
    CODES_AN_HOUR,
    CODES_AN_HOUR_FROM_ONE_PLACE,
    TEXTS_AN_HOUR,
    code_sha256,
    is_code,
)
from madoguchi.ledgers.registry.states import ProofMethod, ResidentState
from madoguchi.ledgers.registry.views import LEVELS, AskedProof, VisitorView

_ASK_AGAIN = "「番号をもう一度送る」を押して、新しい番号を入れてください。"


def place_key(address: str) -> str:
    """What is kept of the address a code was asked from; nothing of nothing."""
    if not address:
        return ""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def ask_email_proof(*, email: str, at: datetime, asked_from: str = "") -> AskedProof:
    """Make a six-digit code for an address; the caller sends it. Every address is answered alike.

    Refused: EmailUnreadable; AskedTooOften after ten codes for one address, or sixty asked from one place,
    within an hour.
    """
    address = parse_email(email).lower()
    _refuse_often(Q(email=address), CODES_AN_HOUR, at, "このメールアドレスへ")
    return _asked(ProofMethod.EMAIL, at, asked_from, email=address)


@transaction.atomic
def ask_sms_proof(*, phone: str, at: datetime, asked_from: str = "") -> AskedProof:
    """Make a six-digit code for a mobile number and send it. Every number is answered alike.

    Refused: PhoneUnreadable; AskedTooOften after five codes for one number; TextUnavailable.
    """
    digits = parse_phone(phone)
    if not is_mobile(digits):
        raise PhoneUnreadable(
            "この番号へはSMSを送れません。", next_step="携帯電話の番号（090・080・070など）を入れてください。"
        )
    _refuse_often(Q(phone=digits), TEXTS_AN_HOUR, at, "この電話番号へ")
    return _asked(ProofMethod.SMS, at, asked_from, phone=digits)


def _asked(method: ProofMethod, at: datetime, asked_from: str, **address: str) -> AskedProof:
    place = place_key(asked_from)
    if place:
        _refuse_often(Q(asked_from=place), CODES_AN_HOUR_FROM_ONE_PLACE, at, "この回線から")
    proof_id, code = uuid.uuid4(), f"{secrets.randbelow(1_000_000):06d}"
    ial, aal = LEVELS[method]
    Proof.objects.create(
        id=proof_id,
        method=method,
        asked_from=place,
        code_sha256=code_sha256(proof_id, code),
        identity_level=ial,
        sign_in_level=aal,
        asked_at=at,
        expires_at=at + CODE_VALID_FOR,
        **address,
    )
    return AskedProof(proof_id, code)


def _refuse_often(which: Q, most: int, at: datetime, where: str) -> None:
    if Proof.objects.filter(which, asked_at__gt=at - timedelta(hours=1)).count() >= most:
        raise AskedTooOften(
            f"{where}、1時間に送れる回数だけ確認番号を送りました。",
            next_step="届いている番号を入れるか、1時間ほど待って、もう一度お試しください。",
        )


def confirm_email_proof(
    *, proof_id: uuid.UUID, code: str, at: datetime, holder: uuid.UUID | None = None
) -> VisitorView:
    """Compare the code typed with the one sent. Refused: ProofExpired, WrongCode, TooManyTries.

    `holder` is who this sitting was before: what they began follows. A wrong try is counted in a transaction of
    its own, so that the refusal cannot undo the counting.
    """
    return _confirmed(ProofMethod.EMAIL, proof_id, code, at, holder)


def confirm_sms_proof(
    *, proof_id: uuid.UUID, code: str, at: datetime, holder: uuid.UUID | None = None
) -> VisitorView:
    """The same for a number sent by SMS."""
    return _confirmed(ProofMethod.SMS, proof_id, code, at, holder)


def _confirmed(
    method: ProofMethod, proof_id: uuid.UUID, code: str, at: datetime, holder: uuid.UUID | None
) -> VisitorView:
    outcome = _try_code(method, proof_id, code, at, holder)
    if isinstance(outcome, ProofRefused):
        raise outcome
    return outcome


@full_sight()
@transaction.atomic
def _try_code(
    method: ProofMethod, proof_id: uuid.UUID, code: str, at: datetime, holder: uuid.UUID | None
) -> VisitorView | ProofRefused:
    proof = Proof.objects.select_for_update().filter(pk=proof_id, method=method).first()
    if proof is None or proof.proven_at is not None or at >= proof.expires_at:
        return ProofExpired(
            "この確認番号は使えません（10分を過ぎたか、使用済みです）。", next_step=_ASK_AGAIN
        )
    if proof.failed_tries >= CODE_TRIES:
        return TooManyTries(f"確認番号を{CODE_TRIES}回まちがえました。", next_step=_ASK_AGAIN)
    if not is_code(proof.pk, code, proof.code_sha256):
        return _count_wrong_try(proof)
    if method == ProofMethod.SMS:
        return _proven(proof, one_person(_visitor_by_phone(proof.phone, at), holder, at), at)
    return _proven(proof, one_person(_visitor_by_email(proof.email, at), holder, at), at)


def _count_wrong_try(proof: Proof) -> ProofRefused:
    proof.failed_tries += 1
    proof.save(update_fields=["failed_tries"])
    left = CODE_TRIES - proof.failed_tries
    if left == 0:
        return TooManyTries(f"確認番号を{CODE_TRIES}回まちがえました。", next_step=_ASK_AGAIN)
    return WrongCode(
        "確認番号が違います。",
        next_step=f"届いた6けたの数字を確かめてください（あと{left}回入れられます）。",
    )


def _visitor_by_email(email: str, at: datetime) -> Visitor:
    Visitor.objects.bulk_create([Visitor(email=email, first_seen_at=at)], ignore_conflicts=True)
    return Visitor.objects.get(email=email, resident__isnull=True, by_card=False)


def _visitor_by_phone(phone: str, at: datetime) -> Visitor:
    Visitor.objects.bulk_create([Visitor(phone=phone, first_seen_at=at)], ignore_conflicts=True)
    return Visitor.objects.get(phone=phone, email="", resident__isnull=True, by_card=False)


def _proven(proof: Proof, visitor: Visitor, at: datetime) -> VisitorView:
    proof.visitor, proof.proven_at = visitor, at
    proof.save()
    view = replace(visitor_view(visitor), proof_id=proof.pk)
    leave_trace(
        Actor("resident", str(view.id), view.name),
        "registry.proven",
        Subject("registry.visitor", str(view.id)),
        at=at,
        note={"method": proof.method, "level": proof.identity_level},
    )
    return view


@full_sight()
@transaction.atomic
def prove_by_demo_card(*, resident_id: int, at: datetime, holder: uuid.UUID | None = None) -> VisitorView:
    """Be any resident of the demo town, as if a card had been read. Refused outside the demo."""
    if not settings.MADOGUCHI_DEMO_IDENTITY:
        raise DemoIdentityOff(
            "見本の本人確認は、デモでだけ使えます。", next_step="メールアドレスで本人確認をしてください。"
        )
    resident = Resident.objects.filter(pk=resident_id, state=ResidentState.RESIDENT).first()
    if resident is None:
        raise NotFound("住民")
    visitor = one_person(visitor_who_is(resident, at), holder, at)
    return _proven(_card_proof(ProofMethod.DEMO_CARD, at), visitor, at)


@full_sight()
@transaction.atomic
def prove_by_card(
    *, issuer: str, claims: Mapping[str, Any], at: datetime, holder: uuid.UUID | None = None
) -> VisitorView:
    """A card was read by an identity provider. The same subject is the same visitor every time.

    Somebody found in the register exactly once, by name, birth date and address, is that resident; otherwise the
    visitor has proven items but no link, and the desk looks. The answer is the same. Refused: ClaimsUnfit.
    """
    items, subject = read_items(claims), str(claims["sub"])
    card = CardIdentity.objects.filter(issuer=issuer, subject=subject).select_related("visitor").first()
    found = card.visitor if card else _visitor_of_items(items, at)
    visitor = one_person(found, holder, at)
    CardIdentity.objects.update_or_create(
        issuer=issuer,
        subject=subject,
        defaults={
            "visitor": visitor,
            "name": items.name,
            "birth_date": items.birth,
            "address": items.address,
            "gender": items.gender,
            "proven_at": at,
        },
    )
    return _proven(_card_proof(ProofMethod.CARD, at), visitor, at)


def _visitor_of_items(items: FourItems, at: datetime) -> Visitor:
    same = Resident.objects.filter(
        name_key=items.name_key, birth_date=items.birth, state=ResidentState.RESIDENT
    )
    residents = [each for each in same if is_near(items.address, each.town, each.block)]
    if len(residents) == 1:
        return visitor_who_is(residents[0], at)
    return Visitor.objects.create(by_card=True, first_seen_at=at)


def _card_proof(method: ProofMethod, at: datetime) -> Proof:
    ial, aal = LEVELS[method]
    return Proof(method=method, identity_level=ial, sign_in_level=aal, asked_at=at, expires_at=at)
