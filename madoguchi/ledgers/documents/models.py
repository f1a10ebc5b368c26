import uuid

from django.db import models
from django.db.models import Q

from madoguchi.ledgers.documents.states import TO_BE_SCANNED, ScanState
from madoguchi.ledgers.office.guards import BySubject, Open
from madoguchi.ledgers.office.municipal import MunicipalModel


class Content(MunicipalModel):
    """The bytes of a file, kept once however often it is handed in."""

    guarded_by = Open("bytes without a name or an owner; only a document in sight leads to them")

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=60)
    body = models.BinaryField()
    scan = models.CharField(
        "ウイルス検査", max_length=10, choices=ScanState.choices, db_default=ScanState.BEFORE
    )
    scanned_at = models.DateTimeField("検査日時", null=True)
    found = models.CharField("見つかったもの", max_length=100, db_default="")
    cautions = models.JSONField("注意", default=list, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "sha256"], name="content_kept_once"),
            models.CheckConstraint(name="content_has_its_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "id"],
                name="content_to_scan",
                condition=Q(scan__in=sorted(TO_BE_SCANNED)),
            )
        ]


class Document(MunicipalModel):
    """文書. A named file that belongs to one record."""

    guarded_by = BySubject("owner_kind", "owner_id", marks="documents.document")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField("名前", max_length=200)
    owner_kind = models.CharField(max_length=60)
    owner_id = models.CharField(max_length=60)
    retention_class = models.CharField("保存年限", max_length=10, default="5")
    added_at = models.DateTimeField("登録日時")
    added_by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["municipality", "owner_kind", "owner_id"])]
