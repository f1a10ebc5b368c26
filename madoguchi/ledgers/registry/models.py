import uuid

from django.db import models
from django.db.models import F, Q

from madoguchi.ledgers.office.guards import ByUnit, Open, Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.ledgers.registry.states import (
    FindingKind,
    Ground,
    ImportScope,
    ImportState,
    Move,
    ProofMethod,
    Relationship,
    ResidentKind,
    ResidentState,
    RowChange,
    RowOutcome,
    Sex,
)


class Household(MunicipalModel):
    """世帯."""

    number = models.BigIntegerField("世帯番号")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="household_number_once",
                violation_error_message="この世帯番号は、すでに使われています。",
            )
        ]


class PersonRecord(models.Model):
    """What is recorded of a person: the same columns for today's row, for former ones and for a file's."""

    kind = models.PositiveSmallIntegerField("住民種別", choices=ResidentKind.choices)
    state = models.PositiveSmallIntegerField("住民状態", choices=ResidentState.choices)
    relationship = models.PositiveSmallIntegerField("続柄コード", choices=Relationship.choices)
    relationship_text = models.CharField("続柄表記", max_length=40)
    place_in_household = models.PositiveSmallIntegerField("記載順位")
    head_name = models.CharField("世帯主氏名", max_length=120, default="", db_default="")
    family_name = models.CharField("氏", max_length=60)
    given_name = models.CharField("名", max_length=60)
    family_kana = models.CharField("氏フリガナ", max_length=120)
    given_kana = models.CharField("名フリガナ", max_length=120)
    kana_confirmed = models.BooleanField("フリガナ確認状況", default=False)
    sex = models.PositiveSmallIntegerField("性別", choices=Sex.choices)
    birth_date = models.DateField("生年月日", null=True)
    birth_text = models.CharField("生年月日（不詳を含む表記）", max_length=20)
    postcode = models.CharField("郵便番号", max_length=7)
    town = models.CharField("町字", max_length=100)
    block = models.CharField("番地号表記", max_length=100)
    building = models.CharField("方書", max_length=100, blank=True)
    school_district = models.CharField("小学校区", max_length=30, blank=True)
    former_postcode = models.CharField("転入前郵便番号", max_length=7, default="", db_default="")
    former_address = models.CharField("転入前住所", max_length=320, default="", db_default="")
    next_postcode = models.CharField("転出先郵便番号", max_length=7, default="", db_default="")
    next_address = models.CharField("転出先住所", max_length=320, default="", db_default="")
    moved_in_on = models.DateField("住民となった日")
    event_on = models.DateField("異動年月日", null=True)
    event_text = models.CharField("異動年月日（不詳を含む表記）", max_length=20, default="", db_default="")
    event_kind = models.CharField(
        "異動", max_length=20, choices=Move.choices, default=Move.ENTERED, db_default=Move.ENTERED
    )
    event_reason = models.CharField("異動事由", max_length=40, default="", db_default="")

    class Meta:
        abstract = True


class SearchKeys(models.Model):
    """What names are found by, compared byte by byte so that an index serves the beginning of a name."""

    name_key = models.CharField(max_length=240, db_collation="C")
    kana_key = models.CharField(max_length=500, db_collation="C")
    given_key = models.CharField(max_length=120, db_collation="C", default="", db_default="")
    given_kana_key = models.CharField(max_length=250, db_collation="C", default="", db_default="")
    joined_kana_key = models.CharField(max_length=500, db_collation="C", default="", db_default="")

    class Meta:
        abstract = True


class Resident(PersonRecord, SearchKeys, MunicipalModel):
    """住民. One row a person in force; there is no column for the individual number, ever."""

    guarded_by = ByUnit(marks="registry.resident")

    atena_number = models.BigIntegerField("宛名番号")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    valid_from = models.DateField("この記載の始まり", null=True)
    protection = models.ForeignKey(
        "registry.ProtectionUnit", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "atena_number"],
                name="atena_number_once",
                violation_error_message="この宛名番号は、すでにほかの人に付いています。",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relationship=2, state=1),
                name="one_head_a_household",
                violation_error_message="1つの世帯に世帯主は1人です。",
            ),
            models.UniqueConstraint(
                fields=["household", "place_in_household"],
                condition=Q(state=1),
                name="one_person_a_place_in_household",
                violation_error_message="この記載順位には、すでに同じ世帯のほかの人がいます。",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "birth_date"]),
            *(
                models.Index(fields=["municipality", "state", key], name=f"resident_by_{key}")
                for key in ("name_key", "kana_key", "given_key", "given_kana_key")
            ),
            models.Index(
                fields=["municipality", "state", "joined_kana_key"],
                name="resident_by_joined_kana",
                condition=~Q(joined_kana_key=""),
            ),
        ]


