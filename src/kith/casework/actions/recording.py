"""Contacts with the family, and notes: added, never changed."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework.actions.checks import (
    FileNotTaken,
    NotAnAddition,
    TooEarly,
    TooLate,
    WordsMissing,
    check_happened,
    check_not_closed,
    lock,
)
from kith.casework.models import Case, Contact, Note, NoteFile
from kith.casework.permissions import handed_over_by, may_work, may_write_down
from kith.referrals import actions as referrals
from kith.referrals.actions.scanning import first_look
from kith.referrals.attachments import MOST_BYTES_TOGETHER, MOST_FILES, NotAccepted, check_file

# What rooms above this one do when a contact is written down, in the same transaction.
_further: list[Callable[..., None]] = []


def also_when_contacted(act: Callable[..., None]) -> None:
    """Let a room above this one act when a contact is recorded: `contact`, `by` and `at`."""
    if act not in _further:
        _further.append(act)


@transaction.atomic
def record_contact(
    *,
    case: Case,
    contacted_at: datetime,
    how: str,
    succeeded: bool,
    with_whom: str = "",
    words: str = "",
    sender_words: str = "",
    child_seen: bool = False,
    seen_alone: bool = False,
    by: User,
    at: datetime,
) -> Contact:
    """Record a try to reach the family. The first that succeeds is the first contact for ever,
    and the sender of the request is told of it, as far as the family agreed.

    Raises PermissionDenied, CaseClosed, InTheFuture, TooEarly, WordsMissing.
    """
    case = lock(case)
    may_write_down(by, case, at).or_raise()
    check_not_closed(case)
    check_happened(contacted_at, at)
    _check_before_handover(case, contacted_at, by, at)
    # A person gives hours and minutes; a case may be opened in the midst of one.
    if contacted_at < case.opened_at.replace(second=0, microsecond=0):
        raise TooEarly(
            f"The hub has had this case since {case.opened_at:%-d %B %Y}: "
            "a contact cannot be before that."
        )
    if succeeded and not with_whom.strip():
        raise WordsMissing("Say whom you reached.")
    contact = Contact(
        case=case,
        at=contacted_at,
        how=how,
        with_whom=with_whom.strip(),
        succeeded=succeeded,
        words=words.strip(),
        # Nobody is seen alone who is not seen, and nobody is seen who is not reached.
        child_seen=succeeded and (child_seen or seen_alone),
        seen_alone=succeeded and seen_alone,
        by=by,
        recorded_at=at,
    )
    contact.save(force_insert=True)
    first = succeeded and case.first_contact_at is None
    if first:
        case.first_contact_at = max(contacted_at, case.opened_at)
        case.save(update_fields=["first_contact_at"])
        # Where another hub has the case by now, the sender hears from that hub.
        if teller := by if may_work(by, case) else case.worker:
            referrals.tell_first_contact(
                referral=case.referral, words=sender_words, by=teller, at=at
            )
    record(
        "case.contacted" if succeeded else "case.contact_tried",
        subject=case,
        by=by,
        at=at,
        after={"how": how, "at": contacted_at, "first": first},
    )
    for act in _further:
        act(contact=contact, by=by, at=at)
    return contact


@transaction.atomic
def add_note(
    *,
    case: Case,
    happened_at: datetime,
    words: str,
    child_seen: bool = False,
    seen_alone: bool = False,
    adds_to: Note | None = None,
    files: Sequence[tuple[str, bytes]] = (),
    by: User,
    at: datetime,
) -> Note:
    """Keep a note, or add to one. A note is never changed.

    A closed case takes additions only: what the family, or we, see differently afterwards must
    have a place. `files` are names with what they hold: all are kept with it, or nothing.
    Raises PermissionDenied, FileNotTaken, CaseClosed, InTheFuture, WordsMissing, NotAnAddition.
    """
    may_write_down(by, case, at).or_raise()
    # The scanner may take its time, for which nobody else should wait.
    looked_at = _look_at(files)
    case = lock(case)
    may_write_down(by, case, at).or_raise()
    if adds_to is None:
        check_not_closed(case)
    elif adds_to.case_id != case.pk:
        raise NotAnAddition("That note belongs to another case.")
    check_happened(happened_at, at)
    if adds_to is None:
        _check_before_handover(case, happened_at, by, at)
    if not words.strip():
        raise WordsMissing("Write the note.")
    note = Note(
        case=case,
        # An addition to an addition stands under the same first note.
        adds_to_id=(adds_to.adds_to_id or adds_to.pk) if adds_to else None,
        happened_at=happened_at,
        words=words.strip(),
        child_seen=child_seen or seen_alone,
        seen_alone=seen_alone,
        by=by,
        recorded_at=at,
    )
    note.save(force_insert=True)
    for name, content_type, content, scan in looked_at:
        NoteFile.objects.create(
            note=note,
            name=name,
            content_type=content_type,
            size=len(content),
            content=content,
            added_at=at,
            scan=scan,
        )
    record(
        "case.note_added",
        subject=case,
        by=by,
        at=at,
        after={"note": note.pk, "adds_to": note.adds_to_id, "late": note.late}
        | ({"addition": True} if note.adds_to_id else {})
        | ({"files": [name for name, *_ in looked_at]} if looked_at else {}),
    )
    return note


def _check_before_handover(case: Case, happened_at: datetime, by: User, at: datetime) -> None:
    """A hub that handed a case over writes down what it did before, and no more."""
    handed = handed_over_by(by, case, at)
    if handed is not None and happened_at > handed.at:
        when = timezone.localtime(handed.at)
        raise TooLate(
            f"{handed.to_team} has had this case since {when:%-d %B %Y at %H:%M}. Write down what "
            "happened before then, and tell them of the rest."
        )


def _look_at(files: Sequence[tuple[str, bytes]]) -> list[tuple[str, str, bytes, str]]:
    """Return files with a safe name, what they are, and what is known of viruses in them."""
    if len(files) > MOST_FILES:
        raise FileNotTaken(
            f"You can keep {MOST_FILES} files with a note. Add the others to it later."
        )
    if sum(len(content) for _, content in files) > MOST_BYTES_TOGETHER:
        raise FileNotTaken(
            f"All files together can be {MOST_BYTES_TOGETHER // 1024**2} MB. Choose fewer, or "
            "smaller ones."
        )
    looked_at = []
    for name, content in files:
        try:
            safe_name, content_type = check_file(name, content)
            looked_at.append((safe_name, content_type, content, first_look(content)))
        except NotAccepted as problem:
            raise FileNotTaken(f"{name[:100]}: {problem}.") from None
    return looked_at
