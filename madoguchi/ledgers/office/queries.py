"""Questions about municipality, organisation, staff, powers and the trace."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Value

from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.office.models import (
    Grant,
    Municipality,
    PowerException,
    ProtectedSubject,
    Section,
    SectionInYear,
    Staff,
    Trace,
    TraceHead,
)
from madoguchi.ledgers.office.prepared import prepared, prepared_objects, slot
from madoguchi.ledgers.office.roles import POWERS, ExceptionKind, Power, Role
from madoguchi.ledgers.office.session import current_municipality_id, full_sight
from madoguchi.ledgers.office.trace import Actor, BrokenLink, Subject, TraceRow, first_broken_link


def municipality_by_code(code: str) -> Municipality:
    return Municipality.objects.get(code=code)


def municipality_here() -> Municipality:
    """The municipality of the session."""
    return Municipality.objects.get(pk=current_municipality_id() or 0)


def municipalities() -> QuerySet[Municipality]:
    return Municipality.objects.order_by("code")


def section_by_code(code: str) -> Section | None:
    return Section.objects.filter(code=code).first()


def section_in_year(section_id: int, on: date) -> SectionInYear | None:
    """The section as it is called on a day; the latest earlier name when the year is not yet entered."""
    return (
        SectionInYear.objects.filter(section_id=section_id, fiscal_year__lte=fiscal_year(on))
        .order_by("-fiscal_year")
        .first()
    )


_ask_section = prepared_objects(
    lambda: SectionInYear.objects.filter(
        section__code=slot("code", "text"), fiscal_year__lte=slot("year", "integer")
    ).order_by("-fiscal_year")[:1]
)


def section_as_called(code: str, on: date) -> SectionInYear | None:
    """The section with this code as it is called on a day."""
    return next(iter(_ask_section(code=code, year=fiscal_year(on))), None)


def organisation(on: date) -> QuerySet[SectionInYear]:
    """The organisation tree of the fiscal year that holds `on`."""
    return (
        SectionInYear.objects.filter(fiscal_year=fiscal_year(on))
        .select_related("section", "parent")
        .order_by("section__code")
    )


def sections_under(section_id: int, on: date) -> frozenset[int]:
    """A section and everything below it, by the latest organisation entered up to the fiscal year of a day."""
    rows = SectionInYear.objects.filter(fiscal_year__lte=fiscal_year(on)).order_by("fiscal_year")
    return _below(section_id, dict(rows.values_list("section_id", "parent_id")))


def _below(section_id: int, above: dict[int, int | None]) -> frozenset[int]:
    return frozenset({section_id, *(each for each in above if section_id in _line_up(each, above))})


def _line_up(section_id: int, above: dict[int, int | None]) -> list[int]:
    """The sections above one, nearest first; a circle ends where it began."""
    line: list[int] = []
    parent = above.get(section_id)
    while parent is not None and parent not in line:
        line.append(parent)
        parent = above.get(parent)
    return line


def staff_by_id(staff_id: str, *, or_left: bool = False) -> Staff | None:
    rows = Staff.objects.filter(is_active__in=[True, not or_left])
    return rows.filter(pk=staff_id).first() if staff_id.isdecimal() else None


def staff_by_login(login: str) -> Staff | None:
    return Staff.objects.filter(login=login, is_active=True).select_related("section").first()


def in_force(on: date, before: str = "") -> Q:
    """Grants and exceptions that hold on a day: begun, not expired, not taken back."""
    held = Q(**{f"{before}granted_on__lte": on, f"{before}expires_on__gte": on})
    return held & (Q(**{f"{before}ended_on__isnull": True}) | Q(**{f"{before}ended_on__gt": on}))


def roles_of(staff: Staff, on: date) -> frozenset[Role]:
    """The unexpired roles of a member of staff."""
    grants = Grant.objects.filter(in_force(on), staff=staff)
    return frozenset(Role(role) for role in grants.values_list("role", flat=True))


@dataclass(frozen=True)
class Standing:
    """What a member of staff may do on a day, the section as it is called then, and the sections below it."""

    on: date
    powers: frozenset[Power]
    place: SectionInYear | None
    sections: frozenset[int]


def remember_standing(staff: Staff, on: date) -> Standing:
    """Ask once for somebody who signed in; the object of one request answers the same questions without asking."""
    source: Callable[[date], Standing] | None = getattr(staff, SOURCE, None)
    standing = _standing(staff, on) or (source(on) if source else _ask_standing(staff, on))
    setattr(staff, STANDING, standing)
    return standing


def _ask_standing(staff: Staff, on: date) -> Standing:
    years = SectionInYear.objects.filter(fiscal_year__lte=fiscal_year(on)).order_by("fiscal_year")
    return standing_told(staff.section_id, on, years, powers_of(staff, on))


def standing_told(
    section_id: int, on: date, years: Iterable[SectionInYear], powers: frozenset[Power]
) -> Standing:
    """A standing from the names of every section, the oldest year first."""
    named = {year.section_id: year for year in years}
    sections = _below(section_id, {each: year.parent_id for each, year in named.items()})
    return Standing(on, powers, named.get(section_id), sections)


# Attributes, so that the lazy person of a request hands them on to the person within.
STANDING, SOURCE = "standing", "standing_of_day"


def keep_source(staff: Staff, source: Callable[[date], Standing]) -> None:
    """Somebody read with all grants (signed_in) can tell the standing of any day."""
    setattr(staff, SOURCE, source)


def _standing(staff: Staff, on: date) -> Standing | None:
    standing: Standing | None = getattr(staff, STANDING, None)
    return standing if standing is not None and standing.on == on else None


def place_of(staff: Staff, on: date) -> SectionInYear | None:
    """The section of a member of staff as it is called on a day."""
    standing = _standing(staff, on)
    return standing.place if standing else section_in_year(staff.section_id, on)


def sections_of(staff: Staff, on: date) -> frozenset[int]:
    """The section of a member of staff and those below it."""
    standing = _standing(staff, on)
    return standing.sections if standing else sections_under(staff.section_id, on)


def powers_of(staff: Staff, on: date) -> frozenset[Power]:
    """Everything a member of staff may do on a day: Σ roles + Σ added exceptions − Σ removed exceptions."""
    if standing := _standing(staff, on):
        return standing.powers
    granted = Grant.objects.filter(in_force(on), staff=staff).values_list(Value("role"), "role")
    excepted = PowerException.objects.filter(in_force(on), staff=staff).values_list("kind", "power")
    return powers_told(granted.union(excepted))


def powers_told(named: Iterable[tuple[str, str]]) -> frozenset[Power]:
    """The powers from roles ("role", code) and exceptions (kind, code)."""
    named = list(named)
    roles = (power for kind, role in named if kind == "role" for power in POWERS[Role(role)])
    added = {Power(power) for kind, power in named if kind == ExceptionKind.ADD}
    removed = {Power(power) for kind, power in named if kind == ExceptionKind.REMOVE}
    return (frozenset(roles) | added) - removed


def staff_with_power(power: Power, on: date) -> list[Staff]:
    """Everybody who holds a power on a day, by name."""
    roles = [role for role, powers in POWERS.items() if power in powers]
    by_role = Q(pk__in=Grant.objects.filter(in_force(on), role__in=roles).values("staff"))
    told = PowerException.objects.filter(in_force(on), power=power)
    added = Q(pk__in=told.filter(kind=ExceptionKind.ADD).values("staff"))
    removed = Q(pk__in=told.filter(kind=ExceptionKind.REMOVE).values("staff"))
    people = Staff.objects.filter((by_role | added) & ~removed, is_active=True)
    return list(people.order_by("name_kana", "login"))


@dataclass(frozen=True)
class GrantLine:
    """One grant or exception, in force or past, as the page of grants shows it."""

    key: str
    staff_name: str
    login: str
    what: str
    kind: str
    granted_on: date
    expires_on: date
    ended_on: date | None
    reason: str
    granted_by: str
    in_force: bool


def grant_lines(on: date) -> list[GrantLine]:
    """Every grant and exception of the municipality, by person, what holds first."""
    grants = [
        _line(each, f"role-{each.pk}", Role(each.role).label, "役割", on)
        for each in Grant.objects.select_related("staff")
    ]
    exceptions = [
        _line(each, f"power-{each.pk}", Power(each.power).label, ExceptionKind(each.kind).label, on)
        for each in PowerException.objects.select_related("staff", "granted_by")
    ]
    return sorted([*grants, *exceptions], key=lambda line: (not line.in_force, line.login, line.what))


def _line(row: Grant | PowerException, key: str, what: str, kind: str, on: date) -> GrantLine:
    holds = row.granted_on <= on <= row.expires_on and (row.ended_on is None or row.ended_on > on)
    by = row.granted_by if isinstance(row, PowerException) else None
    return GrantLine(
        key,
        row.staff.name,
        row.staff.login,
        what,
        kind,
        row.granted_on,
        row.expires_on,
        row.ended_on,
        row.reason if isinstance(row, PowerException) else "",
        by.name if by else "",
        holds,
    )


def everybody() -> list[Staff]:
    """The staff in office, by name."""
    return list(Staff.objects.filter(is_active=True).order_by("name_kana", "login"))


def colleagues(staff: Staff) -> list[Staff]:
    """The people of one's own section, oneself included."""
    return colleagues_of_section(staff.section_id)


