"""Tags whose words mostly stand in the template: these are drawn when it is read, not at each page."""

from collections.abc import Callable
from typing import Any

from django.template import Node
from django.template.base import TextNode
from django.utils.html import conditional_escape


def fixed(draw: Callable[..., str]) -> Callable[[Any, Any], Node]:
    """A tag that takes words by place, as `{% icon "look" %}`; escaped unless `draw` gives safe HTML."""

    def compiled(parser: Any, token: Any) -> Node:
        words = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
        if any(word.is_var or word.filters for word in words):
            return Drawn(draw, words)
        return TextNode(conditional_escape(draw(*(word.var for word in words))))

    return compiled


class Drawn(Node):
    """The tag where its words are known only when the page is drawn."""

    child_nodelists = ()

    def __init__(self, draw: Callable[..., str], words: list[Any]) -> None:
        self.draw, self.words = draw, words

    def render(self, context: Any) -> str:
        return conditional_escape(self.draw(*(word.resolve(context) for word in self.words)))
