"""What can rot in the notices room: letters' mails and other mails that did not go, or may not have arrived."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from madoguchi.clerical.notices.errors import SigningUnavailable
from madoguchi.clerical.notices.models import Delivery, QueuedMail
from madoguchi.clerical.notices.ports import signing_key
from madoguchi.clerical.notices.releasing import queue_chunks
from madoguchi.clerical.notices.signing import certificate_of
from madoguchi.clerical.notices.states import DeliveryState, Route
from madoguchi.ledgers.office.actions import actor_of, leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import municipality_here, powers_of
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.office.watching import Repair, Trouble, ending, mends, watch

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

FAILED, UNCLEAR = DeliveryState.FAILED, DeliveryState.UNCLEAR


@watch("mail")
def mails(at: datetime) -> Iterator[Trouble]:  # noqa: ARG001
    deliveries = Delivery.objects.filter(route=Route.EMAIL)
    if count := deliveries.filter(state=FAILED).count():
        yield Trouble(
            "mail", "通知のメールが送れませんでした。", count,
            repairs=(Repair("もう一度送る", "notices.deliver_again"), Repair("一通ずつ見る", page="letters")),
        )  # fmt: skip
    if count := deliveries.filter(state=UNCLEAR).count():
        yield Trouble(
            "mail", "通知のメールが届いたか、確かめてください。", count,
            repairs=(Repair("一通ずつ確かめる", page="letters"),),
        )  # fmt: skip
    for state, what in (
        (FAILED, "案内のメールが送れませんでした。"),
        (UNCLEAR, "案内のメールが届いたか分かりません。"),
    ):
        rows = QueuedMail.objects.filter(state=state)
        if count := rows.count():
            since = rows.aggregate(first=Min("queued_at"))["first"]
            yield Trouble(
                "mail", what, count, since,
                repairs=(
                    Repair("もう一度送る", "notices.mail_again", state),
                    Repair("送らずに片づける", "notices.mail_given_up", state),
                ),
            )  # fmt: skip


@watch("signing")
def signing(at: datetime) -> Iterator[Trouble]:
    """The certificate of the electronic signature; a key that cannot be opened is told by its connector."""
    with suppress(SigningUnavailable):
        if key := signing_key(municipality_here().code):
            yield from ending("signing", "電子署名の証明書", certificate_of(key).ends, at)


@mends("notices.deliver_again")
@transaction.atomic
def deliver_again(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    """Send every letter's mail again that surely did not go."""
    _require(by, at)
    failed = Delivery.objects.select_for_update(of=("self",)).filter(route=Route.EMAIL, state=FAILED)
    rows = list(failed.select_related("letter__release").order_by("pk"))
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=DeliveryState.WAITING, tries=0, reason=""
    )
    for release in {row.letter.release for row in rows if row.letter.release is not None}:
        queue_chunks(release, [row.pk for row in rows if row.letter.release_id == release.pk])
    cases = [
        (Subject(row.letter.subject_kind, row.letter.subject_id), {"number": row.letter.number})
        for row in rows
    ]
    leave_traces(actor_of(by), "notices.sent_again", cases, at=at)
    return f"{len(rows)}通を、もう一度送ります。"


@mends("notices.mail_again")
@transaction.atomic
def mail_again(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    """Queue mails again that failed, or of which nobody knows: a person says so."""
    _require(by, at)
    rows = list(QueuedMail.objects.select_for_update().filter(state=_state(key)).exclude(body=""))
    QueuedMail.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=DeliveryState.WAITING, tries=0, reason=""
    )
    for row in rows:
        app.configure_task("notices.send_queued_mail").defer(
            municipality_id=row.municipality_id, mail_id=row.pk
        )
    _trace(by, "notices.mail_sent_again", len(rows), at)
    return f"{len(rows)}通を、もう一度送ります。"


@mends("notices.mail_given_up")
@transaction.atomic
def mail_given_up(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    """Forget mails that are not to be sent any more, with their addresses."""
    _require(by, at)
    count, _ = QueuedMail.objects.filter(state=_state(key)).delete()
    _trace(by, "notices.mail_given_up", count, at)
    return f"{count}通を、送らずに片づけました。"


def _state(key: str) -> DeliveryState:
    return UNCLEAR if key == UNCLEAR else FAILED


def _require(by: "Staff", at: datetime) -> None:
    held = powers_of(by, timezone.localdate(at))
    if not held & {Power.SEE_TROUBLES, Power.RELEASE_LETTERS}:
        raise NotAllowed(Power.RELEASE_LETTERS.label)


def _trace(by: "Staff", verb: str, count: int, at: datetime) -> None:
    leave_trace(actor_of(by), verb, Subject("office.job", "mail"), at=at, note={"count": count})
