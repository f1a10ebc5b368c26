"""`madoguchi audit verify` on a database that somebody changed by hand."""

import subprocess
import sys

import pytest

from tests.beside import beside
from tests.site import ROOT, fresh_database

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("fault")]


def verify(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.cli", "audit", "verify"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_altered_row_is_named_and_the_exit_code_says_so() -> None:
    with fresh_database() as (url, environment):
        subprocess.run(
            [sys.executable, "-m", "tests.found_site", "20"], cwd=ROOT, env=environment, check=True
        )
        sound = verify(environment)
        assert sound.returncode == 0
        assert "サンプル市: " in sound.stdout
        assert "改ざんはありません" in sound.stdout
        with beside(url) as connection:
            connection.execute("ALTER TABLE office_trace DISABLE TRIGGER USER")
            connection.execute(
                "UPDATE office_trace SET actor_name = '別の人' WHERE seq = 3 AND municipality_id ="
                " (SELECT id FROM office_municipality WHERE code = '999999')"
            )
        altered = verify(environment)
    assert altered.returncode == 1
    assert "3番の記録が書き換えられています。" in altered.stdout
