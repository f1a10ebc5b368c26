"""Run as a process of its own: case files in the town of the environment, in every state; their ids as JSON."""

import json
import sys
import time
from datetime import date, datetime, timedelta
from typing import Any

import django


def old_file(case_file: Any, draft_id: int, by: Any, at: datetime, code: str, title: str, **told: Any) -> Any:
    """A file as it stands years after its completion."""
    from madoguchi.clerical.records.models import FiledDraft

    made = case_file.objects.create(
        section_id=by.section_id,
        fiscal_year=2018,
        class_code=code,
        class_name=title,
        title=title,
        state="closed",
        opened_at=at,
        closed_at=at - timedelta(days=2000),
        counts_from=date(2019, 4, 1),
        **told,
    )
    FiledDraft.objects.create(
        file=made, draft_id=draft_id, completed_on=date(2018, 9, 1), retention="5年", filed_by=by, filed_at=at
    )
    return made


def made_by_the_worker(copy_id: Any) -> None:
    """Until the worker of the site has made the copy: made here as well, it would be made twice at once."""
    from django.db import transaction

    from madoguchi.clerical.records.models import FileCopy
    from madoguchi.clerical.records.states import CopyState

    assert not transaction.get_connection().in_atomic_block
    for _ in range(300):
        if FileCopy.objects.get(pk=copy_id).state != CopyState.ORDERED:
            return
        time.sleep(0.2)
    raise AssertionError("no worker made the copy")


def main() -> dict[str, Any]:
    from madoguchi.clerical.records import actions
    from madoguchi.clerical.records.models import CaseFile
    from madoguchi.clerical.records.states import HoldGround, ListKind
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.office.queries import staff_by_login
    from tests.factories_records import settled

    at, by, head = clock.now(), staff_by_login("shinsa"), staff_by_login("kacho")
    drafts = [settled(by, head, at) for _ in range(5)]
    settled(by, head, at, class_code="", title="保存年限の決まっていない照会への回答について")
    open_id = actions.file_draft(draft_id=drafts[0], by=by, at=at)
    ends = {"retention": "5年", "at_end": "廃棄", "ends_on": date(2024, 3, 31)}
    over = old_file(CaseFile, drafts[1], by, at, "B-05-01", "補助金の交付（平成30年度）", **ends)
    held = old_file(CaseFile, drafts[2], by, at, "C-02-01", "相談記録（平成30年度）", **ends)
    actions.hold_file(
        file_id=held.pk, ground=HoldGround.LAWSUIT, reason="令和8年(行ウ)第1号", until=None, by=by, at=at
    )
    actions.hold_file(
        file_id=held.pk,
        ground=HoldGround.EXTENSION,
        reason="業務に要る",
        until=date(2029, 3, 31),
        by=by,
        at=at,
    )
    doubt = {"retention": "3年", "at_end": "移管選別", "ends_on": date(2024, 3, 31)}
    old_file(CaseFile, drafts[3], by, at, "Z-01-02", "庁内会議（平成30年度）", **doubt)
    list_id = actions.prepare_list(kind=ListKind.DISPOSAL, file_ids=[over.pk], by=by, at=at)
    copy_id = actions.order_copy(file_id=open_id, purpose="監査の資料", by=by, at=at)
    made_by_the_worker(copy_id)
    return {"open": open_id, "held": held.pk, "list": str(list_id)}


if __name__ == "__main__":
    django.setup()
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import municipality_session

    with municipality_session(municipality_by_code("999999").pk):
        sys.stdout.write(json.dumps(main()))
