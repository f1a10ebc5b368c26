"""連携待ち. Which cases a core system still has to be told of: new, changed since, no longer so. Questions only."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.procedures.core_folders import layouts_of
from madoguchi.ledgers.procedures.core_layout import Layout
from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.queries import live_package
from madoguchi.services.applications.core_errors import LayoutFaulty
from madoguchi.services.applications.models import Application, CoreExportRow
from madoguchi.services.applications.people import seen_by
from madoguchi.services.applications.states import CoreKind, CoreResult

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

WHAT: dict[str, str] = {
    "due": "まだ出していない",
    "changed": "出した後に動いた",
    "cancelled": "取消を出す",
    "exported": "出した",
    "rejected": "戻された",
    "waiting": "結果待ち",
}
HELD_BACK = "held"


@dataclass(frozen=True)
class Target:
    """One core system of one procedure, as a member of staff of the section meets it."""

    package: Package
    layout: Layout
    rows: QuerySet[Application]

    @property
    def slug(self) -> str:
        return self.package.slug


def layouts(package: Package, town_code: str) -> dict[str, Layout]:
    """The layouts of a procedure. Raises LayoutFaulty with file, line and sentence."""
    try:
        return layouts_of(package, town_code)
    except PackageFaults as error:
        raise LayoutFaulty(" ".join(str(fault) for fault in error.faults[:3])) from None


def target_of(slug: str, target: str, *, by: "Staff", at: datetime) -> Target:
    """One target for one person; NotFound when there is none."""
    try:
        package = live_package(slug).package
    except NoSuchProcedure:
        raise NotFound("手続") from None
    layout = layouts(package, by.municipality.code).get(target)
    if layout is None:
        raise NotFound("連携先")
    return Target(package, layout, seen_by(by, at).filter(procedure=slug))


def of_target(target: Target, what: str) -> QuerySet[Application]:
    """The cases of one of WHAT, those of protected people among them when the session sees them."""
    return target.rows.filter(conditions(target.layout)[what])


def to_send(target: Target, *, apart: bool) -> QuerySet[Application]:
    """Everything the next file holds; `apart` for protected people, who never stand in the common file."""
    told = conditions(target.layout)
    wanted = told["due"]
    if target.layout.sends_changes:
        wanted |= told["changed"]
    if "cancelled" in target.layout.kinds:
        wanted |= told["cancelled"]
    return target.rows.filter(wanted, protection__isnull=not apart)


def held_back(target: Target) -> QuerySet[Application]:
    """Protected people whose rows the layout keeps back; empty for a session that does not see them."""
    return target.rows.filter(conditions(target.layout)["due"], protection__isnull=False)


def conditions(layout: Layout) -> dict[str, Q]:
    """What each of WHAT means; the same words count, list and send."""
    valid = CoreExportRow.objects.filter(application=OuterRef("pk"), target=layout.target, is_valid=True)
    told = valid.exclude(kind=CoreKind.CANCELLED)
    moved = Q(Exists(told.exclude(edition=OuterRef("edition"))))
    return {
        "due": reached(layout) & ~Q(Exists(told)),
        "changed": reached(layout) & moved,
        "cancelled": ~reached(layout) & moved,
        "exported": Q(Exists(valid)),
        "rejected": Q(Exists(valid.filter(result=CoreResult.REJECTED))),
        "waiting": Q(Exists(valid.filter(result=CoreResult.WAITING))),
    }


def reached(layout: Layout) -> Q:
    """Whether a case is where the layout sends it."""
    given: dict[str, Any] = {}
    if layout.stages:
        given["stage__in"] = layout.stages
    if layout.outcomes:
        given["outcome__in"] = layout.outcomes
    return Q(**given)


def counts(target: Target) -> dict[str, int]:
    """How many cases each of WHAT holds for this session, and those held back."""
    found = {what: of_target(target, what).count() for what in WHAT}
    held = 0 if target.layout.includes_protected else held_back(target).count()
    found["due"] -= held
    return found | {HELD_BACK: held}
