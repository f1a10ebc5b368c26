"""What the ledger keeps: texts to search, saved views, bulk acts, made files. models.py of the room names them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from madoguchi.ledgers.office.guards import Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.services.applications.states import Audience, BulkVerb, ItemState


class SearchText(MunicipalModel):
    """検索文. What may be found of one application by one audience: folded answers, and their pairs of characters."""

    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="+")
    audience = models.CharField("読める人", max_length=4, choices=Audience.choices)
    text = models.TextField("畳んだ答え")
    grams = ArrayField(models.IntegerField(), verbose_name="2文字の組")

    guarded_by = Through("application_id", "applications.application")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "audience"], name="one_search_text_an_audience")
        ]
        # Without the list of what is still to be entered: a search must not get slower until it is emptied.
        indexes = [GinIndex(fields=["grams"], name="search_grams", fastupdate=False)]


class LedgerView(MunicipalModel):
    """保存した一覧. Conditions, order and columns under a name; shared ones belong to the section."""

    staff = models.ForeignKey("office.Staff", on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey("office.Section", null=True, on_delete=models.CASCADE, related_name="+")
    procedure = models.CharField("手続", max_length=60, blank=True)
    name = models.CharField("名前", max_length=30)
    query = models.CharField("条件", max_length=1000, blank=True)
    columns = models.JSONField("列", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "procedure", "name"],
                name="ledger_view_named_once",
                violation_error_message="同じ名前の一覧がもうあります。",
            )
        ]


class LedgerHabit(MunicipalModel):
    """一覧の好み. How one member of staff likes one ledger: columns, height of rows, first view."""

    staff = models.ForeignKey("office.Staff", on_delete=models.CASCADE, related_name="+")
    procedure = models.CharField("手続", max_length=60, blank=True)
    columns = models.JSONField("列", default=list)
    density = models.PositiveSmallIntegerField("行の高さ", default=34)
    first_view = models.CharField("はじめに開く一覧", max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "procedure"], name="one_habit_a_ledger"),
            models.CheckConstraint(name="habit_density_offered", condition=Q(density__in=[28, 34, 44])),
        ]


class Bulk(MunicipalModel):
    """一括処理. One act on many applications, fixed when it was ordered; its progress is the job of the same id."""

    id = models.UUIDField(primary_key=True)
    verb = models.CharField("処理", max_length=10, choices=BulkVerb.choices)
    told = models.JSONField("内容", default=dict)
    asked_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("頼んだ日時")
    undo_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")


class BulkItem(MunicipalModel):
    """一括処理の1件. What became of one application in a bulk."""

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="items")
    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField("順")
    state = models.CharField("状態", max_length=8, choices=ItemState.choices, default=ItemState.WAITING)
    reason = models.CharField("できなかった理由", max_length=300, blank=True)
    holds = models.BooleanField("ほかの一括処理を待たせる", default=True)
    before = models.JSONField("前の状態", default=dict)

    guarded_by = Through("application_id", "applications.application")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk", "application"], name="case_once_a_bulk"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state="waiting", holds=True),
                name="case_waits_in_one_bulk",
            ),
        ]
        indexes = [models.Index(fields=["bulk", "state", "position"], name="bulk_item_next")]


class MadeFile(MunicipalModel):
    """作ったファイル. An export or a print of many cases, kept for its maker for a few days."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField("名前", max_length=120)
    media_type = models.CharField(max_length=100)
    body = models.BinaryField()
    made_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField("目的", max_length=200)
    made_at = models.DateTimeField("作成日時")
    expires_at = models.DateTimeField("保存の期限")
