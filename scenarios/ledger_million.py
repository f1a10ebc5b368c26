"""A town with very many cases, quickly: a few hundred real applications, multiplied by the database itself.

Names, days, stages and hands are drawn anew for each case; the answers are those of the real applications, with their
search texts. The indexes are built at the end, as after a restore.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from madoguchi.common.names import name_key
from madoguchi.ledgers.office.session import SETTING
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import load_package
from madoguchi.services.applications.searching import pairs
from scenarios.bench_town import found
from scenarios.gakudo_club.season import FIRST_DAY, PLAN, SEED
from scenarios.whole_period.intake import receive_all
from scenarios.whole_period.plan import at

FAMILIES = "見本 例示 仮名 試験 架空 仮設 設例 例題 山川 谷田 林野 森本 池上 岸辺 浜中 島内 峰岸 沢渡 橋詰 関口 丘野 里見 原田 畑中 園部"
GIVEN = "そら あおい はると ゆい りく めい そうた ひなた いつき さな れん つむぎ みなと えま あさひ こはる かえで なぎ"
TABLES = ("applications_application", "applications_searchtext")
PERIOD = "2027-04"


@dataclass(frozen=True)
class Size:
    cases: int
    procedures: int
    real: int
    exported: int


SIZES = {"small": Size(3_000, 3, 60, 800), "full": Size(1_000_000, 30, 300, 24_000)}

CASES = """
INSERT INTO applications_application (municipality_id, number, version_id, procedure, section_id, period_code, channel,
  stage, outcome, outcome_facts, raw, answers, facts, person_name, person_kana, person_key, applicant_name, email,
  first_wish, grade, score, score_sheet, checks_to_look_at, checks_run, assigned_to_id, received_at, due_on, changed_at,
  decided_at, delay_reason, edition, submission_key)
SELECT real.municipality_id, 'ML' || lpad(n::text, 8, '0'), proc.version_id, proc.slug, real.section_id,
  real.period_code, (ARRAY['online','online','counter','paper','paper','proxy'])[1 + n %% 6], drawn.stage,
  CASE drawn.stage WHEN 'decided' THEN (ARRAY['granted','granted','waitlisted','refused'])[1 + n %% 4] ELSE '' END,
  '{}', real.raw, real.answers, '{}', name.shown, name.kana, name.key || '|2020-01-01', real.applicant_name, '',
  real.first_wish, real.grade, real.score, '{}', CASE WHEN n %% 11 = 0 THEN 1 + n %% 3 ELSE 0 END, real.checks_run,
  CASE WHEN n %% 5 = 0 THEN NULL ELSE hands.ids[1 + n %% cardinality(hands.ids)] END, days.received,
  (days.received + interval '60 days')::date, days.received + (n %% 86400) * interval '1 second',
  CASE WHEN drawn.stage = 'decided' THEN days.received + interval '50 days' END, '', 2, gen_random_uuid()
FROM generate_series(%(first)s::int, %(last)s::int) AS n
JOIN bench_procedure AS proc
  ON proc.position = CASE WHEN n <= %(exported)s THEN 0 ELSE 1 + n %% (%(procedures)s - 1) END
JOIN bench_real AS real ON real.position = (n::bigint * 7919) %% %(real)s
JOIN bench_name AS name ON name.position = (n::bigint * 104729) %% %(names)s
CROSS JOIN LATERAL (SELECT CASE WHEN n %% 10 < 6 THEN 'decided' WHEN n %% 10 = 6 THEN 'accepted'
  WHEN n %% 10 = 7 THEN 'reviewing' WHEN n %% 50 = 8 THEN 'correcting' ELSE 'received' END AS stage) AS drawn
CROSS JOIN LATERAL (SELECT timestamptz '2026-11-16 18:00+09' - ((n::bigint * 15485863) %% 94608000) * interval '1 second'
  AS received) AS days
CROSS JOIN (SELECT array_agg(id) AS ids FROM office_staff) AS hands
"""
TEXTS = """
INSERT INTO applications_searchtext (municipality_id, application_id, audience, text, grams)
SELECT one.municipality_id, one.id, 'both', lower(one.number) || E'\n' || name.key || E'\n' || real.text,
  real.grams || name.grams
