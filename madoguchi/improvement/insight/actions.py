"""Every write of the measuring room."""

from datetime import datetime

from django.db import transaction

from madoguchi.common.text import strip_controls
from madoguchi.improvement.insight.errors import NoSuchAnswer
from madoguchi.improvement.insight.models import SurveyAnswer
from madoguchi.improvement.insight.reminding import answer_waits_long as answer_waits_long
from madoguchi.improvement.insight.states import Satisfaction
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.services.applications.queries import number_of


@transaction.atomic
def answer_survey(
    *,
    slug: str,
    period_code: str,
    subject: Subject,
    score: int,
    by: Actor,
    at: datetime,
    comment: str = "",
) -> None:
    """満足度の答え, 4 満足 to 1 不満; answering again replaces the former answer.

    The trace says that somebody answered, never what. Raises NoSuchAnswer, NotFound.
    """
    if score not in Satisfaction.values:
        raise NoSuchAnswer
    if not subject.id.isdigit() or number_of(int(subject.id)) is None:
        raise NotFound("申請")
    SurveyAnswer.objects.update_or_create(
        procedure=slug,
        subject_id=subject.id,
        defaults={
            "period_code": period_code,
            "score": score,
            "comment": strip_controls(comment).strip()[:400],
            "answered_at": at,
        },
    )
    leave_trace(by, "insight.survey_answered", subject, at=at)
