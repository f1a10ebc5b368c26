"""One draft for the whole list, and what its decision means for every application on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction

from madoguchi.clerical.decisions import bells
from madoguchi.clerical.decisions.actions import submit_draft
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight, plain_sight
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.allocation.computing import (
    KIND,
    contest_for,
    require_move,
    require_power,
    round_for_update,
    subject_of,
)
from madoguchi.services.allocation.contest import EVERYBODY, class_name
from madoguchi.services.allocation.errors import Outdated
from madoguchi.services.allocation.models import Placement, Round
from madoguchi.services.allocation.queries import figures_in_sight
from madoguchi.services.allocation.rules import canonical_sha256
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.allocation.turns import (
    changed_by,
    letter_kind,
    participants,
    standings,
    turn_name,
)
from madoguchi.services.applications.actions import (
    back_to_accepted,
    decide_again,
    decide_many,
    put_under_decision,
)
from madoguchi.services.applications.states import Outcome
from madoguchi.services.applications.views import Decided

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


DOCUMENT_KIND = "K26"
"""入所の決定 in the table of who decides what."""
PIECE = 1000
UNSEEN = "ほかに、支援措置のため表示しない件があります。"
"""No number: with the receipt numbers somebody could find which case it is."""


@full_sight()
@transaction.atomic
def submit_round(*, round_id: int, approver: Staff, by: Staff, at: datetime) -> int:
    """One draft for the whole list; every application on it goes under decision. The id of the draft.

    A list with cases out of plain sight needs an approver who sees them.
    Refused: WrongState, NotTheApprover, and Outdated when an application or a capacity changed after the computation.
    """
    require_power(by, at)
    found = round_for_update(round_id)
    require_move(found, RoundState.SUBMITTED, "起案する")
    loaded = package_of(found.version_id)
    candidates = participants(found)
    if contest_for(found, loaded.package, candidates).fingerprint != found.input_sha256:
        raise Outdated
    found.draft_id = submit_draft(
        section_id=loaded.section_id,
        approver=approver,
        subject=subject_of(found),
        content_sha256=content_sha256(found),
        terms=Terms(kind=DOCUMENT_KIND),
        by=by,
        at=at,
        **_draft_words(found, loaded.package),
    )
    found.state = RoundState.SUBMITTED
    found.save(update_fields=["draft", "state"])
    before = standings(found)
    ids = [each.application_id for each in candidates if each.application_id not in before]
    put_under_decision(application_ids=ids, by=actor_of(by), at=at)
    leave_trace(
        actor_of(by), "allocation.submitted", subject_of(found), at=at, note={"draft": found.draft_id}
    )
    return found.draft_id


@full_sight()
def content_sha256(found: Round) -> str:
    """The hash of the list that is decided: application, outcome and facility."""
    rows = Placement.objects.filter(round=found).order_by("application_id")
    return canonical_sha256(list(rows.values_list("application_id", "outcome", "facility_code")))


def _draft_words(found: Round, package: Any) -> dict[str, Any]:
    with plain_sight():
        # Whoever reads a draft may lack the right to see protected people; its hash covers the whole list.
        figures = figures_in_sight(found)
        unseen = figures["applications"] != found.figures["applications"]
    period = next(period for period in package.periods if period.code == found.period_code)
    counted = [
        {"label": "申請", "value": figures["applications"], "unit": "件"},
        {"label": "承認", "value": figures["placed"], "unit": "件"},
        {"label": "待機", "value": figures["waitlisted"], "unit": "件"},
        {"label": "不承認", "value": figures["refused"], "unit": "件"},
    ]
    return {
        "title": f"{period.label.ja} {package.names.ja}の利用調整の結果について{turn_name(found.sequence)}"[
            :120
        ],
        "body": _body(figures, package, found.sequence) + (f"\n{UNSEEN}" if unseen else ""),
        "also_needs": Power.SEE_PROTECTED if unseen else None,
        "figures": counted,
        "item_count": figures["applications"],
    }


def _asked(sequence: int) -> str:
    if sequence == 1:
        return (
            "受理した申請について、指数と希望の順に利用調整を行い、別紙のとおり決定してよろしいか伺います。"
        )
    return (
        f"空いた席について{sequence}回目の利用調整（空き枠の再調整）を行い、別紙のとおり決定してよろしいか伺います。"
        "前の回で決まった席は、本人の希望によらずに変えていません。"
    )


def _body(figures: dict[str, Any], package: Any, sequence: int) -> str:
    names = {facility.code: facility.label for facility in package.facilities}
    staying = figures.get("staying", 0)
    held = figures.get("held", 0)
    wishes = "、".join(f"第{number}希望 {count}件" for number, count in figures["by_wish"].items())
    clubs = [_line_told(line, names) for line in figures["clubs"] if _worth_telling(line)]
    return "\n".join(
        [
            _asked(sequence),
            f"承認の内訳: {wishes or 'なし'}。",
            f"独立した検算で、定員の超過がなく、順位により席を求められる家族が{figures.get('blocking', 0)}であることを"
            "確かめました。",
            *([f"順位によらず個別に決めた席: {held}件（理由は一件ごとに記録しています）。"] if held else []),
            *[
                f"枠「{each['name']}」（{names.get(each['code'], each['code'])}）: {each['seats']}席のうち{each['used']}席。"
                for each in figures.get("quotas", ())
            ],
            *([f"転園の希望がかなわず、今の席に残る子ども: {staying}人。"] if staying else []),
            *clubs,
        ]
    )


def _worth_telling(line: Mapping[str, Any]) -> bool:
    """A class nobody wished and nobody could enter says nothing."""
    return line.get("age_class", EVERYBODY) == EVERYBODY or bool(line["capacity"] or line["applicants"])


def _line_told(line: Mapping[str, Any], names: Mapping[str, str]) -> str:
    told = class_name(line.get("age_class", EVERYBODY))
    name = names.get(line["code"], line["code"])
    seats = f"{name} {told}: 空き" if told else f"{name}: 定員"
    return f"{seats}{line['capacity']}人、希望{line['applicants']}人、承認{line['placed']}人"


@bells.settled.answer
@full_sight()
@transaction.atomic
def answer_settled(settled: bells.Settled) -> None:
    """An approved list decides every application on it; one sent back returns them to accepted."""
    if settled.subject.kind != KIND:
        return
    found = round_for_update(int(settled.subject.id))
    if settled.state == DraftState.APPROVED:
        _decide(found, settled)
    else:
        _take_back(found, settled.by, settled.at)


def _decide(found: Round, settled: bells.Settled) -> None:
    require_move(found, RoundState.SETTLED, "決定する")
    by, at = settled.by, settled.at
    names = {facility.code: facility.name for facility in package_of(found.version_id).package.facilities}
    before = standings(found)
    rows = Placement.objects.filter(round=found).exclude(application_id__in=before).order_by("application_id")
    whole, moved = rows.count(), 0
    placed = rows.iterator(chunk_size=PIECE)
    # In the order of their keys, and a piece at a time only so that the page can say how far it is.
    while piece := [_decided(row, names) for row in islice(placed, PIECE)]:
        moved += decide_many(decided=piece, by=by, at=at)
        settled.tell(moved, whole)
    moved += _decide_again(found, set(before), names, by, at)
    found.state, found.settled_at = RoundState.SETTLED, at
    found.save(update_fields=["state", "settled_at"])
    leave_trace(by, "allocation.settled", subject_of(found), at=at, note={"applications": moved})


def _decide_again(found: Round, before: set[int], names: dict[str, str], by: Actor, at: datetime) -> int:
    """Who was decided on in a round before hears again only of something new."""
    rows = Placement.objects.filter(round=found, application_id__in=before).order_by("application_id")
    changed = [_decided(row, names) for row in changed_by(found, rows)]
    return decide_again(decided=changed, letter=letter_kind(found, decided_before=True), by=by, at=at)


def _decided(row: Placement, names: dict[str, str]) -> Decided:
    return Decided(row.application_id, Outcome(row.outcome), outcome_facts(row, names))


def outcome_facts(row: Placement, names: dict[str, str]) -> dict[str, Any]:
    """What is kept with the application and told in its letter."""
    return {
        "facility_code": row.facility_code,
        "facility_name": names.get(row.facility_code, ""),
        **({"age_class": row.age_class} if row.age_class != EVERYBODY else {}),
        "wish_rank": row.wish_rank,
        "total": str(row.total) if row.total is not None else "",
        "position": row.position,
        "sentences": row.explanation["sentences"],
    }


def _take_back(found: Round, by: Actor, at: datetime) -> None:
    require_move(found, RoundState.COMPUTED, "差し戻す")
    rows = Placement.objects.filter(round=found).exclude(application_id__in=standings(found))
    ids = list(rows.values_list("application_id", flat=True))
    back_to_accepted(application_ids=ids, by=by, at=at)
    found.state = RoundState.COMPUTED
    found.save(update_fields=["state"])
    leave_trace(by, "allocation.taken_back", subject_of(found), at=at)
