from django.db import models

from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.ledgers.procedures.states import PublicationState, VersionState


class Procedure(MunicipalModel):
    """手続."""

    slug = models.SlugField(max_length=60)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "slug"], name="procedure_slug_once")]


class PackageVersion(MunicipalModel):
    """手続パッケージの版. Its files never change once proposed (see permanence.py); the hash proves it."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField("版", max_length=20)
    sha256 = models.CharField(max_length=64)
    files = models.JSONField("ファイル")
    state = models.CharField(
        "状態",
        max_length=10,
        choices=VersionState.choices,
        default=VersionState.PUBLISHED,
        db_default="published",
    )
    is_live = models.BooleanField("公開中", default=False)
    loaded_at = models.DateTimeField("読込日時")
    loaded_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "version"], name="package_version_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(is_live=True), name="one_live_version"
            ),
        ]


class Publication(MunicipalModel):
    """公開の伺い. One person proposes a version, another publishes it, today or on a set day."""

    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="publications")
    state = models.CharField(
        max_length=10, choices=PublicationState.choices, default=PublicationState.PROPOSED
    )
    reason = models.CharField("理由", max_length=600)
    live_on = models.DateField("公開する日", null=True)
    proposed_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提案日時")
    dry_run_sha256 = models.CharField("試しの指紋", max_length=64, blank=True)
    decided_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("判断日時", null=True)
    comment = models.CharField("ひとこと", max_length=600, blank=True)
    live_at = models.DateTimeField("公開日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(state__in=["proposed", "scheduled"]),
                name="one_open_publication",
                violation_error_message="この版の公開は、すでに提案されています。",
            ),
            models.CheckConstraint(
                name="publication_by_two_people",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                violation_error_message="提案した人は、自分では公開できません。",
            ),
        ]


class StaffExample(MunicipalModel):
    """職員が作った例. A real case without the person, with what must come out of it; lives beside the versions."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="staff_examples")
    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("題名", max_length=120)
    body = models.JSONField("例")
    made_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("作成日時")
    retired_at = models.DateTimeField("取りやめ", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "name"],
                condition=models.Q(retired_at__isnull=True),
                name="one_example_a_name",
                violation_error_message="同じ題名の例があります。",
            )
        ]
