"""The page on which anybody verifies a letter, without saying who they are."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.clerical.notices import access, actions, queries
from madoguchi.clerical.notices.models import Letter
from madoguchi.clerical.notices.ports import plug_signing_keys
from madoguchi.connectors.dry_signing import DrySigning
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import Actor, Subject
from tests.factories_notices import order

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(section: Any, now: datetime, tmp_path: Any, staff_with: Any) -> Iterator[bytes]:
    """A signed letter that has gone out."""
    plug_signing_keys(DrySigning(tmp_path))
    try:
        yield released(section, now, staff_with(Role.REVIEWER))
    finally:
        plug_signing_keys(lambda _: None)


def released(section: Any, now: datetime, clerk: Any) -> bytes:
    about = Subject("test.round", "1")
    release = actions.open_release(
        title="決定通知", section_id=section.pk, subject=about, expected=1, by=None, at=now
    )
    actions.prepare_letters(release_id=release, orders=[order(1)], at=now)
    actions.release_all(release_id=release, by=clerk, at=now)
    made = Letter.objects.get()
    case = Subject(made.subject_kind, made.subject_id)
    return access.letter_pdf(made.pk, subject=case, by=Actor("staff", "9", "例"), at=now, purpose="確認")


def hand_in(body: bytes, name: str = "通知.pdf") -> Any:
    return Client().post("/verify/", {"file": SimpleUploadedFile(name, body, "application/pdf")})


def test_a_genuine_letter_is_told_with_its_number_and_nobodys_name(letter: bytes) -> None:
    page = hand_in(letter).content.decode()
    assert "本物です" in page
    assert "サ子青第1号" in page
    assert "ひかり" not in page


def test_a_changed_letter_says_whom_to_call(letter: bytes) -> None:
    page = hand_in(letter.replace(b"/MediaBox", b"/MediaBux", 1)).content.decode()
    assert "変えられています" in page
    assert "サ子青第1号" not in page
    assert "tel:" in page


def test_a_letter_that_is_not_out_yet_has_no_number(letter: bytes) -> None:
    Letter.objects.update(state="prepared", released_at=None)
    page = hand_in(letter).content.decode()
    assert "本物です" in page
    assert "サ子青第1号" not in page
    assert "まだ出されていません" in page


@pytest.mark.parametrize(
    ("body", "words"), [("%PDF-1.4", "読み取れませんでした"), ("", "PDFが選ばれていません")]
)
def test_what_is_no_letter_is_answered_in_plain_words(letter: bytes, body: str, words: str) -> None:
    assert words in hand_in(body.encode()).content.decode()


def test_without_a_file_the_field_is_named(section: Any) -> None:
    answer = Client().post("/verify/")
    assert answer.status_code == 422
    assert 'href="#file"' in answer.content.decode()


def test_a_file_too_large_is_refused_before_it_is_read(settings: Any, letter: bytes) -> None:
    settings.FILE_LIMIT_BYTES = len(letter) - 1
    assert hand_in(letter).status_code == 422


def test_nothing_is_kept_of_what_was_verified(
    letter: bytes, town: Any, django_assert_max_num_queries: Any
) -> None:
    before = Trace.objects.count()
    with django_assert_max_num_queries(10) as asked:
        hand_in(letter)
    assert not [
        each["sql"]
        for each in asked
        if each["sql"].startswith(("INSERT", "UPDATE", "DELETE")) and "ratewindow" not in each["sql"]
    ]
    enter_municipality(town.pk)
    assert Trace.objects.count() == before


def test_whoever_uses_another_program_gets_the_certificates(letter: bytes, town: Any) -> None:
    answer = Client().get("/verify/certificates.pem")
    page = Client().get("/verify/").content.decode()
    enter_municipality(town.pk)
    kept = queries.certificates()[0]
    assert answer.content.decode() == kept.pem
    assert kept.fingerprint in page
