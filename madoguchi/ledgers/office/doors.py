"""Which municipality a host name leads to, and what sits at the door with it."""

import json
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import JSONField

from madoguchi.ledgers.office.models import Municipality
from madoguchi.ledgers.office.prepared import run_first
from madoguchi.ledgers.office.sittings import SITTING, remember_sitting

FIELDS = Municipality._meta.concrete_fields
NAMES = [field.attname for field in FIELDS]
ENTER = """
SELECT {columns}, {sitting}, set_config('madoguchi.municipality', door.id::text, false),
  set_config('madoguchi.sight', '', false), set_config('madoguchi.protection', '', false)
FROM (SELECT * FROM office_municipality WHERE code = $1 OR (host = $2 AND host <> '')
  ORDER BY host <> '' AND host = $2 DESC LIMIT 1) AS door
LEFT JOIN django_session AS sitting
  ON sitting.session_key = $3 AND sitting.expire_date > statement_timestamp()
""".format(
    columns=", ".join(f"door.{field.column}" for field in FIELDS),
    sitting=", ".join(f"sitting.{name}" for name in SITTING),
)


def enter_at(host: str, sitting: str = "") -> Municipality | None:
    """Bind this connection to the municipality whose door has this host name, otherwise to the installation's default.

    One question, because every page begins with it; it brings the session with the key `sitting` along. Where there
    is no municipality, nothing is bound.
    """
    found = run_first(ENTER, [settings.MADOGUCHI_DEFAULT_MUNICIPALITY, host, sitting])
    if not found:
        return None
    if sitting:
        told = found[0][len(FIELDS) : len(FIELDS) + len(SITTING)]
        remember_sitting(sitting, told if told[0] else None)
    values = [_read(field, value) for field, value in zip(FIELDS, found[0], strict=False)]
    return Municipality.from_db(DEFAULT_DB_ALIAS, NAMES, values)


def _read(field: Any, value: Any) -> Any:
    # Django's connection hands JSON over as text; its models read it.
    return json.loads(value) if isinstance(field, JSONField) and isinstance(value, str) else value
