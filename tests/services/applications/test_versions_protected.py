"""A trial and the taking over count protected people; who may not see them sees neither row nor name."""

import uuid
from datetime import datetime
from typing import Any

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.services.applications.intake import receive
from madoguchi.services.applications.models import DryRunCase, VersionMove
from madoguchi.services.applications.rebasing import rebase_chunk, waiting_ids
from madoguchi.services.applications.states import Channel
from madoguchi.services.applications.version_queries import trial_of, waiting_moves
from tests.factories_applications import received, typed
from tests.factories_protection import protected_family
from tests.factories_versions import MUST, imported, next_package, tried


def test_protected_case__is_tried_and_moved_but_not_shown(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    clerk, keeper = staff_with(Role.REVIEWER, login="clerk"), staff_with(Role.REGISTRY_CLERK, login="keeper")
    family = protected_family(keeper, now)
    received(loaded, now)
    receive(
        version_id=loaded.version_id,
        period_code="r9",
        raw=typed(2),
        channel=Channel.PAPER,
        by=SYSTEM,
        at=now,
        submission_key=uuid.uuid4(),
        resident_id=resident_of(family),
    )
    package = next_package(form=MUST)
    version_id = imported(package, now)
    with full_sight():
        run = tried(version_id, clerk, now)
        assert DryRunCase.objects.filter(run=run).count() == 2
        ids = waiting_ids("mihon-club", version_id)
        assert rebase_chunk(ids=ids, version_id=version_id, at=now) == 2
        assert VersionMove.objects.count() == 2
    assert run.finished_at is not None
    assert trial_of(version_id, package.sha256, "mihon-club").total == 1
    assert len(waiting_moves("mihon-club")) == 1


def resident_of(family: Any) -> int:
    return int(family.mother.id)
