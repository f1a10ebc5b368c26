"""Run as a process under the running role: do what the update queued, and say what the newer version finds."""

import json
import sys

import django


def found() -> dict[str, object]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from madoguchi.ledgers.office.queries import municipalities
    from madoguchi.ledgers.office.session import Sight, municipality_session
    from madoguchi.ledgers.procedures.queries import live_package
    from madoguchi.ledgers.registry.queries import search_residents
    from madoguchi.ledgers.registry.tasks import enter_given_names
    from madoguchi.services.applications import queries
    from madoguchi.services.applications.tasks import tidy_ledger

    town = next(iter(municipalities()))
    queued = sorted(ProcrastinateJob.objects.values_list("task_name", flat=True))
    enter_given_names(town.pk)
    tidy_ledger(0)
    with municipality_session(town.pk, Sight.ALL):
        from datetime import date

        live = live_package("gakudo-club")
        ledger = queries.ledger(queries.Filters(text="例示 一郎"))
        people = search_residents("花子", on=date(2026, 11, 18)).hits
        return {
            "queued": queued,
            "live": live and live.package.version,
            "cases": [row.number for row in ledger.rows],
            "stopped": [row.clock_stopped for row in ledger.rows],
            "people": [each.id for each in people],
        }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(found()))
