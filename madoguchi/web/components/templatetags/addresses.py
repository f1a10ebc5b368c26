"""`{% url %}` of every template: Django's own, with addresses worked out once a process."""

from typing import Any

from django import template
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from madoguchi.web.components.addresses import address

register = template.Library()


@register.tag
def url(parser: Any, token: Any) -> template.Node:
    node = django_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


class AddressNode(URLNode):
    """An address; one that hangs on nothing is `lasting` once it was told."""

    def __init__(self, view_name: Any, args: Any, kwargs: Any, asvar: str | None) -> None:
        super().__init__(view_name, args, kwargs, asvar)
        fixed = not (args or kwargs or asvar or view_name.is_var or view_name.filters)
        self.lasting: list[str] | None = [] if fixed else None

    def render(self, context: Any) -> str:
        if self.lasting is None:
            return self.found(context)
        if not self.lasting:
            self.lasting.append(self.found(context))
        return self.lasting[0]

    def found(self, context: Any) -> str:
        parts = [str(part.resolve(context)) for part in self.args]
        named = {name: str(part.resolve(context)) for name, part in self.kwargs.items()}
        try:
            found = address(self.view_name.resolve(context), *parts, **named)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found
