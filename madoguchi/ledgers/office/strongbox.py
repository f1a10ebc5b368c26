"""Texts that lie in the database but may be read only with the secret key of the installation."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str) -> str:
    """The text, encrypted and marked against change."""
    return _box().encrypt(text.encode()).decode()


def open_sealed(sealed: str) -> str:
    """The text again. Raises ValueError when it was changed or sealed with another key."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ValueError("not sealed by this installation") from error


def _box() -> Fernet:
    key = hashlib.sha256(b"madoguchi.strongbox\x1f" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
