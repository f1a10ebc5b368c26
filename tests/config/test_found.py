"""`madoguchi found`: from the example to a desk one can enter."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.site import ROOT, fresh_database

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("fault")]


def madoguchi(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.cli", "found", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_from_the_example_to_the_accounts(tmp_path: Path) -> None:
    folder = str(tmp_path / "town")
    with fresh_database() as (_, environment):
        assert madoguchi(environment, folder, "--example").returncode == 0
        assert "もうファイルがあります" in madoguchi(environment, folder, "--example").stderr
        checked = madoguchi(environment, folder, "--check")
        assert "登録していません" in checked.stdout
        done = madoguchi(environment, folder)
        assert done.returncode == 0, done.stderr
        assert "新しい職員 6人" in done.stdout
        assert "b2003\t高橋　例\t" in done.stdout
        again = madoguchi(environment, folder)
        assert "新しい職員 0人・変わった職員 0人" in again.stdout
        assert "パスワード" not in again.stdout
        (tmp_path / "town" / "staff.csv").write_text("職員番号\n", encoding="utf-8")
        faulty = madoguchi(environment, folder)
    assert faulty.returncode == 2
    assert "staff.csv 1行目: 列「氏名」" in faulty.stderr
    assert "Traceback" not in faulty.stderr
