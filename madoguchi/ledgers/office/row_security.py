"""Row-level security, the append-only trace and the running role, as SQL that may run any number of times."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connections

from madoguchi.ledgers.office.database_role import RUNNING_ROLE
from madoguchi.ledgers.office.guards import Both, ByUnit, Carrying, Guard, Open, Through
from madoguchi.ledgers.office.session import SETTING

ROLE_SQL = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{RUNNING_ROLE}') THEN
    CREATE ROLE {RUNNING_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  EXECUTE format('GRANT {RUNNING_ROLE} TO %I', session_user);
END $$;
GRANT USAGE ON SCHEMA public TO {RUNNING_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {RUNNING_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {RUNNING_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {RUNNING_ROLE};
REVOKE UPDATE, DELETE, TRUNCATE ON office_trace FROM {RUNNING_ROLE};
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON office_tracehead FROM {RUNNING_ROLE};
"""

POLICY_SQL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_municipality ON {table};
CREATE POLICY own_municipality ON {table}
  USING (municipality_id = NULLIF(current_setting('{setting}', true), '')::bigint)
  WITH CHECK (municipality_id = NULLIF(current_setting('{setting}', true), '')::bigint);
"""

# Tables of django-allauth know no municipality; whose they are follows from the member of staff they hang on,
# and the subquery sees only staff of the municipality of the session.
STAFF_TABLES = {"mfa_authenticator": "user_id", "account_emailaddress": "user_id"}
STAFF_POLICY_SQL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_staff ON {table};
CREATE POLICY own_staff ON {table}
  USING (EXISTS (SELECT 1 FROM office_staff WHERE office_staff.id = {column}))
  WITH CHECK (EXISTS (SELECT 1 FROM office_staff WHERE office_staff.id = {column}));
"""

# Restrictive: it narrows what own_municipality lets through and can never widen it.
GUARD_SQL = """
DROP POLICY IF EXISTS protected_people ON {table};
CREATE POLICY protected_people ON {table} AS RESTRICTIVE FOR {moves} USING ({condition});
"""

# What hangs on a record by its key alone is hidden by the short list of protected records, which the database
# keeps in step by itself. A mark stays when its record is deleted: the trace about it lives on.
MARK_SQL = """
CREATE OR REPLACE FUNCTION {table}_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM office_protectedsubject WHERE kind = '{kind}' AND subject_id = NEW.id::text;
  END IF;
  INSERT INTO office_protectedsubject (municipality_id, kind, subject_id, unit)
    SELECT NEW.municipality_id, '{kind}', NEW.id::text, {unit} LIMIT 1
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS mark_entered ON {table};
CREATE TRIGGER mark_entered AFTER INSERT ON {table}
  FOR EACH ROW WHEN ({entered}) EXECUTE FUNCTION {table}_mark();
DROP TRIGGER IF EXISTS mark_changed ON {table};
CREATE TRIGGER mark_changed AFTER UPDATE OF {columns} ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_mark();
"""
SPREAD_SQL = """
CREATE OR REPLACE FUNCTION office_spread_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN {undone} ELSE {done} END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS spread_mark ON office_protectedsubject;
CREATE TRIGGER spread_mark AFTER INSERT OR DELETE ON office_protectedsubject
  FOR EACH ROW EXECUTE FUNCTION office_spread_mark();
"""
DONE_SQL = """
  INSERT INTO office_protectedsubject (municipality_id, kind, subject_id, unit)
    SELECT NEW.municipality_id, '{kind}', carrier.id::text, NEW.unit FROM {table} carrier WHERE {carried}
    ON CONFLICT DO NOTHING;
"""
UNDONE_SQL = """
  DELETE FROM office_protectedsubject mark USING {table} carrier
    WHERE mark.kind = '{kind}' AND mark.subject_id = carrier.id::text AND {carried};
"""

