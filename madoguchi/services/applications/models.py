import uuid

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Coalesce

from madoguchi.ledgers.office.guards import Both, ByUnit, Open, Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.services.applications.casework_models import (
    ClockPause,
    Comment,
    CorrectionText,
    Mention,
    Merge,
    PrintedBundle,
    StaffFact,
)
from madoguchi.services.applications.core_models import CoreExport, CoreExportRow, CoreSeries, StageStay
from madoguchi.services.applications.ledger_indexes import LEDGER_INDEXES
from madoguchi.services.applications.ledger_models import (
    Bulk,
    BulkItem,
    LedgerHabit,
    LedgerView,
    MadeFile,
    SearchText,
)
from madoguchi.services.applications.retention_models import (
    DisposalRecord,
    RetentionHold,
    RetentionItem,
    RetentionRun,
)
from madoguchi.services.applications.states import (
    CaseGroup,
    Channel,
    CheckResult,
    Direction,
    MoveState,
    Outcome,
    Stage,
)

__all__ = [
    "Application",
    "Bulk",
    "BulkItem",
    "Check",
    "ClockPause",
    "Comment",
    "CoreExport",
    "CoreExportRow",
    "CoreSeries",
    "Correction",
    "CorrectionText",
    "DisposalRecord",
    "DryRun",
    "DryRunCase",
    "ExpiryNotice",
    "ForgottenDraft",
    "LedgerHabit",
    "LedgerView",
    "MadeFile",
    "Mention",
    "Merge",
    "Message",
    "NumberSeries",
    "PrintedBundle",
    "ResumeTry",
    "RetentionHold",
    "RetentionItem",
    "RetentionRun",
    "SearchText",
    "StaffFact",
    "StageStay",
    "UnsentApplication",
    "VersionMove",
]


class NumberSeries(MunicipalModel):
    """The last receipt number given out for one prefix."""

    prefix = models.CharField(max_length=4)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "prefix"], name="one_series_a_prefix")]


class UnsentApplication(MunicipalModel):
    """入力の途中. What somebody typed so far, exactly as typed."""

    guarded_by = Both(
        Through("visitor_id", "registry.visitor", "uuid"),
        Through("application_id", "applications.application"),
        marks="applications.unsent",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    visitor = models.ForeignKey("registry.Visitor", null=True, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey("office.Staff", null=True, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("procedures.PackageVersion", on_delete=models.PROTECT, related_name="+")
    period_code = models.CharField(max_length=20)
    raw = models.JSONField(default=dict)
    pages_done = models.JSONField(default=list)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_on = models.DateField()
    confirmed = models.JSONField("確かめた項目", default=dict, db_default=Value({}, models.JSONField()))
    resume_turn = models.PositiveIntegerField("再開コードを作り直した回数", default=0)
    resume_sha256 = models.CharField("再開コードの照合値", max_length=64, default="", db_default="")
    application = models.OneToOneField(
        "applications.Application", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "resume_sha256"],
                condition=~Q(resume_sha256=""),
                name="resume_code_once",
            ),
            models.CheckConstraint(
                name="unsent_has_one_owner",
                condition=Q(visitor__isnull=False, staff__isnull=True)
                | Q(visitor__isnull=True, staff__isnull=False),
            ),
        ]


class ResumeTry(MunicipalModel):
    """再開の失敗. One resume code that did not open anything, counted so that nobody can try many."""

    guarded_by = Through("visitor_id", "registry.visitor", "uuid")
    visitor = models.ForeignKey("registry.Visitor", on_delete=models.CASCADE, related_name="+")
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["visitor", "tried_at"])]


class ExpiryNotice(MunicipalModel):
    """期限の予告. One mail that an unsent application will be forgotten; one a step and end."""

    guarded_by = Through("visitor_id", "registry.visitor", "uuid")
    visitor = models.ForeignKey("registry.Visitor", on_delete=models.CASCADE, related_name="+")
    unsent = models.ForeignKey(UnsentApplication, on_delete=models.CASCADE, related_name="+")
    step = models.PositiveSmallIntegerField("何日前")
    expires_on = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unsent", "step", "expires_on"], name="one_expiry_notice_a_step")
        ]


