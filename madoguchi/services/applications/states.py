"""What can happen to an application, as one table; no queries."""

from django.db.models import TextChoices


class Stage(TextChoices):
    RECEIVED = "received", "受付"
    REVIEWING = "reviewing", "確認中"
    CORRECTING = "correcting", "補正中"
    ACCEPTED = "accepted", "受理"
    DECIDING = "deciding", "決裁中"
    DECIDED = "decided", "決定"
    WITHDRAWN = "withdrawn", "取下げ"


class Outcome(TextChoices):
    GRANTED = "granted", "承認"
    WAITLISTED = "waitlisted", "待機"
    REFUSED = "refused", "不承認"


class Channel(TextChoices):
    ONLINE = "online", "ネット"
    COUNTER = "counter", "窓口"
    PAPER = "paper", "紙"
    PROXY = "proxy", "代理"
    API = "api", "API"


class CheckResult(TextChoices):
    PASSED = "passed", "よし"
    LOOK = "look", "確かめる"
    NOT_RUN = "not_run", "未実行"
    SETTLED = "settled", "確かめた"


class MoveState(TextChoices):
    """What became of an open case when a new version went live."""

    AUTOMATIC = "automatic", "自動で引き継ぎ"
    WAITING = "waiting", "判断を待つ"
    KEPT = "kept", "元の版のまま"
    TAKEN = "taken", "引き継ぎ"
    ASKED = "asked", "引き継いで補正を依頼"


class CaseGroup(TextChoices):
    RUNNING = "running", "進行中の申請"
    BEFORE = "before", "終わった申請"


class Audience(TextChoices):
    """Who may find a search text: everybody who sees cases, or apart those with and without 機微な項目を見る."""

    BOTH = "both", "全員"
    OPEN = "open", "機微な項目を見ない人"
    FULL = "full", "機微な項目を見る人"


class BulkVerb(TextChoices):
    ASSIGN = "assign", "担当を変える"
    CORRECT = "correct", "補正を頼む"
    ACCEPT = "accept", "受理する"
    PRINT = "print", "印刷する"
    UNDO = "undo", "元に戻す"


class ItemState(TextChoices):
    WAITING = "waiting", "待ち"
    DONE = "done", "済み"
    FAILED = "failed", "できなかった"


class Direction(TextChoices):
    """From whom a message of the case comes."""

    RESIDENT = "resident", "申請した人から"
    SECTION = "section", "担当課から"


NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.REVIEWING, Stage.CORRECTING, Stage.ACCEPTED, Stage.WITHDRAWN}),
    Stage.REVIEWING: frozenset({Stage.CORRECTING, Stage.ACCEPTED, Stage.WITHDRAWN}),
    Stage.CORRECTING: frozenset({Stage.REVIEWING, Stage.ACCEPTED, Stage.WITHDRAWN}),
    Stage.ACCEPTED: frozenset({Stage.CORRECTING, Stage.DECIDING, Stage.WITHDRAWN}),
    Stage.DECIDING: frozenset({Stage.ACCEPTED, Stage.DECIDED}),
    Stage.DECIDED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}

OPEN = frozenset({Stage.RECEIVED, Stage.REVIEWING, Stage.CORRECTING, Stage.ACCEPTED, Stage.DECIDING})


def may_move(now: Stage, to: Stage) -> bool:
    """Whether an application may go from one stage to another."""
    return to in NEXT[now]


class PauseReason(TextChoices):
    """Why 標準処理期間 stands still: what the office cannot do anything about."""

    CORRECTION = "correction", "補正を待っている"
    INQUIRY = "inquiry", "ほかの機関の回答を待っている"
    APPLICANT = "applicant", "申請した人の申出で待っている"
    DISASTER = "disaster", "災害などで進められない"


DIGITAL = frozenset({Channel.ONLINE, Channel.API})
"""Ways on which an application comes in complete, with its papers as files."""


def channel_in_rules(channel: Channel) -> str:
    """The channel as rules of packages know it: another system's form is a form on the net."""
    return Channel.ONLINE.value if channel == Channel.API else channel.value


class HoldGround(TextChoices):
    """Why a case is kept whatever its period says."""

    LITIGATION = "litigation", "訴訟・審査請求"
    DISCLOSURE = "disclosure", "開示請求"
    AUDIT = "audit", "監査"
    DISASTER = "disaster", "災害"
    APPOINTMENT = "appointment", "面談・約束"
    OTHER = "other", "その他"


class RunState(TextChoices):
    """The life of a list of cases to be disposed of."""

    PREPARED = "prepared", "一覧ができました"
    SUBMITTED = "submitted", "決裁待ち"
    RUNNING = "running", "処理中"
    DONE = "done", "終わりました"
    DROPPED = "dropped", "取りやめ"


class DisposalState(TextChoices):
    WAITING = "waiting", "待っています"
    DONE = "done", "処理しました"
    LEFT_OUT = "left_out", "外しました"


class CoreState(TextChoices):
    """連携ファイル. Where one file to a core system is."""

    PREPARED = "prepared", "作成済み"
    HANDED_OVER = "handed_over", "渡した"
    CONFIRMED = "confirmed", "取込済み"
    FAILED = "failed", "取り消した"


class CoreKind(TextChoices):
    """異動区分 of one row."""

    NEW = "new", "新規"
    CHANGED = "changed", "変更"
    CANCELLED = "cancelled", "取消"
    AGAIN = "again", "再出力"


class CoreResult(TextChoices):
    """What the core system said of one row, and what became of a refused one."""

    WAITING = "waiting", "結果待ち"
    ACCEPTED = "accepted", "取り込まれた"
    REJECTED = "rejected", "戻された"
    SETTLED = "settled", "片付けた"


CORE_NEXT: dict[CoreState, frozenset[CoreState]] = {
    CoreState.PREPARED: frozenset({CoreState.HANDED_OVER, CoreState.FAILED}),
    CoreState.HANDED_OVER: frozenset({CoreState.CONFIRMED, CoreState.FAILED}),
    CoreState.CONFIRMED: frozenset(),
    CoreState.FAILED: frozenset(),
}
