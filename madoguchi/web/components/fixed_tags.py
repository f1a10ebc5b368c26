"""Tags whose words mostly stand in the template: these are drawn when it is read, not at each page."""

from collections.abc import Callable
from typing import Any

from django.template import Library, Node
from django.template.base import TextNode
from django.utils.html import conditional_escape

from madoguchi.web.components.words import reader_of


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


def sentence(say: Callable[..., str]) -> Callable[[Any, Any], Node]:
    """The tag of fixed sentences; one without parts is put into words once for each way of reading."""
    library = Library()
    library.simple_tag(say, takes_context=True, name="t")

    def compiled(parser: Any, token: Any) -> Node:
        key, more = token.split_contents()[1], token.split_contents()[2:]
        word = parser.compile_filter(key)
        if more in ([], ["plain=1"]) and not (word.is_var or word.filters):
            return Sentence(say, str(word.var), plain=bool(more))
        node: Node = library.tags["t"](parser, token)
        return node

    return compiled


class Sentence(Node):
    """A sentence without parts."""

    child_nodelists = ()

    def __init__(self, say: Callable[..., str], key: str, plain: bool) -> None:
        self.say, self.key, self.plain = say, key, plain
        self.told: dict[tuple[str, bool], str] = {}

    def render(self, context: Any) -> str:
        reader = reader_of(context.get("request"))
        way = (reader.voice, reader.furigana)
        if way not in self.told:
            self.told[way] = conditional_escape(self.say(context, self.key, plain=self.plain))
        return self.told[way]
