"""The example that いちき串木野市 prints for parents: father 10 and mother 8 and adjustment 3 are 21 points.

The figures and the way they are added up (parents summed, at most ten each, commuting in and breaks out) are the town's;
bands and wording of this small table are ours.
"""

from datetime import date

from madoguchi.ledgers.procedures.offers import Facility
from madoguchi.ledgers.procedures.score_sheet import ScoreSheet
from madoguchi.ledgers.procedures.scoring import score
from madoguchi.ledgers.procedures.scoring_facts import case_facts
from madoguchi.ledgers.procedures.scoring_rules import ScoringRules, check_scoring

SCORING = """
wishes = "places"
[people]
rows = "parents"
[facts.situation.hours_month]
type = "number"
cel = "(minutes_between(row.start, row.end) - row.break_minutes + row.way_minutes) * row.days / 60"
[facts.facility.sibling_enrolled]
type = "yesno"
cel = "contains(sibling_places, wish.code)"
"""
BASE = """UNIQUE,hours_month,points,text_ja
B1,>=160,10,月160時間以上働く
B2,130..<160,8,月130時間から160時間未満働く
B3,60..<130,5,月60時間から130時間未満働く
"""
ADJUST = """COLLECT,scope,sibling_enrolled,points,text_ja
A1,facility,yes,3,きょうだいが通っている
"""
COMBINE = """FIRST,level,guardian_count,result_rule,text_ja
C1,situation,,highest,いちばん高い事由で数えます
C2,household,2,sum,父母の点を合計します
"""
FILES = {
    "scoring.toml": SCORING.encode(),
    "tables/base.csv": BASE.encode(),
    "tables/guardian.csv": b"COLLECT,points,text_ja\n",
    "tables/adjust.csv": ADJUST.encode(),
    "tables/combine.csv": COMBINE.encode(),
    "tables/phases.csv": b"FIRST,result_phase,result_order,text_ja\nP1,only,1,all\n",
    "tables/waivers.csv": b"FIRST,text_ja\n",
}
PARENT_COLUMNS = ("start", "end", "break_minutes", "way_minutes", "days")
KNOWN = ["places", "parents", "sibling_places", *(f"parents.{column}" for column in PARENT_COLUMNS)]
PLACES = (
    Facility("a", "A1", "第一保育園", "", 60, "", "18:00"),
    Facility("b", "A2", "第二保育園", "", 60, "", "18:00"),
)
FATHER = dict(zip(PARENT_COLUMNS, ("08:00", "17:00", 60, 60, 20), strict=True))
"""Eight hours and an hour on the road, twenty days: 180 hours."""
MOTHER = dict(zip(PARENT_COLUMNS, ("09:00", "16:00", 60, 40, 20), strict=True))
"""Six hours and forty minutes on the road, twenty days: 133 hours."""


def rules() -> ScoringRules:
    found, warnings = check_scoring(FILES, KNOWN)
    assert found is not None
    assert warnings == []
    return found


def sheet(*parents: dict[str, object]) -> ScoreSheet:
    answers = {"places": ["a", "b"], "parents": list(parents), "sibling_places": ["a"]}
    on = date(2026, 4, 1)
    return score(rules(), case_facts(rules(), answers, {}, PLACES, on), on)


def test_father_10_and_mother_8_and_adjustment_3_are_21() -> None:
    told = sheet(FATHER, MOTHER)
    assert [row.points for row in told.rows if row.subject.startswith("g")] == [10, 8]
    assert (told.base, told.totals["a"]) == (18, 21)


def test_the_adjustment_counts_only_where_the_sibling_is() -> None:
    assert sheet(FATHER, MOTHER).totals["b"] == 18


def test_the_sheet_says_how_21_came_about() -> None:
    assert sheet(FATHER, MOTHER).sentences("a") == [
        "保護者1: 月160時間以上働く +10点",
        "保護者2: 月130時間から160時間未満働く +8点",
        "父母の点を合計します。保護者の点（基準指数）は18点です。",
        "きょうだいが通っている +3点",
        "合計は21点です。",
    ]


def test_both_parents_reach_at_most_20() -> None:
    assert sheet(FATHER, FATHER | {"start": "06:00", "days": 26}).base == 20
