"""Every type of field is drawn with its help, error and echo tied to its inputs."""

import re
from html.parser import HTMLParser
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


def test_answers_cannot_smuggle_markup() -> None:
    base = field_specimens.filled(Reader())
    nasty = type(base)(**{**vars(base), "raw": {"notes": ['</textarea><script>"']}})
    notes = next(field for field in field_specimens.FIELDS if field.key == "notes")
    assert "<script>" not in drawn(notes, nasty)
