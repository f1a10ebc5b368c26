"""Reading the database beside the product, as the owner of its tables: bound to サンプル市, seeing everybody there."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

BIND = "SELECT set_config('madoguchi.municipality', (SELECT id::text FROM office_municipality WHERE code = %s), false)"


@contextmanager
def beside(url: str, code: str = "999999") -> Iterator[psycopg.Connection]:
    """A connection that row-level security shows one municipality whole, whatever rights its login has."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BIND, [code])
        connection.execute("SELECT set_config('madoguchi.sight', 'all', false)")
        yield connection
