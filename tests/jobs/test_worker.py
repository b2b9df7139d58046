"""A real worker on a real database: what it is given is done, once, whatever kills it."""

import signal
from dataclasses import replace

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from kith.accounts.viewer import clock, seeing_as
from kith.jobs import actions, registry, running
from kith.jobs.models import Job
from tests.factories.accounts import make_team, make_user
from tests.factories.workers import wait_until, worker
from tests.jobs.sample import tasks  # noqa: F401

SETTINGS = "tests.jobs.worker_settings"


@pytest.fixture
def look(cluster, fresh_database):
    """Ask the database past all walls: `look("select ...")` returns the first value."""
    with cluster.connect(connection.settings_dict["NAME"]) as superuser:
        yield lambda query, *values: superuser.execute(query, values).fetchone()[0]


@pytest.fixture
def asker(fresh_database):
    return make_user("hub_worker", make_team("Witney"))


def asked(task, by, **arguments):
    with seeing_as(by):
        return actions.start(task, arguments=arguments, by=by, at=timezone.now())


def state(job):
    with seeing_as(clock()):
        return Job.objects.get(pk=job.pk)


LINES = "select count(*) from audit_entry where what = %s"


def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(
    fresh_database, look, asker
):
    parts = asked("sample.parts", asker, count=30, seconds=0.05)
    whole = asked("sample.whole", asker, count=10, seconds=0.15)
    url = fresh_database("kith_worker")

    with worker(url, settings=SETTINGS) as doomed:
        wait_until(lambda: look(LINES, "sample.part") > 4)
        doomed.kill()
        doomed.wait()
    killed_at = look(LINES, "sample.part")
    with worker(url, settings=SETTINGS) as heir:
        wait_until(lambda: state(parts).state == "done" and state(whole).state == "done")
        heir.send_signal(signal.SIGTERM)
        assert heir.wait(15) == 0

    assert 4 < killed_at < 30
    assert look(LINES, "sample.part") == 30
    assert look(LINES, "sample.whole") == 10
    assert state(parts).tries == 2
    assert state(parts).result == {"said": "30 lines are written."}
    assert look("select count(*) from procrastinate_jobs where task_name = 'kith.run'") == 0


def test_work_that_loses_the_database_is_given_back_at_once_and_not_held_against_it(
    fresh_database, look, asker, monkeypatch
):
    job = asked("sample.whole", asker, count=2, seconds=0)
    whole = registry.works["sample.whole"]

    def cut_off(progress, **arguments):
        look(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
            "where datname = current_database() and usename <> current_user"
        )
        return whole.do(progress, **arguments)

    monkeypatch.setitem(registry.works, whole.name, replace(whole, do=cut_off))
    with pytest.raises((psycopg.OperationalError, OperationalError)):
        running.run(str(job.pk))
    connections.close_all()
    # What fails by itself waits for half a minute; this is given back to the queue.
    assert state(job).state == "running"

    monkeypatch.setitem(registry.works, whole.name, whole)
    running.run(str(job.pk))

    assert (state(job).state, state(job).tries) == ("done", 2)
    assert look(LINES, "sample.whole") == 2


def test_what_is_rolled_back_is_never_done_and_the_rest_is_done_at_once(
    fresh_database, look, asker
):
    with worker(fresh_database("kith_worker"), settings=SETTINGS):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            asked("sample.parts", asker, count=1, seconds=0)
            raise ZeroDivisionError
        job = asked("sample.parts", asker, count=3, seconds=0)
        with transaction.atomic():
            actions.soon("sample.errand", job_id=str(job.pk))
        wait_until(lambda: state(job).state == "done" and look(LINES, "sample.errand") == 1)

    assert look(LINES, "sample.part") == 3
    assert (state(job).done, state(job).total) == (3, 3)


def test_a_running_job_is_stopped_and_what_it_had_not_finished_is_undone(
    fresh_database, look, asker
):
    job = asked("sample.whole", asker, count=100, seconds=0.1)

    with worker(fresh_database("kith_worker"), settings=SETTINGS):
        wait_until(lambda: state(job).done > 2)  # seen while the work is not yet committed
        with seeing_as(asker):
            actions.cancel(job=job, by=asker, at=timezone.now())
        wait_until(lambda: state(job).state == "cancelled")

    assert look(LINES, "sample.whole") == 0


def test_a_job_that_is_in_no_queue_is_found_and_done(fresh_database, look, asker):
    job = asked("sample.parts", asker, count=2, seconds=0)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    with seeing_as(clock()):
        assert actions.find_lost() == 1
        assert actions.find_lost() == 0

    with worker(fresh_database("kith_worker"), settings=SETTINGS):
        wait_until(lambda: state(job).state == "done")

    assert look(LINES, "sample.part") == 2
