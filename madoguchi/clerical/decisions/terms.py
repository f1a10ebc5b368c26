"""What a drafter says about a draft besides what is asked: its kind, amount, filing and paper; no queries."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.clerical.decisions.errors import DisclosureReasonMissing, PaperRefused
from madoguchi.clerical.decisions.states import ApprovalMode, Disclosure, PaperReason, PaperRule


@dataclass(frozen=True)
class Paper:
    """Material that stays on paper: what it is, where it is kept, how many sheets."""

    what: str
    kept_at: str
    sheets: int = 1


@dataclass(frozen=True)
class Terms:
    """`kind` is a code of the route table; `amount` whole yen with tax. Everything else may be left as it is.

    `disagreed`, `parties`, `original_amount` and `split_add` are what senketsu rules SR04–SR08 ask about.
    """

    kind: str = ""
    amount: int | None = None
    class_code: str = ""
    retention: str = ""
    disclosure: Disclosure | None = None
    disclosure_reason: str = ""
    mode: ApprovalMode = ApprovalMode.ELECTRONIC
    paper_reason: PaperReason | None = None
    paper_note: str = ""
    papers: tuple[Paper, ...] = ()
    sheets: int = 1
    urgent: bool = False
    important: bool = False
    instructed: bool = False
    disagreed: bool = False
    parties: tuple[str, ...] = ()
    original_amount: int | None = None
    split_add: int = 0
    budget_ok: bool = True
    quoted_from: int | None = None


def require_paper(terms: Terms, rule: PaperRule, reason: str) -> None:
    """Refuse with PaperRefused what the town's rule for this kind of document, or plain sense, does not let through."""
    said = f"（決まりの理由: {reason}）" if reason else ""
    if rule == PaperRule.ELECTRONIC_ONLY and terms.mode != ApprovalMode.ELECTRONIC:
        raise PaperRefused(
            f"この種類の文書は電子に限られています{said}。",
            next_step="決裁の方法で「電子」を選んでください。",
        )
    if rule == PaperRule.PAPER_ONLY and terms.mode != ApprovalMode.PAPER:
        raise PaperRefused(
            f"この種類の文書は電子決裁を認めていません{said}。",
            next_step="決裁の方法で「紙」を選び、決裁を受けた後にその日を記録してください。",
        )
    if rule == PaperRule.PAPER_BESIDE and not terms.papers:
        raise PaperRefused(
            f"この種類の文書には紙の資料が要ります{said}。",
            next_step="「併用」を選び、紙の資料が何で、どこに置くかを書いてください。",
        )
    _require_sense(terms)


def _require_sense(terms: Terms) -> None:
    if terms.mode == ApprovalMode.MIXED and not terms.papers:
        raise PaperRefused(
            "併用決裁なのに、紙の資料が書かれていません。",
            next_step="紙に残す資料が何で、どこに置くかを書いてください。",
        )
    if terms.mode == ApprovalMode.ELECTRONIC and terms.papers:
        raise PaperRefused(
            "電子決裁に、紙の資料が書かれています。", next_step="決裁の方法で「併用」を選んでください。"
        )
    if terms.mode != ApprovalMode.ELECTRONIC and terms.paper_reason is None:
        raise PaperRefused("紙を使う理由が選ばれていません。", next_step="理由を一つ選んでください。")
    for paper in terms.papers:
        if not (paper.what.strip() and paper.kept_at.strip()):
            raise PaperRefused(
                "紙の資料の名前か、置き場所が空です。", next_step="何を、どこに置くかを両方書いてください。"
            )


def require_disclosure(terms: Terms) -> None:
    """What is not open to the public says why (DisclosureReasonMissing)."""
    if terms.disclosure in {Disclosure.PARTLY, Disclosure.CLOSED} and not terms.disclosure_reason.strip():
        raise DisclosureReasonMissing(
            f"公開区分が「{terms.disclosure.label}」なのに、理由が書かれていません。",
            next_step="個人情報、法人の利益など、公開しない理由を書いてください。",
        )
