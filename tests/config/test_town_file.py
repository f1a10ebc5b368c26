"""The restore drill: a municipality leaves its database as a file and comes back in another one."""

import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg
import pytest

from tests.beside import beside
from tests.site import ROOT, fresh_database


def madoguchi(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def rows_by_table(url: str) -> dict[str, str]:
    """A fingerprint of everything of サンプル市, read beside the product."""
    with beside(url) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'municipality_id'"
        ).fetchall()
        return {name: _fingerprint(connection, name) for (name,) in tables}


def _fingerprint(connection: psycopg.Connection, table: str) -> str:
    row = connection.execute(
        f"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '')"
        f" FROM {table} t WHERE municipality_id = current_setting('madoguchi.municipality')::bigint"
    ).fetchone()
    assert row is not None
    return str(row[0])


@pytest.fixture(scope="module")
def put_away(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """サンプル市 with 200 residents as a file, and what its database held."""
    file = tmp_path_factory.mktemp("town") / "sample.madoguchi"
    with fresh_database() as (url, environment):
        subprocess.run(
            [sys.executable, "-m", "tests.found_site", "200"], cwd=ROOT, env=environment, check=True
        )
        before = rows_by_table(url)
        done = madoguchi(environment, "data", "export", "town", str(file))
        assert done.returncode == 0, done.stderr
        assert "サンプル市の" in done.stdout
        still_there = madoguchi(environment, "data", "import", "town", str(file))
        assert still_there.returncode != 0
        assert "office.town_still_there" in still_there.stderr
        # That it was written stands in the trace from then on, so it is not in the file itself.
        return file, before


def test_a_town_comes_back_row_by_row_and_its_trace_verifies(put_away: tuple[Path, dict[str, str]]) -> None:
    file, before = put_away
    with fresh_database() as (url, environment):
        done = madoguchi(environment, "data", "import", "town", str(file))
        assert done.returncode == 0, done.stderr
        assert rows_by_table(url) == before
        assert int(before["registry_resident"].split()[0]) >= 200
        verified = madoguchi(environment, "audit", "verify")
        assert verified.returncode == 0
        assert "改ざんはありません" in verified.stdout
        again = madoguchi(environment, "data", "import", "town", str(file))
        assert "office.town_still_there" in again.stderr
        assert rows_by_table(url) == before


@pytest.mark.parametrize(
    ("table", "said"),
    [("registry_resident.copy", "中身が変わっています"), ("madoguchi.json", "読み取れません")],
)
def test_a_damaged_file_brings_nothing_back(
    put_away: tuple[Path, dict[str, str]], tmp_path: Path, table: str, said: str
) -> None:
    damaged = tmp_path / "damaged.madoguchi"
    with zipfile.ZipFile(put_away[0]) as source, zipfile.ZipFile(damaged, "w") as target:
        for entry in source.namelist():
            body = source.read(entry)
            target.writestr(entry, body[: len(body) // 2] if entry == table else body)
    with fresh_database() as (url, environment):
        done = madoguchi(environment, "data", "import", "town", str(damaged))
        assert done.returncode != 0
        assert said in done.stderr, done.stderr
        with psycopg.connect(url) as connection:
            left = connection.execute("SELECT count(*) FROM office_municipality").fetchone()
        assert left == (0,)


def test_half_written_files_do_not_stand_under_the_name(put_away: tuple[Path, dict[str, str]]) -> None:
    assert [each.name for each in put_away[0].parent.iterdir()] == ["sample.madoguchi"]
