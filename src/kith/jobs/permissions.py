"""Who may watch, stop and repeat a piece of work."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.jobs.models import Job


def may_direct(user: User, job: Job) -> Decision:
    """A job belongs to whoever asked for it; county leads and administrators watch over all."""
    if job.by_id == user.pk or user.can(Permission.JOB_SEE_ALL):
        return ALLOW
    return refuse("Only the person who asked for this can stop it or start it again.")
