"""`python -m django work`: do what is in the queue, until told to stop."""

import asyncio
import contextlib
import logging
import signal
from typing import Any, cast

import psycopg
from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from procrastinate import App
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

log = logging.getLogger("kith.jobs")
# A worker at rest asks the database about twice a second in all: new work it is told of at once.
HEARTBEAT_SECONDS = 2
DEAD_AFTER_SECONDS = 6
SWEEP_SECONDS = 2
SECONDS_UNTIL_TRIED_AGAIN = 2


class Command(BaseCommand):
    """Run the worker. A worker that is killed leaves its work to the next, which sweeps it up."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at the same time")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_work_until_stopped(options["concurrency"]))


async def _work_until_stopped(concurrency: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    lost = False
    while not stopped.is_set():
        # Connections of Django's own that broke with the last ones are not used again.
        await sync_to_async(connections.close_all)()
        try:
            await _work(concurrency, stopped)
        except (ConnectorException, psycopg.OperationalError, OSError) as error:
            if not lost:
                log.warning("the worker lost the database (%s); trying again", type(error).__name__)
            lost = True
        else:
            lost = False
        # Also after the worker ended by itself, as it does when its connections break.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), SECONDS_UNTIL_TRIED_AGAIN)


async def _work(concurrency: int, stopped: asyncio.Event) -> None:
    connector = cast(DjangoConnector, queue.connector).get_worker_connector()
    app: App = queue.with_connector(connector)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                delete_jobs="always",
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
                install_signal_handlers=False,
                shutdown_graceful_timeout=20,
            )
        )
        sweep = asyncio.create_task(_sweep(app))
        stop = asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait({worker, sweep, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sweep, stop, worker):
                task.cancel()
            outcomes = await asyncio.gather(worker, sweep, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def _sweep(app: App) -> None:
    """Give back to the queue what a dead worker had in hand."""
    while True:
        manager = app.job_manager
        await manager.prune_stalled_workers(DEAD_AFTER_SECONDS)
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
            log.warning("job %s was left by a worker that died; it will be done again", job.id)
            await manager.retry_job(job)
        await asyncio.sleep(SWEEP_SECONDS)
