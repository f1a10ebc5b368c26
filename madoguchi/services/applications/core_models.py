"""What went to core systems, and how long cases stayed in their stages."""

import uuid
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q

from madoguchi.ledgers.office.guards import SEES_ALL, Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.services.applications.states import CoreKind, CoreResult, CoreState, Stage


@dataclass(frozen=True)
class SetApart:
    """A file of protected people: not there at all for somebody without the right, nor its number or size."""

    marks: str = ""
    reading_only: bool = False

    def condition(self) -> str:
        return f"NOT apart OR {SEES_ALL}"


class CoreSeries(MunicipalModel):
    """連携ファイルの番号. The last number of one target; taking it keeps two clerks from making one file twice."""

    guarded_by = SetApart()

    procedure = models.SlugField("手続", max_length=60)
    target = models.SlugField("連携先", max_length=40)
    apart = models.BooleanField("支援措置分", default=False)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "procedure", "target", "apart"], name="one_core_series_a_target"
            )
        ]


class CoreExport(MunicipalModel):
    """連携ファイル. One file for one core system, kept byte for byte."""

    guarded_by = SetApart(marks="")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    press = models.UUIDField("押した1回")
    procedure = models.SlugField("手続", max_length=60)
    target = models.SlugField("連携先", max_length=40)
    number = models.PositiveIntegerField("番号")
    apart = models.BooleanField("支援措置分", default=False)
    state = models.CharField("状態", max_length=12, choices=CoreState.choices, default=CoreState.PREPARED)
    file_name = models.CharField("ファイル名", max_length=120)
    body = models.BinaryField("中身")
    sha256 = models.CharField("指紋", max_length=64)
    size = models.PositiveIntegerField("バイト数")
    layout = models.BinaryField("そのときのレイアウト")
    row_count = models.PositiveIntegerField("件数")
    cells = models.PositiveIntegerField("転記をなくした項目数")
    reason = models.CharField("再出力の理由", max_length=200, blank=True, default="")
    made_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("作成日時")
    handed_over_at = models.DateTimeField("渡した日時", null=True)
    confirmed_at = models.DateTimeField("取込を確かめた日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "procedure", "target", "apart", "number"],
                name="core_export_numbered_once",
            ),
            models.UniqueConstraint(fields=["press", "apart"], name="one_core_export_a_press"),
            models.CheckConstraint(
                name="core_export_confirmed_after_handing_over",
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=F("handed_over_at")),
                violation_error_message="渡す前に取込済みにはできません。",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "procedure", "target", "made_at"])]


class CoreExportRow(MunicipalModel):
    """連携ファイルの1件. At most one valid row a case and target: that is what 「二重に渡さない」 rests on."""

    guarded_by = Through("application_id", "applications.application")

    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="core_rows"
    )
    export = models.ForeignKey(CoreExport, on_delete=models.PROTECT, related_name="rows")
    procedure = models.SlugField("手続", max_length=60)
    target = models.SlugField("連携先", max_length=40)
    position = models.PositiveIntegerField("行")
    kind = models.CharField("異動区分", max_length=10, choices=CoreKind.choices)
    edition = models.PositiveIntegerField("申請の版")
    content = models.CharField("内容の指紋", max_length=64)
    is_valid = models.BooleanField("いま有効", default=True)
    result = models.CharField(
        "処理結果", max_length=10, choices=CoreResult.choices, default=CoreResult.WAITING
    )
    code = models.CharField("結果の番号", max_length=20, blank=True, default="")
    message = models.CharField("結果の内容", max_length=200, blank=True, default="")
    settled_reason = models.CharField("片付けた理由", max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "target"],
                condition=Q(is_valid=True),
                name="one_valid_core_row_a_case",
                violation_error_message="この申請は、もうこの連携先に渡しています。",
            ),
            models.UniqueConstraint(fields=["export", "position"], name="core_row_once_a_line"),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "procedure", "target", "result"],
                condition=Q(is_valid=True),
                name="valid_core_rows",
            )
        ]


class StageStay(MunicipalModel):
    """状態の滞在. From when to when a case was in one stage; written by the database with every change of stage."""

    guarded_by = Through("application_id", "applications.application", reading_only=True)

    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="stays"
    )
    procedure = models.SlugField("手続", max_length=60)
    period_code = models.CharField("受付期間", max_length=20)
    stage = models.CharField("状態", max_length=10, choices=Stage.choices)
    entered_at = models.DateTimeField("入った日時")
    left_at = models.DateTimeField("出た日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(left_at__isnull=True), name="one_open_stay_a_case"
            )
        ]
        indexes = [
            models.Index(
                fields=["municipality", "procedure", "period_code", "stage"],
                condition=Q(left_at__isnull=False),
                include=["application", "entered_at", "left_at"],
                name="ended_stays",
            )
        ]
