"""A case for a reader without 「機微な項目を見る」: the same pages, without what they may not read."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures import sensitivity
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.procedures.sensitivity import WITHHELD, shown_fields
from madoguchi.services.applications.views import CaseView, CheckView, CorrectionView, TimelineRow

__all__ = ["WITHHELD", "case_for", "hides", "sheet_for", "withheld_documents"]


@lru_cache(maxsize=64)
def _hidden_parts(package: Any) -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Fields shown, score rows hidden, checks hidden, facts hidden: to a reader without the power."""
    return (
        shown_fields(package.form, ()),
        sensitivity.sensitive_rows(package),
        sensitivity.sensitive_checks(package),
        sensitivity.sensitive_facts(package),
    )


def parts_of(package: Any) -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    return _hidden_parts(_ByHash(package))


class _ByHash:
    """A package as a key: two of the same fingerprint hide the same."""

    def __init__(self, package: Any) -> None:
        self.package = package
        self.form, self.scoring, self.flow = package.form, package.scoring, package.flow

    def __hash__(self) -> int:
        return hash(self.package.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByHash) and self.package.sha256 == other.package.sha256


def hides(package: Any, powers: Collection[Power]) -> bool:
    """Whether anything of this procedure is kept from somebody with these powers."""
    if Power.SEE_SENSITIVE in powers:
        return False
    shown, _, _, facts = parts_of(package)
    return bool(facts) or shown != sensitivity.all_fields(package.form)


def case_for(view: CaseView, powers: Collection[Power]) -> CaseView:
    """The case as somebody with these powers may read it. Free words of colleagues are not looked into."""
    package = view.package
    if not hides(package, powers):
        return view
    shown, rows, checks, facts = parts_of(package)
    files = sensitivity.withheld_files(package.form, view.raw, shown)
    labels = {check.label.ja for check in package.flow.checks if check.key in checks}
    fact_labels = {fact.label for fact in package.scoring.facts if fact.name in facts} if facts else set()
    return replace(
        view,
        raw=sensitivity.withheld_raw(package.form, view.raw, shown),
        answers=sensitivity.withheld_answers(package.form, view.answers, shown),
        facts={name: value for name, value in view.facts.items() if name not in facts},
        score_sheet=sheet_for(view.score_sheet, rows),
        checks=tuple(_check(each) if each.code in checks else each for each in view.checks),
        corrections=tuple(_correction(each, package.form, shown, labels) for each in view.corrections),
        documents=tuple(each for each in view.documents if str(each.id) not in files),
        staff_facts=tuple(each for each in view.staff_facts if each.name not in facts),
        timeline=tuple(_line(each, fact_labels) for each in view.timeline),
        outcome_facts={},
    )


def withheld_documents(application: Any, powers: Collection[Power]) -> frozenset[str]:
    """The files of a case that somebody with these powers may not open."""
    package = package_of(application.version_id).package
    if not hides(package, powers):
        return frozenset()
    return sensitivity.withheld_files(package.form, application.raw, parts_of(package)[0])


def sheet_for(sheet: Mapping[str, Any], rows: Collection[str]) -> dict[str, Any]:
    """The score sheet: the points stay, so that the total can be added up; what they are for does not."""
    if not sheet or not rows:
        return dict(sheet)
    hidden = {"text": WITHHELD, "row_id": "", "why_not": "", "group": "", "source": ""}
    told = [{**row, **hidden} if row["row_id"] in rows else row for row in sheet["rows"]]
    words = {row["text"] for row in sheet["rows"] if row["row_id"] in rows}
    undecided = [WITHHELD if _names_any(each, words) else each for each in sheet.get("undecided", ())]
    return {**sheet, "rows": told, "waiver": WITHHELD if sheet.get("waiver") else "", "undecided": undecided}


def _names_any(text: str, words: Collection[str]) -> bool:
    return any(word in text for word in words)


def _check(check: CheckView) -> CheckView:
    return replace(
        check,
        label=WITHHELD,
        sentence="",
        about="",
        correction="",
        settled_reason=check.settled_reason and WITHHELD,
    )


def _correction(
    one: CorrectionView, form: Any, shown: Collection[str], labels: Collection[str]
) -> CorrectionView:
    asked = {sensitivity.field_of_input(form, name) for name in one.fields}
    changes = tuple(
        (key, *(sensitivity.withheld_value(form, key, value, shown) for value in (before, after)))
        for key, before, after in one.changes
    )
    moved = tuple(
        (WITHHELD, "", "") if label in labels else (label, before, after)
        for label, before, after in one.check_changes
    )
    message = one.message if asked <= set(shown) else WITHHELD
    return replace(one, message=message, changes=changes, check_changes=moved)


def _line(row: TimelineRow, labels: Collection[str]) -> TimelineRow:
    if row.note.get("label") not in labels:
        return row
    return replace(row, sentence=f"職員が事実を入れた（{WITHHELD}）", note={})
