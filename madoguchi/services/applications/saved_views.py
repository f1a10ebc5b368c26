"""保存した一覧. Conditions, order and columns under a name, of one's own or of the section; and how one likes a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.prepared import prepared_objects, slot
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.errors import ViewNamedTwice, ViewNameless
from madoguchi.services.applications.models import LedgerHabit, LedgerView
from madoguchi.services.applications.people import require
from madoguchi.services.applications.rules import spoken

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

DENSITIES = (28, 34, 44)
MOST_VIEWS = 20


@dataclass(frozen=True)
class SavedView:
    """A saved view as one reader sees it. `query` is the part of an address behind the question mark."""

    id: int
    name: str
    query: str
    columns: tuple[str, ...]
    shared: bool
    mine: bool


@dataclass(frozen=True)
class Habit:
    """How somebody likes one ledger; `first_view` is a built-in view's key or a saved view's id."""

    columns: tuple[str, ...] = ()
    density: int = 34
    first_view: str = ""


def _views() -> QuerySet[LedgerView]:
    seen = Q(staff=slot("staff", "bigint")) | Q(section=slot("section", "bigint"))
    return LedgerView.objects.filter(seen, procedure=slot("procedure", "text")).order_by("pk")[
        : MOST_VIEWS * 2
    ]


def _habits() -> QuerySet[LedgerHabit]:
    return LedgerHabit.objects.filter(staff=slot("staff", "bigint"), procedure=slot("procedure", "text"))


_ask_views, _ask_habit = prepared_objects(_views), prepared_objects(_habits)


def ledger_desk(staff: "Staff", procedure: str) -> tuple[list[SavedView], Habit]:
    """The saved views of one ledger, one's own first, then those of the section; and the habit."""
    rows = _ask_views(staff=staff.pk, section=staff.section_id, procedure=procedure)
    views = [
        SavedView(
            each.pk,
            each.name,
            each.query,
            tuple(each.columns),
            each.section_id is not None,
            each.staff_id == staff.pk,
        )
        for each in rows
    ]
    kept = next(iter(_ask_habit(staff=staff.pk, procedure=procedure)), None)
    habit = Habit(tuple(kept.columns), kept.density, kept.first_view) if kept else Habit()
    return sorted(views, key=lambda view: not view.mine), habit


@transaction.atomic
def save_view(
    *, procedure: str, name: str, query: str, columns: Sequence[str], shared: bool, by: "Staff", at: datetime
) -> int:
    """Keep the list as it stands under a name. Raises ViewNameless, ViewNamedTwice."""
    require(by, Power.SEE_CASES, at=at)
    said = spoken(name, 30)
    if not said:
        raise ViewNameless
    try:
        with transaction.atomic():
            made = LedgerView.objects.create(
                staff=by,
                section_id=by.section_id if shared else None,
                procedure=procedure,
                name=said,
                query=query[:1000],
                columns=list(columns),
            )
    except IntegrityError:
        raise ViewNamedTwice(said) from None
    return made.pk


@transaction.atomic
def change_view(*, view_id: int, name: str, shared: bool, by: "Staff", at: datetime) -> None:
    """Rename one's own view, share it or keep it to oneself again. NotFound for another's."""
    require(by, Power.SEE_CASES, at=at)
    said = spoken(name, 30)
    if not said:
        raise ViewNameless
    view = _own(view_id, by)
    view.name, view.section_id = said, by.section_id if shared else None
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise ViewNamedTwice(said) from None


@transaction.atomic
def drop_view(*, view_id: int, by: "Staff", at: datetime) -> None:
    """Forget one's own view. NotFound for another's."""
    require(by, Power.SEE_CASES, at=at)
    _own(view_id, by).delete()


def _own(view_id: int, by: "Staff") -> LedgerView:
    found = LedgerView.objects.select_for_update().filter(pk=view_id, staff=by).first()
    if found is None:
        raise NotFound("一覧")
    return found


@transaction.atomic
def keep_habit(
    *, procedure: str, columns: Sequence[str], density: int, first_view: str, by: "Staff", at: datetime
) -> None:
    """Remember how this person likes this ledger."""
    require(by, Power.SEE_CASES, at=at)
    LedgerHabit.objects.update_or_create(
        staff=by,
        procedure=procedure,
        defaults={
            "columns": list(columns)[:40],
            "density": density if density in DENSITIES else 34,
            "first_view": first_view[:24],
        },
    )
