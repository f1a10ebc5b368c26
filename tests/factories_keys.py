"""Keys of the API, and callers that show them."""

import json
from datetime import datetime
from typing import Any

from django.test import Client

from madoguchi.ledgers.office.keys import NewKey, make_key
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.ledgers.office.session import enter_municipality

EVERYTHING = frozenset(Scope)


def key_for(section: Any, by: Any, at: datetime, *scopes: Scope, **more: Any) -> NewKey:
    """A key of the section with these scopes, or with all."""
    given = {"name": "県の窓口アプリ", "purpose": "申請の取次ぎ", "per_minute": 6000} | more
    return make_key(section=section, scopes=scopes or EVERYTHING, by=by, at=at, **given)


class Caller(Client):
    """Another system: JSON in and out, with its key. Afterwards the test is in its town again."""

    def __init__(self, town: Any, secret: str = "", host: str = "localhost", **defaults: Any) -> None:
        headers = {"host": host} | ({"authorization": f"Bearer {secret}"} if secret else {})
        super().__init__(headers=headers, raise_request_exception=False, **defaults)
        self.town = town

    def request(self, **asked: Any) -> Any:
        try:
            return super().request(**asked)
        finally:
            enter_municipality(self.town.pk)

    def ask(self, path: str, **query: Any) -> Any:
        return self.get(f"/api/v1{path}", query)

    def send(self, path: str, body: Any, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        text = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.post(f"/api/v1{path}", text, content_type="application/json", headers=headers)
