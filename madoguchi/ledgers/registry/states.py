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


class ProofMethod(TextChoices):
    """How a person on the portal has shown who they are."""

    EMAIL = "email", "メールアドレス"
    DEMO_CARD = "demo_card", "本人確認の見本"
    COUNTER = "counter", "窓口"
