"""The set work of an import, as SQL under the running role: compare, find what does not fit, apply.

Everything runs inside row-level security. COPY cannot enter such a table, so a file is copied into a temporary
one, which belongs to this connection alone.
"""

from madoguchi.ledgers.registry.models import PersonRecord, SearchKeys
from madoguchi.ledgers.registry.states import Move

PERSON = tuple(str(field.attname) for field in PersonRecord._meta.local_concrete_fields)
KEYS = tuple(str(field.attname) for field in SearchKeys._meta.local_concrete_fields)
STAGED = (
    "line",
    "outcome",
    "atena_number",
    "household_number",
    *PERSON,
    *KEYS,
    "repairs",
    "column",
    "reason",
    "cells",
)
_EVENT = ("event_on", "event_text", "event_kind", "event_reason")
COMPARED = tuple(column for column in PERSON if column not in _EVENT)


def _list(columns: tuple[str, ...], alias: str = "") -> str:
    before = f"{alias}." if alias else ""
    return ", ".join(f'{before}"{column}"' for column in columns)


PREPARE_STAGE = f"""
DROP TABLE IF EXISTS import_stage;
CREATE TEMP TABLE import_stage AS SELECT {_list(STAGED)} FROM registry_importrow WITH NO DATA;
"""
COPY_STAGE = f"COPY import_stage ({_list(STAGED)}) FROM STDIN"
INDEX_STAGE = """
CREATE INDEX ON import_stage (atena_number);
ANALYZE import_stage (outcome, atena_number, household_number, state);
"""
# Sets of hundreds of thousands of rows are joined and sorted; with PostgreSQL's own 4 MB they would go to disk.
ROOM_TO_WORK = "SET LOCAL work_mem = '64MB'"
DROP_STAGE = """
DROP TABLE IF EXISTS import_stage, import_final, import_held, import_apply, import_home, import_entered;
"""

REJECT_TWICE = """
UPDATE import_stage s SET outcome = 'rejected', "column" = %(head)s, repairs = '[]',
  reason = '宛名番号' || s.atena_number || 'が、' || d.lines || '行目に重なっています。'
FROM (
  SELECT atena_number, array_to_string((array_agg(line ORDER BY line))[1:5], '・') AS lines
  FROM import_stage WHERE outcome <> 'rejected' GROUP BY atena_number HAVING count(*) > 1
) d
WHERE s.atena_number = d.atena_number AND s.outcome <> 'rejected'
"""

_SINCE = "COALESCE(r.valid_from, r.moved_in_on)"
_DIFFERS = (
    f"(({_list(COMPARED, 's')}, s.household_number) IS DISTINCT FROM ({_list(COMPARED, 'r')}, h.number))"
)
_HOME_DIFFERS = (
    "((s.postcode, s.town, s.block, s.building) IS DISTINCT FROM (r.postcode, r.town, r.block, r.building))"
)
_CHANGES = ", ".join(
    f'\'{column}\', CASE WHEN s."{column}" IS DISTINCT FROM r."{column}"'
    f' THEN jsonb_build_array(r."{column}", s."{column}") END'
    for column in COMPARED
)
_MOVE = f"""
CASE
  WHEN s.event_kind <> '' AND (r.id IS NULL OR s.event_on > {_SINCE}) THEN s.event_kind
  WHEN s.state = 2 AND r.state IS DISTINCT FROM 2 THEN '{Move.MOVED_OUT}'
  WHEN s.state = 3 AND r.state IS DISTINCT FROM 3 THEN '{Move.DIED}'
  WHEN s.state = 9 AND r.state IS DISTINCT FROM 9 THEN '{Move.STRUCK_OFF}'
  WHEN r.id IS NULL AND s.birth_date = s.moved_in_on THEN '{Move.BORN}'
  WHEN r.id IS NULL OR (r.state <> 1 AND s.state = 1) THEN '{Move.MOVED_IN}'
  WHEN {_HOME_DIFFERS} THEN '{Move.MOVED_WITHIN}'
  WHEN s.household_number <> h.number THEN '{Move.HOUSEHOLD_CHANGED}'
  ELSE '{Move.CORRECTED}'
END
"""
_FROM_DAY = f"""
CASE
  WHEN s.outcome = 'rejected' THEN NULL
  WHEN r.id IS NULL THEN COALESCE(s.event_on, s.moved_in_on)
  WHEN s.event_on > {_SINCE} THEN s.event_on
  ELSE GREATEST(%(as_of)s::date, {_SINCE})
END
"""
# Households with somebody under a protection unit: whoever is new there is hidden with them.
_PROTECTED = """
SELECT h.number, min(r.id) AS id, min(r.protection_id) AS unit
FROM registry_resident r JOIN registry_household h ON h.id = r.household_id
WHERE r.protection_id IS NOT NULL AND r.state = 1 GROUP BY h.number
"""
_PLAIN_PERSON = tuple(column for column in PERSON if column != "event_kind")

