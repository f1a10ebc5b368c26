"""What may follow what; no queries."""

from __future__ import annotations

from madoguchi.clerical.records.errors import ReasonMissing, WrongFileState, WrongListState
from madoguchi.clerical.records.states import NEXT_OF_FILE, NEXT_OF_LIST, FileState, ListState

VERBS = {
    FileState.OPEN: "開き直す",
    FileState.CLOSED: "完結する",
    FileState.LISTED: "目録に載せる",
    FileState.DISPOSED: "廃棄する",
    FileState.TRANSFERRED: "移管する",
}
LIST_VERBS = {
    ListState.PREPARED: "戻す",
    ListState.SUBMITTED: "起案する",
    ListState.RUNNING: "処理を始める",
    ListState.DONE: "終える",
    ListState.DROPPED: "取りやめる",
}


def require_file_move(former: FileState, to: FileState) -> None:
    """Refuse with WrongFileState what the table of states does not know."""
    if to not in NEXT_OF_FILE[former]:
        raise WrongFileState(former, VERBS[to])


def require_list_move(former: ListState, to: ListState) -> None:
    """Refuse with WrongListState what the table of states does not know."""
    if to not in NEXT_OF_LIST[former]:
        raise WrongListState(former, LIST_VERBS[to])


def require_reason(reason: str, what: str) -> str:
    """The reason as it is kept. Refused: ReasonMissing."""
    said = " ".join(reason.split())[:300]
    if not said:
        raise ReasonMissing(what)
    return said
