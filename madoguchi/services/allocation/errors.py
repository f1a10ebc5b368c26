"""What the allocation room refuses."""

from __future__ import annotations

from madoguchi.common.errors import Refusal


class InstanceUnreadable(Refusal):
    """The file is not an instance of an allocation."""

    code = "allocation.instance_unreadable"

    def __init__(self, sentence: str) -> None:
        next_step = "madoguchi/services/allocation/files.py にある書き方と比べて直してください。"
        super().__init__(sentence, next_step=next_step)
