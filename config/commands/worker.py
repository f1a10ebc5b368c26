import argparse
import sys
import time

from config.database import DatabaseUnreachable
from config.start import enter_django, find_database

PATIENCE_SECONDS = 300


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="溜まっている仕事だけをして終わる")
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument(
        "--probe", action="store_true", help="動いている作業者があるかだけを調べて終わる（なければ 1）"
    )


def run(options: argparse.Namespace) -> int:
    """Do the queued work until stopped. Work that a killed worker left behind is taken up again.

    A database that restarts is waited for, five minutes at most.
    """
    if options.probe:
        return _probe()
    find_database() if options.once else _find_database_when_it_comes()
    enter_django()
    from config.work import do_the_work

    do_the_work(once=options.once, concurrency=options.concurrency)
    return 0


def _probe() -> int:
    """0 when a worker gave a sign of life within the last minute, by the database's clock."""
    find_database()
    enter_django()
    from madoguchi.ledgers.office.health import workers_alive

    alive = workers_alive()
    print(f"作業者は{alive}つ動いています。" if alive else "作業者は動いていません。")
    return 0 if alive else 1


def _find_database_when_it_comes() -> None:
    until, said = time.monotonic() + PATIENCE_SECONDS, False
    while True:
        try:
            find_database()
        except DatabaseUnreachable as error:
            if time.monotonic() > until:
                raise
            if not said:
                print(error, file=sys.stderr)
            said = True
            time.sleep(1)
        else:
            return
