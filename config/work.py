"""The worker: takes queued work from PostgreSQL, and again what a killed worker left behind."""

import asyncio
import contextlib
import logging
import signal
import time

import psycopg
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.exceptions import ConnectorException

STALLED_AFTER_SECONDS = 30
SECONDS_WITHOUT_DATABASE = 2
GONE = (ConnectorException, psycopg.OperationalError)
logger = logging.getLogger(__name__)


def worker_app() -> App:
    """The queue, connected the way a worker needs it."""
    return django_app.with_connector(django_app.connector.get_worker_connector())  # type: ignore[attr-defined]


def do_the_work(*, once: bool, concurrency: int = 1) -> None:
    """Run until asked to stop, or until the queue is empty. A database that goes away is waited for."""
    while not _worked_to_the_end(once, concurrency):
        logger.warning("the database went away; the worker tries again")
        time.sleep(SECONDS_WITHOUT_DATABASE)


def _worked_to_the_end(once: bool, concurrency: int) -> bool:
    try:
        return asyncio.run(_work(once=once, concurrency=concurrency)) or once
    except GONE:
        if once:
            raise
        return False


async def _work(*, once: bool, concurrency: int) -> bool:
    """Whether somebody asked the worker to stop; it also ends by itself when it loses its database."""
    app, asked = worker_app(), asyncio.Event()
    async with app.open_async():
        await take_up_what_was_left(app)
        working = asyncio.create_task(
            app.run_worker_async(wait=not once, concurrency=concurrency, install_signal_handlers=False)
        )
        watch = asyncio.create_task(_keep_taking_up(app))
        _on_request(asked, working)
        try:
            await working
        except asyncio.CancelledError:
            if not asked.is_set():
                raise
        finally:
            watch.cancel()
    return asked.is_set()


def _on_request(asked: asyncio.Event, working: asyncio.Task[None]) -> None:
    def stop() -> None:
        asked.set()
        working.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def _keep_taking_up(app: App) -> None:
    """A worker that was killed a moment ago still looks alive when the next one starts: look again and again."""
    while True:
        await asyncio.sleep(STALLED_AFTER_SECONDS / 2)
        with contextlib.suppress(*GONE):
            await take_up_what_was_left(app)


async def take_up_what_was_left(app: App) -> int:
    """Put jobs of workers that are no longer alive back into the queue; every task is safe to repeat."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    count = 0
    for job in stalled:
        await app.job_manager.retry_job(job)
        count += 1
    return count
