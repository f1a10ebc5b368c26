import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
import webbrowser
from types import FrameType

from config import processes
from config.start import enter_django, find_database, migrate_when_needed, var_dir
from config.var_lock import only_one_demo
from madoguchi.common.errors import Refusal


class CannotReset(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL のデータベースは --reset で消しません。",
            next_step="空のデータベースを作り直してから、madoguchi demo を実行してください。",
            code="start.cannot_reset",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reset", action="store_true", help="見本の市を消して作り直す")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--residents", type=int, default=3000, help="見本の住民の数")
    parser.add_argument("--today", default="2026-11-18", help="見本の市の日付（受付期間の中の日）")
    parser.add_argument("--no-browser", action="store_true", help="ブラウザを開かない")


def run(options: argparse.Namespace) -> int:
    """Run サンプル市 in the foreground: database, pages and worker. Ctrl-C stops everything and keeps the data."""
    options.port = options.port or processes.free_port()
    processes.refuse_a_used_port("127.0.0.1", options.port)
    with only_one_demo(var_dir()):
        if options.reset:
            _reset()
        print("準備しています… / Getting ready …", flush=True)
        os.environ["MADOGUCHI_CLOCK"] = options.today
        _prepare(options.residents)
        return _keep_running(options)


def _reset() -> None:
    if os.environ.get("DATABASE_URL"):
        raise CannotReset
    for name in ("database", "mail"):
        shutil.rmtree(var_dir() / name, ignore_errors=True)


def _prepare(residents: int) -> None:
    migrate_when_needed(find_database())
    os.environ["MADOGUCHI_DEMO"] = "1"
    enter_django()
    from django.db import connection

    from demo.town import found_the_town
    from madoguchi.ledgers.office import clock

    found_the_town(residents=residents, at=clock.now())
    connection.close()


def _keep_running(options: argparse.Namespace) -> int:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.serve", "MADOGUCHI_DEMO": "1"}
    web = processes.start(processes.web_command("127.0.0.1", options.port, 2), environment)
    worker = processes.start(processes.worker_command(), environment)
    address = f"http://127.0.0.1:{options.port}/"
    # A shell starts background commands with Ctrl-C ignored; the demo always listens to it.
    signal.signal(signal.SIGINT, _stop_like_ctrl_c)
    signal.signal(signal.SIGTERM, _stop_like_ctrl_c)
    try:
        processes.wait_until_it_answers(address, web)
        _welcome(address)
        if not options.no_browser and sys.stdout.isatty():
            webbrowser.open(address)
        return _watch(web, worker)
    except KeyboardInterrupt:
        print("\n止めています。データは残っています。 / Stopping; the data are kept.", flush=True)
        return 0
    finally:
        processes.stop(worker)
        processes.stop(web)


def _welcome(address: str) -> None:
    from demo.accounts import welcome

    print(welcome(address), flush=True)


def _watch(web: "subprocess.Popen[bytes]", worker: "subprocess.Popen[bytes]") -> int:
    while web.poll() is None and worker.poll() is None:
        time.sleep(0.5)
    raise processes.DidNotStart("画面のサーバー" if web.poll() is not None else "裏の仕事")


def _stop_like_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
