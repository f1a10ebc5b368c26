from madoguchi.common.errors import Refusal


class NotAllowed(Refusal):
    """Somebody without the power asked for it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"「{what}」の権限がありません。",
            next_step="権限が要る場合は、情報システム担当に年度末までの付与を頼んでください。",
            code="office.not_allowed",
        )


class NotFound(Refusal):
    """Not there, or not yours: the same answer."""

    def __init__(self, what: str = "記録") -> None:
        super().__init__(
            f"その{what}は見つかりません。", next_step="番号を確かめてください。", code="office.not_found"
        )


class RunningRoleUnsafe(Refusal):
    def __init__(self, role: str) -> None:
        super().__init__(
            f"データベースの役割「{role}」は行ごとの保護を素通りします。",
            next_step="madoguchi migrate を実行して、役割 madoguchi_app を作ってください。",
            code="office.unsafe_role",
        )


class GrantRefused(Refusal):
    """A role or an exception cannot be given like that. Nothing was changed."""

    code = "office.grant_refused"
