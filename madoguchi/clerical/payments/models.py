import uuid
from dataclasses import dataclass

from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from madoguchi.clerical.payments.states import (
    ChangeKind,
    CommitmentState,
    Deposit,
    OrderState,
    Plan,
    SnapshotKind,
)
from madoguchi.ledgers.office.guards import SEES_ALL, BySubject, Open, Through
from madoguchi.ledgers.office.municipal import MunicipalModel


class Appropriation(MunicipalModel):
    """歳出予算の科目. `budget` and `committed` are kept by PostgreSQL from the rows that change them."""

    guarded_by = Open("sums of the town's budget, of no person")

    fiscal_year = models.PositiveSmallIntegerField("年度")
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    account = models.CharField("会計", max_length=64)
    kan = models.CharField("款", max_length=64)
    kou = models.CharField("項", max_length=64)
    moku = models.CharField("目", max_length=64)
    project = models.CharField("事業", max_length=64)
    setsu = models.CharField("節", max_length=64)
    saisetsu = models.CharField("細節", max_length=64)
    name = models.CharField("予算の名前", max_length=120)
    initial = models.BigIntegerField("当初予算額")
    budget = models.BigIntegerField("予算現額")
    committed = models.BigIntegerField("負担行為済額", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("municipality", "fiscal_year", "section", "account", "kan", "kou", "moku", "project"),
                    *("setsu", "saisetsu"),
                ],
                name="one_appropriation_a_subject",
            ),
            models.CheckConstraint(
                name="appropriation_not_overspent",
                condition=Q(committed__gte=0) & Q(committed__lte=F("budget")),
                violation_error_message="予算の残額を超えて負担できません。",
            ),
            models.CheckConstraint(name="appropriation_not_negative", condition=Q(initial__gte=0)),
        ]


class AppropriationChange(MunicipalModel):
    """補正・流用. One change of a budget, with its reason; never overwritten."""

    guarded_by = Open("of the town's budget, of no person")

    appropriation = models.ForeignKey(Appropriation, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField("種類", max_length=14, choices=ChangeKind.choices)
    amount = models.BigIntegerField("増減額")
    reason = models.CharField("理由", max_length=200)
    decided_on = models.DateField("議決・決裁の日")
    entered_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="change_changes_something", condition=~Q(amount=0))]


class Snapshot(MunicipalModel):
    """取込み. One whole list of another system, as of one day."""

    guarded_by = Open("of a file, not of a person")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField("種類", max_length=10, choices=SnapshotKind.choices)
    as_of = models.DateField("基準日")
    source = models.CharField("出典", max_length=80)
    file_name = models.CharField("ファイル名", max_length=120)
    sha256 = models.CharField("指紋", max_length=64)
    row_count = models.PositiveIntegerField("件数")
    rejected = models.JSONField("取り込めなかった行", default=list)
    taken_at = models.DateTimeField("取込日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "as_of", "sha256"], name="one_snapshot_a_file"
            )
        ]
        indexes = [models.Index(fields=["municipality", "kind", "as_of", "taken_at"])]


class Arrears(MunicipalModel):
    """滞納. What one person owes in one snapshot; `months` is empty where the row could not be read."""

    guarded_by = Through("resident_id", "registry.resident")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="arrears")
    atena_number = models.BigIntegerField("宛名番号")
    resident = models.ForeignKey("registry.Resident", null=True, on_delete=models.SET_NULL, related_name="+")
    months = models.PositiveSmallIntegerField("滞納月数", null=True)
    plan = models.CharField("分納の約束", max_length=8, choices=Plan.choices, default=Plan.NONE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "atena_number"], name="one_arrears_a_person")
        ]


class Creditor(MunicipalModel):
    """債権者. One registered payee with the account, in one snapshot."""

    guarded_by = Through("resident_id", "registry.resident")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="creditors")
    number = models.CharField("債権者番号", max_length=20)
    atena_number = models.BigIntegerField("宛名番号", null=True)
    resident = models.ForeignKey("registry.Resident", null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField("債権者名", max_length=120)
    kana = models.CharField("債権者カナ", max_length=240)
    bank_code = models.CharField("金融機関コード", max_length=4)
    branch_code = models.CharField("支店コード", max_length=3)
    deposit = models.CharField("預金種目", max_length=1, choices=Deposit.choices)
    account_number = models.CharField("口座番号", max_length=7)
    holder_kana = models.CharField("口座名義カナ", max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "number"], name="one_creditor_a_number"),
            models.UniqueConstraint(
                fields=["snapshot", "atena_number"],
                condition=Q(atena_number__isnull=False),
                name="one_creditor_a_person",
            ),
        ]


