"""Levels of a sitting, texts to telephones, cards, and two visitors who turn out to be one person."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.registry import actions, queries
from madoguchi.ledgers.registry.errors import (
    AlreadyLinked,
    AskedTooOften,
    ClaimsUnfit,
    PhoneUnreadable,
    WrongCode,
)
from madoguchi.ledgers.registry.four_items import address_key, is_near, read_items
from madoguchi.ledgers.registry.joining import people_to_link
from madoguchi.ledgers.registry.models import Proof
from madoguchi.ledgers.registry.states import ProofMethod
from madoguchi.ledgers.registry.town_generator import generate_town
from madoguchi.ledgers.registry.views import levels_of

CARD, EMAIL, SMS = ProofMethod.CARD, ProofMethod.EMAIL, ProofMethod.SMS
ISSUER = "https://idp.example"


@pytest.mark.parametrize(
    ("shown", "levels"),
    [((), (0, 0)), ((EMAIL,), (1, 1)), ((SMS,), (1, 1)), ((EMAIL, SMS), (1, 2)), ((EMAIL, EMAIL), (1, 1)),
     ((CARD,), (3, 3)), ((EMAIL, CARD), (3, 3))],
)  # fmt: skip
def test_what_a_sitting_reaches(shown: tuple[ProofMethod, ...], levels: tuple[int, int]) -> None:
    assert levels_of(shown) == levels


@pytest.mark.parametrize(
    ("told", "town", "block", "near"),
    [
        ("サンプル県サンプル市緑町一丁目２番３号", "緑町一丁目", "2番3号", True),
        ("サンプル県サンプル市緑町1-2-3", "緑町一丁目", "2番3号", True),
        ("サンプル県サンプル市緑町十二丁目2-3", "緑町12丁目", "2番3号", True),
        ("サンプル県サンプル市緑町1-2-3　コーポ見本101", "緑町一丁目", "2番3号", True),
        ("サンプル県サンプル市緑町1-2-30", "緑町一丁目", "2番3号", False),
        ("サンプル県サンプル市緑町1-2-3-4", "緑町一丁目", "2番3号", False),
        ("サンプル県サンプル市青町1-2-3", "緑町一丁目", "2番3号", False),
        ("", "緑町一丁目", "2番3号", False),
    ],
)
def test_near_means_the_same_house(told: str, town: str, block: str, near: bool) -> None:
    assert is_near(told, town, block) is near


def test_an_address_key_ignores_how_numbers_are_written() -> None:
    assert address_key("緑町二十一丁目３番地の４") == address_key("緑町21-3-4")


@pytest.mark.parametrize("claims", [{"name": "見本"}, {"name": "", "birthdate": "1990-01-01"},
                                    {"name": "見本", "birthdate": "1990"}, {"name": "見本", "birthdate": "0000-01-01"}])  # fmt: skip
def test_half_a_person_is_not_taken(claims: dict[str, str]) -> None:
    with pytest.raises(ClaimsUnfit):
        read_items(claims)


def by_email(email: str, at: datetime, holder: Any = None) -> Any:
    asked = actions.ask_email_proof(email=email, at=at)
    return actions.confirm_email_proof(proof_id=asked.proof_id, code=asked.code, at=at, holder=holder)


def by_sms(phone: str, at: datetime, holder: Any = None) -> Any:
    asked = actions.ask_sms_proof(phone=phone, at=at)
    return actions.confirm_sms_proof(proof_id=asked.proof_id, code=asked.code, at=at, holder=holder)


@pytest.fixture
def mother(town: Any, now: datetime) -> Any:
    actions.enter_households(list(generate_town(60, 7)), by=SYSTEM, at=now)
    return queries.demo_identities(1)[0]


def claims(person: Any, **changed: str) -> dict[str, str]:
    told = {"sub": "p-1", "name": person.name, "birthdate": person.birth.isoformat()}
    return told | {"address": f"サンプル県サンプル市{person.town}{person.block}"} | changed


def test_a_text_to_a_telephone_opens_once_and_counts_wrong_numbers(town: Any, now: datetime) -> None:
    asked = actions.ask_sms_proof(phone="０９０－１２３４－５６７８", at=now)
    wrong = "000000" if asked.code != "000000" else "111111"
    with pytest.raises(WrongCode):
        actions.confirm_sms_proof(proof_id=asked.proof_id, code=wrong, at=now)
    seen = actions.confirm_sms_proof(proof_id=asked.proof_id, code=asked.code, at=now)
    assert (seen.phone, seen.identity_level, seen.sign_in_level) == ("09012345678", 1, 1)
    with pytest.raises(Refusal):
        actions.confirm_sms_proof(proof_id=asked.proof_id, code=asked.code, at=now)
    assert by_sms("090-1234-5678", now).id == seen.id


def test_a_code_of_one_kind_is_none_of_the_other(town: Any, now: datetime) -> None:
    asked = actions.ask_sms_proof(phone="09012345678", at=now)
    with pytest.raises(Refusal):
        actions.confirm_email_proof(proof_id=asked.proof_id, code=asked.code, at=now)


def test_a_land_line_takes_no_text(town: Any, now: datetime) -> None:
    with pytest.raises(PhoneUnreadable):
        actions.ask_sms_proof(phone="03-1234-5678", at=now)


def test_five_texts_an_hour_for_a_number_and_sixty_codes_from_a_place(town: Any, now: datetime) -> None:
    for _ in range(5):
        actions.ask_sms_proof(phone="09012345678", at=now)
    with pytest.raises(AskedTooOften):
        actions.ask_sms_proof(phone="09012345678", at=now)
    for count in range(60):
        actions.ask_email_proof(email=f"p{count}@example.jp", at=now, asked_from="203.0.113.7")
    with pytest.raises(AskedTooOften):
        actions.ask_email_proof(email="new@example.jp", at=now, asked_from="203.0.113.7")
    actions.ask_email_proof(email="new@example.jp", at=now, asked_from="203.0.113.8")
    later = now + timedelta(minutes=61)
    actions.ask_email_proof(email="new@example.jp", at=later, asked_from="203.0.113.7")
    assert not Proof.objects.filter(asked_from__contains="203.0").exists()


def test_levels_belong_to_the_sitting_and_end_after_twelve_hours(mother: Any, now: datetime) -> None:
    first = actions.prove_by_card(issuer=ISSUER, claims=claims(mother), at=now)
    later = by_email("h@example.jp", now + timedelta(hours=1), holder=first.id)
    assert later.id == first.id

    def level(*proofs: Any, hours: int) -> int:
        seen = queries.visitor(first.id, proofs, at=now + timedelta(hours=hours))
        assert seen is not None
        return seen.identity_level

    assert level(first.proof_id, later.proof_id, hours=2) == 3
    assert level(later.proof_id, hours=2) == 1
    assert level(first.proof_id, later.proof_id, hours=12) == 1
    assert level(first.proof_id, later.proof_id, hours=14) == 0


def test_somebody_elses_proof_lifts_nobody(mother: Any, now: datetime) -> None:
    card = actions.prove_by_card(issuer=ISSUER, claims=claims(mother), at=now)
    stranger = by_email("stranger@example.jp", now)
    seen = queries.visitor(stranger.id, [card.proof_id, stranger.proof_id], at=now)
    assert seen is not None
    assert seen.identity_level == 1


def test_email_and_sms_together_are_one_visitor(town: Any, now: datetime) -> None:
    mail = by_email("h@example.jp", now)
    both = by_sms("09012345678", now, holder=mail.id)
    assert both.id == mail.id
    seen = queries.visitor(mail.id, [mail.proof_id, both.proof_id], at=now)
    assert seen is not None
    assert (seen.identity_level, seen.sign_in_level) == (1, 2)


def test_two_addresses_and_two_cards_are_two_people(mother: Any, now: datetime) -> None:
    first = by_email("a@example.jp", now)
    assert by_email("b@example.jp", now, holder=first.id).id != first.id
    card = actions.prove_by_card(issuer=ISSUER, claims=claims(mother), at=now)
    other = actions.prove_by_card(
        issuer=ISSUER, claims=claims(mother, sub="p-2", name="別人"), at=now, holder=card.id
    )
    assert other.id != card.id
    assert (card.resident_id, other.resident_id) == (mother.id, None)


def test_two_namesakes_in_one_house_are_linked_to_neither(mother: Any, now: datetime) -> None:
    from madoguchi.ledgers.registry.models import Resident

    twin = Resident.objects.get(pk=mother.id)
    twin.pk, twin.atena_number, twin.place_in_household, twin.relationship = None, 99_999_999, 99, 99
    twin.save()
    seen = actions.prove_by_card(issuer=ISSUER, claims=claims(mother), at=now)
    assert (seen.resident_id, seen.identity_level) == (None, 3)


def test_the_desk_links_whom_the_register_did_not_show(mother: Any, now: datetime) -> None:
    seen = actions.prove_by_card(issuer=ISSUER, claims=claims(mother, address="よそ"), at=now)
    assert [person.visitor_id for person in people_to_link()] == [seen.id]
    with pytest.raises(NotFound):
        actions.link_visitor(visitor_id=seen.id, atena_number=1, by=SYSTEM, at=now)
    actions.link_visitor(visitor_id=seen.id, atena_number=mother.atena_number, by=SYSTEM, at=now)
    assert people_to_link() == []
    again = actions.prove_by_card(issuer=ISSUER, claims=claims(mother, address="よそ"), at=now)
    assert again.resident_id == mother.id
    assert Trace.objects.filter(verb="registry.visitor_linked").exists()
    with pytest.raises(AlreadyLinked):
        actions.link_visitor(visitor_id=again.id, atena_number=mother.atena_number, by=SYSTEM, at=now)


def test_a_name_and_a_birth_date_need_the_day_of_the_calendar() -> None:
    assert read_items({"name": "見本 花子", "birthdate": "1990-05-01"}).birth == date(1990, 5, 1)
