"""Which key signs for which municipality, read from the settings."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from madoguchi.clerical.notices.ports import SigningKeys
from madoguchi.connectors.dry_signing import DrySigning
from madoguchi.connectors.providers import read
from madoguchi.connectors.signing_file import SigningFile

NAME = "MADOGUCHI_SIGNING"
KEYS = {"pkcs12", "password"}


def chosen_keys(setting: str, folder: Path) -> SigningKeys:
    """off, dry (sample keys in `folder`), or JSON by municipality: {"999999": {"pkcs12": "…", "password": "…"}}."""
    if setting == "off":
        return lambda _: None
    if setting == "dry":
        return DrySigning(folder)
    return {code: _file(code, told) for code, told in read(setting, NAME).items()}.get


def _file(code: str, told: dict[str, str]) -> SigningFile:
    if set(told) - KEYS or "pkcs12" not in told:
        raise ImproperlyConfigured(f"{NAME} の {code} には pkcs12 と password を書いてください。")
    return SigningFile(Path(told["pkcs12"]), told.get("password", ""))
