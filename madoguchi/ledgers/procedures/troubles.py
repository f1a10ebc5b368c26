"""What can rot in the procedures room: versions that can no longer be read, and 本人確認 nobody has reviewed."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone

from madoguchi.ledgers.office.watching import Repair, Trouble, watch
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.models import PackageVersion
from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.queries import package_of


@watch("procedures")
def versions_in_force(at: datetime) -> Iterator[Trouble]:
    on = timezone.localdate(at)
    live = PackageVersion.objects.filter(is_live=True).order_by("procedure__slug")
    for version_id, slug in live.values_list("pk", "procedure__slug"):
        try:
            package = package_of(version_id).package
        except PackageFaults as found:
            said = f"手続「{slug}」の版に不備があります：{found.faults[0].sentence}"
            yield Trouble(
                "procedures",
                said,
                len(found.faults),
                repairs=(Repair("別の版を公開する", page="procedures"),),
            )
            continue
        yield from _identity(package, on)


def _identity(package: Package, on: date) -> Iterator[Trouble]:
    identity = package.required_identity
    if identity.review_on is not None and identity.review_overdue(on):
        said = f"「{package.names.ja}」の本人確認の見直しの日（{identity.review_on}）が過ぎました。"
        yield Trouble("procedures", said, soon=True, repairs=(Repair("見直す", page="identity"),))
