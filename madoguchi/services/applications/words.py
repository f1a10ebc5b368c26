"""What a line of the trace says on the case page, in Japanese; no queries."""

from collections.abc import Mapping
from typing import Any

from madoguchi.services.applications.states import Channel, Outcome

SENTENCES: dict[str, str] = {
    "applications.received": "受け付けた",
    "applications.review_started": "確認を始めた",
    "applications.accepted": "受理した",
    "applications.correction_asked": "補正を頼んだ",
    "applications.correction_answered": "補正が届いた",
    "applications.check_settled": "自動チェックの印を確かめた",
    "applications.assigned": "担当を変えた",
    "applications.withdrawn": "取り下げられた",
    "applications.put_under_decision": "決裁に回した",
    "applications.taken_back": "決裁から戻した",
    "applications.decided": "決定した",
    "applications.looked_at": "申請を見た",
    "applications.message_sent": "連絡を送った",
    "applications.messages_read": "連絡を読んだ",
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


def detail_of(verb: str, note: Mapping[str, Any]) -> str:
    if verb == "applications.received" and note.get("channel") in Channel.values:
        return str(Channel(note["channel"]).label)
    if verb == "applications.decided" and note.get("outcome") in Outcome.values:
        return str(Outcome(note["outcome"]).label)
    if verb in ("applications.correction_asked", "applications.correction_answered"):
        return f"{len(note.get('fields', []))}項目"
    if verb == "applications.assigned":
        return str(note.get("to", ""))
    return str(note.get("reason", ""))