class ForgottenDraft(MunicipalModel):
    """消した入力. That an unsent application was forgotten, and when; nothing of what was in it."""

    guarded_by = Through("visitor_id", "registry.visitor", "uuid")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    visitor = models.ForeignKey("registry.Visitor", on_delete=models.CASCADE, related_name="+")
    procedure = models.SlugField(max_length=60)
    expired_on = models.DateField()
    forgotten_at = models.DateTimeField()


class Application(MunicipalModel):
    """申請. One case with one number, whatever the channel."""

    guarded_by = ByUnit(marks="applications.application")

    number = models.CharField("受付番号", max_length=12)
    version = models.ForeignKey("procedures.PackageVersion", on_delete=models.PROTECT, related_name="+")
    procedure = models.SlugField("手続", max_length=60, db_index=False)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    period_code = models.CharField("受付期間", max_length=20)
    channel = models.CharField("経路", max_length=8, choices=Channel.choices)
    stage = models.CharField("状態", max_length=10, choices=Stage.choices, default=Stage.RECEIVED)
    outcome = models.CharField("結果", max_length=10, choices=Outcome.choices, blank=True)
    outcome_facts = models.JSONField("結果の事実", default=dict)
    raw = models.JSONField("入力されたまま")
    answers = models.JSONField("読み取った答え")
    facts = models.JSONField("住民記録などの事実", default=dict)
    visitor = models.ForeignKey("registry.Visitor", null=True, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("registry.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField("対象者", max_length=120)
    person_kana = models.CharField("対象者カナ", max_length=240)
    person_key = models.CharField("対象者の照合キー", max_length=200)
    applicant_name = models.CharField("申請者", max_length=120)
    proxy = models.JSONField("代理人", default=dict, db_default=Value({}, models.JSONField()))
    email = models.EmailField(blank=True)
    first_wish = models.CharField("第1希望", max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField("学年", null=True)
    score = models.DecimalField("指数", max_digits=6, decimal_places=1, null=True)
    score_sheet = models.JSONField("指数の説明", default=dict)
    checks_to_look_at = models.PositiveSmallIntegerField("印のあるチェック", default=0)
    checks_run = models.PositiveSmallIntegerField("チェック数", default=0)
    assigned_to = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField("受付日時")
    due_on = models.DateField("期限")
    clock_stopped_on = models.DateField("時計停止", null=True)
    delay_reason = models.CharField("遅れの理由", max_length=200, blank=True, default="")
    decided_at = models.DateTimeField("決定日時", null=True)
    changed_at = models.DateTimeField("更新日時")
    anonymised_at = models.DateTimeField("匿名化した日時", null=True)
    edition = models.PositiveIntegerField("版（同時編集の検出）", default=1)
    submission_key = models.UUIDField("二重送信の検出")
    # Never empty and compared by functions that row-level security lets reach an index (numeric is not one).
    score_order = models.GeneratedField(
        expression=Coalesce(Cast(F("score") * 10, models.IntegerField()), -1),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    grade_order = models.GeneratedField(
        expression=Coalesce(Cast("grade", models.IntegerField()), -1),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    protection = models.ForeignKey(
        "registry.ProtectionUnit", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = LEDGER_INDEXES
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="application_number_once"),
            models.UniqueConstraint(fields=["municipality", "submission_key"], name="submission_once"),
            models.CheckConstraint(
                name="application_not_decided_before_received",
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("received_at")),
                violation_error_message="決定日を受付日より前にはできません。",
            ),
            models.CheckConstraint(
                name="application_outcome_only_when_decided",
                condition=Q(stage="decided") & ~Q(outcome="") | ~Q(stage="decided") & Q(outcome=""),
                violation_error_message="決定していない申請に結果は付けられません。",
            ),
        ]


class Check(MunicipalModel):
    """自動チェック. One rule of the package applied to one application."""

    guarded_by = Through("application_id", "applications.application")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checks")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    result = models.CharField(max_length=10, choices=CheckResult.choices)
    sentence = models.CharField(max_length=300, blank=True)
    about = models.CharField("関わる項目", max_length=60, blank=True)
    correction = models.CharField("補正のお願いの文", max_length=300, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)
    settled_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="one_check_a_code")]


class Correction(MunicipalModel):
    """補正. What was asked, by when, and what came back."""

    guarded_by = Through("application_id", "applications.application")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="corrections")
    fields = models.JSONField("直してほしい項目")
    message = models.CharField("お願いの文", max_length=600)
    asked_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField("期限")
    seen_at = models.DateTimeField("読まれた日時", null=True)
    answered_at = models.DateTimeField(null=True)
    before = models.JSONField("直す前", default=dict)
    after = models.JSONField("直した後", default=dict)
    score_before = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    score_after = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    reminded_at = models.DateTimeField("期限の前の知らせ", null=True)
    checks_before = models.JSONField("直す前の印", default=dict, db_default={})
    checks_after = models.JSONField("直した後の印", default=dict, db_default={})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at__isnull=True),
                name="one_open_correction",
                violation_error_message="すでに補正を頼んでいます。",
            )
        ]


