"""保存期間の処理: holds, lists for disposal, and the permanent book of what was disposed of."""

import uuid

from django.db import models
from django.db.models import Q

from madoguchi.ledgers.office.guards import Open, Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.services.applications.states import DisposalState, HoldGround, RunState


class RetentionHold(MunicipalModel):
    """廃棄停止. A case that is kept whatever its period says, with the reason."""

    guarded_by = Through("application_id", "applications.application")

    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="retention_holds"
    )
    ground = models.CharField("区分", max_length=12, choices=HoldGround.choices)
    reason = models.CharField("理由", max_length=300)
    until = models.DateField("いつまで", null=True)
    set_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("止めた日時")
    released_by = models.CharField("解いた人", max_length=120, blank=True, default="")
    released_at = models.DateTimeField("解いた日時", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hold_has_its_reason",
                condition=~Q(reason=""),
                violation_error_message="廃棄を止める理由を書いてください。",
            )
        ]


class RetentionRun(MunicipalModel):
    """廃棄・匿名化の一覧. Fixed when it is made; decided as a whole, then worked off."""

    guarded_by = Open("a list of a whole procedure; its rows are guarded one by one")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    procedure = models.SlugField("手続", max_length=60)
    title = models.CharField("件名", max_length=120)
    kind = models.CharField("区分", max_length=12)
    class_code = models.CharField("保存年限", max_length=10)
    method = models.CharField("方法", max_length=12)
    needs_decision = models.BooleanField("決裁がいる")
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.PREPARED)
    listed_on = models.DateField("いつ現在")
    total = models.PositiveIntegerField("件数")
    list_sha256 = models.CharField("一覧のハッシュ", max_length=64)
    prepared_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField("作成日時")
    draft = models.ForeignKey("decisions.Draft", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.CharField("決裁した人", max_length=120, blank=True, default="")
    job = models.UUIDField(null=True)
    finished_at = models.DateTimeField("終わった日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "procedure", "kind"],
                condition=Q(state__in=["prepared", "submitted", "running"]),
                name="one_open_run_a_kind",
                violation_error_message="この区分の一覧は、もう作られています。",
            )
        ]


class RetentionItem(MunicipalModel):
    """廃棄・匿名化の一覧の1件. It names its case by key, so that it outlives it."""

    guarded_by = Through("case_key", "applications.application")

    run = models.ForeignKey(RetentionRun, on_delete=models.CASCADE, related_name="items")
    case_key = models.BigIntegerField("申請")
    number = models.CharField("受付番号", max_length=12)
    due_on = models.DateField("期間が終わった日")
    state = models.CharField(max_length=8, choices=DisposalState.choices, default=DisposalState.WAITING)
    reason = models.CharField("外した理由", max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "case_key"], name="case_once_a_run")]
        indexes = [models.Index(fields=["run", "state"], name="retention_item_next")]


class DisposalRecord(MunicipalModel):
    """廃棄簿. That a case was disposed of, when, how and by whose decision; nothing of what was in it. Permanent."""

    guarded_by = Through("case_key", "applications.application")

    run = models.ForeignKey(RetentionRun, on_delete=models.PROTECT, related_name="records")
    case_key = models.BigIntegerField("申請")
    number = models.CharField("受付番号", max_length=12)
    procedure = models.SlugField("手続", max_length=60)
    kind = models.CharField("区分", max_length=12)
    class_code = models.CharField("保存年限", max_length=10)
    method = models.CharField("方法", max_length=12)
    closed_on = models.DateField("終わった日")
    disposed_at = models.DateTimeField("処理した日時")
    approval = models.CharField("決裁", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_key", "method"], name="disposed_of_once_a_method")
        ]
        indexes = [models.Index(fields=["municipality", "disposed_at"], name="disposal_by_day")]
