"""The conditions behind the figures of the section's statistics: a figure and its list are asked for in the same words."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import MD5

from madoguchi.services.applications.models import Correction, StageStay
from madoguchi.services.applications.states import OPEN, Stage

STILL_OPEN = Q(stage__in=sorted(OPEN))
TIMED = """
SELECT subject_id::bigint FROM office_trace WHERE subject_kind = 'applications.application'
  AND note ->> 'step' = %s AND note ->> 'staff_seconds' IS NOT NULL AND actor_kind = 'staff'
"""
WORDS = {
    "open": "決定・取下げの前",
    "overdue": "期限を過ぎた",
    "unassigned": "担当が決まっていない",
    "left": "状態を通り過ぎた",
    "field": "補正した項目",
    "text": "補正のお願いの文",
    "step": "時間を測った手順",
}


def figure_condition(figure: str, on: date | None) -> Q:
    """`open`, `overdue`, `unassigned`, or `left:reviewing`, `field:<key>`, `text:<md5>`, `step:review`.

    A figure that does not exist narrows nothing, as every unreadable condition of an address.
    """
    kind, _, value = figure.partition(":")
    plain: dict[str, Q] = {"open": STILL_OPEN, "unassigned": STILL_OPEN & Q(assigned_to__isnull=True)}
    if on is not None:
        plain["overdue"] = overdue(on)
    return plain.get(figure) or _with_value(kind, value)


def overdue(on: date) -> Q:
    """期限を過ぎた: the clock runs and the day is over."""
    return STILL_OPEN & Q(due_on__lt=on, clock_stopped_on__isnull=True)


def _with_value(kind: str, value: str) -> Q:
    asked: Any = Correction.objects.filter(application=OuterRef("pk"))
    if kind == "left" and value in Stage.values:
        stays = StageStay.objects.filter(application=OuterRef("pk"), stage=value, left_at__isnull=False)
        return Q(Exists(stays))
    if kind == "field" and value:
        return Q(Exists(asked.filter(fields__contains=[value])))
    if kind == "text" and value:
        return Q(Exists(asked.annotate(mark=MD5("message")).filter(mark=value)))
    if kind == "step" and value:
        return Q(pk__in=RawSQL(TIMED, [value]))  # noqa: S611 - the value is a parameter
    return Q()
