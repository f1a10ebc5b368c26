"""What the records room refuses."""

from __future__ import annotations

from typing import Any

from madoguchi.common.errors import Refusal


class FilingRefused(Refusal):
    """A draft cannot be filed like that. Nothing was changed."""

    code = "records.filing_refused"


class ClassUnknown(Refusal):
    def __init__(self, code: str) -> None:
        said = f"分類記号「{code}」は文書分類表にありません。" if code else "分類記号が空です。"
        super().__init__(said, next_step="文書分類表から分類を選んでください。", code="records.class_unknown")


class TermUnreadable(Refusal):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"保存年限「{text}」を読めません。",
            next_step="5年、1年未満、常用、永年のように書いてください。",
            code="records.term_unreadable",
        )


class WrongFileState(Refusal):
    def __init__(self, state: Any, what: str) -> None:
        super().__init__(
            f"この簿冊は「{state.label}」のため、{what}ことはできません。",
            next_step="画面を読み直し、簿冊の状態を確かめてください。",
            code="records.wrong_file_state",
        )


class WrongListState(Refusal):
    def __init__(self, state: Any, what: str) -> None:
        super().__init__(
            f"この目録は「{state.label}」のため、{what}ことはできません。",
            next_step="画面を読み直し、目録の状態を確かめてください。",
            code="records.wrong_list_state",
        )


class FileOutdated(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "画面を開いた後に、この簿冊が変わりました。",
            next_step="画面を読み直してから、もう一度押してください。",
            code="records.file_outdated",
        )


class ReasonMissing(Refusal):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}理由が書かれていません。",
            next_step="理由を書いてください。個人の名前は書かないでください。",
            code="records.reason_missing",
        )


class HoldRefused(Refusal):
    """A hold cannot be set or released like that."""

    code = "records.hold_refused"


class SecondPerson(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "目録を作った人は、自分では廃棄を始められません。",
            next_step="課のほかの職員に、目録を確かめて押すよう頼んでください。",
            code="records.second_person",
        )


class NothingToList(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "目録に載せられる簿冊が選ばれていません。",
            next_step="載せる簿冊に印を付けてください。載せられないものは、一覧に理由があります。",
            code="records.nothing_to_list",
        )


class NotToBeListed(Refusal):
    def __init__(self, title: str, reasons: tuple[str, ...]) -> None:
        super().__init__(
            f"簿冊「{title}」は目録に載せられません。{''.join(reasons)}",
            next_step="この簿冊の印を外すか、理由がなくなってから載せてください。",
            code="records.not_to_be_listed",
        )


class PurposeMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "書き出しの目的が書かれていません。",
            next_step="目的を選ぶか書いてください。",
            code="records.purpose_missing",
        )


class TableRefused(Refusal):
    """A table of classes with mistakes; each is named with its line."""

    code = "records.table_refused"
