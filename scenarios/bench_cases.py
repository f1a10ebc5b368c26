"""Many accepted cases, quickly: some that went through the actions, multiplied by the database itself.

Each copy is an only child of another household: answers and score are those of the real case, the number, the keys and
the moment of its receipt are its own. Brothers and sisters are not copied: who belongs together is read from the
answers. What must be true of a case's life is tried on those that went through the actions.
"""

from django.db import connection

from madoguchi.ledgers.office.database_role import lay_down_the_running_role, take_the_running_role
from madoguchi.ledgers.office.session import full_sight

COPIES = """
WITH real AS (SELECT row_number() OVER (ORDER BY id) - 1 AS position, count(*) OVER () AS all_of_them, *
  FROM applications_application WHERE stage = 'accepted' AND score_sheet ->> 'family' = '')
INSERT INTO applications_application (municipality_id, number, version_id, procedure, section_id, period_code, channel,
  stage, outcome, outcome_facts, raw, answers, facts, resident_id, person_name, person_kana, person_key, applicant_name,
  email, first_wish, grade, score, score_sheet, checks_to_look_at, checks_run, received_at, due_on, changed_at,
  delay_reason, edition, submission_key)
SELECT municipality_id, 'BE' || lpad(n::text, 8, '0'), version_id, procedure, section_id, period_code, channel, stage,
  outcome, outcome_facts, raw, answers,
  facts || jsonb_build_object('household_key', coalesce(facts ->> 'household_key', '') || '-' || n / all_of_them),
  resident_id, person_name, person_kana, person_key || '-' || n / all_of_them, applicant_name, email, first_wish, grade, score,
  score_sheet, checks_to_look_at, checks_run, received_at + n * interval '1 millisecond', due_on, changed_at,
  delay_reason, edition, gen_random_uuid()
FROM generate_series(0, %(more)s - 1) AS n JOIN real ON real.position = n %% all_of_them
"""


@full_sight()
def multiply_accepted(wanted: int) -> int:
    """Copy the accepted cases until there are so many; how many there are then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM applications_application WHERE stage = 'accepted'")
        real = int(cursor.fetchone()[0])
        cursor.execute(COPIES, {"more": max(0, wanted - real)})
    _analyse()
    return max(real, wanted)


def _analyse() -> None:
    """What the database does by itself after a while; only the owner of the table may ask for it at once."""
    lay_down_the_running_role(connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE applications_application")
    finally:
        take_the_running_role(connection)
