"""Run as a process of a site: families whose forms are filled in, signed in, one press away from applying."""

import json
import sys
from datetime import timedelta

import django

if __name__ == "__main__":
    django.setup()
    from django.contrib.sessions.backends.db import SessionStore

    from madoguchi.ledgers.office import clock, queries
    from madoguchi.ledgers.office.session import enter_municipality
    from madoguchi.ledgers.procedures.queries import live_package
    from madoguchi.ledgers.registry.actions import prove_by_demo_card
    from madoguchi.services.applications import actions
    from tests.whole_case import SLUG, answers, families

    enter_municipality(queries.municipality_by_code("999999").pk)
    package, at = live_package(SLUG).package, clock.now()
    told = []
    for family in families(int(sys.argv[1])):
        visitor = prove_by_demo_card(resident_id=family.id, at=at)
        unsent = actions.begin(
            slug=SLUG, period_code=package.periods[0].code, visitor=visitor, staff=None, at=at
        )
        raw = answers(family)
        for page in package.form.pages:
            keys = {field.key for field in page.fields}
            typed = {name: values for name, values in raw.items() if name.split("-", 1)[0] in keys}
            actions.save_page(unsent_id=unsent.id, owner=visitor, page_key=page.key, raw=typed, at=at)
        session = SessionStore()
        session["visitor_id"] = str(visitor.id)
        session.set_expiry(timedelta(hours=12))
        session.create()
        told.append({"resident": family.id, "unsent": str(unsent.id), "session": session.session_key})
    sys.stdout.write(json.dumps(told))
