"""The key of an authenticator app that is being set up: as text and as a picture for its camera."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urlencode

import segno
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class AppKey:
    secret: str
    label: str

    @classmethod
    def of(cls, session: Any, name: str, *, label: str) -> Self:
        """The key this session is setting up; a new one when there is none."""
        if name not in session:
            session[name] = generate_totp_secret()
        return cls(session[name], label)

    @property
    def groups(self) -> str:
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))

    @property
    def address(self) -> str:
        asked = urlencode({"secret": self.secret, "issuer": settings.MFA_TOTP_ISSUER}, quote_via=quote)
        return f"otpauth://totp/{quote(self.label)}?{asked}"

    @property
    def picture(self) -> SafeString:
        drawn = segno.make(self.address, error="m").svg_inline(scale=4, border=2, omitsize=False)
        return mark_safe(drawn)  # noqa: S308
