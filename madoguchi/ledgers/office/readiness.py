"""Whether this process can serve: the database answers, its tables are of this code, the role is the right one."""

from functools import cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader

# One question, so that a probe every few seconds costs nothing worth counting.
READY_SQL = """
SELECT NOT (role.rolsuper OR role.rolbypassrls),
       to_regclass('procrastinate_jobs') IS NOT NULL,
       ARRAY(SELECT app || '.' || name FROM django_migrations)
FROM pg_roles role WHERE role.rolname = current_user
"""


@cache
def migrations_of_the_code() -> frozenset[str]:
    """Every migration this code needs; read once, without the database."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(f"{app}.{name}" for app, name in loader.disk_migrations)


def not_ready() -> str:
    """Why this process cannot serve, as one word for a probe; empty when it can."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(READY_SQL)
            row = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        connection.close()
        return "database"
    if row is None or not row[0]:
        return "role"
    if not row[1]:
        return "queue"
    return "" if migrations_of_the_code() <= set(row[2]) else "migrations"