def colleagues_of_section(section_id: int) -> list[Staff]:
    return _ask_colleagues(section=section_id)


_ask_colleagues = prepared_objects(
    lambda: Staff.objects.filter(section=slot("section", "bigint"), is_active=True).order_by(
        "name_kana", "login"
    )
)


def trace_of(subject: Subject) -> QuerySet[Trace]:
    """What happened to one record, oldest first."""
    return Trace.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by("seq")


_LINE = ("happened_at", "actor_kind", "actor_id", "actor_name", "verb", "purpose", "note")


def _lines() -> Any:
    rows = Trace.objects.filter(subject_kind=slot("kind", "text"), subject_id=slot("id", "text"))
    return rows.order_by("-seq").values(*_LINE)


_ask_lines = prepared(_lines)


def lines_of_trace(subject: Subject) -> list[dict[str, Any]]:
    """What happened to one record, newest first, as pages show it."""
    return _ask_lines(kind=subject.kind, id=subject.id)


def acts_after(seq: int, kind: str, limit: int) -> list[Trace]:
    """What happened to records of one kind after a line of the trace, in the order of commit."""
    rows = Trace.objects.filter(seq__gt=seq, subject_kind=kind).order_by("seq")
    return list(rows.only("seq", "verb", "subject_id")[:limit])