COMPARE = f"""
INSERT INTO registry_importrow (of_import_id, line, outcome, change, atena_number, household_number, resident_id,
  hangs_on_id, valid_from, repairs, changes, "column", reason, cells, event_kind, {_list(_PLAIN_PERSON)}, {_list(KEYS)})
SELECT %(import)s, s.line, s.outcome,
  CASE WHEN s.outcome = 'rejected' THEN 'none' WHEN r.id IS NULL THEN 'new'
    WHEN NOT {_DIFFERS} THEN 'same' WHEN s.state <> 1 AND r.state = 1 THEN 'left' ELSE 'changed' END,
  s.atena_number, s.household_number, r.id, COALESCE(r.id, p.id), {_FROM_DAY}, s.repairs,
  CASE WHEN r.id IS NULL OR s.outcome = 'rejected' OR NOT {_DIFFERS} THEN '{{}}'::jsonb
    ELSE jsonb_strip_nulls(jsonb_build_object({_CHANGES}, 'household_number',
      CASE WHEN s.household_number <> h.number THEN jsonb_build_array(h.number, s.household_number) END)) END,
  s."column", s.reason, s.cells, {_MOVE}, {_list(_PLAIN_PERSON, "s")}, {_list(KEYS, "s")}
FROM import_stage s
LEFT JOIN registry_resident r ON r.atena_number = s.atena_number
LEFT JOIN registry_household h ON h.id = r.household_id
LEFT JOIN ({_PROTECTED}) p ON p.number = s.household_number
"""

_COPIED = tuple(column for column in PERSON if column not in (*_EVENT, "state"))
MISSING = f"""
INSERT INTO registry_importrow (of_import_id, line, outcome, change, atena_number, household_number, resident_id,
  hangs_on_id, valid_from, repairs, changes, "column", reason, cells,
  state, event_on, event_text, event_kind, event_reason, {_list(_COPIED)}, {_list(KEYS)})
SELECT %(import)s, 0, 'absent', 'missing', r.atena_number, h.number, r.id, r.id,
  GREATEST(%(as_of)s::date, {_SINCE}), '[]', '{{"state": [1, 9]}}', '', '', '{{}}',
  9, %(as_of)s::date, '', '{Move.STRUCK_OFF}', 'ファイルにいないため', {_list(_COPIED, "r")}, {_list(KEYS, "r")}
FROM registry_resident r JOIN registry_household h ON h.id = r.household_id
WHERE r.state = 1 AND NOT EXISTS (SELECT 1 FROM import_stage s WHERE s.atena_number = r.atena_number)
"""

