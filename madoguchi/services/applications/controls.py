"""統制点. Rules of the package that must hold before a case may go on to a stage."""

from collections.abc import Sequence
from datetime import date

from madoguchi.ledgers.procedures.answers import scope_of
from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.errors import ControlFailed
from madoguchi.services.applications.models import Application, Check
from madoguchi.services.applications.moving import same_person
from madoguchi.services.applications.reading import REGISTRY_CHECK, Situation, context_of, period_of
from madoguchi.services.applications.states import Channel, CheckResult, Stage


def hold_controls(application: Application, stage: Stage, *, on: date) -> None:
    """Raises ControlFailed with the sentence of the first control that does not hold now."""
    package = package_of(application.version_id).package
    duplicates = same_person(application, application.person_key)
    hold_with(package, application, stage, duplicates, on=on)


def refuse_unasked(application: Application) -> None:
    """The registry must have been asked where intake or a new protection unit says so."""
    if not application.checks_to_look_at:
        return
    unasked = Check.objects.filter(application=application, code=REGISTRY_CHECK.code, result=CheckResult.LOOK)
    if unasked.exists():
        raise ControlFailed(REGISTRY_CHECK.sentence)


def hold_with(
    package: Package, application: Application, stage: Stage, duplicates: Sequence[str], *, on: date
) -> None:
    """The same with the package and the standing duplicates at hand: a withdrawn one is no duplicate any more."""
    refuse_unasked(application)
    controls = [control for control in package.flow.controls if control.stage == stage]
    if not controls:
        return
    facts = application.facts | {"duplicates": still_doubtful(application, duplicates)}
    period = period_of(package, application.period_code)
    situation = Situation(period, on, Channel(application.channel), facts)
    scope = scope_of(package.form, application.answers, context_of(package, situation))
    for control in controls:
        if not control.rule.holds(scope):
            raise ControlFailed(str(control.says))


def still_doubtful(application: Application, duplicates: Sequence[str]) -> list[str]:
    """The duplicates that nobody has yet found to be another child of the same name and birthday.

    Whoever settled the check on either case, with a reason, has said that the two are different people.
    """
    if not duplicates:
        return []
    settled = set(
        Check.objects.filter(
            code="duplicates",
            result=CheckResult.SETTLED,
            application__number__in=[application.number, *duplicates],
        ).values_list("application__number", flat=True)
    )
    return [] if application.number in settled else [each for each in duplicates if each not in settled]