FROM applications_application AS one
JOIN bench_real AS real ON real.position = (substr(one.number, 3)::bigint * 7919) %% %(real)s
JOIN bench_name AS name ON name.position = (substr(one.number, 3)::bigint * 104729) %% %(names)s
WHERE one.number LIKE 'ML%%'
"""
REAL = """
CREATE TABLE bench_real AS SELECT row_number() OVER (ORDER BY one.id) - 1 AS position, one.*, found.text, found.grams
FROM applications_application AS one JOIN applications_searchtext AS found ON found.application_id = one.id
WHERE found.audience IN ('both', 'full')
"""


def many_cases(size: Size) -> None:
    """サンプル市 with so many cases of so many procedures."""
    loaded, drawn, _ = found(size.real)
    receive_all(PLAN, loaded, drawn, SEED)
    slugs = [loaded.package.slug, *(f"bench-{number:02}" for number in range(1, size.procedures))]
    versions = [loaded.version_id, *(_procedure(slug) for slug in slugs[1:])]
    with psycopg.connect(_address(), autocommit=True) as owner:
        owner.execute("SELECT set_config(%s, %s, false)", [SETTING, str(_town())])
        owner.execute(
            "SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'"
        )
        _prepare(owner, list(zip(slugs, versions, strict=True)))
        with _without_indexes(owner):
            _multiply(owner, size)
        owner.execute("VACUUM ANALYZE applications_application; ".rstrip("; "))
        owner.execute("VACUUM ANALYZE applications_searchtext")


def _address() -> str:
    import os

    return os.environ["DATABASE_URL"]


def _town() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_setting('{SETTING}')")
        return int(cursor.fetchone()[0])


def _procedure(slug: str) -> int:
    """The club's package under another name: the same form, a procedure of its own."""
    folder = next(iter(sorted((Path(settings.PACKAGES_DIR) / "gakudo-club").iterdir())))
    files = {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    told = files["procedure.toml"].decode().replace('slug = "gakudo-club"', f'slug = "{slug}"')
    files["procedure.toml"] = told.replace("入所申請", f"入所申請{slug[-2:]}").encode()
    return load_package(files, by=SYSTEM, at=at(FIRST_DAY, 9)).version_id


def _prepare(owner: psycopg.Connection, procedures: list[tuple[str, int]]) -> None:
    owner.execute("CREATE TABLE bench_procedure (position int, slug text, version_id bigint)")
    owner.execute(
        "CREATE TABLE bench_name (position int PRIMARY KEY, shown text, kana text, key text, grams int[])"
    )
    with owner.cursor() as cursor, cursor.copy("COPY bench_procedure FROM STDIN") as copy:
        for position, (slug, version) in enumerate(procedures):
            copy.write_row((position, slug, version))
    with owner.cursor() as cursor, cursor.copy("COPY bench_name FROM STDIN") as copy:
        for row in _names():
            copy.write_row(row)
    owner.execute(REAL)


def _names() -> Iterator[tuple[int, str, str, str, list[int]]]:
    families, given, lot = FAMILIES.split(), GIVEN.split(), Random(SEED)
    doubled = [first + second for first in given for second in given]
    for position in range(len(families) * len(doubled)):
        called = doubled[position % len(doubled)]
        shown = f"{families[position // len(doubled)]}　{called}"
        kana = f"カナ　{name_key(called)}{lot.randrange(10)}"
        key = name_key(shown)
        yield position, shown, kana, key, sorted(pairs(key))


@contextmanager
def _without_indexes(owner: psycopg.Connection) -> Iterator[None]:
    """Constraints stay; the other indexes are made anew at the end."""
    made = owner.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND schemaname = 'public' AND indexname"
        " NOT IN (SELECT conname FROM pg_constraint)",
        [list(TABLES)],
    ).fetchall()
    for name, _ in made:
        owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    owner.execute("SET session_replication_role = replica")
    yield
    owner.execute("SET session_replication_role = DEFAULT")
    for _, definition in made:
        owner.execute(definition)


def _multiply(owner: psycopg.Connection, size: Size) -> None:
    names = len(FAMILIES.split()) * len(GIVEN.split()) ** 2
    real = owner.execute("SELECT count(*) FROM bench_real").fetchone()
    told = {
        "names": names,
        "real": real[0] if real else 0,
        "exported": size.exported,
        "procedures": size.procedures,
    }
    owner.execute(CASES, told | {"first": 1, "last": size.cases})
    owner.execute("ANALYZE applications_application")
    owner.execute(TEXTS, told)
