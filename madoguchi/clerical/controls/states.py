"""The life of an exception and of a sampled case; no queries."""

from django.db.models import TextChoices


class FindingState(TextChoices):
    OPEN = "open", "未解決"
    OVERRIDDEN = "overridden", "例外を承認"
    CLEARED = "cleared", "解消"


NEXT: dict[FindingState, frozenset[FindingState]] = {
    FindingState.OPEN: frozenset({FindingState.OVERRIDDEN, FindingState.CLEARED}),
    FindingState.OVERRIDDEN: frozenset({FindingState.CLEARED}),
    FindingState.CLEARED: frozenset(),
}


class Cleared(TextChoices):
    """Why an exception stands no longer."""

    PASSED = "passed", "満たされた"
    FACTS_CHANGED = "facts_changed", "事実が変わり、別の例外になった"
    FOUR_EYES = "four_eyes", "承認した人が起案したため、承認が外れた"


class Result(TextChoices):
    """What a control said, as the table keeps it."""

    PASSED = "passed", "適合"
    VIOLATED = "violated", "違反"
    NOT_RUN = "not_run", "未実行"


class SampleKind(TextChoices):
    RANDOM = "random", "無作為"
    RISK = "risk", "リスク"


class SampleResult(TextChoices):
    WAITING = "waiting", "これから"
    OK = "ok", "問題なし"
    FAILED = "failed", "問題あり"


SAMPLE_NEXT: dict[SampleResult, frozenset[SampleResult]] = {
    SampleResult.WAITING: frozenset({SampleResult.OK, SampleResult.FAILED}),
    SampleResult.OK: frozenset({SampleResult.FAILED}),
    SampleResult.FAILED: frozenset({SampleResult.OK}),
}
