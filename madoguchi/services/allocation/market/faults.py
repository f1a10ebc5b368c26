"""What is refused before anything is computed."""

from pathlib import Path

from madoguchi.common.errors import Refusal

FORM = "docs/reference/allocation_format.md の形と比べて直してください。"


class FileUnreadable(Refusal):
    """The file is not there, is not JSON, or cannot be written."""

    code = "allocation.file_unreadable"

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(
            f"{file} を使えません（{reason}）。", next_step="ファイルの場所と中身を確かめてください。"
        )


class InstanceFaulty(Refusal):
    """Something in the instance contradicts the format or itself."""

    code = "allocation.instance_faulty"

    def __init__(self, place: str, reason: str, remedy: str = FORM) -> None:
        super().__init__(f"{place}: {reason}", next_step=remedy)
        self.place = place


class ResultFaulty(InstanceFaulty):
    """The result to be checked is not in the format."""

    code = "allocation.result_faulty"


class NotVerified(Refusal):
    """The independent checker does not agree with the solver: nothing was written."""

    code = "allocation.not_verified"

    def __init__(self, told: str) -> None:
        super().__init__(
            f"検算が計算の結果と合わないため、何も書いていません。{told}",
            next_step="入力のファイルを添えて、情報システム担当に知らせてください。",
        )
