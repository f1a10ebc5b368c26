"""Codes of the resident record, as a municipal resident system emits them; no queries."""

from django.db.models import IntegerChoices, TextChoices


class ResidentKind(IntegerChoices):
    JAPANESE = 1, "日本人"
    FOREIGN = 2, "外国人"


class ResidentState(IntegerChoices):
    RESIDENT = 1, "住民"
    MOVED_OUT = 2, "転出者"
    DECEASED = 3, "死亡者"
    REMOVED = 9, "その他消除者"


class Relationship(IntegerChoices):
    """続柄コード."""

    HEAD = 2, "世帯主"
    HUSBAND = 11, "夫"
    WIFE = 12, "妻"
    HUSBAND_UNREGISTERED = 13, "夫（未届）"
    WIFE_UNREGISTERED = 14, "妻（未届）"
    CHILD = 20, "子"
    FATHER = 51, "父"
    MOTHER = 52, "母"
    OLDER_BROTHER = 71, "兄"
    YOUNGER_BROTHER = 74, "弟"
    OLDER_SISTER = 81, "姉"
    YOUNGER_SISTER = 84, "妹"
    RELATIVE = 96, "縁故者"
    LODGER = 99, "同居人"


class Ground(TextChoices):
    """Why somebody asked for protective measures (支援措置): the grounds of 住民基本台帳事務処理要領."""

    VIOLENCE = "violence", "配偶者からの暴力（ＤＶ）"
    STALKING = "stalking", "ストーカー行為等"
    CHILD_ABUSE = "child_abuse", "児童虐待"
    OTHER = "other", "その他これらに準ずる行為"


class Sex(IntegerChoices):
    UNKNOWN = 0, "不明"
    MALE = 1, "男"
    FEMALE = 2, "女"
    NOT_APPLICABLE = 9, "適用不能"


class Move(TextChoices):
    """異動: what made a record of a person begin."""

    ENTERED = "entered", "登録"
    MOVED_IN = "moved_in", "転入"
    BORN = "born", "出生"
    MOVED_OUT = "moved_out", "転出"
    DIED = "died", "死亡"
    MOVED_WITHIN = "moved_within", "転居"
    HOUSEHOLD_CHANGED = "household_changed", "世帯変更"
    STRUCK_OFF = "struck_off", "職権消除"
    CORRECTED = "corrected", "記載の変更"


class ImportState(TextChoices):
    """取込み of a file of residents."""

    WAITING = "waiting", "順番を待っています"
    READING = "reading", "読み取っています"
    READ = "read", "確認を待っています"
    APPLYING = "applying", "反映しています"
    APPLIED = "applied", "反映済み"
    DISCARDED = "discarded", "破棄"
    OVERTAKEN = "overtaken", "ほかの取込みが先に反映"
    FAILED = "failed", "読み取れませんでした"


class ImportScope(TextChoices):
    """What the file holds."""

    WHOLE = "whole", "全住民"
    PART = "part", "一部の人"


class RowOutcome(TextChoices):
    """What became of one line of the file."""

    ACCEPTED = "accepted", "そのまま受け入れ"
    REPAIRED = "repaired", "直して受け入れ"
    REJECTED = "rejected", "受け入れない"
    ABSENT = "absent", "ファイルにいない"


class RowChange(TextChoices):
    """What a line would change in the register."""

    NEW = "new", "新しい人"
    CHANGED = "changed", "内容の変更"
    LEFT = "left", "転出・死亡など"
    MISSING = "missing", "ファイルにいない"
    SAME = "same", "変わらない"
    NONE = "none", "反映しない"


class FindingKind(TextChoices):
    """世帯の整合性."""

    NO_HEAD = "no_head", "世帯主がいない"
    MANY_HEADS = "many_heads", "世帯主が2人以上"
    PLACE_TWICE = "place_twice", "記載順位の重なり"
    PLACE_GAP = "place_gap", "記載順位の欠け"
    HEAD_NAME = "head_name", "世帯主氏名の不一致"


class ProofMethod(TextChoices):
    """How a person on the portal has shown who they are."""

    EMAIL = "email", "メールアドレス"
    SMS = "sms", "SMS（携帯電話）"
    CARD = "card", "マイナンバーカード"
    DEMO_CARD = "demo_card", "本人確認の見本"
    COUNTER = "counter", "窓口"
