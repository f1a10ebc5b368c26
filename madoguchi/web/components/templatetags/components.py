"""Tags every face uses: `{% load components %}`."""

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from madoguchi.common.era import format_both, format_era
from madoguchi.ledgers.office.clock import today
from madoguchi.web.components import aids as reading_aids
from madoguchi.web.components import dates, field_drawing, icons, speech, words
from madoguchi.web.components import definitions as answers_read
from madoguchi.web.components.field_views import Shown
from madoguchi.web.components.fixed_tags import fixed, sentence
from madoguchi.web.components.tags import CHANNELS, TAGS
from madoguchi.web.components.texts import BOOK

register = template.Library()

PARTS = tuple(
    f"components/{name}"
    for name in (
        "button",
        "banner",
        "tag",
        "field",
        "choice",
        "ranked",
        "rows",
        "file",
        "progress",
        "steps",
        "definitions",
        "table",
        "kpi",
        "work",
        "timeline",
        "talk",
        "explain",
        "paper",
        "empty",
        "route",
        "gallery",
    )
)


icon = icons.icon
register.tag("icon", fixed(icon))


@register.simple_tag
@cache
def emblem() -> SafeString:
    return format_html(
        '<svg class="emblem" viewBox="0 0 40 40" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(icons.EMBLEM),  # noqa: S308 - our own drawing
    )


@register.simple_tag
def sheets(face: str) -> list[str]:
    return [f"madoguchi/css/{name}.css" for name in ("tokens", "base", *PARTS, face, "print")]


@cache
def asset(path: str) -> str:
    """The address of a file of ours: as `static`, worked out once a process."""
    return static(path)


register.tag("asset", fixed(asset))


@register.simple_tag
@cache
def style_sheets(face: str) -> SafeString:
    """Every style sheet of a face, in the order of the layers."""
    return format_html_join(
        "", '<link rel="stylesheet" href="{}">\n  ', ((asset(file),) for file in sheets(face))
    )


@register.simple_tag(takes_context=True)
def reader(context: Any) -> words.Reader:
    return words.reader_of(context.get("request"))


@register.simple_tag(name="words", takes_context=True)
def words_tag(context: Any, text: Any) -> SafeString:
    return words.spoken(text, words.reader_of(context.get("request")))


def t(context: Any, key: str, plain: bool = False, **parts: object) -> SafeString | str:
    """A fixed sentence; `plain=1` inside attributes and options, where no ruby can stand."""
    who = words.reader_of(context.get("request"))
    return speech.speak_plain(key, who, **parts) if plain else speech.speak(key, who, **parts)


register.tag("t", sentence(t))


@register.simple_tag(takes_context=True)
def render_field(context: Any, field: Any, filled: Any, name: str = "") -> SafeString:
    """Draws any field of a procedure; `filled` is a `components.filled.Filled`."""
    return render_shown(context, Shown(field, name or field.key, filled))


@register.simple_tag(takes_context=True)
def render_shown(context: Any, shown: Shown) -> SafeString:
    """Draws a field that is already under its HTML name."""
    return field_drawing.drawn(shown, tag(context, "known"))


@register.simple_tag(takes_context=True)
def definitions(context: Any, items: Any, side: Any = "") -> SafeString:
    """Answers with their questions, as `components.definitions` draws them."""
    reader = words.reader_of(context.get("request"))
    return answers_read.drawn(items, reader, lambda mark: tag(context, mark), side=bool(side))


@register.simple_tag(takes_context=True)
def aids(context: Any) -> SafeString:
    """The bar of reading aids; `aids_form` is the id of the form it saves first."""
    request = context.get("request")
    back = request.get_full_path() if request else "/"
    return reading_aids.bar(words.reader_of(request), context.get("aids_form") or "", back)


@register.filter
def furigana(text: str) -> SafeString:
    return words.with_furigana(text)


@register.filter
def bare(text: Any) -> str:
    return words.without_readings(words.marked(text, "ja"))


@register.simple_tag(takes_context=True)
def day(context: Any, value: date | datetime | None) -> SafeString:
    if value is None:
        return SafeString("")
    local = _local(value)
    who = words.reader_of(context.get("request"))
    told = words.shown(dates.day(local, who.language), who)
    return format_html('<time datetime="{}">{}</time>', f"{local:%Y-%m-%d}", told)


