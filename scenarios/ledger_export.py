"""One large export in a process of its own: prints rows, seconds and the peak of its memory as JSON."""

import json
import resource
import time
import uuid

import django

django.setup()

from madoguchi.ledgers.office import clock, jobs  # noqa: E402
from madoguchi.ledgers.office.queries import municipality_by_code, staff_by_login  # noqa: E402
from madoguchi.ledgers.office.session import enter_municipality  # noqa: E402
from madoguchi.services.applications.exporting import make_export  # noqa: E402
from madoguchi.services.applications.ledger_columns import OF_ONE  # noqa: E402
from madoguchi.services.applications.ledger_filters import Filters, as_told  # noqa: E402

enter_municipality(municipality_by_code("999999").pk)
staff = staff_by_login("shinsa")
assert staff is not None
began, key, at = time.perf_counter(), uuid.uuid4(), clock.now()
jobs.start(kind="applications.export", title="bench", total=10**6, by=staff, at=at, job_id=key)
told = {
    "filters": as_told(Filters(procedure="gakudo-club", period="2027-04")),
    "kind": "xlsx",
    "purpose": "bench",
}
rows = make_export(job_id=key, told=told | {"columns": list(OF_ONE)}, by=staff, at=at)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": rows, "seconds": round(time.perf_counter() - began, 1), "peak_mb": round(peak)}))
