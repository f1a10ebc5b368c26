"""What the payments room refuses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from madoguchi.common.errors import Refusal
from madoguchi.common.yen import format_yen

if TYPE_CHECKING:
    from collections.abc import Sequence


class BudgetExceeded(Refusal):
    """More is asked for than is left; nothing was committed."""

    code = "payments.budget_exceeded"

    def __init__(self, name: str, left: int, wanted: int) -> None:
        self.left, self.wanted = left, wanted
        super().__init__(
            f"予算「{name}」の残額は{format_yen(left)}で、{format_yen(wanted)}を負担できません。",
            next_step=f"あと{format_yen(wanted - left)}の補正か流用を登録するか、件数を減らしてください。",
        )


class BudgetUnfit(Refusal):
    """An appropriation or a change of one cannot be entered like that."""

    code = "payments.budget_unfit"


class WrongSetsu(Refusal):
    """The money would be taken from a 節 that is not for it."""

    code = "payments.wrong_setsu"

    def __init__(self, name: str, setsu: str, wanted: str) -> None:
        super().__init__(
            f"予算「{name}」の節は「{setsu}」です。この支出の節は「{wanted}」です。",
            next_step="節の合う予算科目を選ぶか、科目を更正してください。",
        )


class AlreadyCommitted(Refusal):
    """Money has been committed for this matter before."""

    code = "payments.already_committed"

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(
            f"すでに支出負担行為があります（{'、'.join(numbers)}）。",
            next_step="二重に負担していないか確かめ、先のものを取り消してからやり直してください。",
        )


class WrongState(Refusal):
    """The commitment or the order is not where this can be done."""

    code = "payments.wrong_state"

    def __init__(self, number: str, now: str, what: str) -> None:
        super().__init__(
            f"{number} は「{now}」のため、{what}ことはできません。",
            next_step="画面を読み直し、現在の状態を確かめてください。",
        )


class SamePerson(Refusal):
    """職務の分離: drafting, approving and paying are done by different people."""

    code = "payments.same_person"

    def __init__(self, number: str, other: str) -> None:
        super().__init__(
            f"{number} の{other}と同じ人は、この操作をできません。",
            next_step="起案・決裁・支払は、それぞれ別の職員が行ってください。",
        )


class DueTooLate(Refusal):
    """The day of payment lies outside the days the rule gives."""

    code = "payments.due_too_late"

    def __init__(self, due_on: date, last: date) -> None:
        super().__init__(
            f"支払予定日 {due_on} は、請求の日からの期限 {last} までの日ではありません。",
            next_step=f"請求の日から{last}までの、金融機関の営業日にしてください。",
        )


class NoCreditor(Refusal):
    """Nobody can be paid who is not registered as a creditor."""

    code = "payments.no_creditor"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}さんの債権者の登録がありません。",
            next_step="会計課で債権者を登録し、債権者の一覧を取り込んでから、もう一度行ってください。",
        )


class NothingToPay(Refusal):
    """No approved order waits for the file."""

    code = "payments.nothing_to_pay"

    def __init__(self) -> None:
        super().__init__(
            "書き出す支出命令がありません。", next_step="支出命令の決裁が済んでから、書き出してください。"
        )


class SumsDiffer(Refusal):
    """照合: what stands in the file is not what was ordered; the file was not made."""

    code = "payments.sums_differ"

    def __init__(self, found: tuple[int, int], ordered: tuple[int, int]) -> None:
        super().__init__(
            f"支払データは{found[0]}件・{format_yen(found[1])}で、命令の{ordered[0]}件・{format_yen(ordered[1])}と違います。",
            next_step="書き出しは取り消しました。情報システム担当に知らせてください。",
        )


class DayUnfit(Refusal):
    """A day of a failed transfer that cannot be."""

    code = "payments.day_unfit"


class ReasonMissing(Refusal):
    code = "payments.reason_missing"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}の理由がありません。", next_step="理由を書いてから、もう一度押してください。"
        )


class SnapshotUnreadable(Refusal):
    """The file is not a list of that kind. Nothing was taken in."""

    code = "payments.snapshot_unreadable"
