"""再照会: the lists of other systems asked again for one case, and everything that follows from them worked out anew."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.casefacts import given_facts
from madoguchi.services.applications.errors import WrongStage
from madoguchi.services.applications.intake import WORKED_OUT_COLUMNS
from madoguchi.services.applications.looked_up import LOOKED_UP, Asked, look_up, wanted_by
from madoguchi.services.applications.models import Application, StaffFact
from madoguchi.services.applications.moving import keep, mark, take
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.staff_facts import work_out_again
from madoguchi.services.applications.states import OPEN, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


class NothingToAsk(Refusal):
    """The applicant is not known in the register, or no list was taken in."""

    code = "applications.nothing_to_ask"


@transaction.atomic
def look_up_again(*, number: str, by: "Staff", at: datetime, edition: int) -> None:
    """Ask again for one case; checks and score follow. What staff have entered by hand stays as it is.

    Refused: NotAllowed, NotFound, StaleEdition, WrongStage (under decision or over), NothingToAsk.
    """
    held = require(by, Power.REVIEW_CASES, at=at)
    application = take(number, among=seen_by(by, at, held=held), edition=edition)
    if Stage(application.stage) not in OPEN - {Stage.DECIDING}:
        raise WrongStage(application.number, Stage(application.stage), "照会し直す")
    found = _found(application, at)
    work_out_again(application, {**given_facts(application.facts), **found})
    keep(application, ["raw", *WORKED_OUT_COLUMNS], at=at)
    mark(application, "looked_up", actor_of(by), at=at, step="facts", lists=found.get(LOOKED_UP, []))


def _found(application: Application, at: datetime) -> dict[str, object]:
    wanted = wanted_by(package_of(application.version_id).package)
    asked = Asked(application.resident_id or 0, wanted, at)
    found = look_up([asked]).get(asked, {}) if application.resident_id else {}
    if not found:
        raise NothingToAsk(
            "照会できる記録がありません。",
            next_step="申請した人を住民記録と結び付けるか、収納・債権者の一覧を取り込んでください。",
        )
    entered = StaffFact.objects.filter(application=application, replaced_at__isnull=True)
    by_hand = set(entered.values_list("name", flat=True))
    return {name: value for name, value in found.items() if name not in by_hand}
