"""Is a PDF what was signed? Says so of any file, with the certificates that signed and nothing else: no network, no queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from asn1crypto import parser, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from madoguchi.clerical.notices.to_the_end import to_the_end


class Verdict(StrEnum):
    """What is told of a file."""

    GENUINE = "genuine"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Examined:
    """What a file says of itself. signer and signed_at are believed only of a genuine file; the moment is the signer's word."""

    verdict: Verdict
    signer: str = ""
    fingerprint: str = ""
    signed_at: datetime | None = None


def examine(pdf: bytes, known: Collection[bytes]) -> Examined:
    """Look at the last signature of a PDF. known: DER of the certificates with which we have ever signed.

    Genuine: signed by one of them, nothing changed or added since. Altered: it names one of them, but does not hold for
    these bytes. A certificate that has ended since is no fault: it was in force when it signed.
    """
    try:
        signatures = PdfFileReader(BytesIO(pdf), strict=False).embedded_regular_signatures
    except (PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError):
        return Examined(Verdict.UNREADABLE)
    if not signatures:
        return Examined(Verdict.UNSIGNED)
    try:
        return _told(signatures[-1], known)
    except (PdfError, SignatureValidationError, ValueError, TypeError, KeyError, AttributeError):
        return Examined(Verdict.ALTERED if _names_one(signatures[-1], known) else Verdict.UNREADABLE)


def _told(signature: EmbeddedPdfSignature, known: Collection[bytes]) -> Examined:
    own = signature.signer_cert
    signer = str(own.subject.native.get("common_name") or own.subject.human_friendly)
    about = {
        "signer": signer,
        "fingerprint": own.sha256.hex(),
        "signed_at": signature.self_reported_timestamp,
    }
    if own.dump() not in known:
        return Examined(Verdict.FOREIGN, **about)
    roots = [x509.Certificate.load(own.dump())]
    moment = signature.self_reported_timestamp
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)
    status = to_the_end(async_validate_pdf_signature(signature, context, skip_diff=True))
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    # `valid` alone is true of a changed file: it says only that the signature belongs to what was signed.
    sound = status.intact and status.valid and status.trusted and whole and _nothing_hidden(signature)
    return Examined(Verdict.GENUINE if sound else Verdict.ALTERED, **about)


def _nothing_hidden(signature: EmbeddedPdfSignature) -> bool:
    """Whether the room that was kept for the signature holds nothing but the signature: no other bytes escape it."""
    content: bytes = signature.pkcs7_content
    return not any(content[parser.peek(content) :])


def _names_one(signature: EmbeddedPdfSignature, known: Collection[bytes]) -> bool:
    try:
        return signature.signer_cert.dump() in known
    except Exception:
        return False
