"""How big the story is, its days, and what is seeded wrong in which control point."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scenarios.whole_period.plan import TOKYO, at

SEED = 20260401
SLUG, PERIOD = "neko-hojokin", "2026"
RECEIPT_DAY = date(2026, 10, 5)
REVIEW_DAY = date(2026, 11, 9)
DECISION_DAY = date(2026, 11, 12)
RELEASE_DAY = date(2026, 11, 16)
CLAIM_DAY = date(2026, 11, 20)
PAYMENT_DAY = date(2026, 12, 7)
BATCH = 25

SEEDED = {
    "ic01_male_limit": "オスで4,000円",
    "ic02_female_limit": "メスで5,001円",
    "ic03_receipt": "領収書より多い",
    "ic04_operation": "性別と手術が合わない",
    "ic05_resident": "住民記録と結び付かない（未実行）",
    "ic06_arrears": "滞納があり分納の約束もない",
    "ic07_same_receipt": "同じ領収書で2回目",
    "ic08_household": "世帯で4頭目",
    "ic09_deadline": "手術から61日目",
    "ic10_holder": "家族の名義の口座",
    "ic11_creditor": "債権者の登録がない",
    "ic12_receipt_seen": "領収書の確認表が途中",
    "ic13_origin": "入手経路を確かめていない",
    "ic18_version": "施行日より前の受付",
    "ic27_returned": "振込不能の前の支払が戻入されていない",
    "ic28_accounting": "会計課の審査が済んでいない",
    "ic29_documents": "起案の後に書類が変わった",
    "ic30_rights": "決裁した人の権限が、さかのぼって終わっていた",
    "ic31_household": "申請者の世帯に担当の職員がいる",
    "ic32_address": "支援措置の対象者の住所が通知に出る",
    "ic33_sample": "無作為抽出で問題ありとされた",
    "ic34_risk_sample": "リスク抽出で問題ありとされた",
}
"""Control points with a wrong case each; those that need people or budgets are tried in attempts.py."""
AT_DECISION = ("ic18_version", "ic31_household", "ic32_address")
"""Caught when the decision is drafted: those of 決定 and 全般."""
AT_PAYMENT = (
    "ic27_returned",
    "ic28_accounting",
    "ic29_documents",
    "ic30_rights",
    "ic33_sample",
    "ic34_risk_sample",
)
AT_REVIEW = ("ic12_receipt_seen", "ic13_origin")


@dataclass(frozen=True)
class Season:
    """Applications altogether, and how many are wrong in each control point."""

    applications: int
    wrong_each: int

    @property
    def wrong(self) -> int:
        return self.wrong_each * len(SEEDED)


FULL = Season(applications=500, wrong_each=8)
SMALL = Season(applications=60, wrong_each=1)


def received_at(place: int) -> datetime:
    """Three weeks of receipts, in order."""
    return at(RECEIPT_DAY + timedelta(days=place % 21), 9 + place % 7, place % 60)


__all__ = ["TOKYO", "at"]
