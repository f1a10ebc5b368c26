"""What PostgreSQL knows of a table's contents, renewed after a write of very many rows."""

from django.db import connection


def renew_statistics(*tables: str) -> None:
    """ANALYZE the indexed columns of these tables now. The running role owns none and may not, so a function of their owner does it.

    Under row-level security a question on a table without statistics is planned for some rows where there are
    hundreds of thousands. PostgreSQL would look by itself, but a minute later, and not inside a transaction.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT office_renew_statistics(%s)", [table])
