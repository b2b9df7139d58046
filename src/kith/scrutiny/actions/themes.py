"""Themes of a review: proposed from the notes, then in people's hands.

What a person placed is never moved by the method; every piece of evidence says who placed it and when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db import connection, transaction
from django.db.models import Max

from kith.accounts.models import User
from kith.accounts.permissions import refuse
from kith.analytics import themes as method
from kith.audit.actions import record
from kith.scrutiny import theme_queries as queries
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Evidence, Item, Review, Theme
from kith.scrutiny.permissions import may_keep, may_visit
from kith.scrutiny.visit_queries import visible_to

State = Theme.State


@dataclass(frozen=True)
class Ran:
    """What came of running the method."""

    themes: int
    placed: int  # sentences in themes that it proposes
    joined: int  # sentences that it proposes to join themes of people
    rest: int


@transaction.atomic
def propose_themes(*, review: Review, cut: str = "usual", by: User, at: datetime) -> Ran:
    """Propose themes from the notes. What an earlier run proposed and nobody touched is proposed anew; what
    a person placed, named or left out stays. `cut` says how alike sentences of a theme are, one of the
    method's `CUTS`. Raises PermissionDenied or ScrutinyRefused."""
    _may_work_on(by, review)
    _one_at_a_time(review)
    sentences = method.sentences_of(queries.notes_for_the_method(by, review))
    if not sentences:
        raise ScrutinyRefused("Nobody has noted anything yet. Themes come from the notes.")
    there = {
        (one.note_id, one.sentence): one for one in review.evidence.all() if one.note_id is not None
    }
    placed = {key: one.theme_id for key, one in there.items() if one.placed_by_id}
    loose = sum(one.key not in placed for one in sentences)
    if loose > method.MOST_SENTENCES:
        raise ScrutinyRefused(
            f"{loose:,} sentences lie in no theme of yours, and {method.MOST_SENTENCES:,} can be put together "
            "at once. Begin themes by hand and move sentences into them, or leave sentences out; then "
            "propose themes from the rest."
        )
    review.evidence.filter(placed_by=None).update(theme=None)
    for theme in review.themes.filter(state=State.PROPOSED, recommendations=None):
        if not theme.evidence.exists():
            theme.delete()
    agreed = set(review.themes.filter(state=State.AGREED).values_list("pk", flat=True))
    proposal = method.propose(sentences, placed=placed, cut=method.CUTS[cut])
    homes: dict[tuple[int, int], int | None] = {
        key: theme for key, theme in proposal.joined.items() if theme not in agreed
    }
    order = _last(review)
    for number, proposed in enumerate(proposal.themes, start=order + 1):
        theme = Theme.objects.create(
            review=review,
            order=number,
            title=_its_own(review, proposed.title[:140]),
            proposed_because=proposed.because,
        )
        homes |= {one.key: theme.pk for one in proposed.sentences}
    for one in sentences:
        if one.key in placed:
            continue
        evidence = there.get(one.key) or Evidence(
            review=review, note_id=one.note, sentence=one.number
        )
        evidence.theme_id, evidence.words, evidence.tone = homes.get(one.key), one.words, one.tone
        evidence.placed_at = at
        evidence.save()
    if may_keep(by) and review.state in (Review.State.PLANNED, Review.State.VISITING):
        review = locked(review)
        write(review, "scrutiny.review_changed", {"state": Review.State.THEMES}, by=by, at=at)
    joined = sum(homes.get(key) is not None for key in proposal.joined)
    ran = Ran(
        themes=len(proposal.themes),
        placed=sum(len(one.sentences) for one in proposal.themes),
        joined=joined,
        # What is like an agreed theme alone fits none that is open.
        rest=len(proposal.rest) + len(proposal.joined) - joined,
    )
    after = {"themes": ran.themes, "sentences": ran.placed + ran.joined, "cut": cut}
    record("scrutiny.themes_proposed", subject=review, by=by, at=at, after=after)
    return ran


def _may_work_on(by: User, review: Review) -> None:
    """Themes are in the hands of those whose committee's review it is, and of committee officers."""
    may_visit(by).or_raise()
    if not visible_to(by).filter(pk=review.pk).exists():
        refuse("This is a review of another committee.").or_raise()


def _its_own(review: Review, title: str) -> str:
    """Return a name that no other theme of the review has."""
    taken = {name.lower() for name in review.themes.values_list("title", flat=True)}
    names = (title if number == 1 else f"{title} ({number})" for number in count(1))
    return next(name for name in names if name.lower() not in taken)


