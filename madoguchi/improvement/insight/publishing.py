"""成績 as it may be shown: groups of fewer than k people and what would give them back are left out; no queries.

Every reader sees the same page. Whoever may open cases has the ledger; nobody needs a small number to find a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from madoguchi.common.disclosure import publish_list, publish_lists
from madoguchi.improvement.insight.printed import PrintedCity
from madoguchi.improvement.insight.queries import Measures, Survey
from madoguchi.improvement.insight.rules import Measure, Part
from madoguchi.improvement.insight.states import SATISFIED_FROM, Satisfaction, Verdict
from madoguchi.services.applications.states import Channel

Days = Sequence[tuple[date, int, int]]
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Published:
    """The measures page after suppression: None and `hidden` stand where 「x」 is printed."""

    applications: int | None
    measures: tuple[Measure, ...]
    machine_minutes: tuple[Part, ...]
    survey: dict[Satisfaction, int | None]
    online_by_day: Days
    printed: tuple[PrintedCity, ...]
    threshold: int

    def measure(self, key: str) -> Measure:
        """The measure of that key. Raises KeyError."""
        return {each.key: each for each in self.measures}[key]

    @property
    def hides(self) -> bool:
        """Whether an 「x」 stands anywhere and has to be explained."""
        parts = any(part.hidden for each in self.measures for part in each.parts)
        numbers = (self.applications, *self.survey.values())
        return parts or any(each.hidden for each in self.measures) or None in numbers


def published(found: Measures, k: int) -> Published:
    """What of the measures may be shown when groups of fewer than k people are not."""
    few = 0 < found.applications < k
    corrections = found.measure("corrections")
    parts = correction_parts(corrections, k)
    online_hidden = few or any(part.hidden for part in parts if part.key == Channel.ONLINE)
    answers = survey_shown(found.survey, k)
    told = {
        "online_share": hidden(found.measure("online_share"), hide=online_hidden, few=few),
        "days": days_shown(found, k),
        "staff_minutes": minutes_shown(found.measure("staff_minutes"), few),
        "corrections": replace(corrections_shown(corrections, k, few), parts=parts),
        "satisfaction": satisfaction_shown(found, k),
    }
    return Published(
        None if few else found.applications,
        tuple(told[each.key] for each in found.measures),
        () if few else found.machine_minutes,
        answers,
        () if online_hidden else thinned(found.online_by_day, k),
        found.printed,
        k,
    )


def hidden(measure: Measure, *, hide: bool, few: bool = False) -> Measure:
    """The measure without its figures; of few people not even whether a target was met."""
    if not hide:
        return measure
    judged = (
        tuple(replace(each, verdict=Verdict.NOT_YET) for each in measure.judged) if few else measure.judged
    )
    return replace(
        measure, value=None, numerator=None, denominator=None, judged=judged, parts=(), hidden=True
    )


def correction_parts(measure: Measure, k: int) -> tuple[Part, ...]:
    """By channel: what hides the number of applications hides that of corrections, and the other way round."""
    asked = {part.key: int(part.numerator or 0) for part in measure.parts}
    applications = {part.key: part.denominator or 0 for part in measure.parts}
    lists = publish_lists([applications, asked], k=k)
    gone = lists[0].hidden | lists[1].hidden if lists else frozenset()
    return tuple(
        replace(part, value=None, numerator=None, denominator=None, hidden=True) if part.key in gone else part
        for part in measure.parts
    )


def corrections_shown(measure: Measure, k: int, few: bool) -> Measure:
    return hidden(measure, hide=few or 0 < (measure.numerator or 0) < k, few=few)


def days_shown(found: Measures, k: int) -> Measure:
    """A median of few is about them; with few still undecided the number of the others would tell theirs."""
    days = found.measure("days")
    decided = days.denominator or 0
    pair = publish_list({YES: decided, NO: found.applications - decided}, k=k)
    if 0 < decided < k:
        return hidden(days, hide=True, few=True)
    return replace(days, denominator=pair.counts[YES])


def minutes_shown(measure: Measure, few: bool) -> Measure:
    return hidden(measure, hide=few, few=few)


def satisfaction_shown(found: Measures, k: int) -> Measure:
    """The share and both its numbers, or none of them: the rate and the base give the number of the others."""
    answers, satisfied = found.survey.answers, found.survey.satisfied
    pair = publish_list({YES: satisfied, NO: answers - satisfied}, k=k)
    return hidden(found.measure("satisfaction"), hide=bool(pair.hidden), few=0 < answers < k)


def survey_shown(survey: Survey, k: int) -> dict[Satisfaction, int | None]:
    """Each answer; the halves have their own sums, which stand in the measure."""
    answers, satisfied = survey.answers, survey.satisfied
    shown: dict[Satisfaction, int | None] = {}
    if publish_list({YES: satisfied, NO: answers - satisfied}, k=k).hidden:
        return dict.fromkeys(survey.counts, None)
    for half in (True, False):
        counts = {
            str(score.value): count
            for score, count in survey.counts.items()
            if (score >= SATISFIED_FROM) == half
        }
        printed = publish_list(counts, k=k)
        shown |= {
            score: printed.counts[str(score.value)] for score in survey.counts if str(score.value) in counts
        }
    return {score: shown[score] for score in survey.counts}


def thinned(days: Days, k: int) -> Days:
    """Days on which, since the day shown before, nobody or at least k people came by either way; the rest is summed up
    with later days, and at the end with the totals."""
    kept: list[tuple[date, int, int]] = []
    for day in days:
        if may_follow(kept[-1:], day, k):
            kept.append(day)
    last = days[-1] if days else None
    while kept and last and not may_follow(kept[-1:], last, k):
        kept.pop()
    return kept


def may_follow(before: Iterable[tuple[date, int, int]], day: tuple[date, int, int], k: int) -> bool:
    _, online, total = next(iter(before), (day[0], 0, 0))
    came = day[1] - online, day[2] - day[1] - (total - online)
    return all(count == 0 or count >= k for count in came)
