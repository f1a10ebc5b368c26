from django.db import models
from django.db.models import Q

from madoguchi.ledgers.office.guards import Open, Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.services.applications.states import Outcome
from madoguchi.services.subsidies.states import BatchKind, BatchState


class Batch(MunicipalModel):
    """束. What one draft decides: grants of one procedure from one budget, or payment orders."""

    guarded_by = Open("a list for one draft; what it holds is guarded row by row")

    kind = models.CharField("種類", max_length=8, choices=BatchKind.choices)
    procedure = models.SlugField("手続", max_length=60, blank=True)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    appropriation = models.ForeignKey(
        "payments.Appropriation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状態", max_length=10, choices=BatchState.choices, default=BatchState.SUBMITTED)
    draft = models.ForeignKey("decisions.Draft", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("起案日時")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="batch_of_grants_names_its_budget",
                condition=Q(kind="grant", appropriation__isnull=False)
                | Q(kind="payment", appropriation__isnull=True),
            )
        ]


class BatchItem(MunicipalModel):
    """束の1件. One case with what is asked for it."""

    guarded_by = Through("application_id", "applications.application")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey("payments.PaymentOrder", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("結果", max_length=10, choices=Outcome.choices)
    amount = models.BigIntegerField("額")
    reason = models.CharField("不交付の理由", max_length=300, blank=True, default="")
    documents_sha256 = models.CharField("起案のときの書類の指紋", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "application"], name="one_item_a_case"),
            models.CheckConstraint(
                name="item_granted_with_money_or_refused_with_reason",
                condition=Q(outcome="granted", amount__gt=0)
                | (Q(outcome="refused", amount=0) & ~Q(reason="")),
            ),
        ]
