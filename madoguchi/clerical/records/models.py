import uuid

from django.db import models
from django.db.models import Q

from madoguchi.clerical.records.states import (
    Appraisal,
    CopyState,
    FileState,
    HoldGround,
    ItemState,
    ListKind,
    ListState,
)
from madoguchi.ledgers.office.guards import Open, Through
from madoguchi.ledgers.office.municipal import MunicipalModel


class ClassTable(MunicipalModel):
    """文書分類表. Classification and retention as a town put it in; files already made keep what they were told."""

    text = models.TextField("表（CSV）")
    sha256 = models.CharField("内容のハッシュ", max_length=64)
    put_in_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    put_in_at = models.DateTimeField("登録日時")


class CaseFile(MunicipalModel):
    """簿冊. The documents of one section, one fiscal year and one class; closed on completion."""

    guarded_by = Open("a name for a whole year of papers; each paper in it is guarded by itself")

    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    class_code = models.CharField("分類記号", max_length=20)
    class_name = models.CharField("分類", max_length=120)
    title = models.CharField("簿冊名", max_length=120)
    state = models.CharField(max_length=12, choices=FileState.choices, default=FileState.OPEN)
    retention = models.CharField("保存年限", max_length=10)
    at_end = models.CharField("満了後", max_length=20)
    opened_at = models.DateTimeField("作成日時")
    closed_at = models.DateTimeField("完結日時", null=True)
    counts_from = models.DateField("起算日", null=True)
    ends_on = models.DateField("保存の最後の日", null=True)
    reopened = models.BooleanField("開き直した", default=False)
    """Opened again by a person, it is closed again by a person, not by the end of the year."""
    appraisal = models.CharField("選別", max_length=10, choices=Appraisal.choices, blank=True, default="")
    appraisal_reason = models.CharField("選別の理由", max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "section", "fiscal_year", "class_code", "title"],
                name="one_case_file_a_title",
                violation_error_message="同じ年度・分類に、同じ名前の簿冊があります。",
            ),
            models.CheckConstraint(
                name="case_file_closed_with_time",
                condition=Q(state=FileState.OPEN, closed_at__isnull=True, counts_from__isnull=True)
                | (~Q(state=FileState.OPEN) & Q(closed_at__isnull=False, counts_from__isnull=False)),
            ),
            models.CheckConstraint(name="case_file_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="case_file_appraised_with_reason",
                condition=Q(appraisal="") | ~Q(appraisal_reason=""),
                violation_error_message="選別の理由を書いてください。",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "section", "fiscal_year"], name="case_files_of_section"),
            models.Index(fields=["municipality", "state", "ends_on"], name="case_files_by_end"),
        ]


class FiledDraft(MunicipalModel):
    """綴じた起案. A settled draft in its file: since when its matter is completed, and how long it is kept."""

    guarded_by = Through("draft_id", "decisions.draft")

    file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="filed")
    draft = models.OneToOneField("decisions.Draft", on_delete=models.PROTECT, related_name="+")
    completed_on = models.DateField("完結した日")
    retention = models.CharField("保存年限", max_length=10)
    filed_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField("綴じた日時")

    class Meta:
        indexes = [models.Index(fields=["file", "completed_on"], name="filed_drafts_of_file")]


class LegalHold(MunicipalModel):
    """廃棄停止. A file that is kept whatever its retention says: why, until when, by whom."""

    guarded_by = Open("about a whole file; its reason names a matter, and the page asks not to name people")

    file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="holds")
    ground = models.CharField("区分", max_length=12, choices=HoldGround.choices)
    reason = models.CharField("理由", max_length=300)
    until = models.DateField("いつまで", null=True)
    set_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("止めた日時")
    agreed_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField("課長が決めた日時", null=True)
    signed_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("総務課長が確かめた日時", null=True)
    released_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField("解いた日時", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="legal_hold_has_its_reason",
                condition=~Q(reason=""),
                violation_error_message="廃棄を止める理由を書いてください。",
            ),
            models.CheckConstraint(
                name="legal_hold_signed_by_another",
                condition=Q(signed_by__isnull=True, signed_at__isnull=True)
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(signed_by=models.F("set_by"))),
            ),
            models.CheckConstraint(
                name="legal_hold_agreed_by_another",
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | (Q(agreed_at__isnull=False, agreed_by__isnull=False) & ~Q(agreed_by=models.F("set_by"))),
            ),
            models.CheckConstraint(
                name="legal_hold_released_by_somebody",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
        ]


class ReadabilityCheck(MunicipalModel):
    """可読性の確認. That the attachments of a file were opened: hash, format, and which could not be read (RR07)."""

    guarded_by = Open("counts of a file; a fault names a draft by its number and an attachment by its place")

    file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="checks")
    checked_at = models.DateTimeField("確認日時")
    documents = models.PositiveIntegerField("見た添付の数")
    faults = models.JSONField("読めないもの", default=list)

    class Meta:
        indexes = [models.Index(fields=["file", "checked_at"], name="readability_of_file")]


