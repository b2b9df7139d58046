"""The worker is killed while it reads a file: no row is lost, none is sent twice."""

from django.db import connection
from django.utils import timezone

from kith.accounts.viewer import seeing_as
from kith.jobs.models import Job
from kith.referrals.actions import filing
from tests.factories.referrals import make_desk_team, make_needs, make_sender
from tests.factories.sheets import GOOD, as_csv
from tests.factories.workers import wait_until, worker

ROWS = 24


def test_a_file_is_read_once_though_its_worker_is_killed(cluster, fresh_database):
    make_needs()
    make_desk_team()
    sender = make_sender()
    today = f"{timezone.localdate():%d/%m/%Y}"
    rows = [
        GOOD | {"Your number": str(n), "Date they agreed": today, "Worry": "" if n == 7 else "Late"}
        for n in range(ROWS)
    ]
    with seeing_as(sender):
        file = filing.send_file(name="x.csv", content=as_csv(rows), by=sender, at=timezone.now())
    url = fresh_database("kith_worker")

    with cluster.connect(connection.settings_dict["NAME"]) as superuser:

        def count(table):
            return superuser.execute(f"select count(*) from {table}").fetchone()[0]

        def state():
            query = "select state from jobs_job where id = %s"
            return superuser.execute(query, [file.job_id]).fetchone()[0]

        with worker(url) as doomed:
            wait_until(lambda: count("referrals_filerow") >= 4)
            doomed.kill()
            doomed.wait()
        assert count("referrals_filerow") < ROWS
        with worker(url):
            wait_until(lambda: state() == "done")

        assert count("referrals_filerow") == ROWS
        assert count("referrals_referral") == ROWS - 1
        assert count("families_family") == ROWS - 1
    with seeing_as(sender):
        job = Job.objects.get(pk=file.job_id)
    assert job.result["said"] == f"{ROWS} rows read, 1 not sent."
    assert job.tries == 2
