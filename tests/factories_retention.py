"""Cases that ended years ago, with everything that may hang on one."""

import uuid
from datetime import datetime
from typing import Any

from madoguchi.clerical.notices import actions as notices
from madoguchi.clerical.notices.queries import deliveries_to_look_after
from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.services.applications import actions
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Outcome
from madoguchi.services.applications.views import Decided
from tests.factories_applications import received, typed
from tests.factories_notices import order

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SECRET = "けやき台の祖母"


def subject_of(key: int) -> Subject:
    return Subject("applications.application", str(key))


def closed_case(
    loaded: Any,
    reviewer: Any,
    at: datetime,
    number: int = 1,
    outcome: Outcome = Outcome.GRANTED,
    *,
    posted: bool = True,
) -> Any:
    """Received, commented, decided and told by a letter, all within a day."""
    receipt = received(
        loaded, at, number, raw=typed(number, applicant__family="廃棄", child_name__family="廃棄")
    )
    subject = subject_of(receipt.application_id)
    keep_file(name="証明.pdf", body=PDF + str(number).encode(), owner=subject, by=SYSTEM, at=at)
    actions.write_comment(number=receipt.number, by=reviewer, at=at, text=SECRET)
    for check in ("work_days", "in_city"):
        settle(receipt.number, check, reviewer, at)
    actions.accept(number=receipt.number, by=reviewer, at=at, edition=edition(receipt.number))
    ids = [receipt.application_id]
    actions.put_under_decision(application_ids=ids, by=actor_of(reviewer), at=at)
    facts = {"facility_code": "A1", "sentences": [SECRET]}
    actions.decide_many(decided=[Decided(ids[0], outcome, facts)], by=actor_of(reviewer), at=at)
    tell(loaded, reviewer, receipt.application_id, at, posted=posted)
    return receipt


def settle(number: str, code: str, reviewer: Any, at: datetime) -> None:
    try:
        actions.settle_check(number=number, code=code, by=reviewer, at=at, reason=SECRET)
    except NotFound:
        return


def edition(number: str) -> int:
    return Application.objects.get(number=number).edition


def tell(loaded: Any, reviewer: Any, key: int, at: datetime, *, posted: bool = True) -> None:
    """One letter, released and posted."""
    release_id = notices.open_release(
        title="見本", section_id=loaded.section_id, subject=Subject("test.release", str(uuid.uuid4())),
        expected=1, by=reviewer, at=at,
    )  # fmt: skip
    notices.prepare_letters(release_id=release_id, orders=[order(key, email="", dated_on=at.date())], at=at)
    notices.release_all(release_id=release_id, by=reviewer, at=at)
    for delivery in deliveries_to_look_after(release_id) if posted else ():
        notices.settle_delivery(delivery_id=delivery.id, by=reviewer, at=at, reason="投函した")
