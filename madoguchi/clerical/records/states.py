"""The life of a case file, of a list for its end, and of a copy to take away; no queries."""

from django.db.models import TextChoices


class FileState(TextChoices):
    OPEN = "open", "綴じています"
    CLOSED = "closed", "完結"
    LISTED = "listed", "目録に記載"
    DISPOSED = "disposed", "廃棄済み"
    TRANSFERRED = "transferred", "移管済み"


NEXT_OF_FILE: dict[FileState, frozenset[FileState]] = {
    FileState.OPEN: frozenset({FileState.CLOSED}),
    FileState.CLOSED: frozenset({FileState.OPEN, FileState.LISTED}),
    FileState.LISTED: frozenset({FileState.CLOSED, FileState.DISPOSED, FileState.TRANSFERRED}),
    FileState.DISPOSED: frozenset(),
    FileState.TRANSFERRED: frozenset(),
}


class Appraisal(TextChoices):
    """選別: what a file of a class 移管選別 is judged to be."""

    OPEN = "", "未選別"
    DISPOSE = "dispose", "廃棄"
    TRANSFER = "transfer", "移管"


class HoldGround(TextChoices):
    """Why a file is kept whatever its retention says (records rules RR05, RR06)."""

    DISCLOSURE = "disclosure", "開示請求"
    APPEAL = "appeal", "審査請求"
    LAWSUIT = "lawsuit", "訴訟"
    AUDIT = "audit", "監査"
    DISASTER = "disaster", "災害"
    EXTENSION = "extension", "業務上の延長"


class ListKind(TextChoices):
    """目録. What a list asks for; one decision covers files of one kind only."""

    DISPOSAL = "disposal", "廃棄"
    DOUBTFUL = "doubtful", "廃棄（永年・選別）"
    TRANSFER = "transfer", "移管"
    FREE = "free", "廃棄（決裁不要）"


MATTERS: dict[ListKind, str] = {ListKind.DISPOSAL: "K41", ListKind.DOUBTFUL: "K42", ListKind.TRANSFER: "K42"}
"""The kind of matter in the table of who decides what (records rules RR04): K42 for whatever may be historic."""


class ListState(TextChoices):
    PREPARED = "prepared", "目録ができました"
    SUBMITTED = "submitted", "決裁待ち"
    RUNNING = "running", "処理中"
    DONE = "done", "終わりました"
    DROPPED = "dropped", "取りやめ"


NEXT_OF_LIST: dict[ListState, frozenset[ListState]] = {
    ListState.PREPARED: frozenset({ListState.SUBMITTED, ListState.RUNNING, ListState.DROPPED}),
    ListState.SUBMITTED: frozenset({ListState.PREPARED, ListState.RUNNING, ListState.DROPPED}),
    ListState.RUNNING: frozenset({ListState.DONE}),
    ListState.DONE: frozenset(),
    ListState.DROPPED: frozenset(),
}


class ItemState(TextChoices):
    WAITING = "waiting", "これから"
    DONE = "done", "済み"
    LEFT_OUT = "left_out", "外しました"


class CopyState(TextChoices):
    """写し. Where an export of a file stands."""

    ORDERED = "ordered", "作っています"
    READY = "ready", "受け取れます"
    FAILED = "failed", "できませんでした"
