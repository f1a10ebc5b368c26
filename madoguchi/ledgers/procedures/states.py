"""The life of a version and of its publication; no queries."""

from django.db.models import TextChoices


class VersionState(TextChoices):
    DRAFT = "draft", "下書き"
    PROPOSED = "proposed", "公開の確認中"
    PUBLISHED = "published", "公開済み"


class PublicationState(TextChoices):
    PROPOSED = "proposed", "確認を待っています"
    SCHEDULED = "scheduled", "公開の日を待っています"
    LIVE = "live", "公開しました"
    RETURNED = "returned", "差し戻しました"
