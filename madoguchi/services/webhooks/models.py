import uuid

from django.db import models

from madoguchi.ledgers.office.guards import Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.services.webhooks.states import Event, NoticeState


class Webhook(MunicipalModel):
    """宛先. Where a key of the API wants to be told of events; the secret lies sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    api_key = models.ForeignKey("office.ApiKey", on_delete=models.CASCADE, related_name="+")
    url = models.CharField("宛先", max_length=520)
    events = models.JSONField("知らせること", default=list)
    sealed_secret = models.TextField("封をした合言葉")
    created_at = models.DateTimeField("作成")
    removed_at = models.DateTimeField("外した時", null=True)


class WebhookNotice(MunicipalModel):
    """知らせ. One event for one webhook: number and stage, no personal data."""

    guarded_by = Through("application_id", "applications.application")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="notices")
    event_id = models.UUIDField("知らせの番号")
    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="+")
    event = models.CharField("できごと", max_length=40, choices=Event.choices)
    number = models.CharField("受付番号", max_length=12)
    stage = models.CharField("状態", max_length=10)
    happened_at = models.DateTimeField("起きた時")
    state = models.CharField("送達", max_length=10, choices=NoticeState.choices, default=NoticeState.WAITING)
    tries = models.PositiveIntegerField("送った回数", default=0)
    next_at = models.DateTimeField("次に送る時")
    reason = models.CharField("届かない理由", max_length=200, blank=True, default="")
    delivered_at = models.DateTimeField("届いた時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="one_notice_an_event"),
            models.CheckConstraint(
                name="notice_delivered_has_a_time",
                condition=~models.Q(state="delivered") | models.Q(delivered_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "next_at"])]
