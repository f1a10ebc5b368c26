"""What becomes of everything that hangs on a case when the case is disposed of; no queries.

`tests/services/applications/test_retention_tables.py` fails for a table or a column that is not named here. A table
nobody has thought of is deleted whole, whatever the method: too much is gone rather than too little.
"""

from collections.abc import Mapping
from typing import Any

STAYS: dict[str, str] = {
    "office.trace": "誰が何をしたかの証拠。鎖でつながり、1行も変えられない。申請者の名前は入れない",
    "decisions.draft": "起案は、それ自体の保存年限をもつ決裁文書",
    "payments.commitment": "歳出の証拠書類。支出命令とともに、会計年度の翌年度から5年の財務の保存年限（B-02-01）に従う",
    "subsidies.batchitem": "どの決裁で何円を決めたか。支出負担行為の根拠として、同じ年限に従う",
    "applications.retentionitem": "廃棄の一覧。番号だけをもつ",
    "applications.disposalrecord": "廃棄簿。番号と処理だけをもち、永年保存する",
}
"""Tables whose rows outlive their case, and why."""

GONE = frozenset(
    {
        "documents.document",
        "notices.letter",
        "notices.delivery",
        "applications.unsentapplication",
        "applications.expirynotice",
        "applications.comment",
        "applications.mention",
        "applications.stafffact",
        "applications.merge",
        "applications.printedbundle",
        "applications.dryruncase",
        "allocation.trialplacement",
        "allocation.heldseat",
        "applications.retentionhold",
        "applications.message",
        "applications.searchtext",
        "applications.bulkitem",
        "applications.coreexportrow",
        "webhooks.webhooknotice",
    }
)
"""Tables whose rows go with the words of a case, whether it is deleted or anonymised."""

NAMELESS = "（匿名化済み）"

CLEARED: dict[str, Mapping[str, Any]] = {
    "applications.check": {"sentence": "", "correction": "", "settled_by": "", "settled_reason": ""},
    "applications.correction": {
        "message": "",
        "before": {},
        "after": {},
        "checks_before": {},
        "checks_after": {},
    },
    "applications.clockpause": {"note": "", "stopped_by": ""},
    "applications.versionmove": {"marks": [], "why_not": []},
    "applications.stagestay": {},
    "allocation.placement": {"explanation": {"sentences": []}},
    "allocation.decline": {"reason": NAMELESS},
    "insight.surveyanswer": {"comment": ""},
    "controls.controlledcase": {},
    "controls.controlrun": {"facts": {}},
    "controls.finding": {"facts": {}, "missing": [], "sentence": "", "remedy": ""},
    "controls.controloverride": {"reason": NAMELESS},
    "controls.filledchecklist": {"note": ""},
    "controls.sampledcase": {"note": NAMELESS},
}
"""Tables that keep their figures when a case is anonymised, and the columns that are emptied."""

FIGURES: dict[str, frozenset[str]] = {
    "applications.check": frozenset(
        {"id", "municipality", "application", "code", "label", "result", "about"}
    ),
    "applications.correction": frozenset(
        {
            *("id", "municipality", "application", "fields", "asked_by", "asked_at", "due_on", "answered_at"),
            *("score_before", "score_after", "reminded_at", "seen_at"),
        }
    ),
    "applications.clockpause": frozenset(
        {"id", "municipality", "application", "reason", "stopped_on", "resumed_on"}
    ),
    "applications.versionmove": frozenset(
        {
            *("id", "municipality", "application", "from_version", "to_version", "state", "made_at"),
            *("decided_by", "decided_at"),
        }
    ),
    "allocation.placement": frozenset(
        {
            *("id", "municipality", "round", "application", "outcome", "facility_code", "wish_rank", "total"),
            *("position", "age_class"),
        }
    ),
    "allocation.decline": frozenset(
        {*("id", "municipality", "round", "application", "facility_code"), *("recorded_by", "recorded_at")}
    ),
    "applications.stagestay": frozenset(
        {"id", "municipality", "application", "procedure", "period_code", "stage", "entered_at", "left_at"}
    ),
    "insight.surveyanswer": frozenset(
        {"id", "municipality", "procedure", "period_code", "subject_id", "score", "answered_at"}
    ),
    "controls.controlledcase": frozenset(
        {
            *("id", "municipality", "subject_kind", "subject_id", "label", "section", "version", "procedure"),
            *("drafter_id", "amount", "days_left", "first_checked_at", "checked_at"),
        }
    ),
    "controls.controlrun": frozenset(
        {
            *("id", "municipality", "subject_kind", "subject_id", "case", "key", "label", "step", "kind"),
            *("result", "fingerprint", "rule_sha256", "version", "run_at", "last_run_at"),
        }
    ),
    "controls.finding": frozenset(
        {
            *("id", "municipality", "subject_kind", "subject_id", "case", "section", "procedure", "version"),
            *("key", "label", "step", "result", "evidence", "fingerprint", "override_by", "override_rule"),
            *("state", "found_at", "found_by", "cleared_at", "cleared_because"),
        }
    ),
    "controls.controloverride": frozenset(
        {"id", "municipality", "subject_kind", "subject_id", "finding", "by", "post", "at"}
    ),
    "controls.filledchecklist": frozenset(
        {
            *("id", "municipality", "subject_kind", "subject_id", "case", "key", "items", "is_complete"),
            *("filled_by", "filled_at"),
        }
    ),
    "controls.sampledcase": frozenset(
        {
            *("id", "municipality", "subject_kind", "subject_id", "sample", "label", "points", "reasons"),
            *("place", "result", "judged_by", "judged_at"),
        }
    ),
    "applications.application": frozenset(
        {
            *("id", "municipality", "number", "version", "procedure", "section", "period_code", "channel"),
            *("stage", "outcome", "outcome_facts", "first_wish", "grade", "score", "checks_to_look_at"),
            *("checks_run", "assigned_to", "received_at", "due_on", "clock_stopped_on", "decided_at"),
            *("changed_at", "anonymised_at", "edition", "submission_key", "protection", "score_order"),
            "grade_order",
        }
    ),
}
"""The columns that stay for statistics. `protection` stays so that the trace of a hidden case stays hidden."""

OF_THE_CASE: Mapping[str, Any] = {
    "raw": {},
    "answers": {},
    "facts": {},
    "visitor": None,
    "resident": None,
    "person_name": NAMELESS,
    "person_kana": "",
    "person_key": "",
    "applicant_name": NAMELESS,
    "proxy": {},
    "email": "",
    "score_sheet": {},
    "delay_reason": "",
}
"""The columns of a case that are emptied when it is anonymised."""

OUTCOME_KEPT = (
    *("facility_code", "facility_name", "wish_rank", "total", "position", "age_class", "declined_on"),
    *("letter", "former"),
)
