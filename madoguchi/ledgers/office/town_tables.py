"""Which rows of the database make up one municipality."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

# Sign-ins are not taken along: whoever works after a restore signs in again.
LEFT_OUT = frozenset({"django_session"})


@dataclass(frozen=True)
class TownTable:
    """One table and how its rows of one municipality are told from the others'."""

    name: str
    columns: tuple[str, ...]
    condition: str
    counted_key: str | None

    def selection(self) -> str:
        """The query for the rows of the municipality whose id is given as `%s`."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return f"SELECT {columns} FROM {self.name} WHERE {self.condition}"


def town_tables() -> list[TownTable]:
    """Every table that holds something of a municipality, its own row first."""
    tables = [each for model in apps.get_models(include_auto_created=True) for each in _table(model)]
    return sorted(tables, key=lambda table: (table.name != "office_municipality", table.name))


def _table(model: type[models.Model]) -> Iterator[TownTable]:
    condition = _condition(model)
    if condition and model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT:
        kept = (field for field in model._meta.local_concrete_fields if not field.generated)
        columns = tuple(str(field.column) for field in kept)
        yield TownTable(model._meta.db_table, columns, condition, _counted_key(model))


def _condition(model: type[models.Model]) -> str:
    if model._meta.db_table == "office_municipality":
        return "id = %s"
    if _is_municipal(model):
        return "municipality_id = %s"
    for field in model._meta.local_concrete_fields:
        owner = field.related_model if field.is_relation else None
        if isinstance(owner, type) and issubclass(owner, models.Model) and _is_municipal(owner):
            owned = f"SELECT {_key(owner)} FROM {owner._meta.db_table} WHERE municipality_id = %s"
            return f"{field.column} IN ({owned})"
    return ""


def _is_municipal(model: type[models.Model]) -> bool:
    return any(field.name == "municipality" for field in model._meta.local_fields)


def _key(model: type[models.Model]) -> str:
    key = model._meta.pk
    assert key is not None, model
    return str(key.column)


def _counted_key(model: type[models.Model]) -> str | None:
    key = model._meta.pk
    return key.column if isinstance(key, models.AutoField | models.BigAutoField) else None
