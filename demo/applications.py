"""Some sixty applications for the after-school clubs, in every stage that a morning at the desk shows."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

from demo.answers import Raw, answers_of
from demo.papers import certificate
from madoguchi.common.ages import primary_grade
from madoguchi.ledgers.documents.actions import hand_over, keep_file
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_procedures
from madoguchi.ledgers.registry.actions import prove_by_demo_card
from madoguchi.ledgers.registry.queries import demo_identities, household_members
from madoguchi.ledgers.registry.views import ResidentView
from madoguchi.services.applications import actions
from madoguchi.services.applications.facts import by_channel
from madoguchi.services.applications.states import Channel

SLUG = "gakudo-club"
APPLICATIONS = 60
# Families that the sign-in page of the demo offers: they have not applied yet, so that a visitor can.
LEFT_TO_VISITORS = 24
# This family sent its application and brought it on paper too.
HANDED_IN_TWICE = 5
_KEYS = uuid.UUID("6d61646f-6775-4368-8000-000000999999")
_CHANNELS = {Channel.ONLINE: 55, Channel.PAPER: 25, Channel.COUNTER: 13, Channel.PROXY: 7}
_STORIES = {"received": 34, "reviewing": 10, "accepted": 36, "correcting": 10, "corrected": 6, "withdrawn": 4}
_MESSAGE = "就労証明書と仕事の終わりの時刻が違います。証明書で確かめて、入力し直してください。"


@dataclass(frozen=True)
class Planned:
    """One application before it is handed in: who, how, when and what becomes of it."""

    applicant: ResidentView
    child: ResidentView
    raw: Raw
    channel: Channel
    story: str
    received_at: datetime


@dataclass(frozen=True)
class Desk:
    """The members of staff who work on the seeded cases, and the package they work with."""

    loaded: LoadedPackage
    clerk: Any
    reviewer: Any
    until: datetime


def seed_applications(*, at: datetime, count: int = APPLICATIONS) -> int:
    """Hand in and work on applications up to this moment; says how many. None when there are some already.

    Nothing happens before the intake opens, without the package, or in a town without families.
    """
    loaded = next((each for each in live_procedures() if each.package.slug == SLUG), None)
    clerk, reviewer = staff_by_login("madoguchi"), staff_by_login("shinsa")
    if loaded is None or clerk is None or reviewer is None or _any_yet(loaded):
        return 0
    desk = Desk(loaded, clerk, reviewer, at)
    plans = sorted(_plans(desk, count), key=lambda planned: planned.received_at)
    acts = [act for planned in plans for act in _hand_in(planned, desk)]
    for _, do in sorted(acts, key=lambda act: act[0]):
        do()
    return len(plans)


def _any_yet(loaded: LoadedPackage) -> bool:
    return any(counted.applications for counted in by_channel(SLUG, loaded.package.periods[0].code))


def _plans(desk: Desk, count: int) -> Iterator[Planned]:
    period = desk.loaded.package.periods[0]
    days = _days(period.opens, min(period.closes, desk.until.date() - timedelta(days=1)))
    lot = Random(SLUG)  # noqa: S311 - a lot, not a secret
    if not days:
        return
    for index, applicant in enumerate(_families(period.entry_on, desk.until.date(), count)):
        members = household_members(applicant.household_id)
        child = _pupil(members, period.entry_on)
        channel = _drawn(lot, _CHANNELS)
        story = _drawn(lot, _STORIES)
        raw = answers_of(applicant, child, members, desk.loaded.package.facilities, lot)
        planned = Planned(applicant, child, raw, channel, story, _moment(lot, days, channel, desk.until))
        if index == HANDED_IN_TWICE:
            planned = replace(planned, channel=Channel.ONLINE, story="received")
            yield replace(
                planned, channel=Channel.PAPER, received_at=_moment(lot, days, Channel.PAPER, desk.until)
            )
        yield planned


Drawn = TypeVar("Drawn")


def _drawn(lot: Random, weights: dict[Drawn, int]) -> Drawn:
    return lot.choices(list(weights), weights=list(weights.values()))[0]


def _families(entry_on: date, today: date, count: int) -> list[ResidentView]:
    offered = {
        identity.household_id
        for day in (entry_on, today)
        for identity in demo_identities(LEFT_TO_VISITORS, on=day)
    }
    families = demo_identities(count + len(offered), on=entry_on)
    return [parent for parent in families if parent.household_id not in offered][:count]


def _pupil(members: list[ResidentView], entry_on: date) -> ResidentView:
    """The youngest child who will be in primary school."""
    pupils = [each for each in members if each.birth and primary_grade(each.birth, entry_on) is not None]
    return max(pupils, key=lambda each: each.birth or date.min)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _moment(lot: Random, days: list[date], channel: Channel, until: datetime) -> datetime:
    """Online at any hour people are awake; the rest in office hours from Monday to Friday."""
    online = channel == Channel.ONLINE
    open_days = [day for day in days if online or day.weekday() < 5] or days
    hour = lot.randint(6, 23) if online else lot.randint(9, 16)
    return datetime.combine(lot.choice(open_days), time(hour, lot.randint(0, 59)), tzinfo=until.tzinfo)


def _certificates(planned: Planned, owner: Subject, by: Actor) -> Raw:
    """就労証明書 of every working guardian; one family in four sends them later."""
    if planned.child.atena_number % 4 == 0:
        return {}
    rows = [name.removesuffix("-employer") for name in planned.raw if name.endswith("-employer")]
    return {
        f"{row}-certificate": [str(_keep_certificate(number, owner, by, planned.received_at).id)]
        for number, row in enumerate(rows, start=1)
    }


def _keep_certificate(number: int, owner: Subject, by: Actor, at: datetime) -> DocumentView:
    return keep_file(name=f"就労証明書{number}.pdf", body=certificate(), owner=owner, by=by, at=at)


Act = tuple[datetime, Callable[[], object]]


def _hand_in(planned: Planned, desk: Desk) -> list[Act]:
    """Receive one application; what follows from it is returned, to be done in the order of time."""
    online = planned.channel == Channel.ONLINE
    visitor = prove_by_demo_card(resident_id=planned.applicant.id, at=planned.received_at) if online else None
    by = Actor("resident", str(visitor.id), visitor.name) if visitor else actor_of(desk.clerk)
    waiting = Subject("applications.unsent", f"demo-{planned.child.atena_number}")
    papers = _certificates(planned, waiting, by) if online else {}
    receipt = actions.receive(
        version_id=desk.loaded.version_id,
        period_code=desk.loaded.package.periods[0].code,
        raw=planned.raw | papers,
        channel=planned.channel,
        by=by,
        at=planned.received_at,
        submission_key=uuid.uuid5(_KEYS, f"{planned.child.atena_number} {planned.channel}"),
        visitor_id=visitor.id if visitor else None,
        resident_id=planned.applicant.id,
        staff_seconds=None if online else 300 + planned.applicant.atena_number % 300,
    )
    hand_over(from_owner=waiting, to_owner=Subject("applications.application", str(receipt.application_id)))
    return [act for act in _follow_up(receipt.number, planned, by, desk) if act[0] <= desk.until]


def _follow_up(number: str, planned: Planned, by: Actor, desk: Desk) -> Iterator[Act]:
    """The acts of a story; an edition is one more after each."""
    begun = _next_office_morning(planned.received_at)
    seconds = 60 + planned.child.atena_number % 180
    later = begun + timedelta(minutes=5)
    staff = {"number": number, "by": desk.reviewer}
    if planned.story == "withdrawn":
        yield begun, lambda: actions.withdraw(number=number, by=by, at=begun, reason="転出が決まったため")
    if planned.story in {"reviewing", "accepted", "correcting", "corrected"}:
        yield begun, lambda: actions.start_review(**staff, at=begun, edition=1)
    if planned.story == "accepted":
        yield later, lambda: actions.accept(**staff, at=later, edition=2, staff_seconds=seconds)
    if planned.story in {"correcting", "corrected"}:
        yield (
            later,
            lambda: actions.ask_correction(
                **staff,
                at=later,
                edition=2,
                fields=["guardians"],
                message=_MESSAGE,
                due_on=later.date() + timedelta(days=14),
                staff_seconds=seconds,
            ),
        )
    if planned.story == "corrected":
        answered = later + timedelta(days=1, hours=3)
        changed = {
            name: ["18:00"] if name.endswith("-end") else values
            for name, values in planned.raw.items()
            if name.startswith("guardians-")
        }
        yield answered, lambda: actions.answer_correction(number=number, by=by, at=answered, raw=changed)


def _next_office_morning(moment: datetime) -> datetime:
    day = moment + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day.replace(hour=9 + moment.minute % 7, minute=moment.minute)
