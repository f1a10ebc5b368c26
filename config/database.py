"""How madoguchi finds its PostgreSQL, and says so when it cannot."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import psycopg

from madoguchi.common.errors import Refusal

OLDEST_SERVER = 150000


class DatabaseAddressUnreadable(Refusal):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"DATABASE_URL「{without_password(url)}」を PostgreSQL の接続先として読み取れません。",
            next_step="postgresql://利用者:合言葉@ホスト:5432/データベース名 の形にしてください。",
            code="start.database_url",
        )


class DatabaseUnreachable(Refusal):
    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"データベース {without_password(url)} に接続できません（{reason}）。",
            next_step="PostgreSQL が動いているか、DATABASE_URL のホスト・利用者・合言葉を確かめてください。",
            code="start.database_unreachable",
        )


class DatabaseTooOld(Refusal):
    def __init__(self, version: int) -> None:
        super().__init__(
            f"PostgreSQL {version // 10000} では動きません。",
            next_step="PostgreSQL 15 以降を使うか、DATABASE_URL を外して付属の PostgreSQL を使ってください。",
            code="start.database_too_old",
        )


def without_password(url: str) -> str:
    """The address as it may be shown and logged."""
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":***@") if parts.password else url


def database_settings(url: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL address; persistent connections, checked before reuse.

    Raises DatabaseAddressUnreadable when the address names another kind of database.
    """
    if not url:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "madoguchi"}
    if not url.startswith(("postgresql://", "postgres://")):
        raise DatabaseAddressUnreadable(url)
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    except ValueError as error:
        raise DatabaseAddressUnreadable(url) from error
    # Our questions are many and short: compiling one to machine code takes longer than answering it.
    options = found.setdefault("OPTIONS", {})
    options["options"] = f"{options.get('options', '')} -c jit=off".strip()
    # Only the questions of office/prepared.py are prepared; Django's own cursor never does.
    options["prepare_threshold"] = 5
    return found


def check_database(url: str) -> int:
    """The server's version number, when it can be reached and is new enough.

    Raises DatabaseAddressUnreadable, DatabaseUnreachable and DatabaseTooOld.
    """
    database_settings(url)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.ProgrammingError as error:
        raise DatabaseAddressUnreadable(url) from error
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(url, str(error).strip().splitlines()[-1]) from error
    if version < OLDEST_SERVER:
        raise DatabaseTooOld(version)
    return version
