"""The facts the controls of a subsidy read, and the check of a case at some steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls.actions import check, require_clear
from madoguchi.clerical.controls.views import FactSource, FindingView
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.procedures.answers import scope_of
from madoguchi.ledgers.procedures.controls import ControlStep
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.case_reads import CaseRead, own_case
from madoguchi.services.applications.casefacts import by_prefill
from madoguchi.services.applications.looked_up import LOOKED_UP
from madoguchi.services.applications.reading import Situation, context_of, period_of
from madoguchi.services.applications.rules import full_name
from madoguchi.services.applications.states import Channel
from madoguchi.services.applications.truth import same_holder
from madoguchi.services.subsidies.general import KIND as KIND
from madoguchi.services.subsidies.general import Done, general_facts
from madoguchi.services.subsidies.general import documents_sha256 as documents_sha256
from madoguchi.services.subsidies.general import subject_of as subject_of
from madoguchi.services.subsidies.package_file import subsidy_of

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

BEFORE_ACCEPTANCE = (ControlStep.APPLICATION, ControlStep.REVIEW)
BEFORE_DRAFT = (ControlStep.APPLICATION, ControlStep.REVIEW, ControlStep.DECISION, ControlStep.GENERAL)
BEFORE_PAYMENT = (ControlStep.REPORT, ControlStep.PAYMENT, ControlStep.GENERAL)


@dataclass(frozen=True)
class Looked:
    """What is known of a case besides itself: who acts, what budget and payment say, and what was done by whom."""

    acts: Mapping[str, str] = field(default_factory=dict)
    money: Mapping[str, Any] = field(default_factory=dict)
    done: tuple[Done, ...] = ()


@transaction.atomic
def check_cases(
    cases: Sequence[tuple[CaseRead, Looked]], steps: Collection[ControlStep], *, by: Actor, at: datetime
) -> list[FindingView]:
    """Run the controls of these steps on every case and keep what they said, so that exceptions can be seen and let stand."""
    standing: list[FindingView] = []
    for case, looked in cases:
        package = package_of(case.version_id).package
        if package.controls.points:
            standing += check(
                subject=subject_of(case),
                section_id=case.section_id,
                version_id=case.version_id,
                controls=package.controls,
                steps=steps,
                scope=_scope(package, case, looked, steps),
                sources=_sources(case, looked, at),
                by=by,
                at=at,
                label=case.number,
            )
    return standing


def require_all_clear(cases: Sequence[CaseRead], steps: Collection[ControlStep]) -> None:
    """Refuse with ControlsOpen while a control of these steps stands in the way of one of the cases."""
    for case in cases:
        require_clear(subject_of(case), package_of(case.version_id).package.controls, steps)


def _scope(package: Any, case: CaseRead, looked: Looked, steps: Collection[ControlStep]) -> dict[str, Any]:
    period = period_of(package, case.period_code)
    on = timezone.localdate(case.received_at)
    general = general_facts(package, case, looked.done) if ControlStep.GENERAL in steps else {}
    facts = {**case.facts, **_own_facts(package, case), **looked.money, **general}
    situation = Situation(period, on, Channel(case.channel), facts)
    scope = scope_of(package.form, case.answers, context_of(package, situation))
    return {**scope, "acts": dict(looked.acts)}


def _own_facts(package: Any, case: CaseRead) -> dict[str, Any]:
    """What this room works out of the answers and the package."""
    subsidy = subsidy_of(package)
    on = timezone.localdate(case.received_at)
    holder = full_name(case.answers.get(subsidy.account_field("account_holder")))
    names = [
        full_name(by_prefill(package.form, case.answers, f"resident.{part}")) for part in ("name", "kana")
    ]
    in_force = package.in_force_from <= on and (package.in_force_to is None or on <= package.in_force_to)
    return {
        "holder_matches": any(name and same_holder(holder, name) for name in names) if holder else None,
        "rule_version_in_force": in_force,
        "approver_limit": subsidy.decision_limit,
    }


def _sources(case: CaseRead, looked: Looked, at: datetime) -> dict[str, FactSource]:
    """Where and when each value was read; what is not named here is of the form, at the receipt."""
    told = {f"facts.{name}": FactSource("予算と支払の記録", at) for name in looked.money}
    told |= {f"acts.{name}": FactSource("起案・決裁・支払の記録", at) for name in looked.acts}
    for line in case.facts.get(LOOKED_UP, []):
        source = FactSource(f"{line['source']}（{line['as_of']} 現在）", datetime.fromisoformat(line["at"]))
        told |= {f"facts.{name}": source for name in line["facts"]}
    return told


def check_case(*, number: str, by: Staff, at: datetime) -> list[FindingView]:
    """統制を調べる: the controls of 申請 and 審査 on one case as it stands; the exceptions that stand.

    Refused: NotAllowed, NotFound, NoSubsidy.
    """
    if Power.REVIEW_CASES not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(Power.REVIEW_CASES.label)
    case = own_case(number, actor_of(by), at)
    subsidy_of(package_of(case.version_id).package)
    return check_cases([(case, Looked())], BEFORE_ACCEPTANCE, by=actor_of(by), at=at)
