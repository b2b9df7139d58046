"""What people say about entries of the directory: taking it in, answering, and forgetting who it was."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.directory import wordings
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.models import Remark, Service
from kith.directory.permissions import may_ask_for_assurance, may_keep_directory
from kith.notices import actions as notices

# An address is kept so long after the answer, and in no case longer than so long after it came.
ADDRESS_DAYS, ADDRESS_DAYS_AT_MOST = 30, 180
REMARK_DAYS = 730


@transaction.atomic
def remark(
    *, service: Service, topic: str, words: str, email: str = "", by: User | None, at: datetime
) -> Remark:
    """Take in what somebody says about an entry, signed in or not. Raises DirectoryRefused."""
    if not words and topic != Remark.Topic.THANKS:
        raise DirectoryRefused("Write what is wrong, so that we can put it right.", "words")
    with seeing_as(front_door()):
        said = Remark.objects.create(
            service=service, topic=topic, words=words, email=email, made_at=at
        )
        record("directory.remark_made", subject=said, by=by, at=at, after={"topic": topic})
    return said


@transaction.atomic
def take_remark(*, remark: Remark, by: User, at: datetime) -> Remark:
    """Say that one sees to it. Raises PermissionDenied or DirectoryRefused."""
    remark = _open(remark, by)
    before, remark.owner = {"owner": remark.owner}, by
    remark.save(update_fields=["owner"])
    record(
        "directory.remark_taken", subject=remark, by=by, at=at, before=before, after={"owner": by}
    )
    return remark


@transaction.atomic
def answer_remark(*, remark: Remark, reply: str, by: User, at: datetime) -> Remark:
    """Say that it is done; a reply goes by e-mail to whoever gave an address.

    Raises PermissionDenied or DirectoryRefused.
    """
    remark = _open(remark, by)
    if reply and not remark.email:
        raise DirectoryRefused("They left no e-mail address, so nobody would read this.", "reply")
    remark.state, remark.reply = Remark.State.DONE, reply
    remark.done_at, remark.done_by = at, by
    remark.owner = remark.owner or by
    remark.save(update_fields=["state", "reply", "done_at", "done_by", "owner"])
    record("directory.remark_done", subject=remark, by=by, at=at, after={"reply": bool(reply)})
    if reply:
        notices.send(
            wordings.ANSWERED,
            to=remark.email,
            context={
                "reference": remark.reference,
                "service": remark.service.name,
                "reply": reply,
                "words": remark.words,
            },
            once_key=f"directory.answered:{remark.pk}",
            at=at,
        )
    return remark


@transaction.atomic
def forget_who_remarked(*, by: User, at: datetime) -> int:
    """Delete addresses that are not needed any more, and remarks of long ago. Returns how many
    addresses. Raises PermissionDenied."""
    may_ask_for_assurance(by).or_raise()
    Remark.objects.filter(made_at__lt=at - timedelta(days=REMARK_DAYS)).delete()
    over = Q(done_at__lt=at - timedelta(days=ADDRESS_DAYS)) | Q(
        made_at__lt=at - timedelta(days=ADDRESS_DAYS_AT_MOST)
    )
    return Remark.objects.filter(over).exclude(email="").update(email="")


def _open(remark: Remark, by: User) -> Remark:
    may_keep_directory(by).or_raise()
    remark = Remark.objects.select_for_update().select_related("service").get(pk=remark.pk)
    if remark.state == Remark.State.DONE:
        raise DirectoryRefused("Somebody has just dealt with this.")
    return remark
