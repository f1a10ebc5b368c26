"""この申請を例にする. A real case, without the person and with its clock stopped, becomes a test of the package."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.assessing import Assessment, assess
from madoguchi.ledgers.procedures.assessing import Situation as Known
from madoguchi.ledgers.procedures.example_texts import example_of
from madoguchi.ledgers.procedures.examples import run_example, score_of
from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.procedures.staff_examples import keep_example
from madoguchi.services.applications.access import application_for
from madoguchi.services.applications.anonymising import (
    anonymous,
    anonymous_facts,
    field_at,
    personal_strings,
    survivors,
)
from madoguchi.services.applications.errors import DependsOnIdentity
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.people import require
from madoguchi.services.applications.states import channel_in_rules
from madoguchi.services.applications.views import CaseView
from madoguchi.services.applications.withholding import hides

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

PURPOSE = "手続の例を作る"


@dataclass(frozen=True)
class CaseExample:
    """An example ready to be kept: its data, what it expects, and what of the case it leaves out."""

    version_id: int
    body: dict[str, Any]
    personal: frozenset[str]
    score_left_out: bool

    @property
    def expect(self) -> dict[str, Any]:
        return dict(self.body["expect"])


def case_example(*, number: str, by: "Staff", at: datetime) -> CaseExample:
    """The example of a case, as of the day it came in. Raises DependsOnIdentity, NotAllowed, NotFound."""
    require(by, Power.REVIEW_CASES, at=at)
    case = whole_case(by, number, at)
    return example_from(case, package_of(case.version_id).package)


def example_from(case: CaseView, package: Package) -> CaseExample:
    on, period = timezone.localdate(case.received_at), package.period(case.period_code)
    personal = personal_strings(package.form, case.raw, case.facts)
    told, mask = anonymous(package.form, case.raw, on=on, reference=period.entry_on, forbidden=personal)
    declared = {fact.key: fact.type for fact in package.facts}
    known = {key: value for key, value in case.facts.items() if key in declared}
    facts = anonymous_facts(known, declared, mask)
    channel = channel_in_rules(case.channel)
    before = assess(package, case.raw, Known(period, on, known_as(declared, known), channel))
    after = assess(package, told, Known(period, on, known_as(declared, facts), channel))
    refuse_dependent(package, before, after)
    if left := survivors(package.form, told, facts, personal):
        raise DependsOnIdentity([f"{len(left)}か所を置き換えられません"])
    expect, left_out = expected(case, package, after)
    body = {
        "name": "",
        "on": on.isoformat(),
        "period": case.period_code,
        "channel": channel,
        "given": {
            name: values[0] if len(values) == 1 else list(values) for name, values in told.items() if values
        },
        "facts": facts,
        "expect": expect,
    }
    with_score(body, package, left_out)
    return CaseExample(case.version_id, body, personal, left_out)


def known_as(declared: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts nobody supplied are None, as an example reads them."""
    return dict.fromkeys(declared) | dict(facts)


def refuse_dependent(package: Package, before: Assessment, after: Assessment) -> None:
    """Say which rules give another result without the person's own data."""
    labels = {check.key: check.label.ja for check in package.flow.checks}
    named = [labels.get(key, key) for key in before.checks if before.checks[key] != after.checks.get(key)]
    rows = set(before.rows.items()) ^ set(after.rows.items())
    named += sorted({key.partition(" ")[0] for key, _ in rows})
    named += [f"「{label_of(package, name)}」の入力の確認" for name in set(before.errors) ^ set(after.errors)]
    if before.score != after.score and not named:
        named.append("点数")
    if named:
        raise DependsOnIdentity(named)


def label_of(package: Package, html_name: str) -> str:
    found = field_at(package.form, html_name) or package.form.fields.get(html_name.partition("-")[0])
    return found.label.ja if found else html_name


def expected(case: CaseView, package: Package, found: Assessment) -> tuple[dict[str, Any], bool]:
    """What must come out. The points are left out where the case counts otherwise (papers still awaited)."""
    told: dict[str, Any] = {"stage": found.stage, "checks": dict(found.checks)}
    if found.errors:
        # Not the sentences: they may tell what was typed.
        told["errors"] = dict.fromkeys(found.errors, "")
    if case.outcome and (outcome := package.flow.outcomes.get(case.outcome.value)):
        told |= {"outcome": outcome.key, "letter": outcome.letter}
    return told, bool(case.score_sheet) and counted_in(case) != set(found.rows)


def counted_in(case: CaseView) -> set[str]:
    """The rows that count in the case as it was kept."""
    return {
        f"{row['row_id']} {row['subject']} {row.get('facility', '')}".strip()
        for row in case.score_sheet["rows"]
        if row["counted"]
    }


def with_score(body: dict[str, Any], package: Package, left_out: bool) -> None:
    if package.scoring is None or left_out:
        return
    scored: dict[str, Any] = {}

    def note(of: Package, scope: Mapping[str, Any], each: Any) -> Mapping[str, Any]:
        scored.update(score_of(of, scope, each))
        return scored

    run_example(
        package, example_of(body | {"name": "例", "expect": {"score": {"base": 0}}}, package.form), note
    )
    body["expect"]["score"] = scored


@transaction.atomic
def keep_case_example(*, number: str, name: str, by: "Staff", at: datetime) -> int:
    """Keep the example of a case under a title that names nobody; the case remembers only that one was made."""
    made = case_example(number=number, by=by, at=at)
    if any(text in name for text in made.personal):
        raise DependsOnIdentity(["題名に、この申請の人が分かる言葉があります"])
    kept = keep_example(version_id=made.version_id, name=name, body=made.body, by=by, at=at)
    case = whole_case(by, number, at)
    subject = Subject(KIND, str(case.id))
    leave_trace(actor_of(by), "applications.example_made", subject, at=at, note={"example": kept})
    return kept


def whole_case(by: "Staff", number: str, at: datetime) -> CaseView:
    """The case with everything in it. An example copies every answer, so whoever makes one must be able to read all."""
    case = application_for(by, number, at=at, purpose=PURPOSE)
    if hides(case.package, powers_of(by, at.date())):
        raise NotAllowed(Power.SEE_SENSITIVE.label)
    return case
