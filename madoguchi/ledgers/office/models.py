from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from madoguchi.ledgers.office.guards import BySubject
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.ledgers.office.roles import ExceptionKind, Power, Role
from madoguchi.ledgers.office.states import JobState


class Municipality(models.Model):
    """地方公共団体. The only table that every session sees: it says which door leads where."""

    code = models.CharField("全国地方公共団体コード", max_length=6, unique=True)
    name = models.CharField("名称", max_length=50)
    name_kana = models.CharField("名称カナ", max_length=100)
    prefecture = models.CharField("都道府県", max_length=10)
    mayor = models.CharField("首長", max_length=50)
    host = models.CharField("ホスト名", max_length=200, blank=True, db_index=True)
    town_colour = models.CharField("市の色", max_length=7, default="#c74700")
    closed_days = models.JSONField("独自の閉庁日", default=list, blank=True)
    contact_phone = models.CharField("代表電話", max_length=20, default="", blank=True)


class Section(MunicipalModel):
    """課. Its name and place change by fiscal year; the section itself stays."""

    code = models.SlugField("課コード", max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code"], name="section_code_once_a_municipality")
        ]


class SectionInYear(MunicipalModel):
    """課 as it is called, and where it stands, in one fiscal year."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="years")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("課名", max_length=60)
    unit = models.CharField("係", max_length=60, blank=True, default="")
    parent = models.ForeignKey(Section, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    symbol = models.CharField("文書記号", max_length=10)
    phone = models.CharField("電話", max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "fiscal_year"], name="section_named_once_a_year")
        ]


class Staff(AbstractBaseUser, MunicipalModel):
    """職員. Residents are never here: they prove themselves in the registry."""

    login = models.CharField("職員番号", max_length=40)
    name = models.CharField("氏名", max_length=60)
    name_kana = models.CharField("氏名カナ", max_length=120)
    email = models.EmailField("メール", blank=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="staff")
    is_active = models.BooleanField("在職", default=True)

    objects = BaseUserManager["Staff"]()
    USERNAME_FIELD = "login"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "login"], name="login_once_a_municipality")
        ]


class Grant(MunicipalModel):
    """権限. Ends with the fiscal year unless an earlier day is given; renewing is a new row."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField("役割", max_length=20, choices=Role.choices)
    granted_on = models.DateField("開始日")
    expires_on = models.DateField("終了日")
    ended_on = models.DateField("取りやめた日", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_it_begins",
                condition=Q(expires_on__gte=F("granted_on")),
                violation_error_message="終了日を開始日より前にはできません。",
            )
        ]


class PowerException(MunicipalModel):
    """権限の例外. One power more, or one less, than the roles give; ends with the fiscal year like every grant."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="exceptions")
    power = models.CharField("権限", max_length=30, choices=Power.choices)
    kind = models.CharField("追加か除外か", max_length=6, choices=ExceptionKind.choices)
    granted_on = models.DateField("開始日")
    expires_on = models.DateField("終了日")
    ended_on = models.DateField("取りやめた日", null=True)
    reason = models.CharField("理由", max_length=300)
    granted_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exception_ends_after_it_begins",
                condition=Q(expires_on__gte=F("granted_on")),
                violation_error_message="終了日を開始日より前にはできません。",
            ),
            models.CheckConstraint(
                name="exception_has_its_reason",
                condition=~Q(reason=""),
                violation_error_message="理由を書いてください。",
            ),
        ]


class Trace(MunicipalModel):
    """記録. Append-only and chained by the database itself; about a protected person only for those who see them."""

    guarded_by = BySubject(reading_only=True)

    seq = models.BigIntegerField(default=0)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField(max_length=120)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200, blank=True)
    note = models.JSONField(default=dict)
    former_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "seq"], name="trace_numbered_once")]
        indexes = [
            models.Index(fields=["municipality", "subject_kind", "subject_id"]),
            models.Index(fields=["municipality", "verb", "happened_at"]),
        ]


class ProtectedSubject(MunicipalModel):
    """保護された記録. Keys of the records that a protection unit hides; written by the database only."""

    kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    unit = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "subject_id"], name="one_protection_a_subject"
            )
        ]


class TraceHead(models.Model):
    """The end of each municipality's chain; written by the database only."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)


