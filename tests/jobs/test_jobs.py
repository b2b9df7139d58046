"""Asking for long work, following it, stopping it, and what a failure says."""

import logging
import traceback
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from kith.accounts.viewer import clock, see_as
from kith.audit.models import Entry
from kith.jobs import actions, queries, registry, running
from kith.jobs import tasks as queue_tasks
from kith.jobs.models import Job
from kith.jobs.tasks import Interrupted
from tests.factories.accounts import make_team, make_user
from tests.jobs.sample import tasks  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(db):
    asker = make_user("hub_worker", make_team("Witney"))
    see_as(asker)
    return asker


def asked(task, by, at, **arguments):
    return actions.start(task, arguments=arguments, by=by, at=at)


def after_a_try(job):
    running.run(str(job.pk))
    job.refresh_from_db()
    return job


def queued():
    with connection.cursor() as cursor:
        cursor.execute(
            "select args ->> 'job_id', scheduled_at from procrastinate_jobs "
            "where task_name = 'kith.run' order by id"
        )
        return cursor.fetchall()


def test_work_is_queued_with_the_transaction_that_asked_for_it(asker, at):
    job = asked("sample.parts", asker, at, count=2, seconds=0)

    assert queued() == [(str(job.pk), None)]
    assert (job.state, job.title, job.by) == ("waiting", "Write many lines", asker)
    with pytest.raises(actions.NoSuchWork):
        asked("sample.unknown", asker, at)


def test_work_that_is_done_says_what_came_of_it_and_is_not_done_again(asker, at):
    job = after_a_try(asked("sample.parts", asker, at, count=2, seconds=0))
    after_a_try(job)

    assert (job.state, job.tries, job.result) == ("done", 1, {"said": "2 lines are written."})
    see_as(make_user("dpo", make_team("Desk", "desk")))
    assert Entry.objects.filter(what="sample.part", by_id=asker.pk).count() == 2


def test_work_sees_what_the_person_who_asked_sees(asker, at):
    seen = []

    @registry.work("sample.look", title="Look")
    def look(progress):
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('kith.viewer')")
            seen.append(cursor.fetchone()[0])
        return {}

    try:
        after_a_try(asked("sample.look", asker, at))
    finally:
        del registry.works["sample.look"]

    assert seen == [str(asker.pk)]


def test_work_that_breaks_is_tried_again_later_and_then_says_so_without_naming_anyone(
    asker, at, caplog
):
    job = after_a_try(asked("sample.broken", asker, at))
    assert (job.state, job.tries) == ("waiting", 1)
    waits = queued()[-1][1] - job.started_at
    assert timedelta(seconds=29) < waits < timedelta(seconds=35)

    after_a_try(job)

    assert (job.state, job.tries) == ("failed", 2)
    assert job.failure.startswith("Something went wrong in Kith itself")
    assert "tried 2 times" in job.failure
    assert "Byron" not in job.failure + caplog.text
    assert "RuntimeError at tasks.py" in caplog.text
    see_as(make_user("dpo", make_team("Desk", "desk")))
    assert not Entry.objects.filter(what="sample.broken").exists()  # nothing half done


def test_work_that_cannot_be_done_says_why_at_once_and_can_be_started_again(asker, at):
    job = after_a_try(asked("sample.refused", asker, at))
    assert (job.state, job.tries) == ("failed", 1)
    assert job.failure == "The file is empty. Choose another file."

    actions.again(job=job, by=asker, at=at)
    job.refresh_from_db()

    assert (job.state, job.tries, job.failure) == ("waiting", 0, "")
    with pytest.raises(actions.NotEnded):
        actions.again(job=job, by=asker, at=at)


def test_work_that_waits_is_stopped_at_once(asker, at):
    job = asked("sample.parts", asker, at, count=2, seconds=0)

    actions.cancel(job=job, by=asker, at=at)

    assert after_a_try(job).state == "cancelled"
    assert job.tries == 0
    with pytest.raises(actions.AlreadyEnded, match="cancelled"):
        actions.cancel(job=job, by=asker, at=at)


