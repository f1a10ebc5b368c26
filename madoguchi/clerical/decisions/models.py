from django.db import models
from django.db.models import F, Q

from madoguchi.clerical.decisions.states import (
    BLOCKING,
    ApprovalMode,
    Capacity,
    Disclosure,
    DraftState,
    PaperReason,
    PaperRule,
    StepKind,
    StepOutcome,
)
from madoguchi.ledgers.office.guards import BySubject, Through
from madoguchi.ledgers.office.municipal import MunicipalModel


class RouteTable(MunicipalModel):
    """専決の表. Who decides what, as a town put it in; a later one does not touch papers under way."""

    text = models.TextField("表（CSV）")
    sha256 = models.CharField("内容のハッシュ", max_length=64)
    effective_from = models.DateField("使い始める日")
    put_in_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    put_in_at = models.DateTimeField("登録日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "effective_from"], name="one_route_table_a_day")
        ]


class DocumentClass(MunicipalModel):
    """文書の種類の決まり. What a town demands of one kind of draft: paper or not, where it is filed."""

    kind = models.CharField("種類", max_length=10)
    name = models.CharField("名称", max_length=80)
    class_code = models.CharField("分類記号", max_length=20, blank=True)
    retention = models.CharField("保存年限", max_length=10, blank=True)
    paper_rule = models.CharField(
        "紙の扱い", max_length=20, choices=PaperRule.choices, default=PaperRule.FREE
    )
    paper_reason = models.CharField("紙の扱いの理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "kind"], name="one_class_a_kind"),
            models.CheckConstraint(
                name="paper_rule_has_its_reason",
                condition=Q(paper_rule=PaperRule.FREE) | ~Q(paper_reason=""),
                violation_error_message="紙の扱いを決める理由を書いてください。",
            ),
        ]


class Draft(MunicipalModel):
    """起案. It does not know what it is about: `subject_kind` and `subject_id` belong to another room."""

    guarded_by = BySubject(marks="decisions.draft")

    number = models.CharField("文書番号", max_length=40)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("番号")
    title = models.CharField("件名", max_length=120)
    body = models.TextField("伺い文")
    figures = models.JSONField("内訳", default=list)
    item_count = models.PositiveIntegerField("件数")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    subject_sha256 = models.CharField("対象のハッシュ", max_length=64, default="", db_default="")
    content_sha256 = models.CharField("内容のハッシュ", max_length=64)
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.SUBMITTED)
    also_needs = models.CharField("併せて要る権限", max_length=30, blank=True, default="", db_default="")
    """A power the approver must hold besides, because part of what is decided is in sight of its holders only."""
    drafted_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("起案日時")
    version = models.PositiveIntegerField(default=1)

    kind = models.CharField("種類", max_length=10, blank=True, default="", db_default="")
    amount = models.BigIntegerField("金額（円）", null=True)
    class_code = models.CharField("分類記号", max_length=20, blank=True, default="", db_default="")
    retention = models.CharField("保存年限", max_length=10, blank=True, default="", db_default="")
    disclosure = models.CharField(
        "公開区分", max_length=8, choices=Disclosure.choices, blank=True, default="", db_default=""
    )
    disclosure_reason = models.CharField(
        "公開しない理由", max_length=200, blank=True, default="", db_default=""
    )
    mode = models.CharField(
        "決裁の方法",
        max_length=12,
        choices=ApprovalMode.choices,
        default=ApprovalMode.ELECTRONIC,
        db_default=ApprovalMode.ELECTRONIC,
    )
    paper_reason = models.CharField(
        "紙の理由", max_length=12, choices=PaperReason.choices, blank=True, default="", db_default=""
    )
    paper_note = models.CharField("紙の理由の説明", max_length=200, blank=True, default="", db_default="")
    sheets = models.PositiveIntegerField("印刷したときの枚数", default=1, db_default=1)
    urgent = models.BooleanField("至急", default=False, db_default=False)
    important = models.BooleanField("重要・異例", default=False, db_default=False)
    instructed = models.BooleanField("事前の指示", default=False, db_default=False)
    submissions = models.PositiveSmallIntegerField("提出の回数", default=1, db_default=1)
    route = models.JSONField("経路の根拠", default=dict, db_default={})
    """Which row of which table the route came from, its reasons, substitutes and later look, as they were then."""
    quoted_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="quoted_by", verbose_name="引用元"
    )
    settled_at = models.DateTimeField("決裁日時", null=True)
    decided_on = models.DateField("決裁日", null=True)
    """The day of the decision; of one on paper the day on the seal, not that of its entry."""
    work = models.UUIDField("処理", null=True)
    """The job that moves what a large draft decided on; None where the decision itself moved it, or nothing."""
    worked_off_at = models.DateTimeField("処理を終えた日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "fiscal_year", "serial"], name="draft_number_once"),
            models.UniqueConstraint(
                fields=["municipality", "subject_kind", "subject_id"],
                condition=Q(state__in=["submitted", "approved"]),
                name="one_open_draft_a_subject",
            ),
            models.CheckConstraint(
                name="paper_has_its_reason",
                condition=Q(mode=ApprovalMode.ELECTRONIC) | ~Q(paper_reason=""),
                violation_error_message="紙を使う理由を選んでください。",
            ),
            models.CheckConstraint(
                name="draft_amount_not_negative",
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                violation_error_message="金額は0円以上です。",
            ),
            models.CheckConstraint(
                name="draft_worked_off_by_its_job",
                condition=Q(worked_off_at__isnull=True) | Q(work__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "section", "drafted_at"], name="drafts_of_section"),
            models.Index(fields=["municipality", "fiscal_year", "mode"], name="drafts_by_mode"),
            models.Index(
                fields=["municipality", "drafted_at"],
                condition=Q(urgent=True, state=DraftState.SUBMITTED),
                name="urgent_drafts",
            ),
            models.Index(
                fields=["municipality", "decided_on", "section", "mode"],
                condition=Q(decided_on__isnull=False),
                name="drafts_by_day_of_decision",
            ),
            models.Index(
                fields=["municipality", "settled_at"],
                condition=Q(work__isnull=False, worked_off_at__isnull=True),
                name="drafts_to_work_off",
            ),
        ]


