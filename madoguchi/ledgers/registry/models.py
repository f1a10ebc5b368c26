import uuid

from django.db import models
from django.db.models import F, Q

from madoguchi.ledgers.office.guards import ByUnit, Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.ledgers.registry.states import (
    Ground,
    ProofMethod,
    Relationship,
    ResidentKind,
    ResidentState,
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


class Resident(MunicipalModel):
    """住民. One row a person in force; there is no column for the individual number, ever."""

    guarded_by = ByUnit(marks="registry.resident")

    atena_number = models.BigIntegerField("宛名番号")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    kind = models.PositiveSmallIntegerField("住民種別", choices=ResidentKind.choices)
    state = models.PositiveSmallIntegerField("住民状態", choices=ResidentState.choices)
    relationship = models.PositiveSmallIntegerField("続柄コード", choices=Relationship.choices)
    relationship_text = models.CharField("続柄表記", max_length=40)
    place_in_household = models.PositiveSmallIntegerField("記載順位")
    family_name = models.CharField("氏", max_length=60)
    given_name = models.CharField("名", max_length=60)
    family_kana = models.CharField("氏フリガナ", max_length=120)
    given_kana = models.CharField("名フリガナ", max_length=120)
    kana_confirmed = models.BooleanField("フリガナ確認状況", default=False)
    name_key = models.CharField(max_length=240)
    kana_key = models.CharField(max_length=500)
    sex = models.PositiveSmallIntegerField("性別", choices=Sex.choices)
    birth_date = models.DateField("生年月日", null=True)
    birth_text = models.CharField("生年月日（不詳を含む表記）", max_length=20)
    postcode = models.CharField("郵便番号", max_length=7)
    town = models.CharField("町字", max_length=100)
    block = models.CharField("番地号表記", max_length=100)
    building = models.CharField("方書", max_length=100, blank=True)
    school_district = models.CharField("小学校区", max_length=30, blank=True)
    moved_in_on = models.DateField("住民となった日")
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
        indexes = [models.Index(fields=["municipality", "birth_date"])]


class Visitor(MunicipalModel):
    """利用者. A person on the portal, known by a proven e-mail address or as a resident."""

    guarded_by = Through("resident_id", "registry.resident", marks="registry.visitor")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(blank=True)
    resident = models.ForeignKey(Resident, null=True, on_delete=models.PROTECT, related_name="+")
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "email"],
                condition=Q(resident__isnull=True) & ~Q(email=""),
                name="visitor_email_once",
            ),
            models.UniqueConstraint(
                fields=["resident"], condition=Q(resident__isnull=False), name="visitor_resident_once"
            ),
            models.CheckConstraint(
                name="visitor_is_known_somehow", condition=~Q(email="") | Q(resident__isnull=False)
            ),
        ]


class Proof(MunicipalModel):
    """本人確認. One attempt to show who one is: a code sent to an address, or an identity that was read."""

    guarded_by = Through("visitor_id", "registry.visitor", "uuid")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    method = models.CharField(max_length=12, choices=ProofMethod.choices)
    email = models.EmailField(blank=True)
    code_sha256 = models.CharField(max_length=64, blank=True)
    identity_level = models.PositiveSmallIntegerField("身元確認レベル")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.CASCADE, related_name="proofs")

    class Meta:
        indexes = [models.Index(fields=["municipality", "email", "asked_at"])]


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
