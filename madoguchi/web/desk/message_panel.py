"""The messages of a case as the desk shows them: `{% include "desk/parts/messages.html" with talk=talk %}`."""

import uuid
from typing import Any

from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import queries

MAY_ANSWER = frozenset({Power.REVIEW_CASES, Power.ENTER_CASES})


def panel(case: Any, held: frozenset[Power], *, typed: str = "", error: str = "") -> dict[str, Any]:
    """`case` is a CaseView; the looking at it has left its trace already."""
    found = queries.messages_of(case.number)
    return {
        "number": case.number,
        "messages": found,
        "unread": sum(1 for each in found if each.from_resident and each.read_at is None),
        "reachable": case.visitor_id is not None,
        "may_answer": bool(held & MAY_ANSWER),
        "key": uuid.uuid4(),
        "typed": typed,
        "error": error,
    }
