"""A form as JSON Schema (2020-12), for the systems that send applications; no queries.

It says the shape of each answer. What is required depends on other answers, so `required` names only what
always is; the rules themselves are kept when an application comes in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .fields import EMPTY, LENGTHS, SILENT, Field, Option
from .offers import Facility
from .package import Package
from .words import Words

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FORMATS = {"date": "date", "time": "time", "email": "email"}


def form_schema(package: Package) -> dict[str, Any]:
    """The schema of `answers` of one version of a procedure."""
    fields = [field for field in package.form.fields.values() if field.type not in SILENT]
    always = [field.key for field in fields if is_always_required(package, field)]
    return {
        "$schema": DRAFT,
        "title": package.names.ja,
        **object_of(fields, package.facilities),
        "required": always,
    }


def is_always_required(package: Package, field: Field) -> bool:
    return (
        field.required is True and field.visible is None and package.form.page_of[field.key].visible is None
    )


def object_of(fields: Iterable[Field], places: tuple[Facility, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.key: schema_of(field, places) for field in fields},
    }


def schema_of(field: Field, places: tuple[Facility, ...]) -> dict[str, Any]:
    """One answer with its label, its help and its type in our form."""
    told: dict[str, Any] = {"title": field.label.ja, "x-type": field.type, **shape_of(field, places)}
    if field.help:
        told["description"] = field.help.ja
    return told


def shape_of(field: Field, places: tuple[Facility, ...]) -> dict[str, Any]:
    if field.has_rows:
        return rows_shape(field, places)
    if isinstance(EMPTY[field.type], dict):
        parts = {part: {"type": "string"} for part in EMPTY[field.type]}
        return {"type": "object", "additionalProperties": False, "properties": parts}
    if field.type in ("yes_no", "consent"):
        return {"type": "boolean"}
    if field.type in ("number", "money"):
        return number_shape(field)
    if field.type == "file":
        return {"type": "array", "items": {"type": "string", "format": "uuid"}}
    options = choices_of(field, places)
    return choice_shape(field, options) if options else text_shape(field)


def rows_shape(field: Field, places: tuple[Facility, ...]) -> dict[str, Any]:
    rows = object_of([column for column in field.columns if column.type not in SILENT], places)
    return {"type": "array", "items": rows, "minItems": field.min_rows, "maxItems": field.max_rows}


def number_shape(field: Field) -> dict[str, Any]:
    bounds = {"minimum": field.least, "maximum": field.most}
    kind = "number" if field.decimals else "integer"
    return {"type": kind, **{key: bound for key, bound in bounds.items() if bound is not None}}


def choices_of(field: Field, places: tuple[Facility, ...]) -> tuple[Option, ...]:
    if field.options_from == "facilities":
        return tuple(Option(place.code, Words(place.label)) for place in places)
    return field.options


def choice_shape(field: Field, options: tuple[Option, ...]) -> dict[str, Any]:
    one = {"oneOf": [{"const": option.value, "title": option.label.ja} for option in options]}
    if field.type == "ranked":
        return {"type": "array", "items": one, "maxItems": field.ranks, "uniqueItems": True}
    return {"type": "array", "items": one} if isinstance(field.empty, list) else one


def text_shape(field: Field) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "string"}
    if field.type in LENGTHS:
        shape["maxLength"] = field.max_length
    if field.type in FORMATS:
        shape["format"] = FORMATS[field.type]
    return shape
