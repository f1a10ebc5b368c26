from datetime import date, datetime
from typing import Any

from django.utils import timezone

from madoguchi.common.era import format_era
from madoguchi.common.errors import Refusal
from madoguchi.services.applications.states import Stage


class AnswersIncomplete(Refusal):
    """Answers are missing or cannot be read. `reading` holds every error beside its input."""

    def __init__(self, reading: Any) -> None:
        super().__init__(
            f"まだ送れません。直すところが{len(reading.errors)}か所あります。",
            next_step="赤い印の項目を直して、もう一度送ってください。入力した内容は残っています。",
            code="applications.answers_incomplete",
        )
        self.reading = reading


class PeriodClosed(Refusal):
    def __init__(self, label: str, opens: date, closes: date) -> None:
        super().__init__(
            f"「{label}」の受付は{format_era(opens)}から{format_era(closes)}までです。",
            next_step="受付期間のほかに申し込みたいときは、担当課へお電話ください。",
            code="applications.period_closed",
        )


class NoSuchPeriod(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(
            f"受付期間「{code}」はこの手続にありません。",
            next_step="手続の案内から入り直してください。",
            code="applications.no_such_period",
        )


class AlreadyApplied(Refusal):
    def __init__(self, number: str) -> None:
        super().__init__(
            f"この方の申請は、受付番号{number}でもう届いています。",
            next_step="申請の状況の画面で確かめてください。内容を変えるときは担当課へ連絡してください。",
            code="applications.already_applied",
        )
        self.number = number


class NoLongerUnsent(Refusal):
    """What was begun cannot be gone on with."""


class DraftSent(NoLongerUnsent):
    def __init__(self, number: str) -> None:
        super().__init__(
            f"この入力は、受付番号{number}でもう送られています。",
            next_step="申請の状況の画面で確かめてください。",
            code="applications.draft_sent",
        )
        self.number = number


class DraftExpired(NoLongerUnsent):
    def __init__(self, slug: str, expired_on: date) -> None:
        super().__init__(
            f"この入力は、保存の期限（{format_era(expired_on)}）が過ぎたため消しました。",
            next_step="手続の案内から、もう一度入力してください。",
            code="applications.draft_expired",
        )
        self.slug, self.expired_on = slug, expired_on


class LookAgain(Refusal):
    """Something must be looked at again and changed. It says where, never why."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(
            "まだ送れません。入力の内容を、もう一度確かめてください。",
            next_step="印の付いた項目を、書類や通帳と見比べて直してください。入力した内容は残っています。",
            code="applications.look_again",
        )
        self.fields = fields


class ResumeRefused(Refusal):
    """One sentence whatever is wrong: it says nothing about codes of others."""

    def __init__(self) -> None:
        super().__init__(
            "この再開コードでは続きを開けません。",
            next_step="コードの10文字と、前と同じ方法で本人確認をしているかを確かめてください。"
            "期限を過ぎた入力は開けません。",
            code="applications.resume_refused",
        )


class ResumeTooOften(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "再開コードの入力が続けて合いませんでした。",
            next_step="1時間ほど待って、もう一度お試しください。「あなたの申請」からも続きを開けます。",
            code="applications.resume_too_often",
        )


class WrongStage(Refusal):
    """The application is not where this act can be done."""

    def __init__(self, number: str, now: Stage, what: str) -> None:
        super().__init__(
            f"{number}は「{now.label}」なので、{what}ことはできません。",
            next_step="画面を読み直して、今の状態を確かめてください。",
            code="applications.wrong_stage",
        )


class StaleEdition(Refusal):
    """Somebody changed the application since the page was opened."""

    def __init__(self, number: str, who: str, when: datetime) -> None:
        moment = timezone.localtime(when)
        super().__init__(
            f"{number}は、{moment:%m月%d日%H時%M分}に{who or '別の人'}が変えました。",
            next_step="画面を読み直して、変わったところを見てから、もう一度行ってください。",
            code="applications.stale_edition",
        )


class CorrectionUnanswered(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "お願いした項目が直されていません。",
            next_step="黄色い印の項目を直してから送ってください。",
            code="applications.correction_unanswered",
        )


class NothingToCorrect(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "補正をお願いしている項目はありません。",
            next_step="申請の状況の画面を読み直してください。",
            code="applications.nothing_to_correct",
        )


class ReasonMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "理由がありません。",
            next_step="何を見て確かめたかを、一文で書いてください。",
            code="applications.reason_missing",
        )


class FieldsMissing(Refusal):
    def __init__(self, unknown: list[str]) -> None:
        named = "、".join(unknown)
        super().__init__(
            f"項目「{named}」はこの申請にありません。" if unknown else "直してほしい項目が選ばれていません。",
            next_step="直してほしい項目を1つ以上選んでください。",
            code="applications.fields_missing",
        )


class LookFirst(Refusal):
    def __init__(self, count: int) -> None:
        super().__init__(
            f"自動チェックの印が{count}件あります。",
            next_step="申請を開いて、印を確かめてから受理してください。",
            code="applications.look_first",
        )


class ControlFailed(Refusal):
    """A control point (統制点) of the package does not hold, so the case may not go on."""

    def __init__(self, says: str) -> None:
        super().__init__(
            says, next_step="直してから、もう一度行ってください。", code="applications.control_failed"
        )


class BulkEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "申請が選ばれていません。",
            next_step="左の四角に印を付けるか、条件を広げてから押してください。",
            code="applications.bulk_empty",
        )


class BulkTooLarge(Refusal):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"一度に扱えるのは{most:,}件までです。",
            next_step="受付期間や状態で絞り、分けて処理してください。",
            code="applications.bulk_too_large",
        )


class NotUndone(Refusal):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"元に戻せません。{reason}",
            next_step="変えたい申請を1件ずつ開いてください。",
            code="applications.not_undone",
        )


class ViewNameless(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "一覧の名前がありません。",
            next_step="30文字までの名前を付けてください。",
            code="applications.view_nameless",
        )


class ViewNamedTwice(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"「{name}」という一覧がもうあります。",
            next_step="別の名前にするか、前の一覧を消してください。",
            code="applications.view_named_twice",
        )


class ProofTooLow(Refusal):
    """The sitting has shown less about who somebody is than the procedure asks for."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            "この手続には、より確かな本人確認が必要です。",
            next_step="本人確認の画面で、示された方法で確認してください。入力した内容は残っています。",
            code="applications.proof_too_low",
        )
        self.slug = slug


