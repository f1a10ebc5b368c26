"""電子署名の検証: whether a file is a letter of this municipality as it was signed. Part of queries.py."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from datetime import datetime

from madoguchi.clerical.notices.models import Letter, SigningCertificate
from madoguchi.clerical.notices.states import LetterState
from madoguchi.clerical.notices.verifying import Verdict
from madoguchi.clerical.notices.verifying_apart import examine_apart
from madoguchi.ledgers.office.session import full_sight


@dataclass(frozen=True)
class CertificateView:
    """A certificate of the municipality, for whoever verifies with a program of their own."""

    name: str
    fingerprint: str
    pem: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Verified:
    """What anybody is told of a file: number and day only of a genuine letter that went out and is still on record."""

    verdict: Verdict
    signer: str = ""
    signed_at: datetime | None = None
    number: str = ""
    released_at: datetime | None = None


def certificates() -> list[CertificateView]:
    """All with which letters of this municipality were ever signed, the newest first."""
    return [_view(each) for each in SigningCertificate.objects.order_by("-first_used_at", "pk")]


def verify_file(pdf: bytes) -> Verified:
    """Whether a file is a letter of this municipality as it was signed. The file is not kept, nothing is written."""
    known = [ssl.PEM_cert_to_DER_cert(each.pem) for each in certificates()]
    found = examine_apart(pdf, known)
    if found.verdict != Verdict.GENUINE:
        return Verified(found.verdict)
    # Whoever holds the file knows all that is told here, protected or not.
    with full_sight():
        sha256 = hashlib.sha256(pdf).hexdigest()
        letter = Letter.objects.filter(pdf_sha256=sha256, state=LetterState.RELEASED).first()
    told = (letter.number, letter.released_at) if letter else ("", None)
    return Verified(found.verdict, found.signer, found.signed_at, *told)


def _view(kept: SigningCertificate) -> CertificateView:
    return CertificateView(kept.name, kept.fingerprint, kept.pem, kept.starts_at, kept.ends_at)
