"""How a person on the portal shows who they are. Part of actions.py; other rooms call it there."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from madoguchi.common.emails import parse_email
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.registry.errors import (
    AskedTooOften,
    DemoIdentityOff,
    ProofExpired,
    ProofRefused,
    TooManyTries,
    WrongCode,
)
from madoguchi.ledgers.registry.models import Proof, Resident, Visitor
from madoguchi.ledgers.registry.queries import visitor_view
from madoguchi.ledgers.registry.rules import (
    CODE_TRIES,
    CODE_VALID_FOR,
    CODES_AN_HOUR,
    code_sha256,
    is_code,
)
from madoguchi.ledgers.registry.states import ProofMethod, ResidentState
from madoguchi.ledgers.registry.views import IDENTITY_LEVEL, AskedProof, VisitorView

_ASK_AGAIN = "「番号をもう一度送る」を押して、新しい番号を入れてください。"


@transaction.atomic
def ask_email_proof(*, email: str, at: datetime) -> AskedProof:
    """Make a six-digit code for an address; the caller sends it. Every address is answered alike.

    Refused: EmailUnreadable; AskedTooOften after ten codes for one address within an hour.
    """
    address = parse_email(email).lower()
    asked = Proof.objects.filter(email=address, asked_at__gt=at - timedelta(hours=1)).count()
    if asked >= CODES_AN_HOUR:
        raise AskedTooOften(
            "このメールアドレスへ、1時間に送れる回数だけ確認番号を送りました。",
            next_step="届いている番号を入れるか、1時間ほど待って、もう一度お試しください。",
        )
    proof_id, code = uuid.uuid4(), f"{secrets.randbelow(1_000_000):06d}"
    Proof.objects.create(
        id=proof_id,
        method=ProofMethod.EMAIL,
        email=address,
        code_sha256=code_sha256(proof_id, code),
        identity_level=IDENTITY_LEVEL[ProofMethod.EMAIL],
        asked_at=at,
        expires_at=at + CODE_VALID_FOR,
    )
    return AskedProof(proof_id, code)


def confirm_email_proof(*, proof_id: uuid.UUID, code: str, at: datetime) -> VisitorView:
    """Compare the code typed with the one sent. Refused: ProofExpired, WrongCode, TooManyTries.

    A wrong try is counted in a transaction of its own, so that the refusal cannot undo the counting.
    """
    outcome = _try_code(proof_id, code, at)
    if isinstance(outcome, ProofRefused):
        raise outcome
    return outcome


@full_sight()
@transaction.atomic
def _try_code(proof_id: uuid.UUID, code: str, at: datetime) -> VisitorView | ProofRefused:
    proof = Proof.objects.select_for_update().filter(pk=proof_id, method=ProofMethod.EMAIL).first()
    if proof is None or proof.proven_at is not None or at >= proof.expires_at:
        return ProofExpired(
            "この確認番号は使えません（10分を過ぎたか、使用済みです）。", next_step=_ASK_AGAIN
        )
    if proof.failed_tries >= CODE_TRIES:
        return TooManyTries(f"確認番号を{CODE_TRIES}回まちがえました。", next_step=_ASK_AGAIN)
    if not is_code(proof.pk, code, proof.code_sha256):
        return _count_wrong_try(proof)
    return _proven(proof, _visitor_by_email(proof.email, at), at)


def _count_wrong_try(proof: Proof) -> ProofRefused:
    proof.failed_tries += 1
    proof.save(update_fields=["failed_tries"])
    left = CODE_TRIES - proof.failed_tries
    if left == 0:
        return TooManyTries(f"確認番号を{CODE_TRIES}回まちがえました。", next_step=_ASK_AGAIN)
    return WrongCode(
        "確認番号が違います。",
        next_step=f"メールの6けたの数字を確かめてください（あと{left}回入れられます）。",
    )


def _visitor_by_email(email: str, at: datetime) -> Visitor:
    Visitor.objects.bulk_create([Visitor(email=email, first_seen_at=at)], ignore_conflicts=True)
    return Visitor.objects.get(email=email, resident__isnull=True)


def _proven(proof: Proof, visitor: Visitor, at: datetime) -> VisitorView:
    proof.visitor, proof.proven_at = visitor, at
    proof.save()
    view = visitor_view(visitor)
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
def prove_by_demo_card(*, resident_id: int, at: datetime) -> VisitorView:
    """Be any resident of the demo town, as if a card had been read. Refused outside the demo."""
    if not settings.MADOGUCHI_DEMO_IDENTITY:
        raise DemoIdentityOff(
            "見本の本人確認は、デモでだけ使えます。", next_step="メールアドレスで本人確認をしてください。"
        )
    resident = Resident.objects.filter(pk=resident_id, state=ResidentState.RESIDENT).first()
    if resident is None:
        raise NotFound("住民")
    Visitor.objects.bulk_create([Visitor(resident=resident, first_seen_at=at)], ignore_conflicts=True)
    visitor = Visitor.objects.select_related("resident").get(resident=resident)
    return _proven(_card_proof(at), visitor, at)


def _card_proof(at: datetime) -> Proof:
    method = ProofMethod.DEMO_CARD
    return Proof(method=method, identity_level=IDENTITY_LEVEL[method], asked_at=at, expires_at=at)
