"""Which identity provider each municipality has chosen, read from the settings."""

import json
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from madoguchi.connectors.oidc import OidcClient
from madoguchi.ledgers.office.ports import Providers

KEYS = {"issuer", "client_id", "client_secret", "person_claim"}


def providers_from(setting: str, name: str) -> Providers:
    """`setting` is JSON by municipality code, or @ and the path of such a file; empty means nobody.

    {"999999": {"issuer": "https://…", "client_id": "…", "client_secret": "…", "person_claim": "…"}}
    """
    clients = {code: client(code, told, name) for code, told in read(setting, name).items()}
    return clients.get


def read(setting: str, name: str) -> dict[str, dict[str, str]]:
    if not setting.strip():
        return {}
    try:
        text = Path(setting[1:]).read_text(encoding="utf-8") if setting.startswith("@") else setting
        return dict(json.loads(text))
    except (OSError, ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"{name} を読み取れません（JSON か @ファイル名）: {error}") from error


def client(code: str, told: dict[str, str], name: str) -> OidcClient:
    wrong = set(told) - KEYS or {"issuer", "client_id"} - set(told)
    if wrong:
        raise ImproperlyConfigured(f"{name} の {code} の項目を確かめてください: {'、'.join(sorted(wrong))}")
    return OidcClient(
        issuer=told["issuer"],
        client_id=told["client_id"],
        client_secret=told.get("client_secret", ""),
        person_claim=told.get("person_claim", "preferred_username"),
    )
