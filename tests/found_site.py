"""Run as a process of its own: found サンプル市 in the database of the environment."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from demo.town import found_the_town
    from madoguchi.ledgers.office import clock

    seeded = {"applications": int(sys.argv[2])} if len(sys.argv) > 2 else {}
    found_the_town(residents=int(sys.argv[1]), at=clock.now(), **seeded)