class Commitment(MunicipalModel):
    """支出負担行為. Money of one appropriation bound for one matter of another room."""

    guarded_by = BySubject(marks="payments.commitment")

    appropriation = models.ForeignKey(Appropriation, on_delete=models.PROTECT, related_name="commitments")
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("番号")
    number = models.CharField("負担行為番号", max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    title = models.CharField("件名", max_length=160)
    amount = models.BigIntegerField("負担行為額")
    creditor_number = models.CharField("債権者番号", max_length=20)
    payee_name = models.CharField("債権者名", max_length=120)
    payee_kana = models.CharField("債権者カナ", max_length=240)
    budget_kind = models.CharField("予算区分", max_length=20, default="現年度予算")
    spending_kind = models.CharField("支出区分", max_length=20, default="通常")
    decision_rank = models.CharField("決裁区分", max_length=40)
    committed_on = models.DateField("起票日")
    budget_then = models.BigIntegerField("そのときの予算現額")
    left_then = models.BigIntegerField("そのときの負担行為残額")
    drafted_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    committed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CommitmentState.choices, default=CommitmentState.STANDING)
    cancelled_reason = models.CharField("取消の理由", max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "fiscal_year", "serial"], name="commitment_number_once"
            ),
            models.UniqueConstraint(
                fields=["municipality", "subject_kind", "subject_id"],
                condition=Q(state="standing"),
                name="one_standing_commitment_a_subject",
            ),
            models.CheckConstraint(name="commitment_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="commitment_by_two_people",
                condition=~Q(drafted_by=F("approved_by")),
                violation_error_message="起案した人は決裁できません。",
            ),
        ]


@dataclass(frozen=True)
class SetApart:
    """A file of protected people: not there at all for somebody without the right."""

    marks: str = ""
    reading_only: bool = False

    def condition(self) -> str:
        return f"NOT apart OR {SEES_ALL}"


class PaymentFile(MunicipalModel):
    """支出命令データ. One file for the accounting system, kept byte for byte."""

    guarded_by = SetApart()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    press = models.UUIDField("押した1回")
    apart = models.BooleanField("支援措置分", default=False)
    file_name = models.CharField("ファイル名", max_length=120)
    body = models.BinaryField("中身")
    sha256 = models.CharField("指紋", max_length=64)
    row_count = models.PositiveIntegerField("件数")
    total = models.BigIntegerField("合計額")
    made_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("書出し日時")
    fetched_at = models.DateTimeField("渡した日時", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["press", "apart"], name="one_payment_file_a_press")]


LAST_DAY = ExpressionWrapper(F("claimed_on") + F("within_days"), output_field=models.DateField())


class PaymentOrder(MunicipalModel):
    """支出命令. A claim on a commitment, to be paid by a day; the amount is the commitment's.

    One that could not be transferred (振込不能) stays as it was paid; the next claim is another order.
    """

    guarded_by = Through("commitment_id", "payments.commitment")

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="orders")
    section = models.ForeignKey("office.Section", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("番号")
    number = models.CharField("命令番号", max_length=40)
    amount = models.BigIntegerField("命令額")
    tax = models.BigIntegerField("所得税", default=0)
    claimed_on = models.DateField("請求日")
    due_on = models.DateField("支払予定日")
    within_days = models.PositiveSmallIntegerField("請求から支払までの日数")
    bank_code = models.CharField("金融機関コード", max_length=4)
    branch_code = models.CharField("支店コード", max_length=3)
    deposit = models.CharField("預金種目", max_length=1, choices=Deposit.choices)
    account_number = models.CharField("口座番号", max_length=7)
    holder_kana = models.CharField("口座名義カナ", max_length=60)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.CLAIMED)
    claimed_at = models.DateTimeField("請求の受付")
    drafted_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    payer = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(PaymentFile, null=True, on_delete=models.PROTECT, related_name="orders")
    failed_on = models.DateField("振込不能の日", null=True)
    failed_reason = models.CharField("振込不能の理由", max_length=200, blank=True, default="")
    returned_on = models.DateField("戻入の日", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "fiscal_year", "serial"], name="order_number_once"),
            models.CheckConstraint(name="order_positive", condition=Q(amount__gt=0) & Q(tax__gte=0)),
            models.CheckConstraint(
                name="order_due_within_days",
                condition=Q(due_on__gte=F("claimed_on")) & Q(due_on__lte=LAST_DAY),
                violation_error_message="支払予定日が請求からの期限を過ぎています。",
            ),
            models.CheckConstraint(
                name="order_by_three_people",
                condition=(
                    Q(drafted_by__isnull=True) | Q(approved_by__isnull=True) | ~Q(drafted_by=F("approved_by"))
                )
                & (Q(payer__isnull=True) | (~Q(payer=F("drafted_by")) & ~Q(payer=F("approved_by")))),
                violation_error_message="起案・決裁・支払は別の人が行います。",
            ),
            models.CheckConstraint(
                name="order_exported_with_its_file",
                condition=Q(state__in=["exported", "failed"], file__isnull=False, payer__isnull=False)
                | (~Q(state__in=["exported", "failed"]) & Q(file__isnull=True, payer__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["commitment"], condition=~Q(state="failed"), name="one_live_order_a_commitment"
            ),
            models.CheckConstraint(
                name="order_failed_with_day_and_reason",
                condition=(Q(state="failed", failed_on__isnull=False) & ~Q(failed_reason=""))
                | (
                    ~Q(state="failed") & Q(failed_on__isnull=True, failed_reason="", returned_on__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="order_returned_after_it_failed",
                condition=Q(returned_on__isnull=True) | Q(returned_on__gte=F("failed_on")),
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "due_on"])]
