"""The demo begins with subsidies a person can try, seeded once."""

from collections import Counter
from datetime import datetime
from typing import Any

from demo import subsidies, town
from madoguchi.clerical.controls.models import Finding
from madoguchi.clerical.decisions.queries import inbox
from madoguchi.clerical.payments.queries import appropriations, orders
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.services.applications.models import Application


def test_every_stage_is_there_and_founding_again_adds_nothing(db: None, now: datetime) -> None:
    town.found_the_town(residents=300, at=now, applications=0)
    with municipality_session(office.municipality_by_code("999999").pk):
        assert subsidies.seed_subsidies(now) == len(subsidies.STORIES)
        assert subsidies.seed_subsidies(now) == 0
        stages = Counter(Application.objects.values_list("stage", flat=True))
        assert stages == {"received": 2, "reviewing": 1, "accepted": 2, "deciding": 1, "decided": 2}
        head: Any = office.staff_by_login("eikacho")
        titles = {row.title for row in inbox(head)}
        assert titles == {"猫の去勢・不妊手術費補助金の交付決定について", "補助金の支出命令について（2件）"}
        assert set(Finding.objects.filter(state="open").values_list("key", flat=True)) >= {"ic09_deadline"}
        (budget,) = appropriations(2026, None)
        assert (budget.initial, budget.committed) == (subsidies.BUDGET, 8_000)
        assert {row.state for row in orders(None)} == {"submitted"}


def test_outside_the_intake_nothing_is_seeded(db: None, now: datetime) -> None:
    town.found_the_town(residents=60, at=now, applications=0)
    with municipality_session(office.municipality_by_code("999999").pk):
        assert subsidies.seed_subsidies(now.replace(year=2028)) == 0
        assert appropriations(2026, None) == []
