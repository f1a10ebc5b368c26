"""What the subsidies room refuses."""

from __future__ import annotations

from madoguchi.common.errors import Refusal


class NoSubsidy(Refusal):
    """The package says nothing about money."""

    code = "subsidies.no_subsidy"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"手続「{name}」には subsidy.toml がありません。",
            next_step="補助金の手続を選ぶか、手続パッケージに subsidy.toml を置いてください。",
        )


class NothingChosen(Refusal):
    code = "subsidies.nothing_chosen"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}が1件も選ばれていません。", next_step="1件以上を選んでください。")


class NotAccepted(Refusal):
    """A chosen case is not one of this procedure that waits for its decision."""

    code = "subsidies.not_accepted"

    def __init__(self, numbers: list[str]) -> None:
        super().__init__(
            f"受理済みでない申請が含まれています（{'、'.join(numbers)}）。",
            next_step="一覧を読み直し、受理済みの申請だけを選んでください。",
        )


class AmountMissing(Refusal):
    code = "subsidies.amount_missing"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} の交付額を読み取れません。", next_step="補正を頼み、金額を直してから起案してください。"
        )


class WhyRefused(Refusal):
    """行政手続法8条: a refusal says why."""

    code = "subsidies.why_refused"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} を不交付とする理由がありません。",
            next_step="要綱のどの条件に当たらないかを、申請した人に分かるように書いてください。",
        )


class NotGranted(Refusal):
    """Only what was granted can be claimed."""

    code = "subsidies.not_granted"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} は交付が決定していないか、取り消されています。",
            next_step="交付決定の通知が届いてから請求してください。",
        )


class HolderDiffers(Refusal):
    """The registered account is in another name than the applicant's."""

    code = "subsidies.holder_differs"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} の振込先として登録されている口座の名義が、申請した人と違います。",
            next_step="申請した人の名義の口座を会計課に登録するか、委任状を確かめて例外を認めてから請求してください。",
        )


class WrongState(Refusal):
    code = "subsidies.wrong_state"

    def __init__(self, now: str, what: str) -> None:
        super().__init__(
            f"この起案は「{now}」のため、{what}ことはできません。",
            next_step="画面を読み直し、現在の状態を確かめてください。",
        )


class LetterMissing(Refusal):
    code = "subsidies.letter_missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"通知のひな形（letters/{name}.typ と .txt）がありません。",
            next_step="手続パッケージに置いてから、通知を作り直してください。",
        )
