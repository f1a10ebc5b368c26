"""The dry twin of a certificate authority: keys for a demo and for tests, made once, without legal effect."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from madoguchi.connectors.signing_file import SigningFile

STARTS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
"""A story plays on its own day: a sample is in force on all of them."""


@dataclass(frozen=True)
class DrySigning:
    """A key for each municipality that asks, kept in `folder`."""

    folder: Path
    opened: dict[str, SigningFile] = field(default_factory=dict, compare=False)

    def __call__(self, code: str) -> SigningFile:
        path = self.folder / f"{code}.p12"
        if not path.exists():
            self._make(path, code)
            self.opened.pop(code, None)
        return self.opened.setdefault(code, SigningFile(path))

    def _make(self, path: Path, code: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{uuid.uuid4().hex}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sample_key(code))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()


def sample_key(code: str, *, starts: datetime = STARTS, ends: datetime = ENDS) -> bytes:
    """A PKCS#12 file without a password: a new P-256 key with a certificate of a new sample authority."""
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer, subject = _name("見本認証局（効力はありません）"), _name(f"市区町村長（見本 {code}）")
    above = _certificate(issuer, issuer, authority, authority, starts, ends, is_authority=True)
    below = _certificate(subject, issuer, own, authority, starts, ends, is_authority=False)
    return pkcs12.serialize_key_and_certificates(None, own, below, [above], NoEncryption())


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signs: ec.EllipticCurvePrivateKey,
    starts: datetime,
    ends: datetime,
    *,
    is_authority: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signs.public_key()), critical=False)
    )
    return built.sign(signs, hashes.SHA256())
