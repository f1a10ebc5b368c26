import argparse
import os
import sys

from config.processes import web_command
from config.start import SETTINGS, find_database


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--workers", type=int, default=2)


def run(options: argparse.Namespace) -> int:
    """Serve the pages in the foreground."""
    find_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    command = web_command(options.host, options.port, options.workers)
    os.execv(sys.executable, command)  # noqa: S606
    return 0
