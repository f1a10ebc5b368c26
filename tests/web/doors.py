"""Every address of the product with the ids of one real case, and what the database held before."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from tests.whole_case import SLUG, WholeCase

# Not secrets: which procedure, which page of a form or about the site.
OPEN_PARAMETERS = {"slug", "page", "version", "outcome", "target", "what", "kind"}
# Keys that open by themselves: who holds the link of the mail is the person.
OPEN_VIEWS = {"resident:link"}
PAGES = {"resident:about": ["privacy", "accessibility"]}


@dataclass(frozen=True)
class Door:
    """One address. `closed` when it names something that belongs to somebody."""

    name: str
    address: str
    callback: Any
    closed: bool

    @property
    def on_the_desk(self) -> bool:
        return self.address.startswith("/desk/")


def patterns(resolver: Any = None, before: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """Name, pattern and view of everything in the URL table."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, route, each.namespace or space)
        elif isinstance(each, URLPattern):
            yield f"{space}:{each.name}", route, each


def doors(case: WholeCase) -> list[Door]:
    """Every pattern with every id of the case. Raises KeyError for a parameter that nobody has filled yet."""
    return [door for name, route, pattern in patterns() for door in filled(name, route, pattern, case)]


def one_each(table: list[Door]) -> list[Door]:
    """One address of every view, for what does not depend on whose id stands in it."""
    return list({door.name: door for door in reversed(table)}.values())


def filled(name: str, route: str, pattern: URLPattern, case: WholeCase) -> Iterator[Door]:
    names = list(pattern.pattern.converters)
    closed = bool(set(names) - OPEN_PARAMETERS) and name not in OPEN_VIEWS
    for values in product(*(values_of(name, parameter, case) for parameter in names)):
        address = "/" + route
        for parameter, value in zip(names, values, strict=True):
            converter = type(pattern.pattern.converters[parameter]).__name__.removesuffix("Converter").lower()
            kind = {"string": "str"}.get(converter, converter)
            address = address.replace(f"<{kind}:{parameter}>", str(value))
        assert "<" not in address, address
        yield Door(name, address, pattern.callback, closed)


def values_of(name: str, parameter: str, case: WholeCase) -> list[Any]:
    if parameter == "page":
        return PAGES.get(name, case.parameters["page"])
    return case.parameters[parameter]


def form(case: WholeCase) -> dict[str, Any]:
    """Everything any form of the product asks for, so that only the door itself can refuse."""
    return {
        "edition": ["1"], "confirm": "yes", "score": "4", "comment": "", "reason": "転出のため", "verb": "approve",
        "to": "shinsa", "code": "certificates", "fields": ["applicant_phone"], "message": "直してください。",
        "due": "令和8年12月1日", "applicant_phone": "090-0000-9999", "number": case.parameters["number"],
        "text": "見本の連絡", "key": "6a0f6a55-0d5c-4c5e-9f0e-0d0f5d3b8a11",
        "purpose": "課内の確認", "approver": "kacho", "period": "2027-04", "seen_sha256": "0" * 64, "child_name-given": "乗取",
    }  # fmt: skip


def kept_in(town_id: int) -> dict[str, Any]:
    """A fingerprint of every table of the municipality of the session, and of the work queued for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            # Tries are counted on purpose; they are of the intruder.
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'municipality_id'"
            " AND table_schema = 'public' AND table_name NOT IN"
            " ('registry_proof', 'office_tracehead', 'applications_resumetry', 'office_ratewindow')"
        )
        tables = sorted(row[0] for row in cursor.fetchall())
        held = {}
        for table in tables:
            cursor.execute(
                f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY t::text)) FROM \"{table}\" t"
            )
            held[table] = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'municipality_id' = %s", [str(town_id)]
        )
        held["queued"] = cursor.fetchone()
    return held


__all__ = ["SLUG", "Door", "doors", "form", "kept_in", "one_each", "patterns"]
