"""What visitors note and photograph. A phone sends each with a number of its own: twice is once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kith.accounts.models import User
from kith.analytics.themes import Note, sentences_of
from kith.audit.actions import record
from kith.referrals.attachments import MOST_BYTES, NotAccepted, check_file
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import (
    Content,
    Evidence,
    GuideQuestion,
    Member,
    Paper,
    Photo,
    Published,
    Visit,
    VisitNote,
)
from kith.scrutiny.permissions import may_keep, may_visit
from kith.typed.pictures import NotAPicture, without_metadata

MOST_PHOTOS = 30
PICTURES = ("image/jpeg", "image/png")


@dataclass(frozen=True)
class Noted:
    """A note as it was typed."""

    key: UUID
    words: str
    whose: str = VisitNote.Whose.OWN
    consent: bool = False
    question: GuideQuestion | None = None


def may_note(*, visit: Visit, by: User, at: datetime) -> str:
    """Return why somebody cannot write notes of a visit now; "" where they can."""
    if not may_visit(by):
        return may_visit(by).reason
    if visit.state == Visit.State.CANCELLED:
        return "The visit was cancelled, so there is nothing to note."
    if timezone.localdate(at) < timezone.localdate(visit.starts_at):
        return "Notes are written from the day of the visit on."
    if not visit.visitors.filter(member__user=by).exists() and not may_keep(by):
        return (
            "Only those who go on a visit write notes of it. Ask an officer to put you down for it."
        )
    return ""


@transaction.atomic
def write_note(
    *, visit: Visit, noted: Noted, member: Member | None = None, by: User, at: datetime
) -> VisitNote:
    """Keep a note, or its new words. The same key again is the same note, however often it is sent.
    Without words, a note is taken back: nothing of it is shown any more, nor in any theme.
    An officer types up what a `member` noted on paper.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_visit(by).or_raise()
    if refusal := may_note(visit=visit, by=by, at=at):
        raise ScrutinyRefused(refusal)
    if member is None:
        member = Member.objects.filter(user=by).first()
    elif member.user_id != by.pk:
        may_keep(by).or_raise()
        if not visit.visitors.filter(member=member).exists():
            raise ScrutinyRefused(f"{member} is not down for this visit.")
    words = noted.words.strip()
    if noted.whose == VisitNote.Whose.USER and words and not noted.consent:
        raise ScrutinyRefused(
            "Tick that they agreed to it being noted, or leave their words out.", "consent"
        )
    note = VisitNote.objects.select_for_update().filter(key=noted.key).first()
    if note is None:
        if not words:
            raise ScrutinyRefused("Write what you saw or heard.", "words")
        note = VisitNote(key=noted.key, visit=visit, by=by, member=member, at=at)
    elif note.by_id != by.pk or note.visit_id != visit.pk:
        raise ScrutinyRefused("Somebody else wrote this note: only they change it.", "words")
    consent = noted.consent and noted.whose == VisitNote.Whose.USER
    about = noted.question.about if noted.question else GuideQuestion.About.OTHER
    was = (note.words, note.whose, note.consent, note.question_id)
    if note.pk and was == (words, noted.whose, consent, noted.question and noted.question.pk):
        return note
    what = "scrutiny.note_changed" if note.pk else "scrutiny.note_written"
    note.words, note.whose, note.consent = words, noted.whose, consent
    if not words and note.whose == VisitNote.Whose.USER:
        note.whose = VisitNote.Whose.OWN  # nobody's words are left to agree to
    note.question, note.about = noted.question, about
    note.save()
    _evidence_follows(note, at)
    # What was noted stays out of the log: others read that.
    record(what if words else "scrutiny.note_taken_back", subject=note, by=by, at=at,
           after={"place": visit.place})  # fmt: skip
    return note


ELSEWHERE = 10_000  # numbers of sentences that stand in no note any more
ALIKE = 0.6  # of how much of its letters a sentence that was reworded keeps


