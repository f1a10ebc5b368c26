from madoguchi.common.errors import Refusal


class NoSuchAnswer(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "その答えは選べません。",
            next_step="満足、やや満足、やや不満、不満のどれかを選んでください。",
            code="insight.no_such_answer",
        )


class PurposeMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "書き出しの目的がありません。",
            next_step="何のために使うかを書いて、もう一度押してください。",
            code="insight.purpose_missing",
        )
