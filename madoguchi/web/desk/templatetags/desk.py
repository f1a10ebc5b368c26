"""Tags of the desk's own pages: `{% load desk %}`."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from madoguchi.ledgers.office.clock import now
from madoguchi.services.applications.states import Stage
from madoguchi.web.components.templatetags.components import day, due_badge
from madoguchi.web.desk import drawn, menu, opened

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_menu(context: Any) -> dict:
    request = context["request"]
    if not request.user.is_authenticated:
        return {}
    if not hasattr(request, "desk_menu"):
        request.desk_menu = menu.menu_of(request)
    return request.desk_menu


@register.inclusion_tag("desk/_sitting.html", takes_context=True)
def sitting(context: Any) -> dict:
    """The warning that appears before an idle sitting ends."""
    return {"seconds": settings.MADOGUCHI_STAFF_IDLE_SECONDS, "csrf_token": context.get("csrf_token", "")}


@register.simple_tag
def opened_stamp() -> str:
    return opened.stamp(now())


@register.simple_tag(takes_context=True)
def with_query(context: Any, **changes: Any) -> str:
    """The address of this list with some conditions changed; changing one goes back to the first page."""
    return drawn.changed_query(context["request"].GET, changes)


@register.simple_tag(takes_context=True)
def ledger_heads(context: Any) -> SafeString:
    """The heads of the columns; each sorts the list from its beginning."""
    return drawn.heads(context["headers"], context["request"].GET)


@register.simple_tag(takes_context=True)
def ledger_tabs(context: Any) -> SafeString:
    """The views of the ledger, the one that is open marked."""
    return drawn.tabs(context["views"], "" if context["open_view"] else context["filters"].view)


@register.simple_tag(takes_context=True)
def carried(context: Any, edition: int) -> SafeString:
    """The hidden fields of a form that changes a case: the edition that was seen, and when."""
    request = context["request"]
    token = context.get("csrf_token") or ""
    return SafeString(
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{drawn.e(token)}">'
        f'<input type="hidden" name="edition" value="{drawn.e(edition)}">'
        f'<input type="hidden" name="opened" value="{opened.stamp(now())}">'
        f'<input type="hidden" name="back" value="{drawn.e(request.path)}">'
    )


@register.simple_tag(takes_context=True)
def fact_forms(context: Any) -> SafeString:
    case = context["case"]
    to = drawn.address("desk:facts", case.number)
    return drawn.facts(
        context["facts"],
        carried(context, case.edition),
        to,
        context["today_words"],
        lambda value: day(context, value),
    )


register.simple_tag(drawn.answers, name="answers")
register.simple_tag(drawn.timeline, name="timeline_lines")
register.simple_tag(drawn.passed_checks, name="passed_checks")
register.simple_tag(drawn.place_options, name="place_options")
register.simple_tag(drawn.entries, name="menu_lines")


@register.filter
def points(value: Any) -> str:
    """35.0 as 35, 35.5 as 35.5; a dash where there is none."""
    if value in (None, ""):
        return "—"
    number = Decimal(str(value))
    return f"{number.normalize():f}"


@register.filter
def code_of(code: Any) -> str:
    """The code of a stage, outcome or channel as the closed list of tags spells it."""
    return str(getattr(code, "value", code))


@register.filter
def item(mapping: Any, key: Any) -> Any:
    return (mapping or {}).get(key, "")


@register.simple_tag(takes_context=True)
def without_query(context: Any, *keys: str) -> str:
    """The address of this list without some of its conditions."""
    return with_query(context, **dict.fromkeys(keys, ""))


@register.simple_tag
def new_key() -> str:
    return str(uuid4())


@register.simple_tag
def row_due(row: Any) -> SafeString:
    """The due badge of a ledger row; a case that is over has none."""
    if row.stage in (Stage.DECIDED, Stage.WITHDRAWN):
        return SafeString("—")
    return due_badge(row.due_on, stopped=row.clock_stopped)


@register.filter
def split_words(text: str) -> list[str]:
    return text.split()


@register.filter
def row_name(label: str, number: int) -> str:
    """「{n}人目」 of the package with its number; other labels get it behind."""
    return label.replace("{n}", str(number)) if "{n}" in label else f"{label} {number}"
