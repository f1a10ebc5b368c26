from django.db import models
from django.db.models import Q

from madoguchi.ledgers.office.guards import Open, Through
from madoguchi.ledgers.office.municipal import MunicipalModel
from madoguchi.services.allocation.seats import RatioKind
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.applications.states import Outcome


class Round(MunicipalModel):
    """利用調整の回. All accepted applications of one period; a further one (空き枠の再調整) those that still wait."""

    guarded_by = Open("a list of a whole period; its figures are shown less the placements out of sight")

    procedure = models.SlugField(max_length=60)
    version = models.ForeignKey("procedures.PackageVersion", on_delete=models.PROTECT, related_name="+")
    period_code = models.CharField(max_length=20)
    sequence = models.PositiveSmallIntegerField("何回目", default=1)
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    computed_at = models.DateTimeField(null=True)
    input_sha256 = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict)
    draft = models.ForeignKey("decisions.Draft", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "procedure", "period_code", "sequence"],
                name="one_round_a_period_and_turn",
            )
        ]


class Placement(MunicipalModel):
    """利用調整の結果. One a child, with its reason."""

    guarded_by = Through("application_id", "applications.application")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="placements")
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("結果", max_length=10, choices=Outcome.choices)
    facility_code = models.CharField(max_length=20, blank=True)
    age_class = models.CharField("クラス", max_length=20, blank=True, default="all")
    wish_rank = models.PositiveSmallIntegerField(null=True)
    total = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    position = models.PositiveIntegerField("順位", null=True)
    explanation = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "application"], name="one_placement_a_child"),
            models.CheckConstraint(
                name="placed_with_its_wish",
                condition=Q(facility_code="", wish_rank__isnull=True)
                | (~Q(facility_code="") & Q(wish_rank__isnull=False)),
            ),
            models.CheckConstraint(
                name="granted_with_a_facility",
                condition=Q(outcome="granted") & ~Q(facility_code="")
                | ~Q(outcome="granted") & Q(facility_code=""),
                violation_error_message="承認には決まった施設が必要です。",
            ),
        ]


class HeldSeat(MunicipalModel):
    """個別に決めた席. A seat given by hand before the round is computed, with its reason."""

    guarded_by = Through("application_id", "applications.application")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="held_seats")
    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="+")
    facility_code = models.CharField(max_length=20)
    age_class = models.CharField("クラス", max_length=20, default="all")
    reason = models.CharField("理由", max_length=200)
    decided_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("決めた日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "application"], name="one_held_seat_a_child"),
            models.CheckConstraint(name="held_seat_has_a_reason", condition=~Q(reason="")),
        ]


class Decline(MunicipalModel):
    """辞退. A family does not take the seat that was decided, or waits no longer; facility_code is the seat left."""

    guarded_by = Through("application_id", "applications.application")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="declines")
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="+")
    facility_code = models.CharField(max_length=20, blank=True)
    reason = models.CharField("理由", max_length=200)
    recorded_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("記録した日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application"], name="declined_once"),
            models.CheckConstraint(name="decline_has_a_reason", condition=~Q(reason="")),
        ]


class RoundSeat(MunicipalModel):
    """回の席. What a class of a facility has for one round: places, children who go on, staff, floor."""

    guarded_by = Open("numbers of a class of a facility; names and holds nobody")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="seats")
    facility_code = models.CharField(max_length=20)
    age_class = models.CharField("クラス", max_length=20)
    capacity = models.PositiveIntegerField("定員")
    staying = models.PositiveIntegerField("在園で残る子ども")
    staff = models.PositiveIntegerField("保育士の数", null=True)
    floor = models.DecimalField("面積（m²）", max_digits=8, decimal_places=2, null=True)
    ratio = models.CharField("配置基準", max_length=20, default=RatioKind.STANDARD)
    given_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField("入れた日時")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "facility_code", "age_class"], name="one_seat_row_a_class"
            ),
        ]


class Trial(MunicipalModel):
    """試算. A round computed again with something changed, or a result another solver gave for it (with its
    file and what the checker found; no job has its job_id); kept beside the round and never decided."""

    guarded_by = Open("of a round, not of a person; its figures are counted from the placements in sight")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="trials")
    name = models.CharField("名前", max_length=80)
    changes = models.JSONField("変えたこと", default=dict)
    job_id = models.UUIDField(unique=True)
    started_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField("開始日時")
    finished_at = models.DateTimeField(null=True)
    source = models.CharField("取り込んだファイル", max_length=120, blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True)
    finding = models.JSONField("検算", default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "result_sha256"],
                condition=~Q(result_sha256=""),
                name="one_trial_an_outside_result",
            ),
            models.CheckConstraint(
                name="outside_result_with_its_file",
                condition=Q(result_sha256="", source="") | ~Q(result_sha256="") & ~Q(source=""),
            ),
        ]


class TrialPlacement(MunicipalModel):
    """試算の結果. Where one child would be in a trial."""

    guarded_by = Through("application_id", "applications.application")

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="placements")
    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField("結果", max_length=10, choices=Outcome.choices)
    facility_code = models.CharField(max_length=20, blank=True)
    age_class = models.CharField("クラス", max_length=20, blank=True, default="all")
    wish_rank = models.PositiveSmallIntegerField(null=True)
    total = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    family = models.CharField("きょうだいの印（ハッシュ）", max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "application"], name="one_trial_placement_a_child")
        ]


class RowWeight(MunicipalModel):
    """行の効き目. How many children would end otherwise if one row of the points table were not there."""

    guarded_by = Open("counts of a whole round by row of a table; names and holds nobody")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="row_weights")
    row_id = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    fired = models.PositiveIntegerField("当てはまった子ども")
    changed = models.PositiveIntegerField("結果が変わる子ども")
    placed_change = models.IntegerField("承認の増減")
    input_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "row_id"], name="one_weight_a_row")]
