"""取下げの確認: the letter for an application that was taken back before anything was decided.

It is no disposition and needs no draft: what the package names as the outcome 「withdrawn」 is set and waits with the
other letters until somebody lets it go out. A package without such an outcome sends none.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.notices.actions import open_release, prepare_letters
from madoguchi.clerical.notices.orders import LetterOrder
from madoguchi.clerical.notices.queries import with_a_release
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.case_reads import CaseRead, withdrawn_cases
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.subsidies.controlling import subject_of as subject_of_case
from madoguchi.services.subsidies.errors import NothingChosen
from madoguchi.services.subsidies.granting import require_power
from madoguchi.services.subsidies.letters import as_printed, facts_of_case, letter_of

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "subsidies.withdrawal"
WITHDRAWN = "withdrawn"
AT_ONCE = 20
"""So many letters are set with one press; a case is taken back now and then, not by the hundred."""


def waiting_for_their_letter(slug: str, sections: Collection[int] | None) -> list[CaseRead]:
    """Cases that were taken back and whose package has a letter for that, which nobody has had made yet."""
    cases = [case for case in withdrawn_cases(slug, sections) if _has_letter(case)]
    made = with_a_release(KIND, [str(case.id) for case in cases])
    return [case for case in cases if str(case.id) not in made]


def _has_letter(case: CaseRead) -> bool:
    package: Any = package_of(case.version_id).package
    return WITHDRAWN in package.flow.outcomes


@transaction.atomic
def order_withdrawal_letters(*, slug: str, by: Staff, at: datetime) -> int:
    """Set the letters of those taken back, each a release of its own; how many. A second press makes none twice.

    Refused: NotAllowed, NothingChosen when there are none, LetterMissing, CharactersUnprintable.
    """
    require_power(by, Power.RELEASE_LETTERS, at)
    waiting = waiting_for_their_letter(slug, sections_seen(by, localdate(at)))[:AT_ONCE]
    if not waiting:
        raise NothingChosen("通知を作る取下げ")
    with full_sight():
        return sum(_set(case, by, at) for case in waiting)


def _set(case: CaseRead, by: Staff, at: datetime) -> int:
    package = package_of(case.version_id).package
    title, template, text = letter_of(package, WITHDRAWN)
    release_id = open_release(
        title=f"{package.names.ja}の取下げの確認（{case.number}）"[:120],
        section_id=case.section_id,
        subject=Subject(KIND, str(case.id)),
        expected=1,
        by=by,
        at=at,
    )
    order = LetterOrder(
        kind=WITHDRAWN,
        subject=subject_of_case(case),
        addressee=as_printed(case.applicant_name),
        email=case.email,
        title=title,
        facts=facts_of_case(case),
        dated_on=localdate(at),
        template=template,
        text=text,
        disposition=False,
    )
    return prepare_letters(release_id=release_id, orders=[order], at=at)
