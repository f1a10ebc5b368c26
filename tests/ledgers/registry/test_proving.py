import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from madoguchi.common.errors import EmailUnreadable
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.registry import actions, queries
from madoguchi.ledgers.registry.errors import (
    AskedTooOften,
    DemoIdentityOff,
    ProofExpired,
    TooManyTries,
    WrongCode,
)
from madoguchi.ledgers.registry.models import Proof, Visitor
from tests.factories_registry import enter_family

EMAIL = "Hanako@Example.jp"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_sent_opens_once(town: Any, now: datetime) -> None:
    asked = actions.ask_email_proof(email=EMAIL, at=now)
    visitor = actions.confirm_email_proof(proof_id=asked.proof_id, code=asked.code, at=now)
    assert (visitor.email, visitor.identity_level, visitor.resident_id) == ("hanako@example.jp", 1, None)
    assert queries.visitor(visitor.id) == visitor
    with pytest.raises(ProofExpired):
        actions.confirm_email_proof(proof_id=asked.proof_id, code=asked.code, at=now)


def test_the_code_is_kept_only_as_a_salted_hash(town: Any, now: datetime) -> None:
    first, second = (actions.ask_email_proof(email=EMAIL, at=now) for _ in range(2))
    kept = Proof.objects.get(pk=first.proof_id)
    assert len(first.code) == 6
    assert first.code.isdigit()
    assert first.code not in f"{kept.email} {kept.identity_level}"
    assert kept.code_sha256 != Proof.objects.get(pk=second.proof_id).code_sha256


def test_the_same_address_is_the_same_visitor(town: Any, now: datetime) -> None:
    ids = set()
    for typed in ("hanako@example.jp", "HANAKO@EXAMPLE.JP", "ｈanako@example.jp"):
        asked = actions.ask_email_proof(email=typed, at=now)
        ids.add(actions.confirm_email_proof(proof_id=asked.proof_id, code=asked.code, at=now).id)
    assert len(ids) == Visitor.objects.count() == 1


def test_ten_minutes_and_not_longer(town: Any, now: datetime) -> None:
    asked = actions.ask_email_proof(email=EMAIL, at=now)
    with pytest.raises(ProofExpired):
        actions.confirm_email_proof(proof_id=asked.proof_id, code=asked.code, at=now + timedelta(minutes=10))
    just_in_time = now + timedelta(minutes=9, seconds=59)
    assert actions.confirm_email_proof(proof_id=asked.proof_id, code=asked.code, at=just_in_time)


def test_five_wrong_tries_close_the_proof_even_for_the_right_code(town: Any, now: datetime) -> None:
    asked = actions.ask_email_proof(email=EMAIL, at=now)
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode, match=f"あと{left}回"):
            actions.confirm_email_proof(proof_id=asked.proof_id, code=wrong(asked.code), at=now)
    for code in (wrong(asked.code), asked.code):
        with pytest.raises(TooManyTries):
            actions.confirm_email_proof(proof_id=asked.proof_id, code=code, at=now)
    assert not Visitor.objects.exists()


def test_known_and_unknown_addresses_are_answered_alike(town: Any, now: datetime) -> None:
    known = actions.ask_email_proof(email=EMAIL, at=now)
    actions.confirm_email_proof(proof_id=known.proof_id, code=known.code, at=now)
    again = actions.ask_email_proof(email=EMAIL, at=now)
    unknown = actions.ask_email_proof(email="nobody@example.jp", at=now)
    said = []
    for asked in (again, unknown):
        with pytest.raises(WrongCode) as refused:
            actions.confirm_email_proof(proof_id=asked.proof_id, code=wrong(asked.code), at=now)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_an_address_gets_ten_codes_an_hour(town: Any, now: datetime) -> None:
    for _ in range(10):
        actions.ask_email_proof(email=EMAIL, at=now)
    with pytest.raises(AskedTooOften):
        actions.ask_email_proof(email=EMAIL.upper(), at=now)
    actions.ask_email_proof(email=EMAIL, at=now + timedelta(hours=1))


def test_what_is_no_address_is_refused(town: Any, now: datetime) -> None:
    with pytest.raises(EmailUnreadable):
        actions.ask_email_proof(email="hanako", at=now)


def test_an_unknown_or_another_towns_proof_is_expired(town: Any, other_town: Any, now: datetime) -> None:
    asked = actions.ask_email_proof(email=EMAIL, at=now)
    with pytest.raises(ProofExpired):
        actions.confirm_email_proof(proof_id=uuid.uuid4(), code="000000", at=now)
    with municipality_session(other_town.pk), pytest.raises(ProofExpired):
        actions.confirm_email_proof(proof_id=asked.proof_id, code=asked.code, at=now)


def test_the_demo_card_makes_one_visitor_a_resident(town: Any, now: datetime) -> None:
    mother, sora = enter_family()
    first = actions.prove_by_demo_card(resident_id=mother.pk, at=now)
    again = actions.prove_by_demo_card(resident_id=mother.pk, at=now)
    assert first == again
    assert (first.name, first.identity_level, first.resident_id) == ("見本　花子", 3, mother.pk)
    assert queries.visitor_of_resident(mother.pk) == first
    assert queries.visitor_of_resident(sora.pk) is None
    assert Trace.objects.filter(verb="registry.proven", actor_id=str(first.id)).count() == 2


def test_the_demo_card_works_nowhere_else(town: Any, other_town: Any, now: datetime) -> None:
    mother, _child = enter_family()
    with override_settings(MADOGUCHI_DEMO_IDENTITY=False), pytest.raises(DemoIdentityOff):
        actions.prove_by_demo_card(resident_id=mother.pk, at=now)
    with municipality_session(other_town.pk), pytest.raises(NotFound):
        actions.prove_by_demo_card(resident_id=mother.pk, at=now)
    with pytest.raises(NotFound):
        actions.prove_by_demo_card(resident_id=0, at=now)


def test_another_towns_visitor_is_nobody(town: Any, other_town: Any, now: datetime) -> None:
    mother, _child = enter_family()
    visitor = actions.prove_by_demo_card(resident_id=mother.pk, at=now)
    with municipality_session(other_town.pk):
        assert queries.visitor(visitor.id) is None
    assert queries.visitor(uuid.uuid4()) is None
