"""What staff did, counted from the events of the trace: presses and people. Beside what the source prints, never mixed.

A press leaves one or more events of one person at one moment: of the list the distinct moments are counted. Looking into
single cases is counted by its events, each of which is a press of its own.
"""

from collections import Counter, defaultdict

from scenarios.hoiku_minato.season import PRINTED
from scenarios.report import Report
from scenarios.whole_period.verdicts import rows

OF_THE_LIST = """
SELECT trace.actor_id, trace.happened_at::text, trace.verb FROM office_trace AS trace
WHERE trace.actor_kind = 'staff' AND (
  (trace.subject_kind = 'allocation.round' AND trace.subject_id = %s)
  OR (trace.subject_kind = 'decisions.draft'
    AND trace.subject_id = (SELECT draft_id::text FROM allocation_round WHERE id = %s))
  OR trace.subject_kind = 'notices.release')
ORDER BY trace.seq
"""
OF_SINGLE_CASES = """
SELECT verb, count(*) FROM office_trace WHERE actor_kind = 'staff' AND verb = ANY(%s) GROUP BY verb ORDER BY verb
"""
SINGLE = [
    f"applications.{verb}"
    for verb in ("looked_at", "check_settled", "correction_asked", "correction_answered", "withdrawn")
]
WHAT_IF = {"allocation.tried", "allocation.exported", "allocation.taken_in"}
PARTS = ("seats", "allocate", "submit", "decide", "letters", "release")


def count(report: Report, round_id: int, seconds: dict[str, float]) -> None:
    """The matching itself: from opening the round to letting the letters go, and what stands beside it."""
    presses: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person, moment, verb in rows(OF_THE_LIST, str(round_id), round_id):
        presses[person, moment].append(verb)
    beside = {press for press, verbs in presses.items() if WHAT_IF & set(verbs)}
    needed = [press for press in presses if press not in beside]
    report.figures["printed"] = PRINTED
    report.figures["measured"] = {
        "what": "選考の回を開いてから通知を発送するまでの職員の操作（合成データによる演習）",
        "presses": len(needed),
        "people": len({person for person, _ in needed}),
        "presses_by_person": sorted(Counter(person for person, _ in needed).values(), reverse=True),
        "presses_on_trials": len(beside),
        "machine_seconds": {part: seconds[part] for part in PARTS},
        "single_cases_before": dict(rows(OF_SINGLE_CASES, SINGLE)),
    }
    report.check("the list needed two people", len({person for person, _ in needed}) == 2)
