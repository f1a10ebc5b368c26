"""The status page in words: where the case is, what is to be done, what was decided."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from madoguchi.services.applications.states import Outcome, Stage
from madoguchi.web.components import dates, speech
from madoguchi.web.components.words import Reader

ORDER = (Stage.RECEIVED, Stage.ACCEPTED, Stage.DECIDING, Stage.DECIDED)
NAMES = {
    Stage.RECEIVED: "step.received",
    Stage.ACCEPTED: "step.checked",
    Stage.DECIDING: "step.selected",
    Stage.DECIDED: "step.decided",
}
REACHED = {
    Stage.RECEIVED: 1,
    Stage.REVIEWING: 1,
    Stage.CORRECTING: 1,
    Stage.ACCEPTED: 2,
    Stage.DECIDING: 2,
    Stage.DECIDED: 4,
    Stage.WITHDRAWN: 1,
}
"""How many of the four steps are done at each stage."""
TONE = {Outcome.GRANTED: "", Outcome.WAITLISTED: "wait", Outcome.REFUSED: "no"}


@dataclass(frozen=True)
class StatusPage:
    status: Any
    package: Any
    period: Any
    reader: Reader

    def say(self, key: str, **parts: object) -> SafeString:
        return speech.speak(key, self.reader, **parts)

    @property
    def steps(self) -> list[dict[str, Any]]:
        done = REACHED[self.status.stage]
        when = dict(self.status.steps)
        states = ["done" if at < done else "now" if at == done else "later" for at in range(len(ORDER))]
        if self.status.stage == Stage.WITHDRAWN:
            states = ["done", "later", "later", "later"]
        return [
            {"name": self.say(NAMES[stage]), "when": self._when(stage, when), "state": state,
             "word": self.say(f"step.{state}")}
            for stage, state in zip(ORDER, states, strict=True)
        ]  # fmt: skip

    def _when(self, stage: Stage, when: dict[Stage, Any]) -> str:
        if when.get(stage):
            return dates.short_day(when[stage])
        expected = self.result_on
        return f"{expected.month}/{expected.day}" if stage == Stage.DECIDED and expected else ""

    @property
    def sentence(self) -> SafeString:
        return self.say(f"status.{self.status.stage.value}")

    @property
    def outcome(self) -> dict[str, Any] | None:
        if self.status.outcome is None:
            return None
        return {
            "tone": TONE[self.status.outcome],
            "kind": self.say(f"status.{self.status.outcome.value}"),
        }

    @property
    def result_on(self) -> Any:
        waiting = self.status.stage not in (Stage.DECIDED, Stage.WITHDRAWN)
        if not waiting or self.period is None:
            return None
        return self.period.released_at.date() if self.period.released_at else self.period.decision_on

    @property
    def unread(self) -> list[Any]:
        return [each for each in self.status.letters if each.first_read_at is None]

    @property
    def has_todo(self) -> bool:
        return bool(self.status.correction or self.unread)

    @property
    def may_answer_survey(self) -> bool:
        return self.status.stage == Stage.DECIDED and len(self.unread) < len(self.status.letters)

    @property
    def history(self) -> list[dict[str, Any]]:
        """What happened, newest first, in the resident's words; nothing of what staff did inside."""
        lines = [
            {"at": at, "text": self.say(f"history.{stage.value}")} for stage, at in self.status.steps if at
        ]
        if self.status.correction:
            lines.append({"at": self.status.correction.asked_at, "text": self.say("history.asked")})
        lines += [
            {"at": each.released_at, "text": self.say("history.letter", title=each.title)}
            for each in self.status.letters
        ]
        return sorted(lines, key=lambda line: line["at"], reverse=True)
