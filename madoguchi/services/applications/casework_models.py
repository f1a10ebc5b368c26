"""What staff add to a case while they work on it: pauses, comments, facts, texts, merges."""

import uuid

from django.db import models
from django.db.models import F, Q

from madoguchi.ledgers.office.guards import Both, Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.services.applications.states import PauseReason, Stage


class ClockPause(MunicipalModel):
    """時計の停止. One stretch in which the standard processing period did not run."""

    guarded_by = Through("application_id", "applications.application")

    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="pauses"
    )
    reason = models.CharField("理由", max_length=12, choices=PauseReason.choices)
    note = models.CharField("説明", max_length=200, blank=True, default="")
    stopped_on = models.DateField("止めた日")
    resumed_on = models.DateField("動かした日", null=True)
    stopped_by = models.CharField("止めた人", max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reason"],
                condition=Q(resumed_on__isnull=True),
                name="one_open_pause_a_reason",
                violation_error_message="同じ理由で、もう時計を止めています。",
            ),
            models.CheckConstraint(
                name="pause_ends_after_it_begins",
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("stopped_on")),
                violation_error_message="動かした日を止めた日より前にはできません。",
            ),
        ]


class Comment(MunicipalModel):
    """メモ. Words among staff about a case; never shown to the resident, but open to 情報公開・開示請求."""

    guarded_by = Through("application_id", "applications.application", marks="applications.comment")

    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="comments"
    )
    author = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    text = models.CharField("内容", max_length=1000)
    written_at = models.DateTimeField("書いた日時")
    edited_at = models.DateTimeField("直した日時", null=True)
    struck_at = models.DateTimeField("取り消した日時", null=True)

    class Meta:
        indexes = [models.Index(fields=["application", "written_at"])]


class Mention(MunicipalModel):
    """呼びかけ. A colleague named in a comment, until they have opened the case."""

    guarded_by = Through("comment_id", "applications.comment")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    staff = models.ForeignKey("office.Staff", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField("見た日時", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "staff"], name="mentioned_once")]
        indexes = [models.Index(fields=["staff"], condition=Q(seen_at__isnull=True), name="mention_unseen")]


class CorrectionText(MunicipalModel):
    """補正の文例. A sentence a section asks for corrections with again and again."""

    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    procedure = models.SlugField("手続", max_length=60)
    title = models.CharField("題", max_length=60)
    text = models.CharField("文", max_length=600)
    fields = models.JSONField("直してほしい項目", default=list)
    used = models.PositiveIntegerField("使った回数", default=0)
    changed_by = models.CharField("直した人", max_length=120)
    changed_at = models.DateTimeField("直した日時")
    retired_at = models.DateTimeField("使うのをやめた日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "procedure", "title"],
                condition=Q(retired_at__isnull=True),
                name="one_text_a_title",
                violation_error_message="同じ題の文例があります。",
            )
        ]


class StaffFact(MunicipalModel):
    """職員が入れる事実. Hand-decided points, waivers, arrears: what no answer and no register tells."""

    guarded_by = Through("application_id", "applications.application")

    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="staff_facts"
    )
    name = models.CharField("事実", max_length=60)
    row = models.PositiveSmallIntegerField("行", null=True)
    value = models.JSONField("値")
    source = models.CharField("根拠", max_length=300)
    dated_on = models.DateField("いつ現在")
    entered_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("入れた日時")
    replaced_at = models.DateTimeField("改めた日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "name", "row"],
                condition=Q(replaced_at__isnull=True),
                nulls_distinct=False,
                name="one_standing_fact_a_name",
            )
        ]


class Merge(MunicipalModel):
    """重複の統合. One case went into another; both numbers stay known, and it can be undone until the decision."""

    guarded_by = Both(
        Through("gone_id", "applications.application"), Through("kept_id", "applications.application")
    )

    gone = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="went_into")
    kept = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="took_in")
    reason = models.CharField("理由", max_length=300)
    taken = models.JSONField("引き継いだ項目", default=list)
    former_raw = models.JSONField("残した申請の元の入力", default=dict)
    former_stage = models.CharField("まとめた申請の元の状態", max_length=10, choices=Stage.choices)
    documents = models.JSONField("移した書類", default=list)
    visitor_taken = models.BooleanField("利用者を引き継いだ", default=False)
    merged_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField("まとめた日時")
    undone_at = models.DateTimeField("戻した日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="merged_into_one_case"
            ),
            models.CheckConstraint(name="not_merged_into_itself", condition=~Q(gone=F("kept"))),
        ]


class PrintedBundle(MunicipalModel):
    """まとめて印刷した PDF. A copy for the desk, kept for a day; never the document itself."""

    guarded_by = Through("application_id", "applications.application")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="bundles"
    )
    body = models.BinaryField("PDF")
    size = models.PositiveIntegerField("大きさ")
    made_by = models.ForeignKey("office.Staff", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField("作った日時")
