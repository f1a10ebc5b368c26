"""Letters that carry the signature of the municipality, verified by this product and by a program of others."""

import asyncio
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from madoguchi.clerical.notices import access, actions, queries
from madoguchi.clerical.notices.errors import CertificateNotInForce, SigningUnavailable
from madoguchi.clerical.notices.models import Letter, SigningCertificate
from madoguchi.clerical.notices.ports import plug_signing_keys
from madoguchi.clerical.notices.rules import Town, complete_facts
from madoguchi.clerical.notices.signing import Signer
from madoguchi.clerical.notices.typesetting import typeset
from madoguchi.clerical.notices.verifying import Verdict, examine
from madoguchi.clerical.notices.verifying_apart import examine_apart
from madoguchi.connectors.dry_signing import DrySigning, sample_key
from madoguchi.connectors.signing_file import SigningFile
from madoguchi.ledgers.office.trace import Actor, Subject
from tests.factories_notices import order

AT = datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
CASE = Subject("applications.application", "1")
CLERK = Actor("staff", "9", "例")
TOWN = Town("サンプル市", "見本　太郎", "子育て支援課")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: Any) -> DrySigning:
    return DrySigning(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def letter() -> bytes:
    ordered = order()
    return typeset(ordered.template, complete_facts(ordered, "サ第1号", TOWN), seconds=int(AT.timestamp()))


@pytest.fixture(scope="module")
def signed(keys: DrySigning, letter: bytes) -> bytes:
    return Signer(keys("999999"), place="サンプル県サンプル市").sign(letter, at=AT)


@pytest.fixture
def signing(keys: DrySigning) -> Iterator[DrySigning]:
    """Letters of every municipality are signed."""
    plug_signing_keys(keys)
    yield keys
    plug_signing_keys(lambda _: None)


def rsa_key(folder: Path, password: str) -> SigningFile:
    """A key as many authorities still hand them out: RSA, with a password."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "見本")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(7).not_valid_before(AT - timedelta(days=1))
    certificate = built.not_valid_after(AT + timedelta(days=1)).sign(key, hashes.SHA256())
    body = pkcs12.serialize_key_and_certificates(
        None, key, certificate, None, BestAvailableEncryption(password.encode())
    )
    (folder / "rsa.p12").write_bytes(body)
    return SigningFile(folder / "rsa.p12", password)


def signed_range(pdf: bytes) -> tuple[int, int]:
    """Where the room for the signature begins and ends; everything else is signed."""
    start = pdf.index(b"/Contents <", pdf.rindex(b"/ETSI.CAdES.detached") - 20_000) + len(b"/Contents ")
    return start, pdf.index(b">", start) + 1


def told_by_poppler(path: Path) -> str:
    done = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout


def test_a_signed_letter_is_genuine_and_says_who_and_when(keys: DrySigning, signed: bytes) -> None:
    found = examine(signed, [keys("999999").certificate])
    assert (found.verdict, found.signed_at) == (Verdict.GENUINE, AT)
    assert found.signer == "市区町村長（見本 999999）"


def test_where_a_loop_is_running_letters_are_signed_and_verified_too(keys: DrySigning, letter: bytes) -> None:
    async def inside() -> Verdict:
        made = Signer(keys("999999"), place="サンプル市").sign(letter, at=AT)
        return examine(made, [keys("999999").certificate]).verdict

    assert asyncio.run(inside()) == Verdict.GENUINE


def test_another_program_verifies_it_and_sees_the_whole_file_signed(signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(signed)
    told = told_by_poppler(tmp_path / "letter.pdf")
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_another_program_sees_a_changed_letter_too(signed: bytes, tmp_path: Path) -> None:
    changed = signed.replace(b"/MediaBox", b"/MediaBux", 1)
    (tmp_path / "letter.pdf").write_bytes(changed)
    assert "Signature is Valid" not in told_by_poppler(tmp_path / "letter.pdf")


def test_no_changed_byte_goes_unseen(keys: DrySigning, signed: bytes) -> None:
    start, end = signed_range(signed)
    draw, known = Random(20260401), [keys("999999").certificate]
    for _ in range(120):
        place = draw.choice([draw.randrange(start), draw.randrange(end, len(signed))])
        changed = bytearray(signed)
        changed[place] ^= 1 << draw.randrange(8)
        assert examine(bytes(changed), known).verdict != Verdict.GENUINE, place


def test_nothing_can_be_hidden_in_the_room_of_the_signature(keys: DrySigning, signed: bytes) -> None:
    _, end = signed_range(signed)
    hidden = signed[: end - 9] + b"deadbeef" + signed[end - 1 :]
    assert examine(hidden, [keys("999999").certificate]).verdict == Verdict.ALTERED


def test_what_was_added_after_signing_is_seen(keys: DrySigning, signed: bytes) -> None:
    known = [keys("999999").certificate]
    assert examine(signed + b"\n% added\n", known).verdict == Verdict.ALTERED
    assert examine(signed + signed[-2000:], known).verdict != Verdict.GENUINE


def test_a_letter_of_another_town_is_not_ours(keys: DrySigning, signed: bytes, letter: bytes) -> None:
    assert examine(signed, [keys("999998").certificate]).verdict == Verdict.FOREIGN
    assert examine(letter, [keys("999999").certificate]).verdict == Verdict.UNSIGNED
    assert examine(b"%PDF-1.7 broken", []).verdict == Verdict.UNREADABLE
    assert examine(b"", []).verdict == Verdict.UNREADABLE


def test_an_rsa_key_with_a_password_signs_as_well(letter: bytes, tmp_path: Path) -> None:
    key = rsa_key(tmp_path, "ひみつ")
    made = Signer(key, place="サンプル市").sign(letter, at=AT)
    assert examine(made, [key.certificate]).verdict == Verdict.GENUINE


def test_a_certificate_that_ended_later_still_tells_a_genuine_letter(letter: bytes, tmp_path: Path) -> None:
    """Examined today, signed while it was in force: its end takes nothing away."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    (tmp_path / "old.p12").write_bytes(sample_key("999999", starts=start, ends=start + timedelta(days=30)))
    key = SigningFile(tmp_path / "old.p12")
    made = Signer(key, place="サンプル市").sign(letter, at=start + timedelta(days=1))
    assert examine(made, [key.certificate]).verdict == Verdict.GENUINE
    with pytest.raises(CertificateNotInForce, match="令和6年1月1日から令和6年1月31日まで"):
        Signer(key, place="サンプル市").sign(letter, at=start + timedelta(days=31))


@pytest.mark.parametrize("body", [None, b"no key"], ids=["missing", "broken"])
def test_a_key_that_cannot_be_read_says_which_file(tmp_path: Path, body: bytes | None) -> None:
    path = tmp_path / "999999.p12"
    if body is not None:
        path.write_bytes(body)
    with pytest.raises(SigningUnavailable, match=r"999999\.p12"):
        SigningFile(path).look()


def test_a_file_that_is_read_too_long_ends_the_reader_and_nobody_else(
    signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.clerical.notices.verifying_apart.SECONDS", 0.01)
    assert examine_apart(signed, []).verdict == Verdict.UNREADABLE


@pytest.mark.django_db
def test_prepared_letters_are_signed_and_their_certificate_is_kept(
    section: Any, now: datetime, signing: DrySigning
) -> None:
    release = opened(section, now, expected=2)
    assert actions.prepare_letters(release_id=release, orders=[order(1), order(2)], at=now) == 2
    kept = SigningCertificate.objects.get()
    assert set(Letter.objects.values_list("signed_with", flat=True)) == {kept.pk}
    letter = Letter.objects.order_by("serial")[0]
    body = access.letter_pdf(letter.pk, subject=CASE, by=CLERK, at=now, purpose="確認")
    found = queries.verify_file(body)
    assert (found.verdict, found.number) == (Verdict.GENUINE, ""), "not out yet: its number is not told"
    assert found.signed_at == now.replace(microsecond=0)
    assert queries.certificates()[0].fingerprint == kept.fingerprint


@pytest.mark.django_db
def test_after_the_key_was_renewed_former_letters_are_still_known(
    section: Any, now: datetime, signing: DrySigning
) -> None:
    release = opened(section, now, expected=2)
    actions.prepare_letters(release_id=release, orders=[order(1)], at=now)
    (signing.folder / "999999.p12").unlink()
    actions.prepare_letters(release_id=release, orders=[order(2)], at=now)
    assert SigningCertificate.objects.count() == 2
    for letter in Letter.objects.order_by("serial"):
        subject = Subject(letter.subject_kind, letter.subject_id)
        body = access.letter_pdf(letter.pk, subject=subject, by=CLERK, at=now, purpose="確認")
        assert queries.verify_file(body).verdict == Verdict.GENUINE


@pytest.mark.django_db
def test_with_a_certificate_that_has_ended_no_letter_is_made(
    section: Any, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "old.p12").write_bytes(sample_key("999999", ends=now - timedelta(days=1)))
    plug_signing_keys({"999999": SigningFile(tmp_path / "old.p12")}.get)
    try:
        with pytest.raises(CertificateNotInForce, match="いまは使えません"):
            actions.prepare_letters(release_id=opened(section, now), orders=[order(1)], at=now)
    finally:
        plug_signing_keys(lambda _: None)
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_without_a_key_letters_go_unsigned(section: Any, now: datetime) -> None:
    actions.prepare_letters(release_id=opened(section, now), orders=[order(1)], at=now)
    assert Letter.objects.get().signed_with is None


def opened(section: Any, now: datetime, expected: int = 1) -> Any:
    return actions.open_release(
        title="決定通知", section_id=section.pk, subject=Subject("test.round", "1"), expected=expected, by=None, at=now
    )  # fmt: skip
