"""Roles of the staff and what each may do; no queries."""

from django.db.models import TextChoices


class Role(TextChoices):
    COUNTER_CLERK = "counter_clerk", "窓口担当"
    REVIEWER = "reviewer", "審査担当"
    SECTION_HEAD = "section_head", "課長"
    IT_ADMIN = "it_admin", "情報システム担当"
    AUDITOR = "auditor", "監査"


class Power(TextChoices):
    SEE_CASES = "see_cases", "申請を見る"
    ENTER_CASES = "enter_cases", "申請を入力する"
    REVIEW_CASES = "review_cases", "申請を審査する"
    ALLOCATE = "allocate", "選考する"
    APPROVE = "approve", "決裁する"
    RELEASE_LETTERS = "release_letters", "通知を発送する"
    EXPORT = "export", "書き出す"
    SEE_MEASURES = "see_measures", "成績を見る"
    SEE_TRACE = "see_trace", "記録を見る"
    SEARCH_RESIDENTS = "search_residents", "住民を探す"
    MANAGE_PROCEDURES = "manage_procedures", "手続を編集する"


POWERS: dict[Role, frozenset[Power]] = {
    Role.COUNTER_CLERK: frozenset({Power.SEE_CASES, Power.ENTER_CASES, Power.SEARCH_RESIDENTS}),
    Role.REVIEWER: frozenset(
        {
            Power.SEE_CASES,
            Power.ENTER_CASES,
            Power.REVIEW_CASES,
            Power.ALLOCATE,
            Power.RELEASE_LETTERS,
            Power.EXPORT,
            Power.SEE_MEASURES,
            Power.SEARCH_RESIDENTS,
        }
    ),
    Role.SECTION_HEAD: frozenset(
        {Power.SEE_CASES, Power.APPROVE, Power.SEE_MEASURES, Power.EXPORT, Power.RELEASE_LETTERS}
    ),
    Role.IT_ADMIN: frozenset({Power.MANAGE_PROCEDURES, Power.SEE_MEASURES}),
    Role.AUDITOR: frozenset({Power.SEE_TRACE, Power.SEE_MEASURES}),
}
