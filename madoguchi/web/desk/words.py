"""What the desk calls the deeds and the records of the trace."""

DEEDS: dict[str, tuple[str, str]] = {
    "applications.received": ("phone-net", "受け付けた"),
    "applications.checked": ("robot", "自動チェックをした"),
    "applications.scored": ("robot", "指数を計算した"),
    "applications.looked_at": ("eye", "申請を見た"),
    "applications.review_started": ("eye", "確認を始めた"),
    "applications.check_settled": ("check", "チェックの印を片づけた"),
    "applications.correction_asked": ("mail", "補正を頼んだ"),
    "applications.correction_answered": ("pen", "補正が届いた"),
    "applications.corrected": ("pen", "補正が届いた"),
    "applications.accepted": ("check", "受理した"),
    "applications.assigned": ("person", "担当を変えた"),
    "applications.withdrawn": ("undo", "取り下げた"),
    "applications.put_under_decision": ("seal", "決裁に回した"),
    "applications.taken_back": ("undo", "決裁から戻した"),
    "applications.decided": ("seal", "決定した"),
    "applications.exported": ("download", "書き出した"),
    "allocation.opened": ("people", "選考を始めた"),
    "allocation.computed": ("robot", "選考を計算した"),
    "allocation.submitted": ("seal", "選考を決裁に回した"),
    "allocation.settled": ("seal", "選考が決まった"),
    "decisions.submitted": ("pen", "起案した"),
    "decisions.approved": ("seal", "決裁した"),
    "decisions.returned": ("undo", "差し戻した"),
    "decisions.rejected": ("alert", "却下した"),
    "decisions.looked_at": ("eye", "起案を見た"),
    "allocation.taken_back": ("undo", "選考を戻した"),
    "notices.release_opened": ("letter", "発送を作った"),
    "notices.letter_released": ("mail", "通知を公開した"),
    "notices.prepared": ("letter", "通知を作った"),
    "notices.released": ("mail", "通知を発送した"),
    "notices.read": ("eye", "通知を開いた"),
    "notices.looked_at": ("eye", "通知を見た"),
    "documents.kept": ("clip", "書類を受け取った"),
    "documents.opened": ("eye", "書類を見た"),
    "registry.searched": ("search", "住民を探した"),
    "registry.looked_at": ("eye", "住民の記録を見た"),
    "office.role_granted": ("person", "役割を付けた"),
    "office.signed_in": ("person", "入った"),
}


RECORDS = {
    "applications.application": "申請",
    "applications.ledger": "台帳",
    "allocation.round": "選考",
    "decisions.draft": "起案",
    "notices.release": "発送",
    "notices.letter": "通知",
    "registry.search": "住民の検索",
    "registry.resident": "住民",
    "office.staff": "職員",
    "desk.entry": "入力中の申請",
}


def deed(verb: str) -> tuple[str, str]:
    """The icon and the words of a deed; the verb itself where it has no words yet."""
    return DEEDS.get(verb, ("info", verb))
