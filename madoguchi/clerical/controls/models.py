from django.db import models
from django.db.models import Q

from madoguchi.clerical.controls.states import Cleared, FindingState, Result, SampleKind, SampleResult
from madoguchi.ledgers.office.guards import BySubject
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.ledgers.procedures.controls import KIND_NAMES, STEP_NAMES

STEPS = [(str(step), name) for step, name in STEP_NAMES.items()]
KINDS = [(str(kind), name) for kind, name in KIND_NAMES.items()]


class AboutACase(MunicipalModel):
    """A row about one record of another room, hidden with it."""

    guarded_by = BySubject()

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)

    class Meta:
        abstract = True


class ControlledCase(AboutACase):
    """統制の対象. A record whose controls have been run; what samples are drawn from."""

    label = models.CharField("呼び名", max_length=60, blank=True)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("procedures.PackageVersion", on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField("手続", max_length=60)
    drafter_id = models.CharField("起案した人", max_length=40, blank=True)
    amount = models.BigIntegerField("金額", null=True)
    days_left = models.IntegerField("期限までの日数", null=True)
    first_checked_at = models.DateTimeField("初めて調べた日時")
    checked_at = models.DateTimeField("最後に調べた日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "subject_kind", "subject_id"], name="controlled_case_once"
            )
        ]
        indexes = [models.Index(fields=["municipality", "procedure", "first_checked_at"])]


class ControlRun(AboutACase):
    """統制の実施. What a control last said about a case, and the facts it read; passed ones too."""

    case = models.ForeignKey(ControlledCase, on_delete=models.PROTECT, related_name="runs")
    key = models.CharField("統制点", max_length=40)
    label = models.CharField("名前", max_length=200)
    step = models.CharField("段階", max_length=12, choices=STEPS)
    kind = models.CharField("種類", max_length=10, choices=KINDS)
    result = models.CharField("結果", max_length=10, choices=Result.choices)
    facts = models.JSONField("見た事実", default=dict)
    fingerprint = models.CharField("事実の指紋", max_length=64)
    rule_sha256 = models.CharField("規則の指紋", max_length=64)
    version = models.ForeignKey("procedures.PackageVersion", on_delete=models.PROTECT, related_name="+")
    run_at = models.DateTimeField("この結果になった日時")
    last_run_at = models.DateTimeField("最後に調べた日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "subject_kind", "subject_id", "key"], name="one_run_a_control"
            )
        ]
        indexes = [models.Index(fields=["municipality", "key", "result"])]


class Finding(AboutACase):
    """例外. A control that is violated or could not be run, with the facts as they were seen."""

    case = models.ForeignKey(ControlledCase, on_delete=models.PROTECT, related_name="findings")
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField("手続", max_length=60)
    version = models.ForeignKey("procedures.PackageVersion", on_delete=models.PROTECT, related_name="+")
    key = models.CharField("統制点", max_length=40)
    label = models.CharField("名前", max_length=200)
    step = models.CharField("段階", max_length=12, choices=STEPS)
    result = models.CharField("結果", max_length=10, choices=Result.choices)
    sentence = models.TextField("文")
    remedy = models.TextField("直し方", blank=True)
    evidence = models.TextField("残す証拠", blank=True)
    facts = models.JSONField("見た事実", default=dict)
    missing = models.JSONField("足りない事実", default=list)
    fingerprint = models.CharField("事実の指紋", max_length=64)
    override_by = models.CharField("例外を認める人", max_length=20)
    override_rule = models.TextField("例外の決まり", blank=True)
    state = models.CharField(max_length=12, choices=FindingState.choices, default=FindingState.OPEN)
    found_at = models.DateTimeField("見つけた日時")
    found_by = models.CharField("調べた人", max_length=120)
    cleared_at = models.DateTimeField("解消した日時", null=True)
    cleared_because = models.CharField("解消の訳", max_length=20, choices=Cleared.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "subject_kind", "subject_id", "key"],
                condition=Q(state__in=["open", "overridden"]),
                name="one_standing_finding_a_control",
            ),
            models.CheckConstraint(
                name="finding_cleared_with_time_and_why",
                condition=Q(state="cleared", cleared_at__isnull=False) & ~Q(cleared_because="")
                | ~Q(state="cleared") & Q(cleared_at__isnull=True, cleared_because=""),
            ),
            models.CheckConstraint(name="finding_is_no_pass", condition=~Q(result="passed")),
        ]
        indexes = [
            models.Index(fields=["municipality", "procedure", "key", "state"]),
            models.Index(fields=["municipality", "found_at"]),
        ]