def test_a_job_belongs_to_whoever_asked_for_it_and_to_those_who_watch_over_all(asker, at):
    job = asked("sample.parts", asker, at, count=2, seconds=0)
    colleague = make_user("hub_worker", make_team("Witney"))
    lead = make_user("county_lead", make_team("Desk", "desk"))

    assert list(queries.visible_to(asker)) == list(queries.visible_to(lead)) == [job]
    assert not queries.visible_to(colleague).exists()
    see_as(colleague)
    assert not Job.objects.exists()  # the third wall
    see_as(lead)
    with pytest.raises(PermissionDenied, match="Only the person who asked"):
        actions.cancel(job=job, by=colleague, at=at)
    actions.cancel(job=job, by=lead, at=at)


def test_the_pages_show_how_far_it_is_with_and_without_scripts(asker, at, client):
    client.force_login(asker)
    job = asked("sample.parts", asker, at, count=2, seconds=0)
    page, part = reverse("jobs:one", args=[job.pk]), reverse("jobs:progress", args=[job.pk])

    waiting = client.get(page).content.decode()
    assert 'http-equiv="refresh"' in waiting
    assert f'hx-get="{part}"' in waiting
    assert "HX-Refresh" not in client.get(part).headers
    see_as(asker)
    after_a_try(job)
    done = client.get(page).content.decode()
    assert "2 lines are written." in done
    assert "http-equiv" not in done
    assert client.get(part).headers["HX-Refresh"] == "true"
    assert "Write many lines" in client.get(reverse("jobs:mine")).content.decode()


def test_work_is_stopped_and_started_again_from_its_page(asker, at, client):
    client.force_login(asker)
    job = asked("sample.parts", asker, at, count=2, seconds=0)

    stopped = client.post(reverse("jobs:cancel", args=[job.pk]), follow=True)
    twice = client.post(reverse("jobs:cancel", args=[job.pk]), follow=True)
    again = client.post(reverse("jobs:again", args=[job.pk]), follow=True)

    assert "Try again" in stopped.content.decode()
    assert "already ended" in twice.content.decode()
    assert "Waiting to start" in again.content.decode()
    assert client.get(reverse("jobs:cancel", args=[job.pk])).status_code == 405


def test_nobody_elses_job_has_a_page(asker, at, client):
    job = asked("sample.parts", asker, at, count=2, seconds=0)
    addresses = [
        reverse(f"jobs:{name}", args=[job.pk]) for name in ("one", "progress", "cancel", "again")
    ]

    assert client.get(addresses[0]).status_code == 302
    client.force_login(make_user("hub_worker", make_team("Bicester")))
    answers = [client.get(a).status_code for a in addresses[:2]]
    answers += [client.post(a).status_code for a in addresses[2:]]
    assert answers == [404] * 4
    assert client.get(reverse("jobs:all")).status_code == 403
    client.force_login(make_user("administrator", make_team("Desk", "desk")))
    everything = client.get(reverse("jobs:all") + "?state=waiting").content.decode()
    assert "Write many lines" in everything
    assert (
        "Write many lines" not in client.get(reverse("jobs:all") + "?state=done").content.decode()
    )


def test_what_the_clock_does_is_done_by_one_worker_at_a_time(db, at, caplog):
    caplog.set_level(logging.DEBUG)
    done = []

    @registry.every("0 0 1 1 *", "sample.tick")
    def note(*, by, at):
        done.append((by, at))

    try:
        running.tick("sample.tick", at)
    finally:
        del registry.timed["sample.tick"]

    assert done == [(clock(), at)]


def test_what_breaks_an_errand_is_passed_on_without_what_it_said(db):
    @registry.errand("sample.loud")
    def loud():
        raise RuntimeError("Ada Byron, 12 Field Road")

    try:
        with pytest.raises(Interrupted, match=r"RuntimeError at test_jobs\.py") as broken:
            queue_tasks.errand(name="sample.loud", arguments={})
    finally:
        del registry.errands["sample.loud"]

    assert "Byron" not in "".join(traceback.format_exception(broken.value))


def test_two_pieces_of_work_cannot_have_one_name():
    with pytest.raises(ValueError, match=r"two pieces of work called sample\.parts"):
        registry.work("sample.parts", title="Again")(lambda progress: {})
