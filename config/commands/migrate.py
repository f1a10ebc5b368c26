import argparse

from config.start import find_database, migrate


def arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(_options: argparse.Namespace) -> int:
    """Make or update every table, row-level security and the running role."""
    migrate(find_database())
    print("表は最新です。")
    return 0
