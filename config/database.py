"""How madoguchi finds its PostgreSQL."""

from typing import Any

import dj_database_url

from madoguchi.common.errors import Refusal


class DatabaseAddressUnreadable(Refusal):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"DATABASE_URL「{url}」を PostgreSQL の接続先として読み取れません。",
            next_step="postgresql://利用者:合言葉@ホスト:5432/データベース名 の形にしてください。",
            code="start.database_url",
        )


def database_settings(url: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL address; persistent connections, checked before reuse.

    Raises DatabaseAddressUnreadable when the address names another kind of database.
    """
    if not url:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "madoguchi"}
    if not url.startswith(("postgresql://", "postgres://")):
        raise DatabaseAddressUnreadable(url)
    try:
        return dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    except ValueError as error:
        raise DatabaseAddressUnreadable(url) from error