class ControlOverride(AboutACase):
    """例外の承認. Who let an exception stand, as what, and why."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="override")
    by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    post = models.CharField("立場", max_length=20)
    reason = models.CharField("理由", max_length=600)
    at = models.DateTimeField("日時")

    class Meta:
        constraints = [models.CheckConstraint(name="override_has_its_reason", condition=~Q(reason=""))]


class FilledChecklist(AboutACase):
    """確認表. Who confirmed what of a manual control, and when; a later one counts."""

    case = models.ForeignKey(ControlledCase, on_delete=models.PROTECT, related_name="checklists")
    key = models.CharField("統制点", max_length=40)
    items = models.JSONField("行", default=list)
    is_complete = models.BooleanField("全部済んだ")
    note = models.CharField("備考", max_length=600, blank=True)
    filled_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    filled_at = models.DateTimeField("日時")


class ControlSubscription(MunicipalModel):
    """購読. Exceptions of one procedure, one control or all of them, told to somebody by mail."""

    staff = models.ForeignKey("office.Staff", on_delete=models.CASCADE, related_name="+")
    procedure = models.CharField("手続", max_length=60, blank=True)
    key = models.CharField("統制点", max_length=40, blank=True)
    subscribed_at = models.DateTimeField("始めた日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "procedure", "key"], name="one_subscription_a_choice")
        ]


class ControlSample(MunicipalModel):
    """抽出. Cases drawn for another look; anybody can draw them again from the seed and the list."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField("種類", max_length=10, choices=SampleKind.choices)
    procedure = models.CharField("手続", max_length=60, blank=True)
    since = models.DateField("対象の始まり")
    until = models.DateField("対象の終わり")
    asked = models.PositiveIntegerField("求めた件数")
    seed = models.CharField("種", max_length=64)
    list_sha256 = models.CharField("名簿の指紋", max_length=64)
    weights = models.JSONField("重み", default=dict)
    drawn_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField("日時")

    class Meta:
        constraints = [
            models.CheckConstraint(name="sample_asks_for_something", condition=Q(asked__gte=1)),
            models.CheckConstraint(name="sample_has_its_seed", condition=~Q(seed="")),
        ]


class SampledCase(AboutACase):
    """抽出の名簿の1件. Everything that could have been drawn; `place` counts those that were."""

    sample = models.ForeignKey(ControlSample, on_delete=models.PROTECT, related_name="cases")
    label = models.CharField("呼び名", max_length=60, blank=True)
    points = models.PositiveIntegerField("重みの合計", default=0)
    reasons = models.JSONField("重みの訳", default=list)
    place = models.PositiveIntegerField("順", null=True)
    result = models.CharField(max_length=10, choices=SampleResult.choices, default=SampleResult.WAITING)
    note = models.CharField("所見", max_length=600, blank=True)
    judged_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField("日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "subject_kind", "subject_id"], name="sampled_case_once_a_sample"
            ),
            models.UniqueConstraint(fields=["sample", "place"], name="sampled_places_differ"),
            models.CheckConstraint(
                name="judged_with_person_and_time",
                condition=Q(result="waiting", judged_at__isnull=True, judged_by__isnull=True)
                | ~Q(result="waiting")
                & Q(judged_at__isnull=False, judged_by__isnull=False, place__isnull=False),
            ),
            models.CheckConstraint(
                name="failed_sample_says_why", condition=~Q(result="failed") | ~Q(note="")
            ),
        ]