class DryRun(MunicipalModel):
    """試し. A version applied to cases that were made with others, before anybody publishes it."""

    guarded_by = Open("of a version, not of a person; its figures are counted from the cases in sight")

    version = models.ForeignKey("procedures.PackageVersion", on_delete=models.CASCADE, related_name="+")
    package_sha256 = models.CharField(max_length=64)
    started_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField("開始日時")
    job_id = models.UUIDField(unique=True)
    total = models.PositiveIntegerField(default=0)
    sha256 = models.CharField("指紋", max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True)


class DryRunCase(MunicipalModel):
    """What one version would make of one case."""

    guarded_by = Through("application_id", "applications.application")

    run = models.ForeignKey(DryRun, on_delete=models.CASCADE, related_name="cases")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=8, choices=CaseGroup.choices)
    differs = models.BooleanField()
    what = models.JSONField("何が変わるか", default=list)
    told = models.JSONField("変わり方", default=dict)
    safe = models.BooleanField()
    why_not = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "application"], name="one_trial_a_case")]


class VersionMove(MunicipalModel):
    """版の引き継ぎ. What became of an open case when a new version went live, and who decided."""

    guarded_by = Through("application_id", "applications.application")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="version_moves")
    from_version = models.ForeignKey("procedures.PackageVersion", on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey("procedures.PackageVersion", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=MoveState.choices)
    marks = models.JSONField("変わった項目", default=list)
    why_not = models.JSONField("自動で引き継げない理由", default=list)
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "to_version"], name="one_move_a_version")
        ]


class Message(MunicipalModel):
    """連絡. One message between the applicant and the section, kept with the case and never changed."""

    guarded_by = Through("application_id", "applications.application")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField("向き", max_length=8, choices=Direction.choices)
    author_name = models.CharField("書いた人", max_length=120)
    staff = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField("本文", max_length=2000)
    documents = models.JSONField("付けた書類", default=list)
    sent_at = models.DateTimeField("送った日時")
    read_at = models.DateTimeField("読まれた日時", null=True)
    key = models.UUIDField("二重送信の検出")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="message_once"),
            models.CheckConstraint(
                name="message_of_the_section_has_its_author",
                condition=Q(direction="section", staff__isnull=False)
                | Q(direction="resident", staff__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "application", "sent_at"]),
            models.Index(
                fields=["municipality", "application"],
                condition=Q(direction="resident", read_at__isnull=True),
                name="unread_messages",
            ),
        ]
