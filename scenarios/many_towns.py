"""Every municipality of the country in one database: two real towns, multiplied by the database itself.

Most are as small as 見本町, some as large as サンプル市; keys are moved by a stride, so that every row hangs on its own
town's rows.
"""

import psycopg
from django.apps import apps
from django.db import models

STRIDE = 10_000_000
TOWNS = """
CREATE TABLE bench_town AS SELECT n, n + 1000 AS id, CASE WHEN n %% %(every)s = 0 THEN %(large)s ELSE %(small)s END AS template
FROM generate_series(1, %(count)s) AS n
"""
DOORS = """
INSERT INTO office_municipality (id, code, name, name_kana, prefecture, mayor, host, town_colour, closed_days, contact_phone)
SELECT bench_town.id, lpad(n::text, 6, '0'), '見本' || n || '町', 'ミホン', prefecture, mayor, 'm' || n || '.localhost',
  town_colour, closed_days, contact_phone
FROM bench_town JOIN office_municipality AS door ON door.id = bench_town.template
"""


def multiply(url: str, *, count: int, small: int, large: int, every: int) -> int:
    """Add `count` towns, every so-manyth of them large; the rows there are in the end."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        told = {"count": count, "small": small, "large": large, "every": every}
        owner.execute(TOWNS, told)
        owner.execute(DOORS)
        for model in municipal_models():
            owner.execute(_copied(model))
        owner.execute("VACUUM ANALYZE")
        rows = [
            owner.execute(f"SELECT count(*) FROM {model._meta.db_table}").fetchone()
            for model in municipal_models()
        ]
    return sum(row[0] for row in rows if row)


def forget_town(url: str, municipality_id: int) -> None:
    """Take one town out, so that another stands alone."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        for model in municipal_models():
            owner.execute(f"DELETE FROM {model._meta.db_table} WHERE municipality_id = %s", [municipality_id])
        owner.execute("DELETE FROM office_municipality WHERE id = %s", [municipality_id])
        owner.execute("VACUUM ANALYZE")


def municipal_models() -> list[type[models.Model]]:
    """Every table whose rows belong to a municipality."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and any(field.name == "municipality" for field in model._meta.local_fields)
    ]


def _copied(model: type[models.Model]) -> str:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field) for field in fields)
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} AS one"
        " JOIN bench_town AS town ON town.template = one.municipality_id ON CONFLICT DO NOTHING"
    )


def _value(field: models.Field) -> str:  # type: ignore[type-arg]
    """The column of a copied row: the town's own id, keys moved, everything else as it was."""
    here = f'one."{field.column}"'
    if field.name == "municipality":
        return "town.id"
    key = _key(field)
    if isinstance(key, models.AutoField | models.BigAutoField):
        return f"{here} + town.n::bigint * {STRIDE}"
    if isinstance(key, models.UUIDField):
        return f"md5({here}::text || town.n)::uuid"
    return here


def _key(field: models.Field) -> models.Field | None:  # type: ignore[type-arg]
    """The key a column holds: its own, or that of the municipal row it points at; None for plain values."""
    target = field.related_model if field.is_relation else None
    if isinstance(target, type) and issubclass(target, models.Model):
        municipal = any(each.name == "municipality" for each in target._meta.local_fields)
        return _key(target._meta.pk) if municipal and target._meta.pk else None
    return field if field.primary_key or field.unique else None
