"""The base of every table that belongs to one municipality."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Func

from madoguchi.ledgers.office.guards import Guard
from madoguchi.ledgers.office.session import SETTING


class CurrentMunicipality(Func):
    """The municipality the database session is bound to, as a column default."""

    template = f"NULLIF(current_setting('{SETTING}', true), '')::bigint"
    output_field = models.BigIntegerField()

    def __init__(self) -> None:
        super().__init__()

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "madoguchi.ledgers.office.municipal.CurrentMunicipality", [], {}


class MunicipalModel(models.Model):
    """A row of one municipality: filled in by the database session, hidden from every other session.

    `guarded_by` says how the row hangs on a protected person (支援措置); None where it says nothing about anybody.
    """

    guarded_by: ClassVar[Guard | None] = None

    municipality = models.ForeignKey(
        "office.Municipality",
        on_delete=models.PROTECT,
        db_default=CurrentMunicipality(),
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True