TO_DECIDE = Q(outcome="", opened_at__isnull=False, kind__in=BLOCKING, on_paper=False)
"""Steps that hold an electronic draft up. A step is closed with its submission, so none of an earlier one is among them."""


class Step(MunicipalModel):
    """決裁の一段. Who acts, as whom, what they said, and the hash of what they saw."""

    guarded_by = Through("draft_id", "decisions.draft")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField("順")
    submission = models.PositiveSmallIntegerField("何回目の提出か", default=1, db_default=1)
    stage = models.PositiveSmallIntegerField("段", default=1, db_default=1)
    """Steps of one stage go on side by side; the next stage opens when all of them are done."""
    kind = models.CharField(
        max_length=12, choices=StepKind.choices, default=StepKind.DECIDE, db_default=StepKind.DECIDE
    )
    post = models.CharField("役職", max_length=20, blank=True, default="", db_default="")
    capacity = models.CharField(
        max_length=12, choices=Capacity.choices, default=Capacity.OWN, db_default=Capacity.OWN
    )
    stands_for = models.CharField("代わられた役職", max_length=20, blank=True, default="", db_default="")
    approver = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("回ってきた日時", null=True)
    looked_at = models.DateTimeField("最後に開いた日時", null=True)
    looked_sha256 = models.CharField(
        "開いたときの内容のハッシュ", max_length=64, blank=True, default="", db_default=""
    )
    reminded_at = models.DateTimeField("催促した日時", null=True)
    outcome = models.CharField(max_length=12, choices=StepOutcome.choices, blank=True)
    comment = models.CharField(max_length=400, blank=True)
    seen_sha256 = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    # As the draft had them when it was submitted: an inbox of thousands is read from one index, without the drafts.
    matter = models.CharField("種類", max_length=10, blank=True, default="", db_default="")
    urgent = models.BooleanField("至急", default=False, db_default=False)
    on_paper = models.BooleanField("紙で決裁", default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "place"], name="one_step_a_place"),
            models.CheckConstraint(
                name="step_decided_with_time",
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="step_decided_after_it_opened",
                condition=Q(opened_at__isnull=True)
                | Q(decided_at__isnull=True)
                | Q(decided_at__gte=F("opened_at")),
                violation_error_message="時計が戻っています。決裁の日時が、回ってきた日時より前です。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "approver", "opened_at"],
                condition=Q(outcome="", opened_at__isnull=False),
                name="steps_that_wait",
            ),
            models.Index(
                fields=["municipality", "approver", "-urgent", "opened_at", "id"],
                # The key of the draft too: whether somebody may see it is judged by it, and counting stays in the index.
                include=["draft"],
                condition=TO_DECIDE,
                name="steps_to_decide",
            ),
            models.Index(
                fields=["municipality", "approver", "matter", "-urgent", "opened_at", "id"],
                # The key of the draft too: whether somebody may see it is judged by it, and counting stays in the index.
                include=["draft"],
                condition=TO_DECIDE,
                name="steps_to_decide_by_matter",
            ),
        ]


class Edition(MunicipalModel):
    """起案の版. Everything a hash was taken of, so that an auditor can take it again. Never changed."""

    guarded_by = Through("draft_id", "decisions.draft")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="editions")
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "sha256"], name="one_edition_a_hash")]


class Attachment(MunicipalModel):
    """起案の添付. Added while or after the decision, never replaced or removed: approvals cover it."""

    guarded_by = Through("draft_id", "decisions.draft")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="attachments")
    place = models.PositiveSmallIntegerField("順")
    document_id = models.UUIDField()
    name = models.CharField("名前", max_length=200)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("添付日時")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "place"], name="one_attachment_a_place")]


class PaperMaterial(MunicipalModel):
    """紙の資料. Part of a 併用決裁 that stays on paper: what it is and where it is kept. Never changed."""

    guarded_by = Through("draft_id", "decisions.draft")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="paper_materials")
    place = models.PositiveSmallIntegerField("順")
    what = models.CharField("何か", max_length=120)
    kept_at = models.CharField("どこに置くか", max_length=120)
    sheets = models.PositiveIntegerField("枚数", default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "place"], name="one_paper_a_place")]