class Job(MunicipalModel):
    """A long piece of work and how far it is."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    result = models.JSONField(default=dict)
    started_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    advanced_at = models.DateTimeField("最後に進んだ日時", db_default=Now(), null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="job_done_within_total", condition=Q(done__lte=F("total")))
        ]


class SignInGuard(MunicipalModel):
    """失敗の数え. Wrong passwords and codes in a row, for an account, an address, or an account at an address."""

    kind = models.CharField("種別", max_length=10)
    key = models.CharField("鍵（ハッシュ）", max_length=64)
    failures = models.PositiveIntegerField("続けて失敗した数", default=0)
    last_failed_at = models.DateTimeField("最後の失敗", null=True)
    locked_until = models.DateTimeField("ここまで待つ", null=True)
    entered_at = models.DateTimeField("最後に入れた時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "kind", "key"], name="one_guard_a_key")
        ]


class UsedCode(MunicipalModel):
    """使用済みの番号. A number of the authenticator app opens once; the period it belonged to is kept."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="+")
    last_period = models.BigIntegerField("最後に使った30秒の番号")


class HealthMark(MunicipalModel):
    """様子. How an outside system or a nightly look was when it was last looked at, and when it last was well."""

    key = models.CharField(max_length=40)
    label = models.CharField("名前", max_length=60)
    fault = models.CharField("具合", max_length=300, blank=True)
    looked_at = models.DateTimeField("見た日時")
    well_at = models.DateTimeField("最後によかった日時", null=True)
    failing_since = models.DateTimeField("悪くなった日時", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "key"], name="one_mark_a_key")]


class RateWindow(MunicipalModel):
    """回数の数え. How often a person or an address has asked for one kind of thing in the present stretch of time."""

    kind = models.CharField("種別", max_length=20)
    key = models.CharField("鍵（ハッシュ）", max_length=64)
    began_at = models.DateTimeField("始まり")
    count = models.PositiveIntegerField("回数")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "kind", "key"], name="one_window_a_key")
        ]


class ApiKey(MunicipalModel):
    """API鍵. Lets another system in, for one section and what its scopes name; the secret is kept as a hash."""

    name = models.CharField("名前", max_length=80)
    purpose = models.CharField("目的", max_length=200)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    scopes = models.JSONField("できること", default=list)
    prefix = models.CharField("先頭", max_length=16)
    secret_hash = models.CharField("合言葉のハッシュ", max_length=64)
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("作成")
    expires_on = models.DateField("終了日")
    revoked_at = models.DateTimeField("取消し", null=True)
    last_used_at = models.DateTimeField("最後に使われた時", null=True)
    per_minute = models.PositiveIntegerField("1分の上限", default=120)
    window_started_at = models.DateTimeField("数え始めた時", null=True)
    window_count = models.PositiveIntegerField("数えた回数", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "prefix"], name="api_key_prefix_once"),
            models.CheckConstraint(name="api_key_allows_something", condition=Q(per_minute__gte=1)),
        ]


class PostHolding(MunicipalModel):
    """役職. Who holds which post of a section, from a day to a day: a route is made of posts, not of names."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="posts")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    post = models.CharField("役職", max_length=20)
    from_on = models.DateField("就いた日")
    until_on = models.DateField("最後の日", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "post"],
                condition=Q(until_on__isnull=True),
                name="one_holder_of_a_post",
                violation_error_message="この役職には、すでにほかの人が就いています。",
            ),
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                violation_error_message="最後の日を就いた日より前にはできません。",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "staff"], name="posts_of_staff")]


class Absence(MunicipalModel):
    """不在. Days on which somebody cannot decide; 出張 with a phone is no absence."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="absences")
    begins_on = models.DateField("最初の日")
    ends_on = models.DateField("最後の日")
    reason = models.CharField("理由", max_length=60)
    entered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("登録日時")
    withdrawn_at = models.DateTimeField("取りやめた日時", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins",
                condition=Q(ends_on__gte=F("begins_on")),
                violation_error_message="最後の日を最初の日より前にはできません。",
            )
        ]
        indexes = [models.Index(fields=["municipality", "ends_on"], name="absences_by_day")]
