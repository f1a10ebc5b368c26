from django.db import models
from django.db.models import Q

from madoguchi.clerical.decisions.states import DraftState
from madoguchi.ledgers.office.guards import BySubject, Through
from madoguchi.ledgers.office.municipal import MunicipalModel


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
    content_sha256 = models.CharField("内容のハッシュ", max_length=64)
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.SUBMITTED)
    also_needs = models.CharField("併せて要る権限", max_length=30, blank=True, default="", db_default="")
    """A power the approver must hold besides, because part of what is decided is in sight of its holders only."""
    drafted_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("起案日時")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "fiscal_year", "serial"], name="draft_number_once"),
            models.UniqueConstraint(
                fields=["municipality", "subject_kind", "subject_id"],
                condition=Q(state__in=["submitted", "approved"]),
                name="one_open_draft_a_subject",
            ),
        ]


class Step(MunicipalModel):
    """決裁の一段. Who approves, what they decided, and the hash of what they saw."""

    guarded_by = Through("draft_id", "decisions.draft")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField("順")
    approver = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=DraftState.choices, blank=True)
    comment = models.CharField(max_length=400, blank=True)
    seen_sha256 = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "place"], name="one_step_a_place"),
            models.CheckConstraint(
                name="step_decided_with_time",
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
        ]