@register.simple_tag(takes_context=True)
def day_time(context: Any, value: datetime | None) -> SafeString:
    if value is None:
        return SafeString("")
    who = words.reader_of(context.get("request"))
    told = words.shown(dates.day_time(value, who.language), who)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), told)


@register.simple_tag(takes_context=True)
def weekday(context: Any, value: date) -> SafeString:
    who = words.reader_of(context.get("request"))
    at = value.weekday()
    japanese = f"｜{dates.WEEKDAYS[at]}《{dates.WEEKDAY_READINGS[at]}》"
    return words.shown(dates.WEEKDAYS_EN[at] if who.language == "en" else japanese, who)


@register.simple_tag(takes_context=True)
def month(context: Any, value: date) -> SafeString:
    who = words.reader_of(context.get("request"))
    return words.shown(dates.MONTHS_EN[value.month - 1] if who.language == "en" else f"{value.month}月", who)


@register.simple_tag(takes_context=True)
def read(context: Any, text: Any) -> SafeString:
    """A text of the product or of a package that comes as a plain string, with furigana; never what people typed."""
    return words.shown(str(text or ""), words.reader_of(context.get("request")))


@register.simple_tag
def clock(value: datetime) -> str:
    """14:32."""
    local = timezone.localtime(value)
    return f"{local.hour}:{local:%M}"


@register.simple_tag
def short_time(value: datetime | None) -> SafeString:
    if value is None:
        return SafeString("—")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), dates.short_time(value))


@register.filter
def spaced(number: str) -> SafeString:
    """GK 0421 763: gaps by style, so that a copied number has none."""
    head, tail = number.rstrip("0123456789"), number[len(number.rstrip("0123456789")) :]
    parts = [part for part in (head, tail[:4], tail[4:]) if part]
    return format_html_join("", '<span class="spaced">{}</span>', ((part,) for part in parts))


@register.filter
def era(value: date | None) -> str:
    return format_era(value) if value else ""


@register.filter
def both_eras(value: date | None) -> str:
    return format_both(value) if value else ""


@register.simple_tag
def due_badge(until: date | None, days_left: int | None = None, stopped: bool = False) -> SafeString:
    """`days_left` in office days where the 標準処理期間 clock is meant; without it calendar days count."""
    if stopped:
        return _tag("wait", "時計停止")
    if until is None:
        return SafeString("—")
    kind, text = dates.due(until, today(), days_left)
    return _tag(kind, text) if kind else format_html('<span class="due">{}</span>', text)


@register.simple_tag(takes_context=True)
def tag(context: Any, code: str, text: str = "") -> SafeString:
    """A 札 from the closed list in tags.py; `text` only replaces the words, never the meaning.

    Residents read it in their own voice, the desk always in Japanese.
    """
    kind, label, mark = TAGS[str(code)]
    request, key = context.get("request"), f"tag.{code}"
    if text or key not in BOOK or request is None or request.path.startswith("/desk/"):
        return _tag(kind, text or label, mark)
    return _tag(kind, speech.speak(key, words.reader_of(request)), mark)


@register.simple_tag
def channel(code: str) -> SafeString:
    name, label = CHANNELS[str(code)]
    return format_html('<span class="channel">{}{}</span>', icon(name), label)


@register.tag
def component(parser: Any, token: Any) -> template.Node:
    """`{% component "banner" kind="done" title="…" %}…{% endcomponent %}`: the inside becomes `body`."""
    bits = token.split_contents()[1:]
    name = parser.compile_filter(bits[0])
    values = {key: parser.compile_filter(value) for key, value in (bit.split("=", 1) for bit in bits[1:])}
    body = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(name, values, body)


class ComponentNode(template.Node):
    child_nodelists = ("body",)

    def __init__(self, name: Any, values: dict[str, Any], body: Any) -> None:
        self.name, self.values, self.body = name, values, body

    def render(self, context: Any) -> str:
        inside = {key: value.resolve(context) for key, value in self.values.items()}
        inside |= {"body": self.body.render(context), "request": context.get("request")}
        return render_to_string(f"components/{self.name.resolve(context)}.html", inside)


def _tag(kind: str, text: str, mark: str = "") -> SafeString:
    picture = icon(mark) if mark else ""
    return format_html('<span class="tag tag--{}">{}{}</span>', kind, picture, text)


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
