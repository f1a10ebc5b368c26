"""A received case read with another version of its package; it asks the database nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from madoguchi.ledgers.procedures.assessing import (
    Assessment,
    counted_rows,
    letters_of,
    next_entry,
    told_points,
)
from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.readers import Raw as Typed
from madoguchi.ledgers.procedures.rebasing import Rebased, rebase
from madoguchi.services.applications.casefacts import given_facts
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.reading import CaseReading, Situation, read_answers, read_case
from madoguchi.services.applications.states import Channel, channel_in_rules


def read_with(
    application: Application,
    package: Package,
    raw: Typed,
    home: Package,
    *,
    ask_registry: bool = False,
    tables_on: date | None = None,
) -> CaseReading:
    """The case as that version reads it. A round the version does not have is that of the case's own version."""
    code = application.period_code
    periods = [period for each in (package, home) for period in each.periods if period.code == code]
    situation = Situation(
        periods[0],
        received_on(application),
        Channel(application.channel),
        given_facts(application.facts),
        tables_on,
    )
    typed = {name: list(values) for name, values in raw.items()}
    answered, same = read_answers(package, typed, situation), application.facts.get("duplicates", [])
    return read_case(answered, same, ask_registry=ask_registry)


def received_on(application: Application) -> date:
    return timezone.localdate(application.received_at)


def assessment_of(package: Package, case: CaseReading) -> Assessment:
    """The case as the rebase compares it."""
    sheet = case.sheet
    return Assessment(
        answers=case.reading.values,
        errors={error.name: error.sentence for error in case.reading.errors},
        stage="reviewing" if case.to_look_at else "received",
        checks={check.code: str(check.result.value) for check in case.checks},
        score=told_points(sheet) if sheet else "",
        rows=counted_rows(sheet) if sheet else {},
        letters=letters_of(package, case.reading.values),
    )


def rebased(application: Application, old: Package, new: Package, *, anywhere: bool = False) -> Rebased:
    """The case under the new version. anywhere: also when the new version does not have its round (to try it), and
    with the rows of points of the round the new version was made for: last year's file under the next year's table.
    """
    then = next_entry(new, old, application.period_code) if anywhere else None

    def work(package: Package, raw: Typed) -> Assessment:
        tables_on = then if package is new else None
        return assessment_of(package, read_with(application, package, raw, old, tables_on=tables_on))

    return rebase(
        application.raw,
        old,
        new,
        application.facts,
        received_on(application),
        period_code="" if anywhere else application.period_code,
        channel=channel_in_rules(Channel(application.channel)),
        assessed=work,
    )


def differences(found: Rebased, old: Package, new: Package) -> dict[str, Any]:
    """What would change of the case: by kind, what it is now and what it would be."""
    before, after = found.before, found.after
    told: dict[str, Any] = {}
    if before.stage != after.stage:
        told["stage"] = [before.stage, after.stage]
    if before.score != after.score or before.rows != after.rows:
        told["score"] = [before.score, after.score, *row_changes(before.rows, after.rows)]
    checks = changed(before.checks, after.checks)
    if checks:
        told["checks"] = {check_name(old, new, key): pair for key, pair in checks.items()}
    letters = changed(before.letters, after.letters)
    if letters:
        told["letter"] = {outcome_name(old, new, key): letter_told(pair) for key, pair in letters.items()}
    if found.why_not and not told:
        told["answers"] = list(found.why_not)
    return told


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    keys = [*before, *(key for key in after if key not in before)]
    return {key: [before.get(key), after.get(key)] for key in keys if before.get(key) != after.get(key)}


def row_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """G-A17 c: 1 → 2, for every row that counts otherwise."""
    return [f"{key}：{pair[0] or 'なし'}→{pair[1] or 'なし'}" for key, pair in changed(before, after).items()]


def check_name(old: Package, new: Package, code: str) -> str:
    labels = {check.key: check.label.ja for check in (*old.flow.checks, *new.flow.checks)}
    return labels.get(code, code)


def outcome_name(old: Package, new: Package, key: str) -> str:
    found = new.flow.outcomes.get(key) or old.flow.outcomes.get(key)
    return found.label.ja if found else key


def letter_told(pair: list[Any]) -> str:
    was, now = pair
    if was is None or now is None:
        return "結果がなくなる" if now is None else "結果が加わる"
    if was[0] != now[0]:
        return f"{was[0]} → {now[0]}"
    return f"{now[0]} の内容が変わる"
