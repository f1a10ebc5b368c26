"""How far the virus check of a file is."""

from django.db.models import TextChoices


class ScanState(TextChoices):
    CLEAN = "clean", "検査済み"
    WAITING = "waiting", "検査待ち"
    INFECTED = "infected", "ウイルスあり"
    MADE = "made", "庁内で作成"
    BEFORE = "before", "検査が始まる前に受け取り"


MAY_BE_OPENED = frozenset({ScanState.CLEAN, ScanState.MADE, ScanState.BEFORE})
TO_BE_SCANNED = frozenset({ScanState.WAITING, ScanState.BEFORE})


class Caution(TextChoices):
    """What staff are told of a file that is kept."""

    SCRIPT = "script", "プログラム（JavaScript）を含むPDF"
    ATTACHED = "attached", "ほかのファイルが添付されたPDF"
    LAUNCH = "launch", "開くとほかのプログラムを呼ぶPDF"
    LOCKED = "locked", "暗号化されていて中を確かめられないPDF"
    UNREADABLE = "unreadable", "画像として読めない写真"
