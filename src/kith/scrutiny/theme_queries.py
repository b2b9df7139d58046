"""Reading a review's themes and what they rest on: for those who visit, and nobody else."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.analytics.themes import Compared, Note, Sentence, compared, tone_of
from kith.scrutiny.models import Evidence, Item, Meeting, Review, Theme
from kith.scrutiny.note_queries import notes_of_review
from kith.scrutiny.visit_queries import visible_to


def _visits(viewer: User) -> bool:
    return viewer.can(Permission.SCRUTINY_VISIT) or viewer.can(Permission.SCRUTINY_KEEP)


def themes_visible_to(viewer: User) -> QuerySet[Theme]:
    """Return the themes somebody may work on."""
    if not _visits(viewer):
        return Theme.objects.none()
    return Theme.objects.filter(review__in=visible_to(viewer)).select_related(
        "review__committee", "item__meeting"
    )


def evidence_of(viewer: User, review: Review) -> QuerySet[Evidence]:
    """Return everything that themes of a review rest on, or could, by visit and note; what was added by
    hand last. What was taken back is shown to nobody."""
    found = Evidence.objects.filter(review=review, review__in=visible_to(viewer))
    if not _visits(viewer):
        found = found.none()
    return (
        found.filter(taken_back_at__isnull=True)
        .select_related("note__visit__hub__team", "note__member", "note__by", "theme", "placed_by")
        .order_by("note__visit__starts_at", "note__at", "note", "sentence", "pk")
    )


def themes_of(viewer: User, review: Review) -> list[Theme]:
    """Return the themes of a review in their order, each with its evidence."""
    evidence = evidence_of(viewer, review)
    found = themes_visible_to(viewer).filter(review=review)
    return list(found.prefetch_related(Prefetch("evidence", evidence, to_attr="pieces")))


def pieces_of(theme: Theme) -> list[Evidence]:
    """Return the evidence that `themes_of` brought with a theme."""
    return list(getattr(theme, "pieces", []))


@dataclass(frozen=True)
class Loose:
    """Evidence in no theme: what fits none, and what a person left out."""

    rest: list[Evidence]
    left_out: list[Evidence]


def loose(viewer: User, review: Review) -> Loose:
    """Return the evidence of a review that lies in no theme."""
    found = list(evidence_of(viewer, review).filter(theme=None))
    return Loose(
        [one for one in found if one.placed_by_id is None],
        [one for one in found if one.placed_by_id is not None],
    )


def notes_for_the_method(viewer: User, review: Review) -> list[Note]:
    """Return the notes of a review as the method reads them."""
    return [
        Note(
            key=note.pk,
            place=place_of(note.visit),
            visitor=str(note.member or note.by),
            about=note.about if note.about != "other" else "",
            words=note.words,
        )
        for note in notes_of_review(viewer, review)
    ]


def place_of(visit: object) -> str:
    """Return what a place is called."""
    return str(getattr(visit, "hub", None) or getattr(visit, "place", ""))


def agreement(viewer: User, theme: Theme) -> list[Compared]:
    """Return where visitors of one place agree in a theme, where not, and where it cannot be told."""
    sentences = []
    for one in evidence_of(viewer, theme.review).filter(theme=theme).exclude(note=None):
        note = one.note
        assert note is not None
        tone, counted = tone_of(one.words)
        sentences.append(
            Sentence(
                note.pk,
                one.sentence,
                place_of(note.visit),
                str(note.member or note.by),
                note.about,
                one.words,
                tone,
                counted,
            )
        )
    return compared(sentences)


def items_to_choose(viewer: User, review: Review) -> list[Item]:
    """Return the items of the committee's latest meetings in which findings can have been agreed."""
    states = (Meeting.State.CALLED, Meeting.State.HELD)
    meetings = review.committee.meetings.filter(state__in=states).order_by("-starts_at")[:6]
    kinds = (Item.Kind.TOPIC, Item.Kind.FOLLOW_UP, Item.Kind.UPDATE)
    found = Item.objects.filter(meeting__in=list(meetings), kind__in=kinds)
    if not viewer.can(Permission.SCRUTINY_SEE):
        return []
    return list(found.select_related("meeting").order_by("-meeting__starts_at", "order"))
