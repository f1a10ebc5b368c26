"""How a draft is numbered and moves; no queries."""

from madoguchi.clerical.decisions.errors import CommentMissing, WrongState
from madoguchi.clerical.decisions.states import NEXT, DraftState


def document_number(symbol: str, serial: int) -> str:
    """サ子青第12号: the symbol of the section and the running number of its fiscal year."""
    return f"{symbol}第{serial}号"


def require_move(now: DraftState, to: DraftState) -> None:
    """Refuse with WrongState what the table in states.py does not list."""
    if to not in NEXT[now]:
        raise WrongState(
            f"この起案は「{now.label}」のため「{to.label}」にはできません。",
            next_step="画面を読み直し、現在の状態を確かめてください。",
        )


def require_comment(to: DraftState, comment: str) -> None:
    """A draft that does not go through tells the drafter why."""
    if to != DraftState.APPROVED and not comment.strip():
        raise CommentMissing(
            f"「{to.label}」の理由が書かれていません。",
            next_step="起案した人が直せるように、理由を書いてください。",
        )
