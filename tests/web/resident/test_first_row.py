"""A group nobody has written in yet gets its first row, also without a script."""

from datetime import datetime
from typing import Any

from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from tests.factories_years import shipped


def test_the_first_sibling_can_be_added(hikari: Any, now: datetime) -> None:
    put_in_use(shipped("hoiku"), by=SYSTEM, at=now)
    paper = hikari.get("/procedures/hoiku/begin/?period=2027-04").url
    page = hikari.get(f"{paper}siblings/").content.decode()
    assert 'name="siblings-0-name-family"' not in page
    pressed = hikari.post(f"{paper}siblings/", {"_add": "siblings"})
    assert pressed.status_code == 302
    opened = hikari.get(pressed.url).content.decode()
    assert 'name="siblings-0-name-family"' in opened
