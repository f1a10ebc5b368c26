"""What django-allauth asks of the house: names in Japanese, keys encrypted, nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from madoguchi.ledgers.office.strongbox import open_sealed, seal


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth.mfa with the keys of authenticator apps encrypted."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(encrypted_text)

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.name, "name": user.login}

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """The trace tells; staff accounts need not have an e-mail address."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of staff are made by the municipality only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False
