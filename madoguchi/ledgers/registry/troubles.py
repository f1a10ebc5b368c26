"""What can rot in the registry: 支援措置 that lapse. Only those who see protected people are told."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from madoguchi.ledgers.office.watching import Repair, Trouble, watch
from madoguchi.ledgers.registry.models import ProtectionUnit

SOON = timedelta(days=30)


@watch("protection")
def measures_lapsing(at: datetime) -> Iterator[Trouble]:
    on = timezone.localdate(at)
    for unit in ProtectionUnit.objects.filter(ended_on__isnull=True, ends_on__lte=on + SOON).order_by(
        "ends_on"
    ):
        over = unit.ends_on < on
        said = "の期間が過ぎました" if over else f"が{unit.ends_on}に終わります"
        yield Trouble(
            "protection", f"支援措置{said}。延長の意思を確かめてください。", soon=not over,
            repairs=(Repair("延長する・終える", page="protection-unit", page_key=str(unit.pk)),),
        )  # fmt: skip
