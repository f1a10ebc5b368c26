"""What the allocation room refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from madoguchi.common.errors import Refusal
from madoguchi.services.allocation.states import RoundState

FAULTS_TOLD = 5


class WrongState(Refusal):
    """The round is not where this can be done."""

    code = "allocation.wrong_state"

    def __init__(self, now: RoundState, what: str) -> None:
        next_step = "画面を読み直し、現在の状態を確かめてください。"
        super().__init__(f"この回は「{now.label}」のため、{what}ことはできません。", next_step=next_step)


class NoProcedure(Refusal):
    """No package of that name is live, or it has no such period or no points."""

    code = "allocation.no_procedure"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, next_step="手続きの公開状況と受付期間を確かめてください。")


class NobodyAccepted(Refusal):
    """There is nobody to place."""

    code = "allocation.nobody_accepted"

    def __init__(self) -> None:
        sentence = "受理された申請が1件もありません。"
        super().__init__(sentence, next_step="申請の確認を終え、受理してから計算してください。")


@dataclass(frozen=True)
class SeatFault:
    """One thing wrong in a table of seats: where, which field, why, and what to do."""

    place: str
    field: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place} {self.field}: {self.reason}{self.remedy}"


class SeatsFaulty(Refusal):
    """A table of seats that was not taken over: everything that is wrong with it."""

    code = "allocation.seats_faulty"

    def __init__(self, faults: Sequence[SeatFault]) -> None:
        more = f"（ほか{len(faults) - 1}件）" if len(faults) > 1 else ""
        super().__init__(
            f"{faults[0]}{more}", next_step="直してから、もう一度入れてください。何も変わっていません。"
        )
        self.faults = tuple(faults)


class Unsound(Refusal):
    """The independent check found something: nothing was stored."""

    code = "allocation.unsound"

    def __init__(self, told: list[str]) -> None:
        sentence = f"検算で{len(told)}件の誤りが見つかったため、結果を保存していません。{told[0]}"
        super().__init__(sentence, next_step="情報システム担当に、この文と日時を知らせてください。")


class LetterMissing(Refusal):
    """The package has no letter for an outcome that occurred."""

    code = "allocation.letter_missing"

    def __init__(self, outcome: str, name: str) -> None:
        sentence = f"「{outcome}」の通知のひな形（letters/{name}.typ と .txt）がありません。"
        super().__init__(sentence, next_step="手続パッケージに置いてから、通知を作り直してください。")


class Outdated(Refusal):
    """Applications changed after the computation."""

    code = "allocation.outdated"

    def __init__(self) -> None:
        sentence = "計算の後に、受理された申請または定員が変わりました。"
        super().__init__(sentence, next_step="もう一度計算してから、起案してください。")


class WishesTooMany(Refusal):
    """Brothers and sisters whose wishes multiply beyond what can be weighed; names their applications."""

    code = "allocation.wishes_too_many"

    def __init__(self, numbers: Sequence[str], sentence: str) -> None:
        super().__init__(
            f"受付番号 {'、'.join(numbers)}：{sentence}",
            next_step="ご家族に希望を直してもらってから、もう一度計算してください。",
        )


class TrialFaulty(Refusal):
    """A trial of something that does not exist; names the field."""

    code = "allocation.trial_faulty"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", next_step="入れた値を直して、もう一度試してください。")
        self.field = field


class NotComputed(Refusal):
    """There is nothing to compare a trial with yet."""

    code = "allocation.not_computed"

    def __init__(self) -> None:
        super().__init__("この回は、まだ計算していません。", next_step="先に「計算する」を押してください。")


class DeclineFaulty(Refusal):
    """A 辞退 that cannot be recorded; names the field."""

    code = "allocation.decline_faulty"

    def __init__(self, field: str, reason: str, remedy: str = "入れた値を直してください。") -> None:
        super().__init__(f"{field}: {reason}", next_step=remedy)
        self.field = field


class SeatFaulty(Refusal):
    """A seat that cannot be given by hand; names the field."""

    code = "allocation.seat_faulty"

    def __init__(self, field: str, reason: str, remedy: str = "入れた値を直してください。") -> None:
        super().__init__(f"{field}: {reason}", next_step=remedy)
        self.field = field


class FaultTold(Protocol):
    """Something wrong at a place of a file."""

    @property
    def place(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def remedy(self) -> str: ...


class OutsideFaulty(Refusal):
    """A result of another solver that is not about this round: nothing of it was kept."""

    code = "allocation.outside_faulty"

    def __init__(self, faults: Sequence[FaultTold]) -> None:
        told = [f"{fault.place}: {fault.reason}" for fault in faults[:FAULTS_TOLD]]
        if len(faults) > FAULTS_TOLD:
            told.append(f"ほかに{len(faults) - FAULTS_TOLD}か所あります。")
        remedies = dict.fromkeys(fault.remedy for fault in faults)
        super().__init__("".join(told), next_step="".join(remedies))


class RoundUnclear(Refusal):
    """Which round is meant cannot be told."""

    code = "allocation.round_unclear"

    def __init__(self, asked: str, known: Sequence[str]) -> None:
        sentence = f"「{asked}」という回はありません。" if asked else "どの回か分かりません。"
        listed = "、".join(known) or "まだありません"
        super().__init__(sentence, next_step=f"--round に回を指定してください（{listed}）。")


class QuotasNotTold(Refusal):
    """A round with quotas is more than one market: the format cannot tell it."""

    code = "allocation.quotas_not_told"

    def __init__(self) -> None:
        super().__init__(
            "この回には枠があり、割当ての形式（madoguchi-allocation/1）では表せません。",
            next_step="枠のない回を書き出すか、画面の試算で比べてください。",
        )
