"""Large files for core systems, made by the worker."""

import uuid
from datetime import datetime
from functools import partial
from typing import Any

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import clock, jobs
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.services.applications.core_exporting import Made, export_due
from madoguchi.services.applications.sights import sight_of


@app.task(name="applications.core_export")
def core_export(municipality_id: int, press: str, told: dict[str, Any]) -> None:
    """Make the file for the person who pressed the button; what it refuses stands in the job."""
    with municipality_session(municipality_id):
        staff, key = staff_by_login(told["login"]), uuid.UUID(press)
        if staff is None or jobs.is_stopped(key):
            return
        pressed = datetime.fromisoformat(told["at"])
        try:
            with sight_of(staff, pressed):
                made = export_due(
                    slug=told["slug"],
                    target=told["target"],
                    press=key,
                    by=staff,
                    at=pressed,
                    told=partial(_told, key),
                )
        except Refusal as refusal:
            jobs.advance(key, done=0, failures=[str(refusal), *map(str, getattr(refusal, "problems", ()))])
            jobs.finish(key, at=clock.now(), failed=True)
            return
        _finish(key, made)


def _told(key: uuid.UUID, done: int) -> None:
    jobs.advance(key, done=done)


def _finish(key: uuid.UUID, made: Made) -> None:
    if made.problems:
        jobs.advance(key, done=0, failures=[str(problem) for problem in made.problems])
    result = {"exports": [str(each) for each in made.exports], "rows": made.rows, "same": made.same}
    jobs.finish(key, at=clock.now(), result=result)
