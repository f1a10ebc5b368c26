"""What the disposal of cases refuses."""

from typing import Any

from madoguchi.common.errors import Refusal


class NothingDue(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "いま処理できる申請はありません。",
            next_step="保存期間が過ぎているのに処理できないものは、一覧で理由を確かめてください。",
            code="applications.nothing_due",
        )


class ListOpen(Refusal):
    def __init__(self, title: str) -> None:
        super().__init__(
            f"「{title}」の一覧が、まだ終わっていません。",
            next_step="先の一覧を終えるか、取りやめてから作ってください。",
            code="applications.list_open",
        )


class WrongRunState(Refusal):
    def __init__(self, state: Any, what: str) -> None:
        super().__init__(
            f"この一覧は「{state.label}」のため、{what}ことはできません。",
            next_step="画面を読み直し、現在の状態を確かめてください。",
            code="applications.wrong_run_state",
        )
