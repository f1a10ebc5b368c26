"""受付. The one intake under every channel: a number, the answers as read, checks, score and trace at once."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.ledgers.office.actions import leave_acts
from madoguchi.ledgers.office.entering import enter_rows
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Act, Actor, Subject
from madoguchi.ledgers.procedures.queries import LoadedPackage, package_of
from madoguchi.ledgers.registry.queries import (
    facts_of_households,
    households_of,
    protected_people,
    protections_of,
)
from madoguchi.ledgers.registry.views import ProtectedFigure
from madoguchi.services.applications.calendars import office_calendar
from madoguchi.services.applications.clock_rules import due_on
from madoguchi.services.applications.clocks import rule_of
from madoguchi.services.applications.errors import AlreadyApplied, AnswersIncomplete
from madoguchi.services.applications.looked_up import Asked, look_up, wanted_by
from madoguchi.services.applications.models import Application, Check
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.other_cases import Case, case_of, with_other_cases
from madoguchi.services.applications.protecting import mark_for_registry
from madoguchi.services.applications.protection import asks_registry, unit_by_names
from madoguchi.services.applications.proxies import mail_goes_to
from madoguchi.services.applications.reading import (
    Answered,
    CaseReading,
    Person,
    Situation,
    period_of,
    read_answers,
    read_case,
)
from madoguchi.services.applications.rules import Raw, clean_raw, counted_seconds, receipt_numbers
from madoguchi.services.applications.searching import enter_search_texts
from madoguchi.services.applications.states import DIGITAL, Channel, Stage
from madoguchi.services.applications.views import Receipt

NEXT_NUMBERS = """
INSERT INTO applications_numberseries (prefix, last) VALUES (%s, %s)
ON CONFLICT (municipality_id, prefix) DO UPDATE SET last = applications_numberseries.last + EXCLUDED.last
RETURNING last
"""


@dataclass(frozen=True)
class Order:
    """One application to be received. `raw` is exactly what was typed; `facts` None asks the registry."""

    version_id: int
    period_code: str
    raw: Raw
    channel: Channel
    by: Actor
    at: datetime
    submission_key: uuid.UUID
    visitor_id: uuid.UUID | None = None
    resident_id: int | None = None
    facts: dict[str, Any] | None = None
    staff_seconds: int | None = None
    email: str = ""
    once_a_visitor: bool = False
    confirmed: tuple[str, ...] = ()


def receive(
    *,
    version_id: int,
    period_code: str,
    raw: Raw,
    channel: Channel,
    by: Actor,
    at: datetime,
    submission_key: uuid.UUID,
    visitor_id: uuid.UUID | None = None,
    resident_id: int | None = None,
    facts: dict[str, Any] | None = None,
    staff_seconds: int | None = None,
    email: str = "",
    once_a_visitor: bool = False,
    confirmed: tuple[str, ...] = (),
) -> Receipt:
    """Receive one application; the same `submission_key` again gives the same receipt.

    An online application must be complete (AnswersIncomplete); one on paper or at the counter is received as
    it is, with a check that names what is missing. `once_a_visitor` refuses a second one for the same person
    (AlreadyApplied). `confirmed` are the fields the applicant was asked to look at again and left as they are.
    """
    order = Order(
        version_id,
        period_code,
        clean_raw(raw),
        Channel(channel),
        by,
        at,
        submission_key,
        visitor_id,
        resident_id,
        facts,
        staff_seconds,
        email,
        once_a_visitor,
        confirmed,
    )
    return _receive_chunk([order])[0]


def receive_many(orders: Iterable[Order], *, chunk: int = 200) -> Iterator[Receipt]:
    """Receive many, each chunk in one transaction: all of a chunk or none of it."""
    waiting = iter(orders)
    while taken := list(islice(waiting, chunk)):
        yield from _receive_chunk([replace(order, raw=clean_raw(order.raw)) for order in taken])


@full_sight()
def _receive_chunk(orders: Sequence[Order]) -> list[Receipt]:
    try:
        with transaction.atomic():
            return _enter(orders)
    except IntegrityError:
        # The same submission came in by another request at the same moment; its receipt can be read now.
        with transaction.atomic():
            return _enter(orders)


def _enter(orders: Sequence[Order]) -> list[Receipt]:
    keys = [order.submission_key for order in orders]
    former = Application.objects.filter(submission_key__in=keys).defer(
        "raw", "answers", "facts", "score_sheet"
    )
    receipts = {each.submission_key: receipt_of(each, again=True) for each in former}
    fresh = {order.submission_key: order for order in orders if order.submission_key not in receipts}
    if fresh:
        receipts |= {each.submission_key: receipt_of(each) for each in _write(list(fresh.values()))}
    return [receipts[key] for key in keys]


def receipt_of(application: Application, *, again: bool = False) -> Receipt:
    return Receipt(
        application.pk,
        application.number,
        application.received_at,
        application.due_on,
        application.procedure,
        application.period_code,
        Channel(application.channel),
        application.person_name,
        application.checks_to_look_at,
        again,
    )


@dataclass(frozen=True)
class Known:
    """A standing case of the same person."""

    number: str
    visitor_id: uuid.UUID | None
    unit: int | None


@dataclass
class IntakeDesk:
    """What is looked up once for a chunk: packages, calendar, cases of the same persons."""

    packages: dict[int, LoadedPackage] = field(default_factory=dict)
    registered: dict[tuple[int, date], dict[str, Any]] = field(default_factory=dict)
    known: dict[tuple[str, str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))
    protections: dict[int, int] = field(default_factory=dict)
    to_ask_about: set[str] = field(default_factory=set)
    looked_up: dict[Asked, dict[str, Any]] = field(default_factory=dict)
    households: dict[int, int] = field(default_factory=dict)
    written: list[Case] = field(default_factory=list)

    def look_up_residents(self, orders: Iterable[Order]) -> None:
        """The register is asked once for the whole chunk."""
        asked = [order for order in orders if order.facts is None and order.resident_id]
        self.registered = facts_of_households(
            (order.resident_id or 0, timezone.localdate(order.at)) for order in asked
        )
        self.protections = protections_of(order.resident_id for order in orders if order.resident_id)
        self.looked_up = look_up(self.asking(order) for order in asked)
        self.households = households_of(order.resident_id for order in orders if order.resident_id)

    def asking(self, order: Order) -> Asked:
        """What the lists of other systems are asked for an order."""
        return Asked(order.resident_id or 0, wanted_by(self.package(order.version_id).package), order.at)

    def compared(self, order: Order, answered: Answered, number: str, unit: int | None) -> Case:
        """The new case as it is compared with the others."""
        household = self.households.get(order.resident_id or 0)
        on = answered.situation.received_on
        return case_of(answered, number=number, household_id=household, received_on=on, unit=unit)

    @cached_property
    def figures(self) -> list[ProtectedFigure]:
        return protected_people()

    def unit_of(self, order: Order, person: Person) -> int | None:
        """The protection unit a new case belongs to: by its resident, or by the names on a paper form."""
        if order.resident_id is not None:
            return self.protections.get(order.resident_id)
        return None if order.visitor_id else unit_by_names(self.figures, person)

    @cached_property
    def calendar(self) -> OfficeCalendar:
        return office_calendar()

    def package(self, version_id: int) -> LoadedPackage:
        if version_id not in self.packages:
            self.packages[version_id] = package_of(version_id)
        return self.packages[version_id]

    def answered(self, order: Order) -> Answered:
        package = self.package(order.version_id).package
        on = timezone.localdate(order.at)
        facts = order.facts
        if facts is None:
            facts = self.registered.get((order.resident_id or 0, on), {}) | self.looked_up.get(
                self.asking(order), {}
            )
        if order.confirmed:
            facts = {**facts, "confirmed": list(order.confirmed)}
        period = period_of(package, order.period_code)
        return read_answers(package, order.raw, Situation(period, on, order.channel, facts))

    def look_for_same_persons(self, answered: Iterable[Answered]) -> None:
        keys = {each.person.key for each in answered} - {""}
        rows = (
            Application.objects.filter(person_key__in=keys).exclude(stage=Stage.WITHDRAWN).order_by("number")
        )
        for *place, number, visitor_id, unit in rows.values_list(
            "procedure", "period_code", "person_key", "number", "visitor_id", "protection_id"
        ):
            self.known[(place[0], place[1], place[2])].append(Known(number, visitor_id, unit))


def _write(orders: list[Order]) -> list[Application]:
    desk = IntakeDesk()
    desk.look_up_residents(orders)
    answered = [desk.answered(order) for order in orders]
    for order, each in zip(orders, answered, strict=True):
        if (order.channel in DIGITAL or order.visitor_id is not None) and each.reading.errors:
            raise AnswersIncomplete(each.reading)
    # The number first: its lock makes receipts wait for one another, so that of two applications for one person
    # sent at the same moment the second sees the first.
    numbers = _numbers(answered)
    desk.look_for_same_persons(answered)
    written = [
        _case(desk, order, each, number)
        for order, each, number in zip(orders, answered, numbers, strict=True)
    ]
    applications = Application.objects.bulk_create(application for application, _ in written)
    save_checks([(application, case) for application, case in written])
    enter_search_texts(applications)
    if desk.to_ask_about:
        asked = Application.objects.filter(number__in=desk.to_ask_about)
        mark_for_registry(asked.values_list("pk", flat=True))
    leave_acts(_act_of(order, application) for order, application in zip(orders, applications, strict=True))
    return applications


def _numbers(answered: Sequence[Answered]) -> list[str]:
    """One number each, in order, from the series of each package's prefix."""
    wanted: dict[str, int] = defaultdict(int)
    for each in answered:
        wanted[each.package.number_prefix] += 1
    series = {prefix: iter(take_numbers(prefix, count)) for prefix, count in sorted(wanted.items())}
    return [next(series[each.package.number_prefix]) for each in answered]


