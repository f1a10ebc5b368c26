"""`madoguchi data import classes FILE`: the town's own 文書分類表."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from config.commands import data, data_residents
from madoguchi.clerical.records.classing import classes_in_force
from madoguchi.clerical.records.errors import TableRefused

pytestmark = pytest.mark.django_db
TABLE = (
    "class_code,large,middle,small,retention,starts,at_end\n"
    "子1,福祉,子ども,補助,7年,完結した年度の翌年度4月1日,移管選別\n"
)


def ran(file: Path) -> int:
    parser = argparse.ArgumentParser()
    data.arguments(parser)
    return data._classify(parser.parse_args(["import", "classes", str(file)]))


def test_a_table_is_put_in_or_refused_with_its_lines(
    town: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "classes.csv"
    file.write_text("\ufeff" + TABLE, encoding="utf-8")
    assert ran(file) == 0
    assert "1件の文書分類を入れました" in capsys.readouterr().out
    assert list(classes_in_force()) == ["子1"]
    file.write_text(TABLE.replace("7年", "七年"), encoding="utf-8")
    with pytest.raises(TableRefused, match="2行目 retention: 「七年」を読めません"):
        ran(file)
    file.write_bytes("分類".encode("cp932"))
    with pytest.raises(TableRefused, match="UTF-8 として読めません"):
        ran(file)
    with pytest.raises(data_residents.FileMissing):
        ran(tmp_path / "nothing.csv")
    assert list(classes_in_force()) == ["子1"]