class NothingWaits(Refusal):
    def __init__(self, number: str) -> None:
        super().__init__(
            f"申請 {number} には、判断を待つ版の引き継ぎがありません。",
            next_step="申請のページを読み直してください。",
            code="applications.nothing_waits",
        )


class CannotTakeOver(Refusal):
    def __init__(self, number: str, why: str) -> None:
        super().__init__(
            f"申請 {number} は引き継げません。{why}",
            next_step="元の版のまま続けてください。",
            code="applications.cannot_take_over",
        )


class DryRunMissing(Refusal):
    def __init__(self, why: str) -> None:
        super().__init__(
            why,
            next_step="「申請に当てはめて試す」をしてから公開してください。",
            code="applications.dry_run_missing",
        )


class DependsOnIdentity(Refusal):
    """An example cannot be made: without the person's own data the rules give another result."""

    def __init__(self, rules: list[str]) -> None:
        super().__init__(
            f"個人の情報を置き換えると結果が変わるため、例にできません（{'、'.join(rules[:5])}）。",
            next_step="この規則が氏名・住所などに頼っていないか、手続の担当と確かめてください。",
            code="applications.depends_on_identity",
        )


class MessageEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "連絡の文がありません。",
            next_step="伝えたいことを書いてから送ってください。",
            code="applications.message_empty",
        )


class MessageTooLong(Refusal):
    def __init__(self, length: int, most: int) -> None:
        super().__init__(
            f"{length}文字あります。連絡は1通{most}文字までです。",
            next_step="短くするか、2通に分けて送ってください。書いた文は残っています。",
            code="applications.message_too_long",
        )


class TooManyMessages(Refusal):
    def __init__(self, most: int, minutes: int) -> None:
        super().__init__(
            f"{minutes}分間に送れる連絡は{most}通までです。",
            next_step="しばらく待ってから送ってください。急ぐときは担当課へお電話ください。書いた文は残っています。",
            code="applications.too_many_messages",
        )


class NobodyReads(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "この申請は窓口か紙で届いたので、申請した人がこの画面を読めません。",
            next_step="電話か郵便で連絡してください。",
            code="applications.nobody_reads",
        )


class NotThisKeysSection(Refusal):
    """An API key sends applications for the procedures of its own section only."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"「{name}」は、このAPI鍵の課の手続ではありません。",
            next_step="手続の担当課の鍵を、情報システム担当に頼んでください。",
            code="applications.not_this_keys_section",
        )


class KeyVouchesTooLittle(Refusal):
    """The key's system has not proven people to the level that the procedure asks for."""

    def __init__(self, needed: int, vouched: int) -> None:
        super().__init__(
            f"この手続には本人確認レベル{needed}が要りますが、このAPI鍵が保証するのはレベル{vouched}です。",
            next_step="レベルを満たす本人確認を行うシステムとして、情報システム担当に新しい鍵を頼んでください。",
            code="applications.key_vouches_too_little",
        )


class UploadUnknown(Refusal):
    def __init__(self, field: str) -> None:
        super().__init__(
            f"項目「{field}」の書類が見つからないか、もう使われています。",
            next_step="書類を先に /documents に送り、返った番号をそのまま入れてください。",
            code="applications.upload_unknown",
        )
        self.field = field
