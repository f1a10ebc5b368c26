"""保存期間の処理: what is due, why the rest is kept, and the list that is laid before the approver."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from madoguchi.clerical.decisions.queries import undecided_about
from madoguchi.clerical.notices.queries import arrivals
from madoguchi.ledgers.procedures.queries import live_procedures
from madoguchi.ledgers.procedures.retention import Kind, Method, RetentionRule, Start
from madoguchi.services.applications.models import (
    Application,
    BulkItem,
    Correction,
    DisposalRecord,
    RetentionHold,
    RetentionItem,
    RetentionRun,
)
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.people import sections_seen, seen_by
from madoguchi.services.applications.retention_rules import (
    CaseFacts,
    Hold,
    closed_before,
    first_day,
    is_due,
    kind_of,
    reasons_to_keep,
)
from madoguchi.services.applications.states import DisposalState, HoldGround, ItemState, Outcome, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

CHUNK = 500
LIST_LIMIT = 20_000
COLUMNS = ("pk", "number", "stage", "outcome", "decided_at", "changed_at")


@dataclass(frozen=True)
class DueGroup:
    """One kind of cases of one procedure: its rule, and how many are past their period."""

    slug: str
    procedure: str
    kind: Kind
    class_code: str
    rule: RetentionRule
    past: int
    open_run: RetentionRun | None


@dataclass(frozen=True)
class DueCase:
    """One case past its period, and what keeps it back, if anything."""

    id: int
    number: str
    closed_on: date
    due_on: date
    reasons: tuple[str, ...]


def procedures_of(staff: "Staff", *, at: datetime) -> frozenset[str]:
    """The procedures of the sections this person handles."""
    sections = sections_seen(staff, timezone.localdate(at))
    return frozenset(
        loaded.package.slug
        for loaded in live_procedures()
        if sections is None or loaded.section_id in sections
    )


def rules_now() -> Iterator[tuple[str, str, str, Kind, RetentionRule]]:
    """Procedure, its name, class and rule of every kind, as the versions in force say."""
    for loaded in live_procedures():
        package = loaded.package
        for kind, rule in package.retention_rules.rules.items():
            yield package.slug, package.names.ja, package.retention_rules.class_code, kind, rule


def due_groups(staff: "Staff", *, at: datetime) -> list[DueGroup]:
    """Every rule with the cases of this person's sections that are past it; one question a rule."""
    on = timezone.localdate(at)
    runs = {(run.procedure, run.kind): run for run in open_runs()}
    handled = procedures_of(staff, at=at)
    return [
        DueGroup(slug, name, kind, code, rule, _past(rows, rule, on), runs.get((slug, str(kind))))
        for slug, name, code, kind, rule in rules_now()
        if slug in handled
        for rows in [seen_by(staff, at).filter(condition(slug, kind))]
    ]


def _past(rows: QuerySet[Application], rule: RetentionRule, on: date) -> int:
    return sum(1 for _ in past_cases(rows, rule, on)) if rule.method != Method.KEEP else 0


def condition(slug: str, kind: Kind) -> Q:
    """Cases of one kind that still hold something to dispose of."""
    of_kind = {
        Kind.ABANDONED: Q(stage=Stage.WITHDRAWN),
        Kind.FAILED: Q(stage=Stage.DECIDED, outcome=Outcome.REFUSED),
        Kind.FINISHED: Q(stage=Stage.DECIDED) & ~Q(outcome=Outcome.REFUSED),
    }[kind]
    return of_kind & Q(procedure=slug, anonymised_at__isnull=True)


def past_cases(
    rows: QuerySet[Application], rule: RetentionRule, on: date
) -> Iterator[tuple[int, str, date, date]]:
    """Key, number, day of closing and first due day of the cases whose period is over, oldest first."""
    latest = closed_before(rule, on)
    if latest is None:
        return
    column = "changed_at" if rule.start == Start.LAST_CHANGE else "decided_at"
    edge = timezone.make_aware(datetime.combine(latest + timedelta(days=2), time()))
    told = rows.filter(Q(**{f"{column}__lt": edge}) | Q(decided_at__isnull=True, changed_at__lt=edge))
    for key, number, _, _, decided, changed in told.order_by("pk").values_list(*COLUMNS).iterator(2000):
        closed_on = timezone.localdate(decided or changed)
        day = first_day(rule, closed_on, timezone.localdate(changed))
        if day is not None and day <= on:
            yield key, number, closed_on, day


def due_cases(staff: "Staff", slug: str, kind: Kind, *, at: datetime) -> list[tuple[int, str, date, date]]:
    """The cases of one group that this person may see, without the reasons."""
    rule = rule_of(slug, kind)
    if rule is None:
        return []
    rows = seen_by(staff, at).filter(condition(slug, kind))
    return list(past_cases(rows, rule, timezone.localdate(at)))


