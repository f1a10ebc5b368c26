"""The role under which madoguchi runs: never one that row-level security does not bind."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from madoguchi.ledgers.office.errors import RunningRoleUnsafe

RUNNING_ROLE = "madoguchi_app"


def on_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Every new connection gives up the rights of its login, except while tables are being made."""
    if not settings.MADOGUCHI_RUN_AS_OWNER:
        take_the_running_role(connection)


def take_the_running_role(opened: BaseDatabaseWrapper) -> None:
    """Give up the rights of the login as soon as the role exists (it is made by `madoguchi migrate`)."""
    with opened.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [RUNNING_ROLE])
        if cursor.fetchone():
            cursor.execute(f"SET ROLE {RUNNING_ROLE}")


def lay_down_the_running_role(opened: BaseDatabaseWrapper) -> None:
    """Return to the rights of the login: for migrations only."""
    with opened.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refuse_an_unsafe_role() -> None:
    """Raise RunningRoleUnsafe when this connection would pass row-level security by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        role, unsafe = cursor.fetchone()
    if unsafe:
        raise RunningRoleUnsafe(role)
