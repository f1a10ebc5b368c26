"""The town's own table of who decides what, and what it demands of a kind of document. Part of actions.py."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.errors import PaperRefused, TableRefused
from madoguchi.clerical.decisions.models import DocumentClass, RouteTable
from madoguchi.clerical.decisions.routing.table import RouteTableFaults, read_table
from madoguchi.clerical.decisions.states import PaperRule
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import SYSTEM, Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def put_in_table(*, text: str, effective_from: date, by: Staff | None, at: datetime) -> str:
    """Use another route table from a day on; its hash. Papers under way keep the route they have.

    `by` is None where the installation itself enters it. Refused: NotAllowed, TableRefused with every mistake.
    """
    _require(by, at)
    try:
        read_table(text)
    except RouteTableFaults as faults:
        raise TableRefused(str(faults), next_step="表を直して、もう一度入れてください。") from None
    if by is not None and effective_from < localdate(at):
        raise TableRefused(
            "使い始める日が過ぎています。", next_step="今日か、今日より後の日を入れてください。"
        )
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    RouteTable.objects.update_or_create(
        effective_from=effective_from,
        defaults={"text": text, "sha256": sha256, "put_in_by": by, "put_in_at": at},
    )
    note = {"from": effective_from.isoformat(), "sha256": sha256}
    _trace("decisions.table_put_in", "decisions.table", sha256[:16], by, at, note)
    return sha256


@transaction.atomic
def set_document_class(
    *,
    kind: str,
    name: str,
    paper_rule: PaperRule,
    paper_reason: str,
    by: Staff | None,
    at: datetime,
    class_code: str = "",
    retention: str = "",
) -> None:
    """What the town demands of a kind of document from now on. Refused: NotAllowed, PaperRefused without a reason."""
    _require(by, at)
    if paper_rule != PaperRule.FREE and not paper_reason.strip():
        raise PaperRefused(
            "紙の扱いを決める理由が書かれていません。", next_step="決まりの名前や条を書いてください。"
        )
    DocumentClass.objects.update_or_create(
        kind=kind,
        defaults={
            "name": name,
            "class_code": class_code,
            "retention": retention,
            "paper_rule": paper_rule,
            "paper_reason": paper_reason.strip(),
        },
    )
    note = {"rule": str(paper_rule), "reason": paper_reason.strip()}
    _trace("decisions.class_set", "decisions.class", kind, by, at, note)


def _require(by: Staff | None, at: datetime) -> None:
    if by is not None and Power.MANAGE_ROUTES not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.MANAGE_ROUTES.label)


def _trace(verb: str, kind: str, key: str, by: Staff | None, at: datetime, note: dict[str, str]) -> None:
    leave_trace(actor_of(by) if by else SYSTEM, verb, Subject(kind, key), at=at, note=dict(note))
