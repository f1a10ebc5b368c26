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


class CheckResult(TextChoices):
    PASSED = "passed", "よし"
    LOOK = "look", "確かめる"
    NOT_RUN = "not_run", "未実行"
    SETTLED = "settled", "確かめた"


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


class Direction(TextChoices):
    """From whom a message of the case comes."""

    RESIDENT = "resident", "申請した人から"
    SECTION = "section", "担当課から"
