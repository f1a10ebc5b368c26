"""Drawing a sample and writing down what each look said. Part of actions.py.

Nothing here touches a case: a sample is rows of this room, and so is what is found.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls.errors import NothingToDraw
from madoguchi.clerical.controls.models import ControlSample, SampledCase
from madoguchi.clerical.controls.overseeing import samples_seen, traits_between
from madoguchi.clerical.controls.rules import require_result, spoken
from madoguchi.clerical.controls.sampling import (
    DEFAULT_SIZE,
    MOST,
    Candidate,
    Traits,
    Weights,
    drawn,
    high_amount,
    list_sha256,
    weighed,
)
from madoguchi.clerical.controls.states import SampleKind, SampleResult
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

SEED_BYTES = 16


@transaction.atomic
def draw_sample(
    *,
    sample_id: UUID,
    kind: SampleKind,
    since: date,
    until: date,
    by: Staff,
    at: datetime,
    procedure: str = "",
    size: int = DEFAULT_SIZE,
    seed: str = "",
    weights: Weights | None = None,
) -> UUID:
    """Draw from the cases whose controls were first run between two days; the same id twice is the same sample.

    The whole list is kept with the seed, so that the draw can be repeated. Refused: NotAllowed, NothingToDraw.
    """
    require_auditor(by, at)
    if ControlSample.objects.filter(pk=sample_id).exists():
        return sample_id
    size = min(max(size, 1), MOST)
    traits = traits_between(by, at, procedure, since, until)
    chosen = _weights(weights or Weights(), traits) if kind == SampleKind.RISK else None
    listed = [
        weighed(each, chosen) if chosen else Candidate(each.kind, each.id, each.label) for each in traits
    ]
    seed = seed.strip()[:64] or secrets.token_hex(SEED_BYTES)
    lots = drawn(listed, kind, seed, size)
    if not lots:
        raise NothingToDraw(
            "この条件に合う件がありません。", next_step="期間か手続を広げて、もう一度抽出してください。"
        )
    sample = ControlSample.objects.create(
        id=sample_id,
        kind=kind,
        procedure=procedure,
        since=since,
        until=until,
        asked=size,
        seed=seed,
        list_sha256=list_sha256(listed),
        weights=chosen.as_json() if chosen else {},
        drawn_by=by,
        drawn_at=at,
    )
    _keep_list(sample, listed, lots)
    _trace_draw(sample, by, at)
    return sample_id


def _weights(asked: Weights, traits: Sequence[Traits]) -> Weights:
    """The weights with a sum for "high": the one asked for, or the highest tenth of the list."""
    if asked.high_amount_from is not None:
        return asked
    return replace(
        asked, high_amount_from=high_amount(each.amount for each in traits if each.amount is not None)
    )


def _trace_draw(sample: ControlSample, by: Staff, at: datetime) -> None:
    note = {
        "kind": sample.kind,
        "seed": sample.seed,
        "list": sample.list_sha256,
        "procedure": sample.procedure,
    }
    about = Subject("controls.sample", str(sample.pk))
    leave_trace(actor_of(by), "controls.sample_drawn", about, at=at, note=note)


def _keep_list(sample: ControlSample, listed: Sequence[Candidate], lots: Sequence[Candidate]) -> None:
    places = {(each.kind, each.id): place for place, each in enumerate(lots, start=1)}
    SampledCase.objects.bulk_create(
        SampledCase(
            sample=sample,
            subject_kind=each.kind,
            subject_id=each.id,
            label=each.label,
            points=each.points,
            reasons=list(each.reasons),
            place=places.get((each.kind, each.id)),
        )
        for each in listed
    )


@transaction.atomic
def judge_sampled(
    *, sample_id: UUID, item_id: int, result: SampleResult, note: str, by: Staff, at: datetime
) -> None:
    """Write down that a drawn case is in order, or what is wrong with it. The case itself stays as it is.

    Refused: NotAllowed, NotFound (also for a hidden case), WrongState, ReasonMissing (a fault without a note).
    """
    require_auditor(by, at)
    rows = SampledCase.objects.select_for_update(of=("self",)).filter(sample__in=samples_seen(by, at))
    row = rows.filter(sample_id=sample_id, pk=item_id, place__isnull=False).first()
    if row is None:
        raise NotFound("抽出した件")
    require_result(SampleResult(row.result), result)
    said = spoken(note, "問題の内容") if result == SampleResult.FAILED else note.strip()[:600]
    row.result, row.note, row.judged_by, row.judged_at = result, said, by, at
    row.save(update_fields=["result", "note", "judged_by", "judged_at"])
    told = {"sample": str(sample_id), "item": item_id, "result": result, "note": said}
    about = Subject(row.subject_kind, row.subject_id)
    leave_trace(actor_of(by), "controls.sample_judged", about, at=at, note=told)


def require_auditor(by: Staff, at: datetime) -> None:
    if Power.AUDIT_CONTROLS not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(Power.AUDIT_CONTROLS.label)
