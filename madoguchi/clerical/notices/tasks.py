"""Long work of the notices room, queued in the database."""

from datetime import timedelta
from uuid import UUID

from procrastinate import RetryStrategy

from madoguchi.clerical.notices import releasing
from madoguchi.clerical.notices.delivering import deliver
from madoguchi.clerical.notices.digest import send_digest
from madoguchi.clerical.notices.mailing import resume_mails, send_queued_mail
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session

LEFT_BEHIND_AFTER = timedelta(minutes=5)


@app.task(name="notices.deliver_chunk")
def deliver_chunk(municipality_id: int, delivery_ids: list[int], job_id: str) -> None:
    """Hand over one chunk of mails; running it again does only what is left."""
    with municipality_session(municipality_id, Sight.ALL):
        deliver(delivery_ids, job_id=UUID(job_id), at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="notices.resume_deliveries", queueing_lock="notices.resume_deliveries")
def resume_deliveries(timestamp: int) -> None:  # noqa: ARG001
    """Every five minutes, take up what a crash or a mail server out of order has left behind."""
    for municipality in municipalities():
        with municipality_session(municipality.pk, Sight.ALL):
            releasing.resume_deliveries()
            resume_mails(queued_before=clock.now() - LEFT_BEHIND_AFTER)


# A database that goes away in the middle is no reason to wait for the five minutes above.
@app.task(name="notices.send_queued_mail", retry=RetryStrategy(max_attempts=6, linear_wait=3))
def send_queued(municipality_id: int, mail_id: int) -> None:
    """Send one mail that is not a letter."""
    with municipality_session(municipality_id):
        send_queued_mail(mail_id, at=clock.now())


# The queue counts in UTC: half past seven in Tokyo.
@app.periodic(cron="30 22 * * *")
@app.task(name="notices.send_digest", queueing_lock="notices.send_digest")
def send_digest_task(timestamp: int) -> None:  # noqa: ARG001
    """Every morning at half past seven: tell those who look after it what is wrong today."""
    for municipality in municipalities():
        with municipality_session(municipality.pk):
            send_digest(at=clock.now())