# Who would live in which household afterwards. Rows of a held household are left out: its people stay as they are.
FINAL = """
DROP TABLE IF EXISTS import_final;
CREATE TEMP TABLE import_final AS
WITH applied AS (
  SELECT i.household_number, i.relationship, i.place_in_household AS place, i.atena_number, i.head_name,
    i.family_name || '　' || i.given_name AS name, i.state, i.resident_id
  FROM registry_importrow i
  WHERE i.of_import_id = %(import)s AND i.outcome IN ('accepted', 'repaired')
    AND NOT EXISTS (SELECT 1 FROM import_held x WHERE x.number = i.household_number)
)
SELECT household_number, relationship, place, atena_number, TRUE AS named, head_name, name FROM applied WHERE state = 1
UNION ALL
SELECT h.number, r.relationship, r.place_in_household, r.atena_number, FALSE, r.head_name,
  r.family_name || '　' || r.given_name
FROM registry_resident r JOIN registry_household h ON h.id = r.household_id
WHERE r.state = 1 AND NOT EXISTS (SELECT 1 FROM applied a WHERE a.resident_id = r.id)
  AND NOT (%(strike)s AND EXISTS (SELECT 1 FROM registry_importrow m
    WHERE m.of_import_id = %(import)s AND m.change = 'missing' AND m.resident_id = r.id));
CREATE INDEX ON import_final (household_number);
ANALYZE import_final (household_number, relationship, place);
"""
PREPARE_HELD = """
DROP TABLE IF EXISTS import_held;
CREATE TEMP TABLE import_held (number bigint PRIMARY KEY);
"""
HOLD = """
INSERT INTO import_held
SELECT household_number FROM import_final
GROUP BY household_number
HAVING count(*) FILTER (WHERE relationship = 2) > 1 OR count(DISTINCT place) < count(*)
ON CONFLICT DO NOTHING
"""

_WHO = "CASE WHEN f.named THEN '' ELSE '（ファイルにいない人）' END"
FINDINGS = f"""
INSERT INTO registry_importfinding (of_import_id, household_number, kind, blocks, detail, hangs_on_id)
SELECT %(import)s, found.household_number, found.kind, found.blocks, left(found.detail, 300), p.id
FROM (
  SELECT f.household_number, 'many_heads' AS kind, TRUE AS blocks,
    '世帯主：' || string_agg(f.atena_number || ' ' || f.name || {_WHO}, '、' ORDER BY f.atena_number) AS detail
  FROM import_final f WHERE f.relationship = 2 GROUP BY 1 HAVING count(*) > 1
  UNION ALL
  SELECT household_number, 'place_twice', TRUE, string_agg(said, '、')
  FROM (SELECT f.household_number, '記載順位' || f.place || '：' ||
      string_agg(f.atena_number || {_WHO}, '・' ORDER BY f.atena_number) AS said
    FROM import_final f GROUP BY f.household_number, f.place HAVING count(*) > 1) twice GROUP BY 1
  UNION ALL
  SELECT household_number, 'no_head', FALSE, count(*) || '人の世帯に世帯主がいません。'
  FROM import_final GROUP BY 1 HAVING count(*) FILTER (WHERE relationship = 2) = 0
  UNION ALL
  SELECT household_number, 'place_gap', FALSE, '記載順位：' || string_agg(place::text, '、' ORDER BY place)
  FROM import_final GROUP BY 1
  HAVING count(DISTINCT place) = count(*) AND (min(place) <> 1 OR max(place) <> count(*))
  UNION ALL
  SELECT household_number, 'head_name', FALSE, '世帯主氏名：' || string_agg(DISTINCT head_name, '、')
  FROM import_final f WHERE head_name <> '' GROUP BY 1
  HAVING count(DISTINCT head_name) > 1
    OR (count(*) FILTER (WHERE relationship = 2) = 1 AND min(head_name) <> min(name) FILTER (WHERE relationship = 2))
) found
LEFT JOIN (
  SELECT i.household_number AS number, min(r.id) AS id FROM registry_importrow i
  JOIN registry_resident r ON r.id = i.hangs_on_id
  WHERE i.of_import_id = %(import)s AND r.protection_id IS NOT NULL GROUP BY 1
) p ON p.number = found.household_number
WHERE EXISTS (SELECT 1 FROM registry_importrow i WHERE i.of_import_id = %(import)s
  AND i.household_number = found.household_number AND i.outcome IN ('accepted', 'repaired'))
"""

COUNTS = """
SELECT outcome, change, event_kind, count(*) FROM registry_importrow WHERE of_import_id = %(import)s GROUP BY 1, 2, 3
"""

