"""Letters that were stopped because they name somebody protected: looked at and let go, as a town would."""

from datetime import datetime
from typing import TYPE_CHECKING

from madoguchi.clerical.notices.holding import held_letters, let_go

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


def look_at_stopped_letters(clerk: "Staff", when: datetime) -> int:
    """住民記録担当 reads each stopped letter, here of a namesake, and lets it go out; how many there were."""
    listed = held_letters(by=clerk, at=when, purpose="通知の発送前の確認")
    stopped = [letter for letter in listed if not letter.over]
    for letter in stopped:
        let_go(letter_id=letter.id, by=clerk, at=when, reason="同姓同名の別の人と確かめた")
    return len(stopped)
