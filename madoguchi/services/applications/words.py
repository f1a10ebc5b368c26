"""What a line of the trace says on the case page, in Japanese; no queries."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import TextChoices

from madoguchi.services.applications.states import Channel, Outcome

SENTENCES: dict[str, str] = {
    "applications.received": "受け付けた",
    "applications.review_started": "確認を始めた",
    "applications.accepted": "受理した",
    "applications.correction_asked": "補正を頼んだ",
    "applications.correction_answered": "補正が届いた",
    "applications.correction_reminded": "補正の期限が近いことを知らせた",
    "applications.check_settled": "自動チェックの印を確かめた",
    "applications.assigned": "担当を変えた",
    "applications.withdrawn": "取り下げられた",
    "applications.put_under_decision": "決裁に回した",
    "applications.taken_back": "決裁から戻した",
    "applications.decided": "決定した",
    "applications.declined": "辞退を記録した",
    "applications.undone": "一括処理を元に戻した",
    "applications.printed": "印刷した",
    "applications.looked_at": "申請を見た",
    "applications.copied": "内容を写した",
    "applications.rebased": "新しい版に引き継いだ",
    "applications.version_kept": "元の版のまま続けることにした",
    "applications.example_made": "申請を例にした（個人の情報は含まない）",
    "applications.clock_stopped": "時計を止めた",
    "applications.clock_resumed": "時計を動かした",
    "applications.delay_explained": "遅れの理由を書いた",
    "applications.commented": "メモを書いた",
    "applications.comment_edited": "メモを直した",
    "applications.comment_struck": "メモに取り消し線を付けた",
    "applications.fact_entered": "職員が事実を入れた",
    "applications.looked_up": "収納・債権者に照会し直した",
    "applications.merged": "重複をまとめた",
    "applications.merge_undone": "まとめた申請を元に戻した",
    "applications.message_sent": "連絡を送った",
    "applications.messages_read": "連絡を読んだ",
    "controls.checked": "統制を調べた",
    "controls.checklist_filled": "確認表を埋めた",
    "controls.overridden": "統制の例外を認めた",
    "payments.committed": "支出負担行為をした",
    "payments.commitment_cancelled": "支出負担行為を取り消した",
    "payments.claimed": "請求を受け付けた",
    "payments.order_submitted": "支出命令を決裁に回した",
    "payments.order_approved": "支出命令が決裁された",
    "payments.order_returned": "支出命令が差し戻された",
    "payments.exported": "支払のデータに書き出した",
    "documents.kept": "書類を受け取った",
    "documents.dropped": "書類を外した",
    "documents.opened": "書類を見た",
    "insight.survey_answered": "アンケートに答えがあった",
}


def sentence_of(verb: str, note: Mapping[str, Any]) -> str:
    """受け付けた（ネット）; a verb of another room without a sentence is shown as it is."""
    said = SENTENCES.get(verb, verb)
    more = detail_of(verb, note)
    return f"{said}（{more}）" if more else said


DETAILS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "applications.received": lambda note: _label(Channel, note.get("channel")),
    "applications.decided": lambda note: _label(Outcome, note.get("outcome")),
    "applications.correction_asked": lambda note: f"{len(note.get('fields', []))}項目",
    "applications.correction_answered": lambda note: f"{len(note.get('fields', []))}項目",
    "applications.assigned": lambda note: str(note.get("to", "")),
    "applications.merged": lambda note: f"{note.get('gone', '')} を {note.get('kept', '')} に",
    "applications.merge_undone": lambda note: f"{note.get('gone', '')} を {note.get('kept', '')} から",
    "applications.fact_entered": lambda note: " ".join(
        [f"{note.get('label', '')}：{note.get('value', '')}", str(note.get("reason", ""))]
    ),
    "applications.rebased": lambda note: f"{note.get('from', '')} → {note.get('to', '')}",
    "applications.looked_up": lambda note: "、".join(
        f"{line['what']} {line['value']}" for line in note.get("lists", [])
    ),
    "payments.committed": lambda note: f"{note.get('amount', 0):,}円",
    "payments.claimed": lambda note: f"{note.get('amount', 0):,}円、支払予定日 {note.get('due_on', '')}",
    "applications.commented": lambda note: "、".join(f"{name}さんへ" for name in note.get("told", [])),
}


def _label(choices: type[TextChoices], value: Any) -> str:
    return str(choices(value).label) if value in choices.values else ""


def detail_of(verb: str, note: Mapping[str, Any]) -> str:
    """What the note of a line says more; for most lines the reason somebody gave."""
    told = DETAILS.get(verb)
    return told(note) if told else str(note.get("reason", ""))