def with_reasons(past: Sequence[tuple[int, str, date, date]], on: date) -> list[DueCase]:
    """One page of them with what keeps each back."""
    known = facts_of([key for key, *_ in past])
    return [
        DueCase(key, number, closed_on, day, reasons_to_keep(known[key], on))
        for key, number, closed_on, day in past
        if key in known
    ]


def rule_of(slug: str, kind: Kind) -> RetentionRule | None:
    return next((rule for name, _, _, of, rule in rules_now() if (name, of) == (slug, kind)), None)


def facts_of(keys: Collection[int]) -> dict[int, CaseFacts]:
    """What the rule must know of many cases, with a handful of questions; cases out of sight are missing."""
    rows = list(Application.objects.filter(pk__in=keys).values_list(*COLUMNS))
    ids = [row[0] for row in rows]
    letters = arrivals(KIND, [str(key) for key in ids])
    drafted = undecided_about(KIND, [str(key) for key in ids])
    correcting = set(
        Correction.objects.filter(application__in=ids, answered_at__isnull=True).values_list(
            "application", flat=True
        )
    )
    waiting = BulkItem.objects.filter(application__in=ids, state=ItemState.WAITING)
    working = set(waiting.values_list("application", flat=True))
    holds = holds_of(ids)
    found = {}
    for key, _, stage, outcome, decided, changed in rows:
        letter = letters.get(str(key))
        found[key] = CaseFacts(
            Stage(stage),
            Outcome(outcome) if outcome else None,
            timezone.localdate(decided or changed),
            timezone.localdate(changed),
            timezone.localdate(letter.out_at) if letter else None,
            timezone.localdate(letter.read_at) if letter and letter.read_at else None,
            key in correcting,
            str(key) in drafted,
            letter is not None and letter.under_way,
            key in working,
            tuple(holds.get(key, ())),
        )
    return found


def holds_of(keys: Collection[int]) -> dict[int, list[Hold]]:
    rows = RetentionHold.objects.filter(application__in=keys, released_at__isnull=True)
    found: dict[int, list[Hold]] = {}
    for key, ground, until in rows.values_list("application", "ground", "until"):
        found.setdefault(key, []).append(Hold(HoldGround(ground).label, until))
    return found


def due_now(slug: str, kind: Kind, on: date) -> list[tuple[int, str, date]]:
    """The whole list of one group: everybody, past the period and kept back by nothing; at most LIST_LIMIT."""
    rule = rule_of(slug, kind)
    found: list[tuple[int, str, date]] = []
    if rule is None:
        return found
    past = list(past_cases(Application.objects.filter(condition(slug, kind)), rule, on))
    for start in range(0, len(past), CHUNK):
        piece = past[start : start + CHUNK]
        known = facts_of([key for key, *_ in piece])
        found += [(key, number, day) for key, number, _, day in piece if is_due(known[key], rule, on)]
        if len(found) >= LIST_LIMIT:
            return found[:LIST_LIMIT]
    return found


def retention_of(number: str, staff: "Staff", *, at: datetime) -> tuple[DueCase | None, RetentionRule | None]:
    """One case of this person's sections: when its period ends and what keeps it back."""
    row = seen_by(staff, at).filter(number=number).values_list(*COLUMNS, "procedure").first()
    if row is None:
        return None, None
    key, told, stage, outcome, decided, changed, slug = row
    kind = kind_of(Stage(stage), Outcome(outcome) if outcome else None)
    rule = rule_of(slug, kind) if kind else None
    closed_on = timezone.localdate(decided or changed)
    day = first_day(rule, closed_on, timezone.localdate(changed)) if rule else None
    reasons = reasons_to_keep(facts_of([key])[key], timezone.localdate(at))
    return DueCase(key, told, closed_on, day or date.max, reasons), rule


def open_holds(application_id: int) -> QuerySet[RetentionHold]:
    return RetentionHold.objects.filter(application=application_id).select_related("set_by").order_by("-pk")


def open_runs() -> QuerySet[RetentionRun]:
    return RetentionRun.objects.exclude(state__in=["done", "dropped"]).order_by("prepared_at")


def runs(staff: "Staff", *, at: datetime) -> QuerySet[RetentionRun]:
    """Every list of this person's procedures, newest first."""
    rows = RetentionRun.objects.filter(procedure__in=procedures_of(staff, at=at))
    return rows.select_related("prepared_by", "draft").order_by("-prepared_at")


def items_of(run: RetentionRun) -> QuerySet[RetentionItem]:
    """The rows of a list that this session may see."""
    return run.items.order_by("pk")


def counts_of(run: RetentionRun) -> dict[DisposalState, int]:
    rows = run.items.values_list("state").annotate(Count("pk")).order_by()
    return {DisposalState(state): count for state, count in rows}


def disposal_book(staff: "Staff", *, at: datetime) -> QuerySet[DisposalRecord]:
    """廃棄簿 of this person's procedures, newest first."""
    rows = DisposalRecord.objects.filter(procedure__in=procedures_of(staff, at=at))
    return rows.order_by("-disposed_at", "-pk")