def take_numbers(prefix: str, count: int) -> list[str]:
    """The next numbers of a series; they are given back when the transaction fails."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBERS, [prefix, count])
        return receipt_numbers(prefix, int(cursor.fetchone()[0]), count)


def _case(desk: IntakeDesk, order: Order, answered: Answered, number: str) -> tuple[Application, CaseReading]:
    loaded = desk.package(order.version_id)
    person = answered.person
    same = desk.known[(loaded.package.slug, order.period_code, person.key)] if person.key else []
    if order.once_a_visitor:
        _refuse_second(order, same)
    unit = desk.unit_of(order, person)
    answered, hidden = with_other_cases(answered, desk.compared(order, answered, number, unit), desk.written)
    told = [each.number for each in same if each.unit in (None, unit)]
    ask = asks_registry(desk.figures, person, unit) or len(told) < len(same) or hidden
    case = read_case(answered, told, ask_registry=ask)
    if unit is not None:
        desk.to_ask_about.update(each.number for each in same if each.unit != unit)
    same.append(Known(number, order.visitor_id, unit))
    on = answered.situation.received_on
    return Application(
        number=number,
        version_id=loaded.version_id,
        procedure=loaded.package.slug,
        section_id=loaded.section_id,
        period_code=order.period_code,
        channel=order.channel,
        raw=order.raw,
        visitor_id=order.visitor_id,
        resident_id=order.resident_id,
        received_at=order.at,
        changed_at=order.at,
        due_on=due_on(on, rule_of(loaded.package), (), desk.calendar),
        submission_key=order.submission_key,
        protection_id=unit,
        **columns_of(case, email=order.email),
    ), case


def _refuse_second(order: Order, same: Iterable[Known]) -> None:
    for each in same:
        if each.visitor_id is not None and each.visitor_id == order.visitor_id:
            raise AlreadyApplied(each.number)


WORKED_OUT_COLUMNS = (
    *("answers", "facts", "person_name", "person_kana", "person_key", "applicant_name", "email"),
    *("first_wish", "grade", "score", "score_sheet", "checks_to_look_at", "checks_run"),
)
"""The columns that columns_of gives."""


def columns_of(case: CaseReading, *, email: str = "") -> dict[str, Any]:
    """The columns that follow from the answers; they are worked out again after a correction."""
    person = case.person
    return {
        "answers": case.reading.values,
        "facts": case.facts,
        "person_name": person.name,
        "person_kana": person.kana,
        "person_key": person.key,
        "applicant_name": person.applicant,
        "proxy": dict(person.proxy),
        "email": mail_goes_to(person.proxy, person.email, email),
        "first_wish": person.first_wish,
        "grade": person.grade,
        "score": case.score,
        "score_sheet": case.sheet.as_json() if case.sheet else {},
        "checks_to_look_at": case.to_look_at,
        "checks_run": len(case.checks),
    }


def save_checks(cases: Iterable[tuple[Application, CaseReading]]) -> None:
    enter_rows(
        Check,
        (
            {"application_id": application.pk, **vars(check)}
            for application, case in cases
            for check in case.checks
        ),
    )


def _act_of(order: Order, application: Application) -> Act:
    note: dict[str, Any] = {
        "number": application.number,
        "channel": order.channel,
        "step": "receipt",
        "to_look_at": application.checks_to_look_at,
    }
    seconds = counted_seconds(order.staff_seconds)
    if seconds is not None:
        note["staff_seconds"] = seconds
    return Act(order.by, "applications.received", Subject(KIND, str(application.pk)), order.at, note)
