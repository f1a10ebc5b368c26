"""成績. The measures of one procedure and period, from the tables and the trace, never typed in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q

from madoguchi.improvement.insight.models import SurveyAnswer
from madoguchi.improvement.insight.printed import (
    ONLINE_TARGETS,
    PRINTED,
    SATISFACTION_TARGET,
    PrintedCity,
)
from madoguchi.improvement.insight.rules import (
    Judged,
    Measure,
    Part,
    Target,
    judge,
    measured_share,
    per,
    rounded,
)
from madoguchi.improvement.insight.states import SATISFIED_FROM, Satisfaction
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.allocation.queries import round_of
from madoguchi.services.applications import facts
from madoguchi.services.applications.facts import ChannelCount, StepTime
from madoguchi.services.applications.queries import counts_by_day
from madoguchi.services.applications.states import Channel

STEPS: dict[str, str] = {
    "receipt": "受付・入力",
    "review": "確認",
    "check": "印の確認",
    "correction": "補正",
    "accept": "受理",
    "allocation": "利用調整",
    "decision": "決裁",
    "withdraw": "取下げ",
}

DEFINITIONS: dict[str, str] = {
    "online_share": "受け付けた申請のうち、ネットで届いたものの割合（取り下げられた申請も数える）。",
    "days": "受け付けた日の翌日から決定した日までの暦日数の中央値（決定した申請だけ）。",
    "staff_minutes": (
        "職員が画面を開いてから手続きを終えるまでの時間の合計を、受け付けた申請の件数で割ったもの"
        "（1回30分まで。機械の時間は含まない）。"
    ),
    "corrections": "補正を頼んだ回数を、受け付けた申請の件数で割って100を掛けたもの。",
    "satisfaction": "アンケートに答えた人のうち、「満足」か「やや満足」と答えた人の割合。",
}


@dataclass(frozen=True)
class Survey:
    """How many gave each answer."""

    counts: dict[Satisfaction, int]

    @property
    def answers(self) -> int:
        return sum(self.counts.values())

    @property
    def satisfied(self) -> int:
        return sum(count for score, count in self.counts.items() if score >= SATISFIED_FROM)


@dataclass(frozen=True)
class Measures:
    """Everything the measures page shows; the printed table stands beside, untouched."""

    slug: str
    period_code: str
    on: date
    applications: int
    measures: tuple[Measure, ...]
    machine_minutes: tuple[Part, ...]
    survey: Survey
    online_by_day: tuple[tuple[date, int, int], ...]
    printed: tuple[PrintedCity, ...]

    def measure(self, key: str) -> Measure:
        """The measure of that key. Raises KeyError."""
        found = {each.key: each for each in self.measures}
        return found[key]


def measures(slug: str, period_code: str, *, on: date, standard_days: int | None = None) -> Measures:
    """The measures of one period as they stand on a day, each with its definition and its cases.

    `standard_days` (標準処理期間 in calendar days) is the target of the days when it is given.
    """
    channels = facts.by_channel(slug, period_code)
    total = sum(each.applications for each in channels)
    times = [*facts.step_times(slug, period_code), *_decision_times(slug, period_code)]
    survey = survey_of(slug, period_code)
    return Measures(
        slug,
        period_code,
        on,
        total,
        (
            online_share(channels, total),
            days_to_decision(slug, period_code, standard_days),
            staff_minutes([each for each in times if each.actor_kind == "staff"], total),
            corrections(channels, total),
            satisfaction(survey),
        ),
        tuple(_steps([each for each in times if each.actor_kind == "system"], total)),
        survey,
        tuple(running_share(counts_by_day(slug, period_code))),
        PRINTED,
    )


def online_share(channels: Iterable[ChannelCount], total: int) -> Measure:
    """オンライン率 against both targets of the report."""
    online = sum(each.applications for each in channels if each.channel == Channel.ONLINE)
    return measured_share(
        "online_share",
        "オンライン率",
        online,
        total,
        DEFINITIONS["online_share"],
        ONLINE_TARGETS,
        {"channel": Channel.ONLINE.value},
    )


def days_to_decision(slug: str, period_code: str, standard_days: int | None = None) -> Measure:
    """受付から決定まで."""
    decided, median = facts.days_to_decision(slug, period_code)
    exact = None if median is None else Decimal(str(median))
    line = Target(Decimal(standard_days), "日", at_least=False) if standard_days else None
    judged: tuple[Judged, ...] = (judge(exact, line),) if line else ()
    return Measure(
        "days",
        "受付から決定まで",
        rounded(exact),
        "日",
        None,
        decided,
        DEFINITIONS["days"],
        judged,
        {"stage": "decided"},
    )


def staff_minutes(times: Iterable[StepTime], total: int) -> Measure:
    """職員の時間（1件）, with its parts by step."""
    timed = list(times)
    seconds = sum(each.seconds for each in timed)
    value = per(Decimal(seconds) / 60, total) if timed else None
    return Measure(
        "staff_minutes",
        "職員の時間（1件）",
        value,
        "分",
        rounded(Decimal(seconds) / 60),
        total,
        DEFINITIONS["staff_minutes"],
        parts=tuple(_steps(timed, total)),
    )


def _steps(times: Iterable[StepTime], total: int) -> Iterable[Part]:
    """Minutes a case for each step, in the order of the work; steps nobody timed are left out."""
    seconds: dict[str, int] = defaultdict(int)
    for each in times:
        seconds[each.step] += each.seconds
    order = [*STEPS, *sorted(set(seconds) - set(STEPS))]
    for step in order:
        if step in seconds:
            minutes = Decimal(seconds[step]) / 60
            yield Part(step, STEPS.get(step, step), per(minutes, total), "分", rounded(minutes), total)


def _decision_times(slug: str, period_code: str) -> list[StepTime]:
    """The approver's time on the draft of the period's list: one draft decides all its cases."""
    found = round_of(slug, period_code)
    if found is None or found.draft_id is None:
        return []
    rows = trace_of(Subject("decisions.draft", str(found.draft_id)))
    timed = rows.filter(note__staff_seconds__isnull=False).values_list("actor_kind", "note")
    return [
        StepTime("decision", kind, int(note["staff_seconds"]), 1)
        for kind, note in timed
        if note["staff_seconds"] is not None
    ]


def corrections(channels: Iterable[ChannelCount], total: int) -> Measure:
    """補正（100件あたり）, with its parts by channel."""
    known = [each for each in channels if each.applications]
    asked = sum(each.corrections for each in known)
    parts = (
        Part(
            each.channel.value,
            str(each.channel.label),
            per(each.corrections, each.applications, 100),
            "件",
            Decimal(each.corrections),
            each.applications,
        )
        for each in known
    )
    return Measure(
        "corrections",
        "補正（100件あたり）",
        per(asked, total, 100),
        "件",
        Decimal(asked),
        total,
        DEFINITIONS["corrections"],
        link_filter={"corrected": "1"},
        parts=tuple(parts),
    )


def satisfaction(survey: Survey) -> Measure:
    """満足度 against the target of the report. Its cases are those that were asked: the decided ones."""
    return measured_share(
        "satisfaction",
        "満足度",
        survey.satisfied,
        survey.answers,
        DEFINITIONS["satisfaction"],
        (SATISFACTION_TARGET,),
        {"stage": "decided"},
    )


def survey_of(slug: str, period_code: str) -> Survey:
    """Answers by score."""
    rows = SurveyAnswer.objects.filter(procedure=slug, period_code=period_code)
    counts = rows.aggregate(
        **{f"score_{each}": Count("pk", filter=Q(score=each)) for each in Satisfaction.values}
    )
    return Survey({each: counts[f"score_{each.value}"] for each in reversed(Satisfaction)})


def running_share(days: Iterable[tuple[date, str, int]]) -> Iterable[tuple[date, int, int]]:
    """For each day with a receipt: online and all applications up to and with it."""
    by_day: dict[date, list[int]] = {}
    for day, channel, count in days:
        counted = by_day.setdefault(day, [0, 0])
        counted[0] += count if channel == Channel.ONLINE else 0
        counted[1] += count
    online = everything = 0
    for day in sorted(by_day):
        online, everything = online + by_day[day][0], everything + by_day[day][1]
        yield day, online, everything
