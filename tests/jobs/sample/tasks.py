import time
from datetime import UTC, datetime

from kith.audit.actions import record
from kith.jobs.models import Job
from kith.jobs.progress import Failed
from kith.jobs.registry import errand, work


def _note(what, job_id, by=None):
    record(what, subject=Job(pk=job_id), by=by, at=datetime.now(UTC))


@work("sample.parts", title="Write many lines", in_parts=True)
def parts(progress, count, seconds):
    progress.step("Writing")
    for number in range(count):
        with progress.once(f"line {number}") as first:
            if first:
                _note("sample.part", progress.job_id, progress.by)
                time.sleep(seconds)
        progress.advance(total=count)
    return {"said": f"{count} lines are written."}


@work("sample.whole", title="Write some lines together")
def whole(progress, count, seconds):
    for _ in range(count):
        _note("sample.whole", progress.job_id, progress.by)
        time.sleep(seconds)
        progress.advance(total=count)
    return {"said": "All together."}


@work("sample.broken", title="Break", tries=2)
def broken(progress):
    _note("sample.broken", progress.job_id)
    raise RuntimeError("Ada Byron, 12 Field Road")


@work("sample.refused", title="Refuse")
def refused(progress):
    _note("sample.refused", progress.job_id)
    raise Failed("The file is empty. Choose another file.")


@errand("sample.errand")
def run_errand(job_id):
    time.sleep(0.3)
    _note("sample.errand", job_id)
