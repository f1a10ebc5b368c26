"""Facts about one case which rules of a package may read as facts.<name>; no queries."""

from collections.abc import Mapping, Sequence
from typing import Any

from madoguchi.common.names import name_key
from madoguchi.services.applications.rules import full_name, household_key

WAITING_FOR_DEADLINE = ("cert_missing",)
"""Facts that cost points only after the period has closed; until then the paper may still come."""

WORKED_OUT = ("cert_missing", "certificates", "duplicates", "late")


def given_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a received case without those that follow from its answers, which may have changed."""
    matches = ("same_household", "registered_child_birth") if "household" in facts else ()
    return {name: value for name, value in facts.items() if name not in (*WORKED_OUT, *matches)}


def by_prefill(form: Any, answers: Mapping[str, Any], source: str) -> Any:
    """The answer to the field a package fills from this source, e.g. "child.name": that is how it names its roles."""
    key = next((field.key for field in form.fields.values() if field.prefill == source), "")
    return answers.get(key)


def own_facts(form: Any, answers: Mapping[str, Any], *, online: bool) -> dict[str, Any]:
    """What the office can tell from the answers alone."""
    applicant = by_prefill(form, answers, "resident.name")
    address = by_prefill(form, answers, "resident.address")
    return {
        "household_key": household_key(applicant, address),
        # Papers handed in on paper lie in the folder, not in the system: nobody may count them as missing.
        "cert_missing": missing_certificates(form, answers) if online else None,
        "certificates": [],
    }


def missing_certificates(form: Any, answers: Mapping[str, Any]) -> int:
    """Rows of a group whose paper may come later and has not come yet."""
    return sum(
        not row.get(column.key)
        for field in form.fields.values()
        for column in field.columns
        if column.type == "file" and column.later
        for row in answers.get(field.key) or []
    )


def household_matches(form: Any, answers: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the child stands in the applicant's household of the register, and with which birth date.

    Nothing at all when the applicant is not known in the register: such checks are then not run.
    """
    if "household" not in known:
        return {}
    child = by_prefill(form, answers, "child.name")
    found = registered(known["household"], child, by_prefill(form, answers, "child.birth"))
    return {
        "same_household": found is not None,
        "registered_child_birth": found.get("birth", "") if found else "",
    }


def registered(
    household: Sequence[Mapping[str, Any]], person: Any, birth: Any = None
) -> Mapping[str, Any] | None:
    """The member of the household with that name, however it was written; of namesakes the one born on that day."""
    wanted = name_key(full_name(person))
    named = [each for each in household if wanted and name_key(full_name(each.get("name"))) == wanted]
    return next((each for each in named if birth and each.get("birth") == birth), named[0] if named else None)