# What is to be done: a table of this connection alone has no policy, and statistics of its own.
_TO_APPLY = """
DROP TABLE IF EXISTS import_apply;
CREATE TEMP TABLE import_apply AS
SELECT i.id, i.resident_id, i.change, i.household_number FROM registry_importrow i
WHERE i.of_import_id = %(import)s
  AND (i.change IN ('new', 'changed', 'left') OR (%(strike)s AND i.change = 'missing'))
  AND (i.change = 'missing' OR NOT EXISTS (SELECT 1 FROM import_held x WHERE x.number = i.household_number));
ANALYZE import_apply;
"""
_HOUSEHOLDS = """
INSERT INTO registry_household (number)
SELECT DISTINCT a.household_number FROM import_apply a
WHERE NOT EXISTS (SELECT 1 FROM registry_household h WHERE h.number = a.household_number)
"""
# The households of the import by number, with statistics that do not lag behind what was entered just now.
_HOMES = """
DROP TABLE IF EXISTS import_home;
CREATE TEMP TABLE import_home AS
SELECT h.id, h.number FROM registry_household h
WHERE EXISTS (SELECT 1 FROM import_apply a WHERE a.household_number = h.number);
ANALYZE import_home;
"""
_VERSIONS = f"""
INSERT INTO registry_residentversion
  (resident_id, household_number, valid_from, valid_to, replaced_at, of_import_id, {_list(PERSON)})
SELECT r.id, h.number, {_SINCE}, GREATEST(i.valid_from, {_SINCE}), %(at)s, %(import)s, {_list(PERSON, "r")}
FROM registry_resident r
JOIN import_apply a ON a.resident_id = r.id
JOIN registry_importrow i ON i.id = a.id
JOIN registry_household h ON h.id = r.household_id
"""
# Two people who change places would meet on the way; state 0 keeps a row out of the rules of a household meanwhile.
_STEP_ASIDE = "UPDATE registry_resident r SET state = 0 FROM import_apply a WHERE a.resident_id = r.id"
_SET = ", ".join(f'"{column}" = i."{column}"' for column in (*PERSON, *KEYS))
_CHANGE = f"""
UPDATE registry_resident r SET {_SET}, household_id = h.id, valid_from = GREATEST(i.valid_from, {_SINCE})
FROM import_apply a
JOIN registry_importrow i ON i.id = a.id
JOIN import_home h ON h.number = i.household_number
WHERE a.resident_id = r.id
"""
_ENTER = f"""
DROP TABLE IF EXISTS import_entered;
CREATE TEMP TABLE import_entered (id bigint, atena_number bigint);
WITH entered AS (
  INSERT INTO registry_resident (atena_number, household_id, valid_from, protection_id, {_list(PERSON)}, {_list(KEYS)})
  SELECT i.atena_number, h.id, i.valid_from, p.protection_id, {_list(PERSON, "i")}, {_list(KEYS, "i")}
  FROM import_apply a
  JOIN registry_importrow i ON i.id = a.id
  JOIN import_home h ON h.number = i.household_number
  LEFT JOIN registry_resident p ON p.id = i.hangs_on_id
  WHERE a.change = 'new'
  RETURNING id, atena_number
)
INSERT INTO import_entered SELECT id, atena_number FROM entered;
ANALYZE import_entered;
"""
_CONNECT = """
UPDATE registry_importrow i SET resident_id = e.id, hangs_on_id = e.id
FROM import_entered e
WHERE i.of_import_id = %(import)s AND i.change = 'new' AND i.atena_number = e.atena_number
"""
_JOIN_UNIT = """
INSERT INTO registry_protectedperson (unit_id, resident_id)
SELECT r.protection_id, r.id FROM import_entered e JOIN registry_resident r ON r.id = e.id
WHERE r.protection_id IS NOT NULL
"""
APPLIED_COUNTS = """
SELECT a.change, count(*) FROM import_apply a JOIN registry_importrow i ON i.id = a.id GROUP BY 1
"""
APPLY = (_TO_APPLY, _HOUSEHOLDS, _HOMES, _VERSIONS, _STEP_ASIDE, _CHANGE, _ENTER, _CONNECT, _JOIN_UNIT)
