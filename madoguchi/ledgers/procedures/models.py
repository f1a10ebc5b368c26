from django.db import models

from madoguchi.ledgers.office.municipal import MunicipalModel


class Procedure(MunicipalModel):
    """手続."""

    slug = models.SlugField(max_length=60)
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "slug"], name="procedure_slug_once")]


class PackageVersion(MunicipalModel):
    """手続パッケージの版. Its files never change once loaded; the hash proves it."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField("版", max_length=20)
    sha256 = models.CharField(max_length=64)
    files = models.JSONField("ファイル")
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