class Visitor(MunicipalModel):
    """利用者. A person on the portal, known by a proven e-mail address or as a resident."""

    guarded_by = Through("resident_id", "registry.resident", marks="registry.visitor")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(blank=True)
    phone = models.CharField("携帯電話", max_length=11, blank=True, default="")
    by_card = models.BooleanField("券面の4情報で確かめた", default=False)
    resident = models.ForeignKey(Resident, null=True, on_delete=models.PROTECT, related_name="+")
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "email"],
                condition=Q(resident__isnull=True, by_card=False) & ~Q(email=""),
                name="visitor_email_once",
            ),
            models.UniqueConstraint(
                fields=["resident"], condition=Q(resident__isnull=False), name="visitor_resident_once"
            ),
            models.CheckConstraint(
                name="visitor_is_known_somehow",
                condition=~Q(email="") | ~Q(phone="") | Q(by_card=True) | Q(resident__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["municipality", "phone"],
                condition=Q(resident__isnull=True, by_card=False, email="") & ~Q(phone=""),
                name="visitor_phone_once",
            ),
        ]


class Proof(MunicipalModel):
    """本人確認. One attempt to show who one is: a code sent to an address, or an identity that was read."""

    guarded_by = Through("visitor_id", "registry.visitor", "uuid")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    method = models.CharField(max_length=12, choices=ProofMethod.choices)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=11, blank=True, default="")
    asked_from = models.CharField("頼んだ所（ハッシュ）", max_length=64, blank=True, default="")
    code_sha256 = models.CharField(max_length=64, blank=True)
    identity_level = models.PositiveSmallIntegerField("身元確認レベル")
    sign_in_level = models.PositiveSmallIntegerField("当人認証レベル", default=1)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.CASCADE, related_name="proofs")

    class Meta:
        indexes = [
            models.Index(fields=["municipality", "email", "asked_at"]),
            models.Index(fields=["municipality", "phone", "asked_at"]),
            models.Index(fields=["municipality", "asked_from", "asked_at"]),
        ]


class CardIdentity(MunicipalModel):
    """カードの本人. Whom an identity provider proved: its name for the person here only, and the four items."""

    guarded_by = Through("visitor_id", "registry.visitor", "uuid")

    issuer = models.CharField("発行者", max_length=255)
    subject = models.CharField("発行者での番号", max_length=255)
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="cards")
    name = models.CharField("氏名", max_length=200)
    birth_date = models.DateField("生年月日", null=True)
    address = models.CharField("住所", max_length=300, blank=True)
    gender = models.CharField("性別", max_length=20, blank=True)
    proven_at = models.DateTimeField("最後に確かめた時")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "issuer", "subject"], name="card_identity_once")
        ]


class ResidentImport(MunicipalModel):
    """取込み. One file of residents: how it was read, what it would change, and whether it was applied."""

    guarded_by = Open("says of a file how it was read; its counts are kept for both sights")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField("ファイル名", max_length=200)
    size = models.PositiveBigIntegerField("大きさ")
    sha256 = models.CharField(max_length=64)
    form = models.CharField("形式", max_length=60)
    mapping_name = models.CharField("対応表", max_length=100)
    mapping_toml = models.TextField()
    scope = models.CharField("範囲", max_length=10, choices=ImportScope.choices)
    as_of = models.DateField("基準日")
    state = models.CharField("状態", max_length=12, choices=ImportState.choices, default=ImportState.WAITING)
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    total = models.PositiveIntegerField("行数")
    counts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    job = models.UUIDField()
    strike_missing = models.BooleanField("いない人を消除する", default=False)
    started_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["municipality", "state", "applied_at"], name="import_by_state")]