def _one_at_a_time(review: Review) -> None:
    """Let two people work on the themes of a review one after the other. Its own row cannot be locked:
    members may not change it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('themes'), %s)", [review.pk])


def _last(review: Review) -> int:
    return review.themes.aggregate(last=Max("order"))["last"] or 0


@transaction.atomic
def write_theme(*, theme: Theme, title: str, findings: str, by: User, at: datetime) -> Theme:
    """Name a theme, and write what it finds. Whoever names it takes what lies in it into their hands.

    Raises PermissionDenied or ScrutinyRefused.
    """
    _may_work_on(by, theme.review)
    theme = _open(theme)
    _free_title(theme.review, title, theme)
    theme.evidence.filter(placed_by=None).update(placed_by=by, placed_at=at)
    values = {"title": title, "findings": findings, "state": State.WRITTEN}
    return write(theme, "scrutiny.theme_written", values, by=by, at=at)


@transaction.atomic
def new_theme(*, review: Review, title: str, by: User, at: datetime) -> Theme:
    """Begin a theme by hand. Raises PermissionDenied or ScrutinyRefused."""
    _may_work_on(by, review)
    _one_at_a_time(review)
    _free_title(review, title)
    theme = Theme(review=review, order=_last(review) + 1)
    values = {"title": title, "state": State.WRITTEN}
    return write(theme, "scrutiny.theme_written", values, by=by, at=at)


def _free_title(review: Review, title: str, theme: Theme | None = None) -> None:
    if not title.strip():
        raise ScrutinyRefused("Give the theme a name.", "title")
    others = review.themes.filter(title__iexact=title.strip())
    if theme is not None:
        others = others.exclude(pk=theme.pk)
    if others.exists():
        raise ScrutinyRefused(
            "There is a theme of this name already. Choose another name.", "title"
        )


@transaction.atomic
def merge_themes(*, theme: Theme, into: Theme, by: User, at: datetime) -> Theme:
    """Put a theme's evidence into another, and take the first away.

    Raises PermissionDenied or ScrutinyRefused.
    """
    _may_work_on(by, theme.review)
    theme, into = _open(theme), _open(into)
    if theme.pk == into.pk or theme.review_id != into.review_id:
        raise ScrutinyRefused("Choose another theme of this review.", "into")
    if theme.recommendations.exists():
        raise ScrutinyRefused(
            "A recommendation rests on this theme. Put the other one into this one instead."
        )
    theme.evidence.update(theme=into, placed_by=by, placed_at=at)
    into.evidence.filter(placed_by=None).update(placed_by=by, placed_at=at)
    findings = "\n\n".join(words for words in (into.findings, theme.findings) if words)
    values = {"findings": findings, "state": State.WRITTEN}
    title = theme.title
    theme.delete()
    into = write(into, "scrutiny.theme_written", values, by=by, at=at)
    record("scrutiny.themes_merged", subject=into, by=by, at=at, before={"theme": title},
           after={"theme": into.title})  # fmt: skip
    return into


@transaction.atomic
def move_evidence(
    *, evidence: Iterable[Evidence], theme: Theme | None, by: User, at: datetime
) -> int:
    """Put evidence into a theme, or with none leave it out. From now on it lies where this person put it.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_visit(by).or_raise()
    chosen = list(evidence)
    if not chosen:
        raise ScrutinyRefused("Tick at least one sentence.", "evidence")
    for review in {one.review for one in chosen}:
        _may_work_on(by, review)
    if theme is not None:
        theme = _open(theme)
        if any(one.review_id != theme.review_id for one in chosen):
            raise ScrutinyRefused("That is evidence of another review.", "evidence")
        if theme.state == State.PROPOSED:
            write(theme, "scrutiny.theme_written", {"state": State.WRITTEN}, by=by, at=at)
    for one in chosen:
        if one.theme is not None:
            _open(one.theme)
        one.theme, one.placed_by, one.placed_at = theme, by, at
        one.save(update_fields=["theme", "placed_by", "placed_at"])
    after = {"theme": theme.title if theme else "left out", "sentences": len(chosen)}
    record("scrutiny.evidence_placed", subject=chosen[0].review, by=by, at=at, after=after)
    return len(chosen)


@transaction.atomic
def add_evidence(*, theme: Theme, words: str, figure: str = "", by: User, at: datetime) -> Evidence:
    """Add a figure, a paper or something heard elsewhere to a theme by hand.

    Raises PermissionDenied or ScrutinyRefused.
    """
    _may_work_on(by, theme.review)
    theme = _open(theme)
    if not words.strip():
        raise ScrutinyRefused("Write what it says.", "words")
    evidence = Evidence.objects.create(
        review=theme.review,
        theme=theme,
        words=words.strip(),
        figure=figure,
        placed_by=by,
        placed_at=at,
    )
    after = {"theme": theme.title, "figure": figure}
    record("scrutiny.evidence_placed", subject=theme.review, by=by, at=at, after=after)
    return evidence


@transaction.atomic
def agree_theme(*, theme: Theme, item: Item, by: User, at: datetime) -> Theme:
    """Write down that the committee agreed a theme's findings in an item. They stay as they are then.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    theme = _open(theme)
    if not theme.findings.strip():
        raise ScrutinyRefused("Write the findings first: they are what the committee agrees.")
    if item.meeting.committee_id != theme.review.committee_id:
        raise ScrutinyRefused("That is an item of another committee.", "item")
    if item.meeting.starts_at > at:
        raise ScrutinyRefused("That meeting is to come. Findings are agreed in a meeting.", "item")
    values = {"state": State.AGREED, "item": item, "agreed_at": at}
    return write(theme, "scrutiny.theme_agreed", values, by=by, at=at)


@transaction.atomic
def open_theme_again(*, theme: Theme, by: User, at: datetime) -> Theme:
    """Take a theme in hand again that was agreed. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    theme = locked(theme)
    if theme.state != State.AGREED:
        raise ScrutinyRefused("This theme is in hand already.")
    values = {"state": State.WRITTEN, "item": None, "agreed_at": None}
    return write(theme, "scrutiny.theme_opened_again", values, by=by, at=at)


def _open(theme: Theme) -> Theme:
    theme = locked(theme)
    if theme.state == State.AGREED:
        raise ScrutinyRefused(
            f"The committee has agreed “{theme.title}”, so it stays as it is. An officer can take it in "
            "hand again."
        )
    return theme
