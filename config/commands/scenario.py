import argparse

from config import played


def arguments(parser: argparse.ArgumentParser) -> None:
    played.arguments(parser, sizes_default="full")


def run(options: argparse.Namespace) -> int:
    """Play scenarios, each in a database of its own. 0 only when every check passed."""
    from scenarios.catalogue import SCENARIOS

    return played.run(options, SCENARIOS)
