from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from config.commands import data, data_residents
from madoguchi.ledgers.registry.models import ImportRow, Resident
from tests.factories_imports import as_bytes, table


def told(file: Path, *flags: str) -> int:
    parser = ArgumentParser()
    data.arguments(parser)
    return data_residents.take_in(parser.parse_args(["import", "residents", str(file), *flags]))


def test_the_command_prints_the_report_and_applies_only_when_asked(
    town: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "住民.csv"
    file.write_bytes(as_bytes(table(), "cp932"))
    assert told(file, "--as-of", "2026-11-21") == 0
    said = capsys.readouterr().out
    assert "Shift_JIS（CP932）" in said
    assert "新しい人: 3人" in said
    assert "反映していません" in said
    assert not Resident.objects.exists()
    assert not ImportRow.objects.exists()
    assert told(file, "--as-of", "2026-11-21", "--apply") == 0
    assert Resident.objects.count() == 3


def test_rejected_lines_are_named_and_make_the_exit_code_one(
    town: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "residents.csv"
    file.write_bytes(as_bytes(table(change=lambda rows: rows[1].update(続柄コード1="33"))))
    assert told(file) == 1
    assert "3行目 続柄コード1: 「33」" in capsys.readouterr().out


def test_a_missing_file_is_one_sentence(town: Any, tmp_path: Path) -> None:
    with pytest.raises(data_residents.FileMissing):
        told(tmp_path / "nothing.csv")
