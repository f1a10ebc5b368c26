"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime

from madoguchi.common.bells import Bell
from madoguchi.ledgers.office.trace import Actor


@dataclass(frozen=True)
class AboutToPublish:
    """Two people agree on a version. Whoever knows a reason against it raises its refusal."""

    version_id: int
    slug: str
    dry_run_sha256: str
    at: datetime


@dataclass(frozen=True)
class WentLive:
    """A version is used from now on; former_id is the one before, None for the first."""

    procedure_id: int
    slug: str
    version_id: int
    former_id: int | None
    at: datetime
    by: Actor


about_to_publish: Bell[AboutToPublish] = Bell("procedures.about_to_publish")
went_live: Bell[WentLive] = Bell("procedures.went_live")
