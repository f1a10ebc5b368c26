"""Which ways of showing who one is the proof page offers for a procedure."""

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.http import HttpRequest

from madoguchi.ledgers.office.ports import provider_of
from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.ledgers.procedures.identity import Identity
from madoguchi.ledgers.procedures.queries import live_package
from madoguchi.ledgers.registry.ports import texts_can_be_sent
from madoguchi.ledgers.registry.views import VisitorView


@dataclass(frozen=True)
class Ways:
    """Only the methods that suffice, and of those the ones this town can offer."""

    email: bool
    sms: bool
    app: bool
    card_suffices: bool
    step_up: bool
    only_sms_is_missing: bool

    @classmethod
    def of(cls, request: HttpRequest, visitor: VisitorView | None) -> Self:
        required = required_by(request.session.get("prove_for", ""))
        ways = set(required.ways)
        both = "email_sms" in ways
        too_low = visitor is not None and not required.admits(visitor.identity_level, visitor.sign_in_level)
        has_email = too_low and both and visitor is not None and bool(visitor.email)
        return cls(
            email=("email" in ways or both) and not has_email,
            sms=("sms" in ways or both) and texts_can_be_sent(),
            app="card" in ways and provider_of("citizen", request.municipality.code) is not None,
            card_suffices="card" in ways,
            step_up=too_low,
            only_sms_is_missing=has_email,
        )

    @property
    def any(self) -> bool:
        return self.email or self.sms or self.app or (self.card_suffices and settings.MADOGUCHI_DEMO_IDENTITY)


def required_by(slug: str) -> Identity:
    """What the procedure one is on the way to asks for; without one, an address suffices."""
    if not slug:
        return Identity()
    try:
        return live_package(slug).package.required_identity
    except NoSuchProcedure:
        return Identity()