def acts_with_notes(seq: int, kind: str, limit: int) -> list[Trace]:
    """As acts_after, with who acted and what was noted."""
    return list(Trace.objects.filter(seq__gt=seq, subject_kind=kind).order_by("seq")[:limit])


def last_act_number() -> int:
    """The number of the newest line of the trace that this session sees; 0 before the first."""
    return Trace.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def recent_trace() -> QuerySet[Trace]:
    """The whole trace of the municipality, newest first."""
    return Trace.objects.order_by("-seq")


def trace_matching(
    *,
    verb: str = "",
    actor: str = "",
    subject_id: str = "",
    day: date | None = None,
    rooms: Iterable[str] = (),
) -> QuerySet[Trace]:
    """The trace narrowed down by deed, part of a name, record and day; newest first.

    `rooms` leaves only deeds that begin with one of these ("payments."); none leaves every deed.
    """
    wanted = {"verb": verb, "actor_name__contains": actor, "subject_id": subject_id, "happened_at__date": day}
    begun = Q()
    for room in rooms:
        begun |= Q(verb__startswith=room)
    return recent_trace().filter(begun, **{name: value for name, value in wanted.items() if value})


@dataclass(frozen=True)
class ChainReport:
    """What re-computing one municipality's chain showed."""

    municipality: str
    rows: int
    broken: BrokenLink | None


@full_sight()
def verify_chain(municipality: Municipality) -> ChainReport:
    """Re-compute the hash chain of the municipality of the session."""
    head = TraceHead.objects.filter(municipality=municipality).first()
    seq, digest = (head.seq, head.hash) if head else (0, "")
    broken = first_broken_link(_chain_rows(municipality.pk), seq, digest)
    return ChainReport(municipality.name, seq, broken)


def _chain_rows(municipality_id: int) -> Iterator[TraceRow]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, happened_at, recorded_at, actor_kind, actor_id, actor_name, verb, subject_kind,"
            " subject_id, purpose, note::text, former_hash, hash FROM office_trace"
            " WHERE municipality_id = %s ORDER BY seq",
            [municipality_id],
        )
        while batch := cursor.fetchmany(5000):
            for row in batch:
                yield TraceRow(
                    seq=row[0],
                    happened_at=row[1],
                    recorded_at=row[2],
                    actor=Actor(*row[3:6]),
                    verb=row[6],
                    subject=Subject(row[7], row[8]),
                    purpose=row[9],
                    note=row[10],
                    former_hash=row[11],
                    hash=row[12],
                )


def trace_rows() -> Iterator[list[str]]:
    """The trace as a table, header first, oldest row first."""
    yield ["番号", "日時", "記録日時", "種別", "氏名", "行為", "対象", "対象番号", "目的", "内容", "ハッシュ"]
    for row in Trace.objects.order_by("seq").iterator(2000):
        yield [
            str(row.seq),
            row.happened_at.isoformat(),
            row.recorded_at.isoformat() if row.recorded_at else "",
            row.actor_kind,
            row.actor_name,
            row.verb,
            row.subject_kind,
            row.subject_id,
            row.purpose,
            str(row.note),
            row.hash,
        ]


def units_of_subjects(subjects: Iterable[Subject]) -> dict[tuple[str, str], int]:
    """The protection unit of each of these records that is hidden by one. For machine work."""
    wanted = {(each.kind, each.id) for each in subjects}
    rows = ProtectedSubject.objects.filter(subject_id__in={key for _, key in wanted})
    found = rows.values_list("kind", "subject_id", "unit")
    return {(kind, key): unit for kind, key, unit in found if (kind, key) in wanted}
