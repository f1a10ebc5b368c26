"""Roles of the staff and what each may do; no queries."""

from django.db.models import TextChoices


class Role(TextChoices):
    COUNTER_CLERK = "counter_clerk", "窓口担当"
    REVIEWER = "reviewer", "審査担当"
    SECTION_HEAD = "section_head", "課長"
    REGISTRY_CLERK = "registry_clerk", "住民記録担当"
    IT_ADMIN = "it_admin", "情報システム担当"
    BUDGET_CLERK = "budget_clerk", "財政担当"
    AUDITOR = "auditor", "監査"
    ACCOUNTANT = "accountant", "会計"


class ExceptionKind(TextChoices):
    """A power beside, or against, what the roles give."""

    ADD = "add", "追加"
    REMOVE = "remove", "除外"


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
    IMPORT_RESIDENTS = "import_residents", "住民データを取り込む"
    SEE_PROTECTED = "see_protected", "支援措置の人を見る"
    MANAGE_PROTECTION = "manage_protection", "支援措置を登録する"
    SEE_SENSITIVE = "see_sensitive", "機微な項目を見る"
    MANAGE_PROCEDURES = "manage_procedures", "手続を編集する"
    PUBLISH_PROCEDURES = "publish_procedures", "手続を公開する"
    MANAGE_GRANTS = "manage_grants", "権限を付ける"
    MANAGE_API_KEYS = "manage_api_keys", "API鍵を管理する"
    SEE_PAYMENTS = "see_payments", "予算と支払を見る"
    MANAGE_BUDGET = "manage_budget", "予算を登録する"
    PAY = "pay", "支払データを書き出す"
    RUN_RETENTION = "run_retention", "保存期間の処理を起案する"
    SEE_TROUBLES = "see_troubles", "今日の異常を見る"
    MANAGE_ROUTES = "manage_routes", "決裁の決まりを変える"
    SEE_ALL_SECTIONS = "see_all_sections", "すべての課の申請を扱う"
    SEE_CONTROLS = "see_controls", "内部統制を見る"
    AUDIT_CONTROLS = "audit_controls", "内部統制を検査する"
    SEE_PAYMENT_TRACE = "see_payment_trace", "支払の記録を見る"


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
            Power.SEE_SENSITIVE,
            Power.MANAGE_PROCEDURES,
            Power.RUN_RETENTION,
            Power.SEE_PAYMENTS,
        }
    ),
    Role.SECTION_HEAD: frozenset(
        {
            Power.SEE_CASES,
            Power.APPROVE,
            Power.SEE_MEASURES,
            Power.EXPORT,
            Power.RELEASE_LETTERS,
            Power.SEE_SENSITIVE,
            Power.PUBLISH_PROCEDURES,
            Power.SEE_CONTROLS,
            Power.SEE_PAYMENTS,
        }
    ),
    Role.REGISTRY_CLERK: frozenset(
        {Power.SEARCH_RESIDENTS, Power.IMPORT_RESIDENTS, Power.SEE_PROTECTED, Power.MANAGE_PROTECTION}
    ),
    Role.IT_ADMIN: frozenset(
        {
            Power.MANAGE_PROCEDURES,
            Power.SEE_MEASURES,
            Power.IMPORT_RESIDENTS,
            Power.MANAGE_GRANTS,
            Power.MANAGE_API_KEYS,
            Power.SEE_TROUBLES,
            Power.MANAGE_ROUTES,
        }
    ),
    Role.BUDGET_CLERK: frozenset({Power.SEE_PAYMENTS, Power.MANAGE_BUDGET, Power.SEE_ALL_SECTIONS}),
    Role.AUDITOR: frozenset(
        {
            Power.SEE_TRACE,
            Power.SEE_MEASURES,
            Power.SEE_ALL_SECTIONS,
            Power.SEE_CONTROLS,
            Power.AUDIT_CONTROLS,
            Power.SEE_PAYMENTS,
        }
    ),
    Role.ACCOUNTANT: frozenset(
        {
            Power.SEE_CONTROLS,
            Power.AUDIT_CONTROLS,
            Power.SEE_PAYMENT_TRACE,
            Power.SEE_ALL_SECTIONS,
            Power.SEE_PAYMENTS,
            Power.PAY,
        }
    ),
}