class ImportPiece(MunicipalModel):
    """A piece of the file, until it is applied or thrown away."""

    guarded_by = Open("bytes that no page shows; the worker reads them with full sight")

    of_import = models.ForeignKey(ResidentImport, on_delete=models.CASCADE, related_name="pieces")
    seq = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of_import", "seq"], name="import_piece_once")]


class ImportRow(PersonRecord, SearchKeys, MunicipalModel):
    """A line of the file as it was read, and what it would change. Line 0: somebody the file does not name.

    `hangs_on` is the resident whose protection hides the line: the person, or for somebody new a protected
    member of the household.
    """

    guarded_by = Through("hangs_on_id", "registry.resident")

    of_import = models.ForeignKey(ResidentImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField("行")
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices)
    change = models.CharField(max_length=10, choices=RowChange.choices)
    atena_number = models.BigIntegerField("宛名番号", null=True)
    household_number = models.BigIntegerField("世帯番号", null=True)
    resident = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="+")
    hangs_on = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="+")
    valid_from = models.DateField(null=True)
    repairs = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    column = models.CharField("見出し", max_length=100, default="")
    reason = models.CharField("理由", max_length=300, default="")
    cells = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["of_import", "outcome", "line"], name="import_row_by_outcome"),
            models.Index(fields=["of_import", "change", "line"], name="import_row_by_change"),
            models.Index(fields=["resident"], name="import_row_by_resident"),
        ]


class ImportFinding(MunicipalModel):
    """整合性. What does not fit in a household; `blocks` where the database would be wrong."""

    guarded_by = Through("hangs_on_id", "registry.resident")

    of_import = models.ForeignKey(ResidentImport, on_delete=models.CASCADE, related_name="findings")
    household_number = models.BigIntegerField("世帯番号")
    kind = models.CharField(max_length=20, choices=FindingKind.choices)
    blocks = models.BooleanField()
    detail = models.CharField(max_length=300)
    hangs_on = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of_import", "household_number", "kind"], name="import_finding_once"
            )
        ]


class ResidentVersion(PersonRecord, MunicipalModel):
    """以前の記載. A person as recorded from a day until the day before another; today's row is the resident."""

    guarded_by = Through("resident_id", "registry.resident")

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="versions")
    household_number = models.BigIntegerField("世帯番号")
    valid_from = models.DateField("始まり")
    valid_to = models.DateField("終わり（この日は含まない）")
    replaced_at = models.DateTimeField("書き換えた日時")
    of_import = models.ForeignKey(ResidentImport, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="version_ends_after_it_begins", condition=Q(valid_to__gte=F("valid_from"))
            )
        ]
        indexes = [
            models.Index(fields=["resident", "valid_from"], name="version_of_resident"),
            models.Index(
                fields=["municipality", "household_number", "valid_from"], name="version_of_household"
            ),
        ]


class ProtectionUnit(MunicipalModel):
    """支援措置. People who are protected together, e.g. a mother and her children, for at most one year at a time."""

    guarded_by = ByUnit("id", marks="registry.protection")

    number = models.PositiveIntegerField("番号")
    ground = models.CharField("区分", max_length=12, choices=Ground.choices)
    applicant = models.ForeignKey(Resident, verbose_name="申出者", on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField("開始日")
    ends_on = models.DateField("終了日")
    ended_on = models.DateField("終わった日", null=True)
    announced_on = models.DateField("満了を知らせた日", null=True)
    registered_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("覚え", max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="protection_number_once"),
            models.CheckConstraint(
                name="protection_ends_after_it_begins",
                condition=Q(ends_on__gte=F("begins_on")),
                violation_error_message="終了日を開始日より前にはできません。",
            ),
        ]


class ProtectedPerson(MunicipalModel):
    """支援措置の対象者. Stays after the unit has ended: it says who was protected then."""

    guarded_by = ByUnit("unit_id")

    unit = models.ForeignKey(ProtectionUnit, on_delete=models.CASCADE, related_name="people")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "resident"], name="protected_once_a_unit")]


class ProtectedFrom(MunicipalModel):
    """相手方. From whom the unit is protected; a resident of the municipality, or a name only."""

    guarded_by = ByUnit("unit_id")

    unit = models.ForeignKey(ProtectionUnit, on_delete=models.CASCADE, related_name="protected_from")
    resident = models.ForeignKey(Resident, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("氏名", max_length=120)
