"""猫の手術費補助金 ready to be decided: budget, creditors, families, cases through the real intake."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from madoguchi.clerical.controls.actions import fill_checklist
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.actions import approve
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import files_of, read_files
from madoguchi.services.applications import actions as applications
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Channel, CheckResult
from madoguchi.services.subsidies import actions
from madoguchi.services.subsidies.granting import Choice
from tests.factories_payments import arrears, budget, creditors
from tests.factories_registry import enter, household, member

FOLDER = Path("packages/neko-hojokin/2026-04")
SLUG = "neko-hojokin"
RECEIPT = ("original", "addressee", "cat", "operation", "hospital")


@dataclass(frozen=True)
class Hall:
    """Who works on the subsidies of a town, with what."""

    loaded: Any
    reviewer: Any
    head: Any
    payer: Any
    budget: int
    residents: list[Any]
    now: datetime


def hall(staff_with: Any, now: datetime, *, amount: int = 20_000, people: int = 3) -> Hall:
    files = files_of(FOLDER)
    files["procedure.toml"] = files["procedure.toml"].replace(b'section = "eisei"', b'section = "kodomo"')
    loaded = put_in_use(read_files(files), by=SYSTEM, at=now)
    rows = [household(number, member(9000000 + number)) for number in range(1, people + 1)]
    residents = enter(*rows)
    arrears("1,1,\n", now)
    lines = (
        f"K{each.atena_number},{each.atena_number},見本　花子,ミホン ハナコ,9999,997,普通,{number:07d},ミホン ハナコ\n"
        for number, each in enumerate(residents)
    )
    creditors("".join(lines), now)
    clerk = staff_with(Role.BUDGET_CLERK)
    return Hall(
        loaded,
        staff_with(Role.REVIEWER, Role.COUNTER_CLERK, login="eisei"),
        staff_with(Role.SECTION_HEAD, login="eikacho"),
        staff_with(Role.ACCOUNTANT, login="kaikei"),
        budget(clerk, now, amount),
        residents,
        now,
    )


def handed_in(scene: Hall, who: int = 0, *, days_ago: int = 10, **changed: str) -> Application:
    """One paper application; `changed` replaces inputs (- as __)."""
    example = next(each for each in scene.loaded.package.examples if each.stage == "received")
    day = scene.now.date() - timedelta(days=days_ago)
    raw = {**example.raw, "operated_on": [day.isoformat()]}
    raw |= {name.replace("__", "-"): [value] for name, value in changed.items()}
    receipt = applications.receive(
        version_id=scene.loaded.version_id,
        period_code="2026",
        raw=raw,
        channel=Channel.PAPER,
        by=SYSTEM,
        at=scene.now,
        submission_key=uuid.uuid4(),
        resident_id=scene.residents[who].pk,
    )
    return Application.objects.get(pk=receipt.application_id)


def settled(scene: Hall, application: Application) -> None:
    """Every mark settled with a reason, as a reviewer would."""
    for check in application.checks.filter(result=CheckResult.LOOK):
        applications.settle_check(
            number=application.number,
            code=check.code,
            by=scene.reviewer,
            at=scene.now,
            reason="書類で確かめた",
        )


def listed(scene: Hall, application: Application, key: str, items: tuple[str, ...], by: Any) -> None:
    fill_checklist(
        subject=Subject("applications.application", str(application.pk)),
        section_id=application.section_id,
        version_id=application.version_id,
        controls=scene.loaded.package.controls,
        key=key,
        items=dict.fromkeys(items, True),
        by=by,
        at=scene.now,
        label=application.number,
    )


def accepted(scene: Hall, who: int = 0, **changed: Any) -> Application:
    """A case that is accepted, with both checklists of the review filled in."""
    application = handed_in(scene, who, **changed)
    settled(scene, application)
    application.refresh_from_db()
    applications.accept(
        number=application.number, by=scene.reviewer, at=scene.now, edition=application.edition
    )
    listed(scene, application, "ic12_receipt_seen", RECEIPT, scene.reviewer)
    listed(scene, application, "ic13_origin", ("asked",), scene.reviewer)
    application.refresh_from_db()
    return application


def decided(scene: Hall, draft_id: int, at: datetime | None = None) -> None:
    """The section head approves what is seen."""
    when = at or scene.now
    draft = draft_for(scene.head, draft_id, when)
    approve(
        draft_id=draft_id, by=scene.head, at=when, seen_sha256=draft.content_sha256, edition=draft.edition
    )


def about(case: Application) -> Subject:
    return Subject("applications.application", str(case.pk))


def draft(scene: Hall, *cases: Application) -> int:
    """One draft for these cases, by the reviewer, before the head."""
    choices = [Choice(case.pk) for case in cases]
    return actions.submit_grants(
        slug=SLUG,
        choices=choices,
        appropriation_id=scene.budget,
        approver=scene.head,
        by=scene.reviewer,
        at=scene.now,
    )
