"""The life of a draft and of its steps; no queries."""

from django.db.models import TextChoices


class DraftState(TextChoices):
    SUBMITTED = "submitted", "決裁待ち"
    APPROVED = "approved", "決裁済み"
    REJECTED = "rejected", "却下"
    RETURNED = "returned", "差し戻し"
    TAKEN_BACK = "taken_back", "取戻し"
    DISCARDED = "discarded", "廃案"
    CIRCULATING = "circulating", "供覧中"
    SHOWN = "shown", "供覧済み"


NEXT: dict[DraftState, frozenset[DraftState]] = {
    DraftState.SUBMITTED: frozenset(
        {DraftState.APPROVED, DraftState.REJECTED, DraftState.RETURNED, DraftState.TAKEN_BACK}
    ),
    DraftState.RETURNED: frozenset({DraftState.SUBMITTED, DraftState.DISCARDED}),
    DraftState.TAKEN_BACK: frozenset({DraftState.SUBMITTED, DraftState.DISCARDED}),
    DraftState.APPROVED: frozenset(),
    DraftState.REJECTED: frozenset(),
    DraftState.DISCARDED: frozenset(),
    DraftState.CIRCULATING: frozenset({DraftState.SHOWN}),
    DraftState.SHOWN: frozenset(),
}


class StepKind(TextChoices):
    LINE = "line", "経由"
    CONSULT = "consult", "合議"
    DECIDE = "decide", "決裁"
    LATER_LOOK = "later_look", "後閲"
    CIRCULATE = "circulate", "供覧"


BLOCKING = (StepKind.LINE, StepKind.CONSULT, StepKind.DECIDE)
"""Kinds a draft waits for; the others are only looked at."""


class Capacity(TextChoices):
    """As whom somebody acts."""

    OWN = "own", "本人"
    SUBSTITUTE = "substitute", "代決"
    PULLED_UP = "pulled_up", "引上げ"


class StepOutcome(TextChoices):
    APPROVED = "approved", "承認"
    REJECTED = "rejected", "却下"
    RETURNED = "returned", "差し戻し"
    PASSED_OVER = "passed_over", "引上げにより省略"
    SEEN = "seen", "確認"
    CLOSED = "closed", "終了"


class ApprovalMode(TextChoices):
    """How a draft is decided. 併用: part of the material stays on paper."""

    ELECTRONIC = "electronic", "電子"
    MIXED = "mixed", "併用"
    PAPER = "paper", "紙"


class PaperReason(TextChoices):
    """Why material stays on paper, or the whole draft."""

    LARGE = "large", "図面などの大判"
    BOUND = "bound", "製本・冊子"
    ORIGINAL = "original", "紙の原本が要る"
    SEAL = "seal", "押印が要る"
    OTHER_SIDE = "other_side", "相手方が紙を求める"
    RULE = "rule", "文書の種類の決まり"
    HABIT = "habit", "慣行"
    OTHER = "other", "その他"


class PaperRule(TextChoices):
    """What a town demands of a class of documents."""

    FREE = "free", "電子でも紙でもよい"
    ELECTRONIC_ONLY = "electronic_only", "電子に限る"
    PAPER_BESIDE = "paper_beside", "紙の資料を必ず添える（併用）"
    PAPER_ONLY = "paper_only", "電子決裁を認めない（紙）"


class Disclosure(TextChoices):
    """公開区分 of a document, as the drafter judges it."""

    OPEN = "open", "公開"
    PARTLY = "partly", "部分公開"
    CLOSED = "closed", "非公開"
