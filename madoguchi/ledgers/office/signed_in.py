"""Who is at the desk, asked with the section and the powers of the day in one question: every page begins with it."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.office.models import Grant, PowerException, Section, SectionInYear, Staff
from madoguchi.ledgers.office.prepared import prepared, slot
from madoguchi.ledgers.office.queries import Standing, keep_source, powers_told, standing_told


def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


PERSON, PLACE, YEAR = _names(Staff), _names(Section), _names(SectionInYear)


def _array(rows: QuerySet[Any], names: Iterable[str]) -> ArraySubquery:
    return ArraySubquery(rows.values(told=JSONObject(**{name: F(name) for name in names})))


def _everything() -> Any:
    of_them = {"staff": OuterRef("pk")}
    days = ("granted_on", "expires_on", "ended_on")
    return (
        Staff.objects.filter(pk=slot("id", "bigint"), is_active=True)
        .values(*PERSON, *(f"section__{name}" for name in PLACE))
        .annotate(
            all_years=_array(SectionInYear.objects.order_by("fiscal_year"), YEAR),
            all_roles=_array(Grant.objects.filter(**of_them), ("role", *days)),
            all_exceptions=_array(PowerException.objects.filter(**of_them), ("kind", "power", *days)),
        )
    )


_ask = prepared(_everything)


def signed_in(staff_id: int) -> Staff | None:
    """The member of staff behind a session, who can tell the standing of a day without asking again."""
    found = _ask(id=staff_id)
    if not found:
        return None
    told = found[0]
    staff: Staff = _of(Staff, PERSON, told)
    staff.section = _of(Section, PLACE, told, "section__")
    keep_source(staff, partial(_standing_on, staff.section_id, told))
    return staff


def _standing_on(section_id: int, told: Mapping[str, Any], on: date) -> Standing:
    years = [_of(SectionInYear, YEAR, row) for row in told["all_years"]]
    named = [("role", row["role"]) for row in told["all_roles"] if _holds(row, on)]
    named += [(row["kind"], row["power"]) for row in told["all_exceptions"] if _holds(row, on)]
    begun = [year for year in years if year.fiscal_year <= fiscal_year(on)]
    return standing_told(section_id, on, begun, powers_told(named))


def _of(model: type[Any], names: tuple[str, ...], told: Mapping[str, Any], before: str = "") -> Any:
    return model.from_db(DEFAULT_DB_ALIAS, names, [told[f"{before}{name}"] for name in names])


def _holds(row: Mapping[str, Any], on: date) -> bool:
    """Days as PostgreSQL writes them in JSON, which compare as texts: queries.in_force."""
    day: str = on.isoformat()
    begun: bool = row["granted_on"] <= day <= row["expires_on"]
    return begun and (row["ended_on"] is None or row["ended_on"] > day)
