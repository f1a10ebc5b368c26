"""What the files to core systems refuse."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from madoguchi.common.errors import Refusal
from madoguchi.services.applications.core_rows import Problem

SHOWN = 10


class NothingToExport(Refusal):
    def __init__(self, name: str, last: tuple[str, datetime] | None) -> None:
        told = (
            f"最後は{last[0]}さんが{timezone.localtime(last[1]):%m月%d日%H時%M分}に出しました。"
            if last
            else ""
        )
        super().__init__(
            f"{name}へ出す申請はありません。{told}",
            next_step="前のファイルが要るときは、履歴から選んでください。",
            code="applications.nothing_to_export",
        )


class RowsUnfit(Refusal):
    """Cases that cannot stand in the file; nothing was written. `problems` names each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        cases = len({problem.number for problem in problems})
        shown = "　".join(str(problem) for problem in problems[:SHOWN])
        super().__init__(
            f"{cases}件がレイアウトに合わないため、ファイルを作りませんでした。{shown}",
            next_step="申請を直すか、レイアウトに置き換えを決めてから、もう一度出してください。",
            code="applications.core_rows_unfit",
        )
        self.problems = tuple(problems)


class LayoutFaulty(Refusal):
    def __init__(self, told: str) -> None:
        super().__init__(
            f"連携レイアウトを読めません。{told}",
            next_step="レイアウトのファイルを直してから、画面を読み直してください。",
            code="applications.core_layout_faulty",
        )


class ExportMoved(Refusal):
    def __init__(self, what: str, state: str) -> None:
        super().__init__(
            f"このファイルは「{state}」なので、{what}ことはできません。",
            next_step="画面を読み直して、今の状態を確かめてください。",
            code="applications.core_export_moved",
        )


class ExportChangedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "作っている間に、対象の申請が続けて変わりました。何も出していません。",
            next_step="もう一度「ファイルを作る」を押してください。",
            code="applications.core_export_raced",
        )


class NotYetExported(Refusal):
    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(
            f"{'、'.join(numbers[:SHOWN])}は、まだこの連携先に出していません。",
            next_step="受付番号を確かめてください。新しく出すときは「ファイルを作る」から出します。",
            code="applications.not_yet_exported",
        )


class AnswerUnreadable(Refusal):
    def __init__(self, told: str) -> None:
        super().__init__(
            f"処理結果を読めません。{told}",
            next_step="ファイルを確かめて、もう一度選んでください。何も取り込んでいません。",
            code="applications.core_answer_unreadable",
        )


class WhyMissing(Refusal):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}理由がありません。",
            next_step="だれが何のために使うかを、一文で書いてください。",
            code="applications.why_missing",
        )
