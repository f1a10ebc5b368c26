import argparse

from config.start import enter_django, find_database


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="溜まっている仕事だけをして終わる")
    parser.add_argument("--concurrency", type=int, default=1)


def run(options: argparse.Namespace) -> int:
    """Do the queued work until stopped. Work that a killed worker left behind is taken up again."""
    find_database()
    enter_django()
    from config.work import do_the_work

    do_the_work(once=options.once, concurrency=options.concurrency)
    return 0