class DisposalList(MunicipalModel):
    """廃棄・移管の目録. Fixed when it is made; decided as a whole, then worked off."""

    guarded_by = Open("a list of files by name; what is in them is guarded paper by paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("区分", max_length=10, choices=ListKind.choices)
    title = models.CharField("件名", max_length=120)
    state = models.CharField(max_length=12, choices=ListState.choices, default=ListState.PREPARED)
    listed_on = models.DateField("いつ現在")
    total = models.PositiveIntegerField("簿冊の数")
    list_sha256 = models.CharField("目録のハッシュ", max_length=64)
    prepared_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField("作成日時")
    draft = models.ForeignKey("decisions.Draft", null=True, on_delete=models.PROTECT, related_name="+")
    job = models.UUIDField(null=True)
    finished_at = models.DateTimeField("終わった日時", null=True)


class DisposalItem(MunicipalModel):
    """目録の1冊. One file on a list, and why it was left out."""

    guarded_by = Open("a file is named by its class and year; what is in it is guarded where it stands")

    list = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="items")
    file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    reason = models.CharField("外した理由", max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "file"], name="case_file_once_a_list")]
        indexes = [models.Index(fields=["list", "state"], name="disposal_item_next")]


class FileEnd(MunicipalModel):
    """廃棄・移管の記録. That a file came to its end, when and by which decision. Permanent; names nobody (RR08)."""

    guarded_by = Open("nothing about anybody beyond the name of the file")

    file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="end")
    list = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="ends")
    treatment = models.CharField("処理", max_length=12, choices=FileState.choices)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    class_code = models.CharField("分類記号", max_length=20)
    title = models.CharField("簿冊名", max_length=120)
    retention = models.CharField("保存年限", max_length=10)
    closed_on = models.DateField("完結した日")
    ends_on = models.DateField("保存の最後の日", null=True)
    approval = models.CharField("決裁の文書番号", max_length=40, blank=True)
    manifest_sha256 = models.CharField("引き渡した写しのハッシュ", max_length=64, blank=True)
    ended_at = models.DateTimeField("処理した日時")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="file_end_is_an_end",
                condition=Q(treatment__in=[FileState.DISPOSED, FileState.TRANSFERRED]),
            )
        ]
        indexes = [models.Index(fields=["municipality", "ended_at"], name="file_ends_by_day")]


class EndedDraft(MunicipalModel):
    """廃棄した起案. What stays of a draft: its number, dates and hashes; no word of what was in it. Permanent."""

    guarded_by = Through("draft_id", "decisions.draft")

    end = models.ForeignKey(FileEnd, on_delete=models.PROTECT, related_name="drafts")
    draft = models.ForeignKey("decisions.Draft", on_delete=models.PROTECT, related_name="+")
    number = models.CharField("文書番号", max_length=40)
    drafted_on = models.DateField("起案日")
    settled_on = models.DateField("決裁日", null=True)
    completed_on = models.DateField("完結した日")
    content_sha256 = models.CharField("内容のハッシュ", max_length=64)
    hashes = models.JSONField("版・添付・決裁のハッシュ")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft"], name="draft_ends_once")]


class FileCopy(MunicipalModel):
    """簿冊の写し. A ZIP of a file with its evidence, kept some days for whoever ordered it; its hash stays for good."""

    guarded_by = Open("opened only by whoever ordered it, and made with their sight")

    id = models.UUIDField(primary_key=True)
    file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="copies")
    state = models.CharField(max_length=10, choices=CopyState.choices, default=CopyState.ORDERED)
    ordered_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField("頼んだ日時")
    purpose = models.CharField("目的", max_length=200)
    whole = models.BooleanField("すべての文書を含む", default=False)
    drafts = models.PositiveIntegerField("文書の数", default=0)
    size = models.PositiveBigIntegerField("大きさ", default=0)
    manifest_sha256 = models.CharField("目録のハッシュ", max_length=64, blank=True)
    made_at = models.DateTimeField("作成日時", null=True)
    expires_at = models.DateTimeField("受け取れる期限")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ready_copy_has_its_hash",
                condition=~Q(state=CopyState.READY) | ~Q(manifest_sha256=""),
            )
        ]


class CopyPart(MunicipalModel):
    """写しの一部. Some megabytes of a copy, so that no whole file is held in memory."""

    guarded_by = Open("bytes of a copy; only its order leads to them")

    copy = models.ForeignKey(FileCopy, on_delete=models.CASCADE, related_name="parts")
    place = models.PositiveIntegerField("順")
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "place"], name="one_copy_part_a_place")]
