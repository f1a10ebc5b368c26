"""Two applications for one person, side by side; no queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.services.applications.rules import Raw, belongs_to
from madoguchi.services.applications.states import OPEN, Stage

MERGEABLE = OPEN - {Stage.DECIDING}


@dataclass(frozen=True)
class Compared:
    """One field of both applications, as answered. `key` names what may be taken over as a whole."""

    key: str
    kept: Any
    gone: Any

    @property
    def differs(self) -> bool:
        return bool(self.kept != self.gone)


def compared(kept: Mapping[str, Any], gone: Mapping[str, Any], order: Collection[str]) -> list[Compared]:
    """Every field either has an answer to, in the order of the form."""
    given = [key for key in order if _given(kept.get(key)) or _given(gone.get(key))]
    return [Compared(key, kept.get(key), gone.get(key)) for key in given]


def _given(value: Any) -> bool:
    return value not in (None, "", [], {})


def taken_over(kept: Raw, gone: Raw, fields: Collection[str]) -> Raw:
    """What was typed in the case that stays, with these fields whole from the other."""
    rest = {name: values for name, values in kept.items() if not belongs_to(name, fields)}
    return rest | {name: list(values) for name, values in gone.items() if belongs_to(name, fields)}


def still_as_taken(now: Raw, gone: Raw, fields: Collection[str]) -> bool:
    """Whether nobody has changed the taken fields since."""
    return _only(now, fields) == _only(gone, fields)


def _only(raw: Raw, fields: Collection[str]) -> Raw:
    return {name: list(values) for name, values in raw.items() if belongs_to(name, fields)}


def why_not(kept: Any, gone: Any) -> str:
    """Why two cases cannot be made one; empty when they can. They need procedure, period_code, person_key, stage."""
    if kept.pk == gone.pk:
        return "同じ受付番号です。"
    if not kept.person_key or kept.person_key != gone.person_key:
        return "氏名と生年月日が違うので、同じ人の申請とはいえません。"
    if (kept.procedure, kept.period_code) != (gone.procedure, gone.period_code):
        return "手続か受付期間が違います。"
    closed = [each for each in (kept, gone) if Stage(each.stage) not in MERGEABLE]
    if closed:
        return f"{closed[0].number}は「{Stage(closed[0].stage).label}」なので、まとめられません。"
    return ""
