"""The eight doors of the front page and the life events of packages that lead through each."""

DOORS: dict[str, frozenset[str]] = {
    "move": frozenset({"move", "moving_in", "moving_out", "moving_within", "moving"}),
    "birth": frozenset({"birth", "pregnancy"}),
    "child": frozenset({"child", "childcare", "nursery_entry", "single_parent", "child_allowance"}),
    "school": frozenset({"school", "school_entry", "school_transfer"}),
    "marriage": frozenset({"marriage", "divorce", "name_change"}),
    "work": frozenset({"work", "work_start", "work_end", "retirement", "job_loss", "tax"}),
    "care": frozenset({"care", "disability", "long_term_care", "illness"}),
    "end": frozenset({"end", "death", "bereavement"}),
}


def door_of(life_events: tuple[str, ...]) -> str:
    """The first door that leads to a procedure, for its crumbs; empty when none does."""
    return next((door for event in life_events for door, events in DOORS.items() if event in events), "")


def leads_to(door: str, life_events: tuple[str, ...]) -> bool:
    return bool(DOORS[door] & set(life_events))
