"""今日の異常: what can rot, how it is found, and how it is mended; no queries.

A room looks after its own: `troubles.py` names its checks with `watch` and its repairs with `mends`. Nothing here
knows a page; a repair names an act, or a page that web knows by name.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.timezone import localtime

from madoguchi.common.errors import Refusal

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@dataclass(frozen=True)
class Repair:
    """One way to mend a trouble: an act by its name and key, or a page. `choices` are offered beside an act."""

    label: str
    act: str = ""
    key: str = ""
    page: str = ""
    page_key: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong, or soon will be. `what` is a sentence that names no resident."""

    kind: str
    what: str
    count: int = 1
    since: datetime | None = None
    soon: bool = False
    repairs: tuple[Repair, ...] = ()


Check = Callable[[datetime], Iterable[Trouble]]
Mend = Callable[[str, str, "Staff", datetime], str]
Probe = Callable[[str], str]
_checks: dict[str, Check] = {}
_mends: dict[str, Mend] = {}
_probes: dict[str, tuple[str, Probe]] = {}
RECHECK = Repair("もう一度調べる", page="troubles")


CERTIFICATE_SOON = timedelta(days=30)


def ending(kind: str, label: str, ends: datetime, at: datetime) -> Iterator[Trouble]:
    """A certificate that has ended or soon will."""
    day = localtime(ends)
    if ends < at:
        said = f"{label}は{day:%Y年%-m月%-d日}に切れました。新しいものに替えてください。"
        yield Trouble(kind, said, since=ends, repairs=(RECHECK,))
    elif ends < at + CERTIFICATE_SOON:
        said = f"{label}が{day:%Y年%-m月%-d日}に切れます。新しいものを用意してください。"
        yield Trouble(kind, said, soon=True, repairs=(RECHECK,))


class CannotMend(Refusal):
    def __init__(self, sentence: str, next_step: str) -> None:
        super().__init__(sentence, next_step=next_step, code="office.cannot_mend")


def watch(kind: str) -> Callable[[Check], Check]:
    """Name a check: given the moment, it yields what is wrong in the municipality of the session."""

    def keep(check: Check) -> Check:
        _checks[kind] = check
        return check

    return keep


def mends(act: str) -> Callable[[Mend], Mend]:
    """Name a repair: given key, choice, person and moment, it does it and says so."""

    def keep(mend: Mend) -> Mend:
        _mends[act] = mend
        return mend

    return keep


def probe(key: str, label: str) -> Callable[[Probe], Probe]:
    """Name a cheap call to an outside system: given the municipality's code, it says what it found, or refuses."""

    def keep(call: Probe) -> Probe:
        _probes[key] = (label, call)
        return call

    return keep


def checks() -> dict[str, Check]:
    return dict(sorted(_checks.items()))


def probes() -> dict[str, tuple[str, Probe]]:
    return dict(sorted(_probes.items()))


def mend_named(act: str) -> Mend | None:
    return _mends.get(act)


def sentences(found: Iterable[Trouble]) -> list[str]:
    """What a mail says: one line each, the worst first."""
    ordered = sorted(found, key=lambda each: (each.soon, each.kind))
    return [f"・{each.what}{f'（{each.count}件）' if each.count > 1 else ''}" for each in ordered]
