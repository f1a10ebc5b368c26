from pathlib import Path

from madoguchi.common.errors import Refusal


class NotAllowed(Refusal):
    """Somebody without the power asked for it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"「{what}」の権限がありません。",
            next_step="権限が要る場合は、情報システム担当に年度末までの付与を頼んでください。",
            code="office.not_allowed",
        )


class NotFound(Refusal):
    """Not there, or not yours: the same answer."""

    def __init__(self, what: str = "記録") -> None:
        super().__init__(
            f"その{what}は見つかりません。", next_step="番号を確かめてください。", code="office.not_found"
        )


class RunningRoleUnsafe(Refusal):
    def __init__(self, role: str) -> None:
        super().__init__(
            f"データベースの役割「{role}」は行ごとの保護を素通りします。",
            next_step="madoguchi migrate を実行して、役割 madoguchi_app を作ってください。",
            code="office.unsafe_role",
        )


class FactorRefused(Refusal):
    """A passkey or a number of the authenticator app did not fit."""

    code = "office.factor_refused"


class IdentityRefused(Refusal):
    """The answer of an identity provider does not hold, or it cannot be reached."""

    code = "office.identity_refused"

    @classmethod
    def start_again(cls) -> "IdentityRefused":
        """One sentence for every broken answer: what exactly was wrong stands in the log only."""
        return cls(
            "本人確認を終えられませんでした。",
            next_step="はじめの画面に戻って、もう一度お試しください。",
        )


class PasswordRefused(Refusal):
    """A new password is too weak, or the present one is wrong."""

    code = "office.password_refused"


class TownFileUnusable(Refusal):
    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(
            f"{file} から団体のデータを戻せません。{reason}。",
            next_step="書き出したときと同じ版の madoguchi と、書き出したままのファイルを使ってください。",
            code="office.town_file",
        )


class TownStillThere(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}のデータ、または同じ番号のほかの団体のデータが、このデータベースにあります。",
            next_step="空のデータベースを作り、madoguchi migrate のあとで、そこへ戻してください。",
            code="office.town_still_there",
        )


class ScannerUnknown(Refusal):
    """The settings name a virus scanner that does not exist."""

    code = "office.scanner_unknown"


class GrantRefused(Refusal):
    """A role or an exception cannot be given like that. Nothing was changed."""

    code = "office.grant_refused"


class KeyRefused(Refusal):
    """No key, an unknown, ended or revoked one: the same answer, so that nothing can be learnt from it."""

    def __init__(self) -> None:
        super().__init__(
            "このAPI鍵は使えません。",
            next_step="鍵の文字列と期限を、鍵を発行した情報システム担当に確かめてください。",
            code="office.key_refused",
        )


class ScopeMissing(Refusal):
    def __init__(self, scope: str) -> None:
        super().__init__(
            f"このAPI鍵には「{scope}」の許可がありません。",
            next_step="許可が要る場合は、情報システム担当に新しい鍵を頼んでください。",
            code="office.scope_missing",
        )


class TooFast(Refusal):
    def __init__(self, per_minute: int) -> None:
        super().__init__(
            f"このAPI鍵の上限（1分に{per_minute}回）を超えました。",
            next_step="Retry-After の秒数だけ待って、もう一度送ってください。",
            code="office.too_fast",
        )


class KeyUnfit(Refusal):
    """A key cannot be made as it was asked for."""

    code = "office.key_unfit"


class PostRefused(Refusal):
    """A post cannot be given like that. Nothing was changed."""

    code = "office.post_refused"


class AbsenceRefused(Refusal):
    """Days of absence cannot be entered like that."""

    code = "office.absence_refused"
