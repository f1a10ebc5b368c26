"""Answers of the survey and verdicts of a measure; no queries."""

from django.db.models import IntegerChoices, TextChoices


class Satisfaction(IntegerChoices):
    """満足度. The larger, the better; the two upper ones count as satisfied."""

    DISSATISFIED = 1, "不満"
    RATHER_DISSATISFIED = 2, "やや不満"
    RATHER_SATISFIED = 3, "やや満足"
    SATISFIED = 4, "満足"


SATISFIED_FROM = Satisfaction.RATHER_SATISFIED


class Verdict(TextChoices):
    MET = "met", "達成"
    MISSED = "missed", "未達"
    NO_TARGET = "no_target", "目標なし"
    NOT_YET = "not_yet", "まだ測れません"
