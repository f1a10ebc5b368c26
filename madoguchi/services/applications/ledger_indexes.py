"""The orders and conditions of the ledger that stay fast at a million cases, each as one index; no queries.

The town comes first in each: row-level security compares it in every question. `id` comes last, so that a page can begin
exactly where another ended. One index serves both directions.
"""

from django.db.models import Index, Q

from madoguchi.services.applications.states import OPEN, Channel, Stage

STILL_OPEN = Q(stage__in=sorted(OPEN))
OF_A_SECTION = ("number", "changed_at", "received_at", "person_kana", "due_on")
OF_A_PERIOD = (
    "number",
    "changed_at",
    "received_at",
    "person_kana",
    "due_on",
    "channel",
    "stage",
    "first_wish",
    "checks_to_look_at",
)
# Over columns that PostgreSQL works out itself; migrations may put an index before such a column, so they are made after.
OF_WORKED_OUT = ("score_order", "grade_order")

LEDGER_INDEXES = [
    *(
        Index(fields=["municipality", "section", key, "id"], name=f"section_by_{key}"[:30])
        for key in OF_A_SECTION
    ),
    *(
        Index(fields=["municipality", "procedure", "period_code", key, "id"], name=f"period_by_{key}"[:30])
        for key in OF_A_PERIOD
    ),
    Index(fields=["municipality", "person_key"], name="case_by_person"),
    Index(fields=["municipality", "section", "stage", "channel"], name="section_by_stage"),
    Index(
        fields=["municipality", "assigned_to", "procedure", "period_code", "id"],
        name="open_by_hand",
        condition=STILL_OPEN,
    ),
    Index(
        fields=["municipality", "section", "procedure", "period_code"],
        name="waiting_paper",
        condition=Q(stage=Stage.RECEIVED, channel=Channel.PAPER),
    ),
    Index(fields=["municipality", "section", "due_on", "id"], name="open_by_due", condition=STILL_OPEN),
    Index(
        fields=["municipality", "procedure", "period_code", "due_on", "id"],
        name="open_of_period_by_due",
        condition=STILL_OPEN,
    ),
    Index(
        fields=["municipality", "section", "procedure", "period_code"],
        name="open_with_marks",
        condition=STILL_OPEN & Q(checks_to_look_at__gt=0),
    ),
]
