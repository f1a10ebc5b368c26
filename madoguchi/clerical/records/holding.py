"""廃棄停止 and 選別: keeping a file back, and judging whether it is historic. Part of actions.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.records.classes import AtEnd
from madoguchi.clerical.records.closing import require_edition
from madoguchi.clerical.records.cosigning import (
    HEAD,
    SIGNS_AS,
    files_shown,
    posts_beside,
    signatures,
    waits_for,
)
from madoguchi.clerical.records.errors import HoldRefused, WrongFileState
from madoguchi.clerical.records.models import LegalHold
from madoguchi.clerical.records.retention_clock import TermKind
from madoguchi.clerical.records.rules import require_reason
from madoguchi.clerical.records.sight import file_for_work
from madoguchi.clerical.records.states import Appraisal, FileState, HoldGround
from madoguchi.clerical.records.tracing import trace_file
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

GONE = {FileState.DISPOSED, FileState.TRANSFERRED}


@transaction.atomic
def hold_file(
    *, file_id: int, ground: HoldGround, reason: str, until: date | None, by: Staff, at: datetime
) -> None:
    """Keep a file from disposal and transfer, until a day or until released (records rules RR05, RR06).

    An extension (業務上の延長) says until when. Refused: NotFound, NotAllowed, ReasonMissing, HoldRefused.
    """
    file = file_for_work(by, file_id, Power.RUN_RETENTION, at)
    if file.state in GONE:
        raise WrongFileState(FileState(file.state), "止める")
    said = require_reason(reason, "廃棄を止める")
    if until is None and ground == HoldGround.EXTENSION:
        raise HoldRefused("延長の期限が空です。", next_step="いつまで延ばすかを書いてください。")
    if until is not None and until < localdate(at):
        raise HoldRefused(
            "廃棄停止の期限が過ぎた日です。", next_step="今日以後の日を書くか、空けてください。"
        )
    LegalHold.objects.create(file=file, ground=ground, reason=said, until=until, set_by=by, set_at=at)
    note = {"ground": str(ground), "reason": said, "until": str(until or "")}
    trace_file(actor_of(by), "hold_set", file, at, **note)


@transaction.atomic
def sign_hold(*, hold_id: int, file_id: int, by: Staff, at: datetime) -> None:
    """延長 is decided by 課長 with 総務課長 (RR06), neither of whom asked for it. Until then it holds the file back too.

    Whoever holds both posts signs for both. Refused: NotFound, HoldRefused for whoever asked for it, for those of
    neither post and for what needs no signature.
    """
    file = files_shown(by, at).filter(pk=file_id).first()
    hold = LegalHold.objects.select_for_update(of=("self",)).filter(pk=hold_id, file=file).first()
    if file is None or hold is None:
        raise NotFound("廃棄停止")
    missing = waits_for(hold, localdate(at))
    if hold.ground != HoldGround.EXTENSION or hold.released_at is not None:
        raise HoldRefused("この廃棄停止に、確認は要りません。", next_step="画面を読み直してください。")
    if hold.set_by_id == by.pk:
        raise HoldRefused(
            "延長を入れた人は、自分では確かめられません。",
            next_step=f"{'と'.join(missing)}に頼んでください。" if missing else "",
        )
    given = signatures(hold, file, by, localdate(at))
    if missing and not given:
        raise HoldRefused(
            f"延長を決めるのは、{HEAD}と{'・'.join(posts_beside(localdate(at)))}です。",
            next_step=f"まだ確かめていない{'と'.join(missing)}に頼んでください。",
        )
    for name in given:
        setattr(hold, f"{name}_by", by)
        setattr(hold, f"{name}_at", at)
    hold.save(update_fields=[f"{name}_{part}" for name in given for part in ("by", "at")])
    if given:
        posts = "、".join(SIGNS_AS[name] for name in given)
        trace_file(actor_of(by), "hold_signed", file, at, ground=hold.ground, signed_as=posts)


@transaction.atomic
def release_hold(*, hold_id: int, file_id: int, by: Staff, at: datetime) -> None:
    """Let a file go again; a hold that is released already stays so. Refused: NotFound, NotAllowed."""
    file = file_for_work(by, file_id, Power.RUN_RETENTION, at)
    hold = LegalHold.objects.select_for_update(of=("self",)).filter(pk=hold_id, file=file).first()
    if hold is None:
        raise NotFound("廃棄停止")
    if hold.released_at is not None:
        return
    hold.released_by, hold.released_at = by, at
    hold.save(update_fields=["released_by", "released_at"])
    trace_file(actor_of(by), "hold_released", file, at, ground=hold.ground)


@transaction.atomic
def appraise_file(
    *, file_id: int, appraisal: Appraisal, reason: str, by: Staff, at: datetime, edition: int
) -> None:
    """選別: say whether a closed file goes to the archives or is disposed of, and why.

    Refused: NotFound, NotAllowed, WrongFileState unless it is closed, HoldRefused where the class leaves nothing
    to judge, ReasonMissing, FileOutdated.
    """
    file = file_for_work(by, file_id, Power.RUN_RETENTION, at)
    require_edition(file, edition)
    if file.state != FileState.CLOSED:
        raise WrongFileState(FileState(file.state), "選別する")
    if not may_be_appraised(file.at_end, file.retention):
        raise HoldRefused(
            f"この分類の満了後の扱いは「{file.at_end}」と決まっているため、選別できません。",
            next_step="扱いを変えるときは、文書分類表を改めてください。",
        )
    file.appraisal, file.appraisal_reason = appraisal, require_reason(reason, "選別の")
    file.version += 1
    file.save(update_fields=["appraisal", "appraisal_reason", "version"])
    trace_file(
        actor_of(by), "file_appraised", file, at, appraisal=str(appraisal), reason=file.appraisal_reason
    )


def may_be_appraised(at_end: str, retention: str) -> bool:
    return at_end == AtEnd.APPRAISE or retention == TermKind.PERMANENT