def _evidence_follows(note: VisitNote, at: datetime) -> None:
    """Let evidence follow a note that was changed: each sentence keeps where a person placed it, in its new
    words and at its new place; one that was taken out is seen no more, in any theme."""
    kept = list(Evidence.objects.filter(note=note, taken_back_at=None).order_by("sentence"))
    if not kept:
        return
    told = Note(key=note.pk, place="", visitor="", about="", words=note.words)
    new = {one.number: one for one in sentences_of([told])}
    pairs = sorted(
        (
            (SequenceMatcher(None, one.words, sentence.words).ratio(), -abs(one.sentence - number), one.pk, number)
            for one in kept
            for number, sentence in new.items()
        ),
        reverse=True,
    )  # fmt: skip
    homes: dict[int, int] = {}
    for alike, _, pk, number in pairs:
        if alike >= ALIKE and pk not in homes and number not in homes.values():
            homes[pk] = number
    # Out of each other's way first: two sentences may change places.
    Evidence.objects.filter(note=note, sentence__lt=ELSEWHERE).update(
        sentence=F("sentence") + ELSEWHERE
    )
    for one in kept:
        if one.pk not in homes:
            Evidence.objects.filter(pk=one.pk).update(
                theme=None, words="", tone="", taken_back_at=at
            )
            continue
        sentence = new[homes[one.pk]]
        Evidence.objects.filter(pk=one.pk).update(
            sentence=sentence.number, words=sentence.words, tone=sentence.tone
        )


@transaction.atomic
def add_photo(
    *,
    visit: Visit,
    key: UUID,
    name: str,
    content: bytes,
    caption: str,
    people: bool,
    consent: bool,
    by: User,
    at: datetime,
) -> Photo:
    """Keep a photograph, without the place, hour and device that a camera writes into it. The same key
    again is the same photograph. Raises PermissionDenied or ScrutinyRefused."""
    may_visit(by).or_raise()
    if refusal := may_note(visit=visit, by=by, at=at):
        raise ScrutinyRefused(refusal)
    there = Photo.objects.filter(key=key).first()
    if there is not None and (there.visit_id, there.by_id) != (visit.pk, by.pk):
        raise ScrutinyRefused("This photograph was sent for another visit. Choose it anew.", "file")
    if there:
        return there
    if people and not consent:
        raise ScrutinyRefused(
            "Somebody can be known on it: tick that everybody on it agreed, or choose another "
            "photograph.",
            "consent",
        )
    if visit.photos.count() >= MOST_PHOTOS:
        raise ScrutinyRefused(
            f"A visit has up to {MOST_PHOTOS} photographs. Take one away first.", "file"
        )
    held, mime = _picture(name, content)
    sha = hashlib.sha256(held).hexdigest()
    # Two phones may send the same picture at once.
    Content.objects.bulk_create(
        [Content(sha=sha, held=held, size=len(held), mime=mime)], ignore_conflicts=True
    )
    photo = Photo.objects.create(
        key=key, visit=visit, by=by, content_id=sha, caption=caption.strip(), people=people,
        consent=consent, at=at,
    )  # fmt: skip
    record("scrutiny.photo_added", subject=photo, by=by, at=at, after={"place": visit.place})
    return photo


def _picture(name: str, content: bytes) -> tuple[bytes, str]:
    try:
        _, mime = check_file(name, content)
        if mime not in PICTURES:
            raise ScrutinyRefused("Choose a photograph: a JPEG or PNG file.", "file")
        return without_metadata(content), mime
    except (NotAccepted, NotAPicture) as refusal:
        if len(content) > MOST_BYTES:
            words = (
                f"The photograph is larger than {MOST_BYTES // 1024**2} MB. Choose a smaller size on "
                "your telephone, or send a smaller copy."
            )
            raise ScrutinyRefused(words, "file") from None
        raise ScrutinyRefused(str(refusal), "file") from None


@transaction.atomic
def remove_photo(*, photo: Photo, by: User, at: datetime) -> None:
    """Take a photograph away for good; its own photographer, or an officer.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_visit(by).or_raise()
    if photo.by_id != by.pk:
        may_keep(by).or_raise()
    sha, visit = photo.content_id, photo.visit
    record("scrutiny.photo_removed", subject=photo, by=by, at=at, after={"place": visit.place})
    photo.delete()
    used = Photo.objects.filter(content=sha).exists() or Paper.objects.filter(content=sha).exists()
    if not used and not Published.objects.filter(sha=sha).exists():
        Content.objects.filter(pk=sha).delete()
