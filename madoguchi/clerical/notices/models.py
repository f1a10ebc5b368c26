import uuid

from django.db import models
from django.db.models import Q

from madoguchi.clerical.notices.states import DeliveryState, LetterState, ReleaseState, Route
from madoguchi.ledgers.office.guards import BySubject, Open, Through
from madoguchi.ledgers.office.municipal import MunicipalModel


class Release(MunicipalModel):
    """一斉発送. Letters that are prepared together and released at one instant."""

    guarded_by = Open(
        "names a round of many cases and nobody in it; its counts are made over the letters in sight"
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField("件名", max_length=120)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    expected = models.PositiveIntegerField("予定通数")
    first_serial = models.PositiveIntegerField("取り置いた番号の初め", null=True)
    numbered_year = models.PositiveSmallIntegerField("番号の年度", null=True)
    state = models.CharField(max_length=12, choices=ReleaseState.choices, default=ReleaseState.PREPARING)
    job = models.UUIDField(null=True)
    delivery_job = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "subject_kind", "subject_id"], name="one_release_a_subject"
            )
        ]


class Letter(MunicipalModel):
    """通知. Exactly one of a kind for one case."""

    guarded_by = BySubject(marks="notices.letter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField("文書番号", max_length=40)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("番号")
    kind = models.CharField("種類", max_length=40)
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="letters")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    addressee = models.CharField("宛名", max_length=120)
    title = models.CharField("標題", max_length=120)
    facts = models.JSONField("差し込む事実")
    text = models.TextField("本文")
    email = models.EmailField(blank=True)
    pdf = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64)
    signed_with = models.ForeignKey(
        "SigningCertificate", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.PREPARED)
    dated_on = models.DateField("日付")
    released_at = models.DateTimeField(null=True)
    first_read_at = models.DateTimeField("開封日時", null=True)
    held_reason = models.CharField("止めた理由", max_length=200, blank=True, default="")
    held_over = models.CharField("止めを解いた人と理由", max_length=320, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "subject_kind", "subject_id", "kind"],
                name="one_letter_a_case_and_kind",
            ),
            models.UniqueConstraint(fields=["section", "fiscal_year", "serial"], name="letter_number_once"),
            models.CheckConstraint(
                name="released_letter_has_its_instant",
                condition=Q(state="prepared", released_at__isnull=True)
                | Q(state="released", released_at__isnull=False),
            ),
        ]


class SigningCertificate(MunicipalModel):
    """電子署名の証明書. One with which letters of the municipality were signed; kept for as long as they are verified."""

    guarded_by = Open("names the municipality and nobody else; anybody may have it")

    fingerprint = models.CharField("指紋（SHA-256）", max_length=64)
    name = models.CharField("名義", max_length=200)
    pem = models.TextField("証明書")
    starts_at = models.DateTimeField("有効期間の初め")
    ends_at = models.DateTimeField("有効期間の終わり")
    first_used_at = models.DateTimeField("初めて使った日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "fingerprint"], name="certificate_once"),
            models.CheckConstraint(
                name="certificate_ends_after_it_starts", condition=Q(ends_at__gt=models.F("starts_at"))
            ),
        ]


class Delivery(MunicipalModel):
    """送達. One way on which a letter goes out."""

    guarded_by = Through("letter_id", "notices.letter", "uuid")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="deliveries")
    route = models.CharField(max_length=12, choices=Route.choices)
    address = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    message_id = models.CharField(max_length=120, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "route"], name="one_delivery_a_route")]


class QueuedMail(MunicipalModel):
    """案内メール. A mail that is not a letter, queued with the change it tells of; its text goes when it is sent."""

    message_id = models.CharField(max_length=120)
    address = models.CharField(max_length=254)
    subject = models.CharField("件名", max_length=200)
    body = models.TextField("本文", blank=True)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "message_id"], name="queued_mail_once"),
            models.CheckConstraint(
                name="queued_mail_sent_has_its_instant",
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"),
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "queued_at"])]
