"""Run as a process of its own: a list for disposal in the town of the environment; its id as JSON."""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import municipality_session
    from madoguchi.services.applications.models import Application
    from tests.whole_case import disposal_list

    with municipality_session(municipality_by_code("999999").pk):
        case = Application.objects.order_by("pk").first()
        assert case is not None
        sys.stdout.write(json.dumps(str(disposal_list(case.pk, case.number))))
