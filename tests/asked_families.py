"""Run as a process of a site: families that have not applied yet, and what they type."""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from madoguchi.ledgers.office import queries
    from madoguchi.ledgers.office.session import enter_municipality
    from tests.whole_case import answers, families

    enter_municipality(queries.municipality_by_code("999999").pk)
    offered = families(int(sys.argv[1]))
    told = [{"resident": each.id, "name": str(each.name), "raw": answers(each)} for each in offered]
    print(json.dumps(told, default=str))
