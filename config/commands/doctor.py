import argparse
import os
import shutil
import sys
from collections.abc import Callable

from config import processes
from config.database import check_database
from config.embedded_database import LEAST_FREE_BYTES, DiskFull
from config.start import enter_django, find_database, var_dir
from madoguchi.common.errors import Refusal


class NotReady(Refusal):
    def __init__(self, fault: str) -> None:
        super().__init__(
            f"画面を出す用意ができていません（{fault}）。",
            next_step="上の「だめ」の行を直してから、もう一度実行してください。",
            code="start.not_ready",
        )


class ConnectorsOut(Refusal):
    def __init__(self, faults: list[str]) -> None:
        super().__init__(
            "".join(faults),
            next_step="相手の機器か設定を直してください。画面の「今日の異常」でも確かめられます。",
            code="start.connectors",
        )


class TablesNotMade(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "データベースの表が最新ではありません。",
            next_step="madoguchi migrate を実行してください。",
            code="start.tables",
        )


class ScannerSilent(Refusal):
    def __init__(self, address: str) -> None:
        super().__init__(
            f"ウイルス検査の相手（{address}）が答えません。受け取った書類は、検査が済むまで開けません。",
            next_step="clamd が動いているか、MADOGUCHI_ANTIVIRUS の住所が正しいかを確かめてください。",
            code="start.scanner",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))


def run(options: argparse.Namespace) -> int:
    """Look at everything that can keep madoguchi from running, and say the remedy for each. 1 if any is wrong."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("Python", _python),
        ("空き容量", _disk),
        ("ポート", lambda: _port(options.port)),
        ("データベース", _database),
        ("表と役割", _tables),
        ("通知の書体", _font),
        ("画面の用意", _ready),
        ("作業者", _worker),
        ("外部連携", _connectors),
        ("ウイルス検査", _scanner),
    ]
    found = [_look(name, look) for name, look in looks]
    return 0 if all(found) else 1


def _look(name: str, look: Callable[[], str]) -> bool:
    try:
        print(f"よし  {name}: {look()}")
    except Refusal as refusal:
        print(f"だめ  {name}: {refusal.sentence}{refusal.next_step}")
        return False
    return True


def _python() -> str:
    return sys.version.split()[0]


def _disk() -> str:
    folder = var_dir()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise DiskFull(folder, free)
    return f"{free // 1024 // 1024:,} MB"


def _port(port: int) -> str:
    processes.refuse_a_used_port("127.0.0.1", port)
    return f"{port} は空いています"


def _database() -> str:
    version = check_database(find_database())
    place = "DATABASE_URL" if str(var_dir()) not in os.environ["DATABASE_URL"] else "付属"
    return f"PostgreSQL {version // 10000}（{place}）"


def _tables() -> str:
    os.environ["MADOGUCHI_RUN_AS_OWNER"] = "0"
    enter_django_or_refuse()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise TablesNotMade
    return "最新で、行ごとの保護が効いています"


def enter_django_or_refuse() -> None:
    """Enter Django; a database without tables is a finding, not a failure."""
    from django.db.utils import Error

    try:
        enter_django()
    except Error as error:
        raise TablesNotMade from error


def _font() -> str:
    from madoguchi.clerical.notices.typesetting import font_folder

    return "、".join(sorted(file.name for file in font_folder().glob("*.ttf")))


def _ready() -> str:
    from madoguchi.ledgers.office.readiness import not_ready

    if fault := not_ready():
        raise NotReady(fault)
    return "/ready/ は ok です"


def _worker() -> str:
    """A worker that is not started yet is no fault of the installation: the line only says so."""
    from madoguchi.ledgers.office.health import workers_alive

    alive = workers_alive()
    return f"{alive}つ動いています" if alive else "まだ動いていません（madoguchi worker で始めます）"


def _connectors() -> str:
    from madoguchi.ledgers.office import queries
    from madoguchi.ledgers.office.watching import probes

    towns = list(queries.municipalities())
    faults: list[str] = []
    for label, call in probes().values():
        for town in towns:
            try:
                call(town.code)
            except Refusal as refusal:
                faults.append(f"{label}（{town.name}）：{refusal.sentence}")
    if faults:
        raise ConnectorsOut(faults)
    return "、".join(label for label, _ in probes().values()) + "を呼べます"


def _scanner() -> str:
    from django.conf import settings

    from madoguchi.ledgers.office.scanning import Finding, scanned

    address = settings.MADOGUCHI_ANTIVIRUS
    if scanned(b"").finding != Finding.CLEAN:
        raise ScannerSilent(address)
    return "見本の検査だけです。実際の運用では clamd を指定してください" if address == "dry" else address
