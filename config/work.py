"""The worker: takes queued work from PostgreSQL, and again what a killed worker left behind."""

import asyncio

from procrastinate import App
from procrastinate.contrib.django import app as django_app

STALLED_AFTER_SECONDS = 30


def worker_app() -> App:
    """The queue, connected the way a worker needs it."""
    return django_app.with_connector(django_app.connector.get_worker_connector())  # type: ignore[attr-defined]


def do_the_work(*, once: bool, concurrency: int = 1) -> None:
    """Run until stopped, or until the queue is empty."""
    asyncio.run(_work(once=once, concurrency=concurrency))


async def _work(*, once: bool, concurrency: int) -> None:
    app = worker_app()
    async with app.open_async():
        await take_up_what_was_left(app)
        await app.run_worker_async(wait=not once, concurrency=concurrency, install_signal_handlers=not once)


async def take_up_what_was_left(app: App) -> int:
    """Put jobs of workers that are no longer alive back into the queue; every task is safe to repeat."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    count = 0
    for job in stalled:
        await app.job_manager.retry_job(job)
        count += 1
    return count
