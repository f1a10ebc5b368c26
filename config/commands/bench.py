import argparse

from config import played


def arguments(parser: argparse.ArgumentParser) -> None:
    played.arguments(parser, sizes_default="small")


def run(options: argparse.Namespace) -> int:
    """Measure, each bench with its yardstick in the same run and in a database of its own."""
    from scenarios.catalogue import BENCHES

    return played.run(options, BENCHES)
