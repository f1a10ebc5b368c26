import argparse
import csv
from collections.abc import Iterable
from dataclasses import astuple, fields
from itertools import chain
from pathlib import Path
from typing import Any

from config.commands import data_allocation, data_payments, data_residents
from config.start import enter_django, find_database
from madoguchi.common.errors import Refusal

KINDS = ("applications", "trace", "town", "allocation")
IMPORTED = ("town", "residents", "classes", "arrears", "creditors", "allocation")


class UnknownKind(Refusal):
    def __init__(self, what: str, kind: str) -> None:
        super().__init__(
            f"「{kind}」の{what}はできません。",
            next_step=f"書き出せるのは {'、'.join(KINDS)}、取り込めるのは {'、'.join(IMPORTED)} です。",
            code="data.unknown_kind",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["import", "export"])
    parser.add_argument("kind")
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--municipality", default="999999", help="団体コード")
    data_residents.arguments(parser)
    data_payments.arguments(parser)
    data_allocation.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write out the cases or the trace of a municipality as CSV (UTF-8 with BOM), leaving a trace of it.

    With `town`: everything of the municipality as one file, and back from it. Residents come in by a mapping,
    arrears and creditors as whole lists. `classes` are the town's own 文書分類 and 保存年限. `allocation` is a round as a
    file for other solvers, and their results.
    """
    if options.kind not in (KINDS if options.what == "export" else IMPORTED):
        raise UnknownKind("取り込み" if options.what == "import" else "書き出し", options.kind)
    if options.file is None and options.kind != "allocation":
        raise data_allocation.PlaceMissing("FILE")
    find_database()
    enter_django()
    if options.kind == "allocation":
        return (
            data_allocation.put_out(options) if options.what == "export" else data_allocation.take_in(options)
        )
    if options.kind == "residents":
        return data_residents.take_in(options)
    if options.kind == "classes":
        return _classify(options)
    if options.kind in data_payments.SOURCES:
        return data_payments.take_in(options)
    if options.kind == "town":
        return _bring_back(options.file) if options.what == "import" else _put_away(options)
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import municipality_session

    with municipality_session(municipality_by_code(options.municipality).pk):
        rows = WRITERS[options.kind](options.file)
    print(f"{rows}件を {options.file} に書き出しました。")
    return 0


def _put_away(options: argparse.Namespace) -> int:
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.office.backup import note_export
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import municipality_session
    from madoguchi.ledgers.office.town_file import write_town

    town, at = municipality_by_code(options.municipality), clock.now()
    told = write_town(town, options.file, at=at)
    with municipality_session(town.pk):
        note_export(town, told.total, at=at)
    print(f"{told.name}の{len(told.rows)}表{told.total}行を {options.file} に書き出しました。")
    return 0


def _bring_back(file: Path) -> int:
    from madoguchi.ledgers.office.town_file import read_town

    told = read_town(file)
    print(f"{told.name}の{told.total}行を戻しました（{told.written_at} の状態）。")
    print("次に madoguchi audit verify を実行して、記録の鎖を確かめてください。")
    return 0


def _classify(options: argparse.Namespace) -> int:
    from madoguchi.clerical.records.actions import put_in_classes
    from madoguchi.clerical.records.errors import TableRefused
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import municipality_session

    try:
        text = options.file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise data_residents.FileMissing(options.file) from error
    except UnicodeDecodeError as error:
        said = f"{options.file} を UTF-8 として読めません。"
        raise TableRefused(said, next_step="「CSV UTF-8」の形式で保存し直してください。") from error
    with municipality_session(municipality_by_code(options.municipality).pk):
        count = put_in_classes(text=text, by=None, at=clock.now())
    print(f"{count}件の文書分類を入れました。これから綴じる文書に使います。")
    return 0


def _applications(file: Path) -> int:
    from madoguchi.services.applications.queries import Filters, LedgerRow, export_rows

    rows = (list(astuple(row)) for row in export_rows(Filters(sort="number")))
    return _write(file, chain([[field.name for field in fields(LedgerRow)]], rows), "applications")


def _trace(file: Path) -> int:
    from madoguchi.ledgers.office.queries import trace_rows

    return _write(file, trace_rows(), "office.trace")


def _write(file: Path, rows: Iterable[list[Any]], kind: str) -> int:
    from madoguchi.common.text import spreadsheet_safe
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.office.actions import leave_trace
    from madoguchi.ledgers.office.trace import SYSTEM, Subject

    count = -1
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        for row in rows:
            writer.writerow([spreadsheet_safe(cell) for cell in row])
            count += 1
    leave_trace(
        SYSTEM,
        f"{kind}.exported",
        Subject(kind, ""),
        at=clock.now(),
        purpose="コマンドによる書き出し",
        note={"rows": count},
    )
    return count


WRITERS = {"applications": _applications, "trace": _trace}
