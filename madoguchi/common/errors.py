"""The one family of errors a person may read: a sentence, the next step, a code."""

from typing import Any


class Refusal(Exception):
    """Something asked for cannot be done, said so that the person at the desk can go on.

    A room subclasses it and sets `code` on the class. The code is for help pages and support; the sentence
    alone must be enough for the reader.
    """

    code: str = "common.refused"

    def __init__(self, sentence: str, *, next_step: str, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step
        self.code = code if code is not None else type(self).code

    def __str__(self) -> str:
        return f"{self.sentence}{self.next_step}"

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is copied by calling it with its positional arguments only; job queues pickle errors.
        return _again, (type(self), self.sentence, self.next_step, self.code)


def _again(kind: type[Refusal], sentence: str, next_step: str, code: str) -> Refusal:
    refusal = kind.__new__(kind, sentence)
    Refusal.__init__(refusal, sentence, next_step=next_step, code=code)
    return refusal
