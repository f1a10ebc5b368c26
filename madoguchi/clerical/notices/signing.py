"""電子署名: a letter carries the signature of the organisation, so that anyone can tell it from a copy that was changed.

PAdES baseline B-B (ETSI EN 319 142-1) as one incremental update of the PDF. The key is whoever holds it: this module hands
over what is to be signed and puts the answer in its place. No queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import Signer as BaseSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from madoguchi.clerical.notices.errors import CertificateNotInForce
from madoguchi.clerical.notices.ports import SigningKey
from madoguchi.clerical.notices.to_the_end import to_the_end
from madoguchi.common.era import format_era

FIELD = "Signature1"
DIGEST = "sha256"
_ATTRIBUTES = 2_048
"""Bytes of a signature beside its certificates, generously: what is not used stays as zeros in the file."""


@dataclass(frozen=True)
class Certificate:
    """What anybody may know of the key: DER, name of the organisation, days of force, SHA-256 of the DER in hex."""

    der: bytes
    name: str
    starts: datetime
    ends: datetime
    fingerprint: str


def certificate_of(key: SigningKey) -> Certificate:
    """The certificate that goes with a key."""
    return read_certificate(key.certificate)


def read_certificate(der: bytes) -> Certificate:
    """A certificate from its DER. Raises ValueError."""
    read = x509.Certificate.load(der)
    named = read.subject.native
    return Certificate(
        der=der,
        name=str(named.get("common_name") or named.get("organization_name") or read.subject.human_friendly),
        starts=read.not_valid_before,
        ends=read.not_valid_after,
        fingerprint=read.sha256.hex(),
    )


def require_in_force(certificate: Certificate, at: datetime) -> None:
    """Refuse with CertificateNotInForce to sign before or after the days of the certificate."""
    if certificate.starts <= at <= certificate.ends:
        return
    raise CertificateNotInForce(
        f"電子署名の証明書「{certificate.name}」は、{format_era(certificate.starts.date())}から"
        f"{format_era(certificate.ends.date())}までのもので、いまは使えません。",
        next_step="情報システム担当に、新しい証明書を設定してもらってください。通知は作られていません。",
    )


class Signer:
    """Signs PDFs with one key; made once and used for thousands."""

    def __init__(self, key: SigningKey, *, place: str) -> None:
        self.certificate = certificate_of(key)
        self._holder = _Holder(key)
        self._place = place
        # Twice, because the file holds it in hexadecimal digits.
        self._reserved = 2 * (len(key.certificate) + sum(map(len, key.chain)) + _ATTRIBUTES)

    def sign(self, pdf: bytes, *, at: datetime) -> bytes:
        """The PDF with its signature. Raises CertificateNotInForce, SigningUnavailable when the key does not answer."""
        require_in_force(self.certificate, at)
        told = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm=DIGEST, subfilter=SigSeedSubFilter.PADES, location=self._place
        )
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        signed = BytesIO()
        signer = _DatedSigner(told, self._holder, at)
        to_the_end(signer.async_sign_pdf(writer, bytes_reserved=self._reserved, output=signed))
        return signed.getvalue()


class _DatedSigner(PdfSigner):
    """Writes the moment of the office's clock as the moment of signing, not that of the machine."""

    def __init__(self, told: PdfSignatureMetadata, holder: BaseSigner, at: datetime) -> None:
        super().__init__(told, holder)
        self._at = at

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


class _Holder(BaseSigner):
    """Stands before the key: pyHanko builds what is to be signed, the key signs it."""

    def __init__(self, key: SigningKey) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(x509.Certificate.load(each) for each in key.chain)
        super().__init__(signing_cert=x509.Certificate.load(key.certificate), cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002
        return self._key.sign(data)
