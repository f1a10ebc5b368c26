"""Which key signs the letters of a municipality, and keeping its certificate for whoever verifies them later."""

from __future__ import annotations

import ssl
from datetime import datetime
from typing import TYPE_CHECKING

from madoguchi.clerical.notices.models import SigningCertificate
from madoguchi.clerical.notices.ports import signing_key
from madoguchi.clerical.notices.signing import Certificate, Signer

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Municipality


def signer_of(municipality: Municipality) -> Signer | None:
    """Who signs for a municipality; None where letters are not signed."""
    key = signing_key(municipality.code)
    return Signer(key, place=f"{municipality.prefecture}{municipality.name}") if key else None


def certificate_used(certificate: Certificate, at: datetime) -> SigningCertificate:
    """The certificate as it is kept, from its first use on: also when the key is long gone."""
    kept, _ = SigningCertificate.objects.get_or_create(
        fingerprint=certificate.fingerprint,
        defaults={
            "name": certificate.name[:200],
            "pem": ssl.DER_cert_to_PEM_cert(certificate.der),
            "starts_at": certificate.starts,
            "ends_at": certificate.ends,
            "first_used_at": at,
        },
    )
    return kept
