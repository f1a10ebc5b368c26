"""`madoguchi data import arrears|creditors FILE`: a whole list of 収納 or 債権者, with every line it refused."""

import argparse
from pathlib import Path

from config.commands.data_residents import SHOWN, FileMissing

SOURCES = {"arrears": "収納システム", "creditors": "財務会計システム（債権者）"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", help="収納・債権者の一覧の出典（画面に出ます）")


def take_in(options: argparse.Namespace) -> int:
    """Take the list in and name every refused line; 1 when there were some."""
    from madoguchi.clerical.payments.actions import take_snapshot
    from madoguchi.clerical.payments.states import SnapshotKind
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import Sight, municipality_session
    from madoguchi.ledgers.office.trace import SYSTEM

    at = clock.now()
    body = _bytes_of(options.file)
    with municipality_session(municipality_by_code(options.municipality).pk, Sight.ALL):
        taken = take_snapshot(
            kind=SnapshotKind(options.kind),
            file_name=options.file.name,
            body=body,
            as_of=options.as_of or clock.today(),
            source=options.source or SOURCES[options.kind],
            by=SYSTEM,
            at=at,
        )
    for each in taken.rejected[:SHOWN]:
        print(f"{each.line}行目: {each.column} {each.reason}")
    if len(taken.rejected) > SHOWN:
        print(f"ほかに{len(taken.rejected) - SHOWN}行あります。")
    again = "（同じファイルをすでに取り込んでいます）" if taken.again else ""
    print(f"{taken.rows}件を取り込みました{again}。取り込めなかった行は{len(taken.rejected)}行です。")
    return 1 if taken.rejected else 0


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileMissing(file) from error
