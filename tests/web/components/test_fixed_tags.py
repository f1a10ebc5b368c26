"""Tags that are drawn when their template is read say what they would say at the page, escaped."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import NoReverseMatch

from madoguchi.web.components import aids
from madoguchi.web.components.icons import icon
from madoguchi.web.components.words import Reader


def drawn(text: str, **context: Any) -> str:
    request = RequestFactory().get("/")
    request.COOKIES.update(context.pop("cookies", {}))
    return Template("{% load components %}" + text).render(Context({"request": request, **context}))


def test_an_icon_is_the_same_by_word_and_by_variable() -> None:
    assert drawn('{% icon "look" %}') == drawn("{% icon name %}", name="look") == icon("look")


def test_a_sentence_is_told_to_each_reader_in_their_own_way() -> None:
    text = '{% for one in "12" %}{% t "field.choose" %}{% endfor %}'
    template = Template("{% load components %}" + text)
    told = []
    for cookies in ({}, {"language": "en"}, {"furigana": "on"}, {"easy": "on"}, {}):
        request = RequestFactory().get("/")
        request.COOKIES.update(cookies)
        told.append(template.render(Context({"request": request})))
    assert told[0] == told[4] == "選んでください" * 2
    assert told[1] == "Please choose" * 2
    assert told[2].count("<ruby>") == 2
    assert len(set(told)) == 4


def test_a_sentence_for_an_attribute_has_no_ruby() -> None:
    assert "<ruby>" not in drawn('{% t "field.choose" plain=1 %}', cookies={"furigana": "on"})


def test_a_sentence_with_parts_escapes_them() -> None:
    assert "<b>" not in drawn('{% t "field.row-add" label=label %}', label="<b>")
    assert drawn('{% t "field.row-add" label=label as told %}[{{ told }}]', label="x").startswith("[")


def test_an_address_is_worked_out_with_its_parts_and_escaped() -> None:
    assert drawn("{% url 'desk:home' %}{% url 'desk:home' %}") == "/desk/" * 2
    assert drawn("{% for n in numbers %}{% url 'desk:case' n %} {% endfor %}", numbers=["A1", "B2"]) == (
        "/desk/cases/A1/ /desk/cases/B2/ "
    )
    assert drawn("{% url 'desk:nowhere' as href %}[{{ href }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        drawn("{% url 'desk:nowhere' %}")


def test_the_bar_of_aids_leads_each_reader_back_where_they_are() -> None:
    first, second = (aids.bar(Reader(), "", back) for back in ("/my/", '/search?q="><script>&x=1'))
    assert "back=%2Fmy%2F" in first
    assert "/my/" not in second
    assert "<script>" not in second
    assert "back=%2Fsearch%3Fq%3D%22%3E%3Cscript%3E%26x%3D1" in second
    assert 'form="page"' in aids.bar(Reader(), "page", "/my/")
    assert "back=" not in aids.bar(Reader(), "page", "/my/")
