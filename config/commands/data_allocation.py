"""`madoguchi data export|import allocation`: a round as a file for other solvers, and their results taken in as 試算."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from madoguchi.common.errors import Refusal

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

PURPOSE = "ほかの計算との比較"


class WhoMissing(Refusal):
    def __init__(self, login: str) -> None:
        sentence = f"職員「{login}」が見つかりません。" if login else "だれの作業かが分かりません。"
        super().__init__(
            sentence,
            next_step="--staff に、利用調整の権限のある職員のログイン名を指定してください。",
            code="data.no_staff",
        )


class PlaceMissing(Refusal):
    def __init__(self, option: str) -> None:
        super().__init__(
            "ファイルの場所がありません。", next_step=f"{option} を指定してください。", code="data.no_place"
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--round", default="", metavar="手続/期間", help="利用調整の回。1つだけのときは省けます"
    )
    parser.add_argument("--out", type=Path, metavar="INSTANCE", help="回を書き出すファイル")
    parser.add_argument(
        "--staff", default="", metavar="LOGIN", help="利用調整の権限のある職員（記録に残ります）"
    )
    parser.add_argument(
        "--purpose", default=PURPOSE, help=f"書き出す目的（記録に残ります。なければ「{PURPOSE}」）"
    )
    parser.add_argument("--name", default="", help="取り込んだ結果の名前。なければファイルの名前")


def put_out(options: argparse.Namespace) -> int:
    """Write the round as an instance of `madoguchi-allocation/1`. The trace is left before the file is there."""
    from madoguchi.ledgers.office import clock
    from madoguchi.services.allocation.actions import export_round
    from madoguchi.services.allocation.market.interchange import write_result

    out = options.out or options.file
    if out is None:
        raise PlaceMissing("--out INSTANCE.json")
    with _at_work(options) as staff:
        told = export_round(name=options.round, by=staff, at=clock.now(), purpose=options.purpose)
    write_result(out, told.told)
    print(f"{told.round} の子ども{told.children}人を {out} に書き出しました。氏名は入っていません。")
    return 0


def take_in(options: argparse.Namespace) -> int:
    """Have a result checked and keep it beside the round; 1 when the checker found something."""
    from madoguchi.ledgers.office import clock
    from madoguchi.services.allocation.actions import take_in_result
    from madoguchi.services.allocation.outside import read_result

    if options.file is None:
        raise PlaceMissing("結果のファイル（RESULT.json か CSV）")
    result = read_result(options.file)
    with _at_work(options) as staff:
        kept = take_in_result(name=options.round, result=result, title=options.name, by=staff, at=clock.now())
    again = "同じ結果を前に取り込んでいます。" if kept.again else ""
    print(f"{again}{kept.round} の試算「{kept.name}」に、席のある子ども{kept.placed}人の結果があります。")
    print(f"検算: 誤り{kept.violations}件、より上の希望の席を求められる家族{kept.blocking}。")
    return 1 if kept.violations or kept.blocking else 0


@contextmanager
def _at_work(options: argparse.Namespace) -> Iterator["Staff"]:
    from madoguchi.ledgers.office.queries import municipality_by_code, staff_by_login
    from madoguchi.ledgers.office.session import municipality_session

    with municipality_session(municipality_by_code(options.municipality).pk):
        staff = staff_by_login(options.staff)
        if staff is None:
            raise WhoMissing(options.staff)
        yield staff
