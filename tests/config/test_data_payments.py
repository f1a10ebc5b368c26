"""`madoguchi data import arrears|creditors`: taken in, refused lines named, exit 1 then."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from config.commands import data_payments
from madoguchi.clerical.payments.queries import arrears_of, creditors_of
from madoguchi.ledgers.office.session import enter_municipality


def options(kind: str, file: Path) -> Namespace:
    return Namespace(kind=kind, file=file, municipality="999999", as_of=None, source=None)


def test_a_list_is_taken_in_and_refused_lines_are_named(town: Any, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "arrears.csv"
    file.write_text("宛名番号,滞納月数,分納の約束\n1001,2,履行中\n1002,二,\n", encoding="utf-8")
    assert data_payments.take_in(options("arrears", file)) == 1
    said = capsys.readouterr().out
    assert "3行目: 滞納月数 「二」" in said
    assert "1件を取り込みました" in said
    enter_municipality(town.pk)
    found = arrears_of([1001])[1001]
    assert (found.months, found.plan, found.source.name) == (2, "kept", "収納システム")


def test_creditors_are_taken_in(town: Any, tmp_path: Path) -> None:
    file = tmp_path / "creditors.csv"
    file.write_text(
        "債権者番号,宛名番号,債権者名,債権者カナ,金融機関コード,支店コード,預金種目,口座番号,口座名義カナ\n"
        "K1,1001,見本　花子,ミホン ハナコ,9999,997,普通,0123456,ミホン ハナコ\n",
        encoding="utf-8",
    )
    assert data_payments.take_in(options("creditors", file)) == 0
    enter_municipality(town.pk)
    assert creditors_of([1001])[1001].number == "K1"
