"""Every type of field is drawn with its help, error and echo tied to its inputs."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from madoguchi.ledgers.procedures.fields import EMPTY
from madoguchi.web.components import field_specimens
from madoguchi.web.components.words import Reader


class Page(HTMLParser):
    """Ids, and the elements that answer for an input."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.tags if attrs.get("id")]

    def named(self, name: str) -> dict[str, Any]:
        return next(attrs for _, attrs in self.tags if attrs.get("name") == name)


def drawn(field: Any, filled: Any) -> str:
    request = RequestFactory().get("/")
    template = Template("{% load components %}{% render_field field filled %}")
    return template.render(Context({"request": request, "field": field, "filled": filled}))


@pytest.fixture
def filled() -> Any:
    return field_specimens.filled(Reader())


@pytest.fixture
def page(filled: Any) -> Page:
    return Page("".join(drawn(field, filled) for field in field_specimens.FIELDS))


def test_the_gallery_shows_every_type_of_field() -> None:
    fields = field_specimens.FIELDS
    shown = {each.type for field in fields for each in (field, *field.columns)}
    assert set(EMPTY) - shown == {"household"}, "a household is drawn like a group"


def test_every_description_leads_to_something(page: Page) -> None:
    pointed = {
        each for _, attrs in page.tags for each in (attrs.get("aria-describedby") or "").split() if each
    }
    assert pointed <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_every_label_leads_to_an_input(page: Page) -> None:
    labelled = {attrs["for"] for tag, attrs in page.tags if tag == "label" and attrs.get("for")}
    inputs = {attrs.get("id") for tag, attrs in page.tags if tag in ("input", "select", "textarea")}
    assert labelled <= inputs


def test_an_error_is_tied_to_its_input_and_keeps_what_was_typed(page: Page) -> None:
    pickup = page.named("pickup")
    assert pickup["aria-invalid"] == "true"
    assert pickup["aria-describedby"].split()[0] == "error:pickup"
    assert pickup["value"] == "午後7時半"


def test_own_data_can_be_completed_by_the_browser_and_a_childs_cannot(page: Page) -> None:
    assert page.named("child-family")["autocomplete"] == "family-name"
    assert page.named("child_kana-family")["autocomplete"] == "off"
    assert page.named("tel")["autocomplete"] == "tel"


def test_wishes_move_by_submit_buttons(page: Page) -> None:
    buttons = [attrs for tag, attrs in page.tags if tag == "button"]
    assert {"_up", "_down", "_clear", "_more"} <= {each.get("name") for each in buttons}
    assert any(each.get("aria-label") == "第2希望を上へ" for each in buttons)


def test_no_page_part_carries_script_or_style(filled: Any) -> None:
    html = "".join(drawn(field, filled) for field in field_specimens.FIELDS)
    assert not re.search(r"<script|\sstyle=|\son\w+=", html)


HOSTILE = "\"></textarea></select><script>' onfocus='x"


@pytest.mark.parametrize("field", field_specimens.FIELDS, ids=lambda field: field.key)
def test_answers_cannot_smuggle_markup(field: Any) -> None:
    """What people type, what is told of it, and names of files, in every kind of field."""
    names = [*field_specimens.RAW, *field_specimens.ERRORS, *(each.key for each in field_specimens.FIELDS)]
    names += [
        "home-postcode",
        "home-town",
        "guardians-0-work",
        "guardians-0-from",
        "clubs-1",
        "child_kana-family",
    ]
    nasty = replace(
        field_specimens.filled(Reader()),
        raw={name: [HOSTILE] for name in names},
        errors=dict.fromkeys(names, HOSTILE),
        echoes=dict.fromkeys(names, HOSTILE),
        files={HOSTILE: SimpleNamespace(name=HOSTILE, size=1)},
        focus=HOSTILE,
    )
    harmless = replace(
        nasty,
        raw={name: ["x"] for name in names},
        errors=dict.fromkeys(names, "x"),
        echoes=dict.fromkeys(names, "x"),
        files={"x": SimpleNamespace(name="x", size=1)},
        focus="",
    )
    tags = Page(drawn(field, nasty)).tags
    assert not [tag for tag, attrs in tags if tag == "script" or any(name.startswith("on") for name in attrs)]
    assert [tag for tag, _ in tags] == [tag for tag, _ in Page(drawn(field, harmless)).tags]
