from django.db import models
from django.db.models import Q

from madoguchi.ledgers.office.guards import Through
from madoguchi.ledgers.office.municipal import MunicipalModel


class SurveyAnswer(MunicipalModel):
    """満足度. One tap after the letter; never shown beside the result of the case."""

    guarded_by = Through("subject_id", "applications.application", "text")

    procedure = models.SlugField(max_length=60)
    period_code = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=60)
    score = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "procedure", "subject_id"], name="one_survey_answer_a_case"
            ),
            models.CheckConstraint(name="survey_score_one_to_four", condition=Q(score__range=(1, 4))),
        ]