# The end of the chain is locked once a statement and written back once: row by row, thousands of rows in one
# transaction would leave thousands of dead versions of the one head row and take minutes.
TRACE_SQL = r"""
CREATE OR REPLACE FUNCTION office_take_trace_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE town bigint := NULLIF(current_setting('madoguchi.municipality', true), '')::bigint;
DECLARE head office_tracehead%ROWTYPE;
BEGIN
  INSERT INTO office_tracehead (municipality_id, seq, hash) SELECT town, 0, '' WHERE town IS NOT NULL
    ON CONFLICT (municipality_id) DO NOTHING;
  SELECT * INTO head FROM office_tracehead WHERE municipality_id = town FOR UPDATE;
  PERFORM set_config('madoguchi.trace_seq', COALESCE(head.seq, 0)::text, true);
  PERFORM set_config('madoguchi.trace_hash', COALESCE(head.hash, ''), true);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION office_chain_trace() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.seq := current_setting('madoguchi.trace_seq')::bigint + 1;
  NEW.recorded_at := clock_timestamp();
  NEW.former_hash := current_setting('madoguchi.trace_hash');
  NEW.hash := encode(sha256(convert_to(concat_ws(E'\x1f',
    NEW.former_hash, NEW.seq, to_char(NEW.happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    NEW.actor_kind, NEW.actor_id, NEW.actor_name, NEW.verb, NEW.subject_kind, NEW.subject_id,
    NEW.purpose, NEW.note::text), 'UTF8')), 'hex');
  PERFORM set_config('madoguchi.trace_seq', NEW.seq::text, true);
  PERFORM set_config('madoguchi.trace_hash', NEW.hash, true);
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION office_keep_trace_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  UPDATE office_tracehead SET seq = current_setting('madoguchi.trace_seq')::bigint,
    hash = current_setting('madoguchi.trace_hash')
  WHERE municipality_id = NULLIF(current_setting('madoguchi.municipality', true), '')::bigint;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION office_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the trace is append-only'; END $$;
DROP TRIGGER IF EXISTS take_trace_head ON office_trace;
CREATE TRIGGER take_trace_head BEFORE INSERT ON office_trace
  FOR EACH STATEMENT EXECUTE FUNCTION office_take_trace_head();
DROP TRIGGER IF EXISTS keep_trace_head ON office_trace;
CREATE TRIGGER keep_trace_head AFTER INSERT ON office_trace
  FOR EACH STATEMENT EXECUTE FUNCTION office_keep_trace_head();
DROP TRIGGER IF EXISTS chain_trace ON office_trace;
CREATE TRIGGER chain_trace BEFORE INSERT ON office_trace FOR EACH ROW EXECUTE FUNCTION office_chain_trace();
DROP TRIGGER IF EXISTS refuse_change ON office_trace;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON office_trace
  FOR EACH ROW EXECUTE FUNCTION office_refuse_change();
"""

# Only columns that an index knows: the long texts of a record would cost most of the time and are never asked for.
STATISTICS_SQL = """
CREATE OR REPLACE FUNCTION office_renew_statistics(wanted text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE indexed text;
BEGIN
  SELECT string_agg(DISTINCT quote_ident(a.attname), ', ') INTO indexed
  FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
  WHERE i.indrelid = wanted::regclass;
  EXECUTE format('ANALYZE %s (%s)', wanted::regclass, indexed);
END $$;
REVOKE ALL ON FUNCTION office_renew_statistics(text) FROM PUBLIC;
"""


def municipal_tables() -> list[str]:
    """Every table whose rows belong to one municipality."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(field.name == "municipality" for field in model._meta.local_fields)
    )


def guards() -> Iterator[tuple[str, Guard]]:
    """Table and guard of every model that names one."""
    for model in apps.get_models(include_auto_created=True):
        guard: Guard | None = getattr(model, "guarded_by", None)
        if guard is not None and not isinstance(guard, Open):
            yield model._meta.db_table, guard


def guard_sql() -> Iterator[str]:
    """The policy of every guarded table, and the triggers that keep the list of protected records."""
    carriers: list[tuple[str, Carrying]] = []
    for table, guard in guards():
        moves = "SELECT" if guard.reading_only else "ALL"
        yield GUARD_SQL.format(table=table, moves=moves, condition=guard.condition())
        if isinstance(guard, ByUnit) and guard.marks:
            yield marking_unit(table, guard)
        elif isinstance(guard, Carrying) and guard.marks:
            yield marking_carrier(table, guard)
            carriers.append((table, guard))
    yield SPREAD_SQL.format(
        done=spread(DONE_SQL, carriers, "NEW"), undone=spread(UNDONE_SQL, carriers, "OLD")
    )


def marking_unit(table: str, guard: ByUnit) -> str:
    known = f"NEW.{guard.column} IS NOT NULL"
    unit = f"NEW.{guard.column} WHERE {known}"
    return MARK_SQL.format(table=table, kind=guard.marks, unit=unit, columns=guard.column, entered=known)


def marking_carrier(table: str, guard: Carrying) -> str:
    unit = f"hidden.unit FROM office_protectedsubject hidden WHERE {guard.parent_of('NEW')}"
    columns = ", ".join(columns_of(guard))
    return MARK_SQL.format(table=table, kind=guard.marks, unit=unit, columns=columns, entered="true")


def columns_of(guard: Carrying) -> list[str]:
    """The columns by which a row hangs on another record."""
    if isinstance(guard, Both):
        return [guard.first.column, guard.second.column]
    return [guard.column] if isinstance(guard, Through) else [guard.kind, guard.key]


def spread(sql: str, carriers: Iterable[tuple[str, Carrying]], mark: str) -> str:
    return "".join(
        sql.format(table=table, kind=guard.marks, carried=guard.carried_by(mark)) for table, guard in carriers
    )


def secure_every_table(using: str = "default", **_: Any) -> None:
    """Force row-level security on every municipal table and hand the running role its rights."""
    with connections[using].cursor() as cursor:
        cursor.execute("SET client_min_messages = warning")
        cursor.execute(TRACE_SQL)
        cursor.execute(STATISTICS_SQL)
        cursor.execute(ROLE_SQL)
        for table in municipal_tables():
            cursor.execute(POLICY_SQL.format(table=table, setting=SETTING))
        for table, column in STAFF_TABLES.items():
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0]:
                cursor.execute(STAFF_POLICY_SQL.format(table=table, column=column))
        for statements in guard_sql():
            cursor.execute(statements)
        cursor.execute("RESET client_min_messages")
