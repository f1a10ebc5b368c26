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


class Unreadable(Refusal):
    """What was typed cannot be read as the kind of value asked for. Nothing was changed or guessed."""

    code = "common.unreadable"


class DateUnreadable(Unreadable):
    code = "common.date_unreadable"


class EraUnavailable(DateUnreadable):
    """Before 1873-01-01 Japan used a lunisolar calendar, so a 和暦 day cannot be had by counting years."""

    code = "common.era_unavailable"


class NotYetBorn(Refusal):
    code = "common.not_yet_born"


class TimeUnreadable(Unreadable):
    code = "common.time_unreadable"


class AmountUnreadable(Unreadable):
    code = "common.amount_unreadable"


class CodeUnreadable(Unreadable):
    code = "common.code_unreadable"


class CaseNumberUnreadable(Unreadable):
    code = "common.case_number_unreadable"


class PhoneUnreadable(Unreadable):
    code = "common.phone_unreadable"


class EmailUnreadable(Unreadable):
    code = "common.email_unreadable"
