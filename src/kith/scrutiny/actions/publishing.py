"""Publishing: the only way by which anything of a committee becomes public.

What may be read by everybody is gathered by `content.py` and copied into `Published`; each agenda,
supplement and set of minutes is kept as an edition, for ever. Public pages read nothing else.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.analytics.clear_days import any_day, clear_days, municipal_year
from kith.audit.actions import record
from kith.hubs.calendar import closed_days, is_working_day
from kith.jobs.actions import soon
from kith.scrutiny import content
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import (
    Committee,
    Content,
    Edition,
    KeyDecision,
    Meeting,
    Paper,
    PlanEntry,
    Published,
)
from kith.scrutiny.packs import make_pack
from kith.scrutiny.permissions import may_keep
from kith.ui.queries import county_look

State, Kind = Meeting.State, Published.Kind
MAKE_PACK = "scrutiny.make_pack"
# A text that is searched may be so long: PostgreSQL keeps no more than a megabyte of different words.
MOST_SEARCHED = 400_000


def counting(committee: Committee) -> Callable[[date], bool]:
    """Return which days count as clear for a committee: working days, or all."""
    if not committee.working_days:
        return any_day
    closed = closed_days()
    return lambda day: is_working_day(day, closed=closed)


@transaction.atomic
def announce(*, meeting: Meeting, by: User, at: datetime) -> Published:
    """Put a meeting in the public calendar, without its agenda. Raises PermissionDenied."""
    may_keep(by).or_raise()
    meeting = locked(meeting)
    if not meeting.public_at:
        write(meeting, "scrutiny.meeting_announced", {"public_at": at}, by=by, at=at)
    return show_meeting(meeting, at=at)


@transaction.atomic
def publish_agenda(
    *, meeting: Meeting, short_notice: str = "", because: str = "", by: User, at: datetime
) -> Edition:
    """Publish an agenda with its papers; or, where it is published, a supplement with what is new.

    Items are numbered in the council's style. With fewer clear days than the committee's notice
    asks for, `short_notice` says why. Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    committee = Committee.objects.select_for_update().get(pk=meeting.committee_id)
    meeting = locked(meeting)
    if meeting.state in (State.CANCELLED, State.HELD):
        raise ScrutinyRefused(f"The meeting was {meeting.get_state_display().lower()}.")
    if not meeting.items.exists():
        raise ScrutinyRefused("There is nothing on the agenda. Add an item.")
    today, on = localdate(at), localdate(meeting.starts_at)
    if on < today:
        raise ScrutinyRefused("The day of the meeting is over. Move the meeting first.")
    given = clear_days(today, on, counting(committee))
    first = meeting.state == State.PLANNED
    if first and given < committee.notice_days and not short_notice.strip():
        kind = "clear working days" if committee.working_days else "clear days"
        raise ScrutinyRefused(
            f"That gives {given} {kind}, and the law asks for {committee.notice_days}. Say why the "
            "meeting is called at shorter notice, or move it.",
            "short_notice",
        )
    if not first:
        _late_says_why(meeting, given < committee.notice_days)
    _number_items(committee, meeting)
    values: dict[str, Any] = {"state": State.CALLED, "public_at": meeting.public_at or at}
    if first:
        values["short_notice"] = short_notice
    write(
        meeting,
        "scrutiny.agenda_published" if first else "scrutiny.agenda_supplement",
        values,
        by=by,
        at=at,
    )
    Paper.objects.filter(item__meeting=meeting, public_at__isnull=True).update(public_at=at)
    notice = {
        "on": today.isoformat(),
        "clear_days": given,
        "asked": committee.notice_days,
        "working_days": committee.working_days,
        "short_notice": meeting.short_notice,
    }
    shown = show_meeting(meeting, agenda=content.agenda_of(meeting, notice=notice), at=at)
    called = Edition.objects.filter(of=shown, kind=Edition.Kind.AGENDA).exists()
    kind = Edition.Kind.SUPPLEMENT if called and not first else Edition.Kind.AGENDA
    return keep_edition(shown, kind, because=because, clear=given, by=by, at=at)


def _late_says_why(meeting: Meeting, late: bool) -> None:
    """Refuse what comes too late for the notice without the circumstances that make it urgent."""
    if not late:
        return
    # New are papers that were never published, and files of those that were to follow.
    came = Published.objects.filter(above__above=meeting.uid, kind=Kind.FILE, sha="")
    new = Q(public_at__isnull=True) | Q(content__isnull=False, uid__in=came.values("pk"))
    papers = Paper.objects.filter(new, item__meeting=meeting, to_follow=False, late_because="")
    for paper in papers.filter(withdrawn_because=""):
        raise ScrutinyRefused(
            f"“{paper}” comes with fewer clear days than the law asks for. Say under the paper why it "
            "is urgent."
        )


def _number_items(committee: Committee, meeting: Meeting) -> None:
    """Give a number to each item without one, in the committee's style."""
    year = municipal_year(localdate(meeting.starts_at), committee.year_begins)
    if committee.numbers == Committee.Numbers.YEAR and committee.numbers_year not in (None, year):
        committee.next_number = 1
    committee.numbers_year = year
    taken = set(meeting.items.exclude(number="").values_list("number", flat=True))
    here = 0
    for item in meeting.items.filter(number=""):
        number = ""
        while not number or number in taken:
            if committee.numbers == Committee.Numbers.MEETING:
                here += 1
                number = str(here)
            else:
                number = str(committee.next_number)
                if committee.numbers == Committee.Numbers.YEAR:
                    number = f"{number}/{year % 100:02}"
                committee.next_number += 1
        taken.add(number)
        item.number = number
        item.save(update_fields=["number"])
    committee.save(update_fields=["next_number", "numbers_year"])


@transaction.atomic
def publish_minutes(*, meeting: Meeting, because: str = "", by: User, at: datetime) -> Edition:
    """Publish minutes as they are: a draft that the chair has cleared, or the confirmed record.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting = locked(meeting)
    if meeting.minutes not in (Meeting.Minutes.CLEARED, Meeting.Minutes.CONFIRMED):
        raise ScrutinyRefused("The chair clears the minutes before anybody else reads them.")
    # Minutes that were brought in: their agenda was published by others, before the records began.
    known = Published.objects.filter(pk=meeting.uid, content__has_key="agenda").exists()
    agenda = None if known else content.agenda_of(meeting, notice={"on": None, "short_notice": ""})
    shown = show_meeting(meeting, agenda=agenda, minutes=content.minutes_of(meeting), at=at)
    confirmed = meeting.minutes == Meeting.Minutes.CONFIRMED
    record(
        "scrutiny.minutes_published", subject=meeting, by=by, at=at, after={"confirmed": confirmed}
    )
    kind = Edition.Kind.MINUTES if confirmed else Edition.Kind.DRAFT_MINUTES
    return keep_edition(shown, kind, because=because, by=by, at=at)


@transaction.atomic
def show_change(*, meeting: Meeting, by: User, at: datetime) -> Published | None:
    """Tell the public at once that a meeting was moved, cancelled or is somewhere else, where its day
    is public. Its agenda, if it was published, stays as it was. Raises PermissionDenied."""
    may_keep(by).or_raise()
    meeting.refresh_from_db()
    return show_meeting(meeting, at=at) if meeting.public_at else None


def show_meeting(
    meeting: Meeting,
    *,
    agenda: content.Content | None = None,
    minutes: content.Content | None = None,
    at: datetime,
) -> Published:
    """Copy what is public of a meeting; what is not given stays as it was published."""
    before = Published.objects.filter(pk=meeting.uid).first()
    kept = before.content if before else {}
    told = {"meeting": content.meeting_of(meeting)}
    agenda, minutes = agenda or kept.get("agenda"), minutes or kept.get("minutes")
    told |= {"agenda": agenda} if agenda else {}
    told |= {"minutes": minutes} if minutes else {}
    committee = meeting.committee
    shown = put(
        meeting.uid,
        Kind.MEETING,
        name=f"{committee.name}, {localdate(meeting.starts_at):%d %B %Y}",
        committee=committee,
        day=localdate(meeting.starts_at),
        told=told,
        words=" ".join([meeting.place, *(told["meeting"]["together_with"])]),
        at=at,
    )
    if agenda:
        _show_items(shown, agenda, minutes or {}, at)
        # The pack that was made holds what was published before: it is gone until it is made anew.
        if before and before.sha:
            Content.objects.filter(sha=before.sha).delete()
        soon(MAKE_PACK, meeting=str(shown.pk))
    return shown


def _show_items(
    meeting: Published, agenda: content.Content, minutes: content.Content, at: datetime
) -> None:
    """Copy the items of a meeting and their papers, each to be found by itself; take away the rest."""
    stay: set[UUID] = set()
    texts = _texts(meeting.pk)
    for item in agenda["items"]:
        points = minutes.get("items", {}).get(item["uid"], [])
        row = put(
            UUID(item["uid"]),
            Kind.ITEM,
            name=f"{item['number']} {item['title']}".strip(),
            above=meeting,
            order=item["order"],
            told={**item, "points": points},
            words="\n".join(
                [item["words"], *(f"{one['speaker']} {one['words']}" for one in points)]
            ),
            at=at,
        )
        stay.add(row.pk)
        for order, paper in enumerate(item["papers"], start=1):
            if not paper["public"]:
                continue
            words = texts.get(paper["uid"], "") or words_of(paper.get("sections", []))
            stay.add(
                put(
                    UUID(paper["uid"]),
                    Kind.FILE,
                    name=paper["title"],
                    above=row,
                    order=order,
                    told=paper,
                    words=words[:MOST_SEARCHED],
                    sha=paper["sha"],
                    at=at,
                ).pk
            )
    below = Published.objects.filter(gone_at__isnull=True)
    take_back(below.filter(above__above=meeting, kind=Kind.FILE).exclude(pk__in=stay), at=at)
    take_back(below.filter(above=meeting, kind=Kind.ITEM).exclude(pk__in=stay), at=at)


def _texts(meeting: UUID) -> dict[str, str]:
    found = Paper.objects.filter(item__meeting__uid=meeting, exempt=False, item__exempt=False)
    return {str(uid): text for uid, text in found.values_list("uid", "text")}


def words_of(sections: Iterable[dict[str, Any]]) -> str:
    """Return the words of a paper that wrote itself, for the search."""
    told: list[str] = []
    for section in sections:
        told += [section.get("heading", ""), *section.get("paragraphs", [])]
        told += section.get("list", [])
        table = section.get("table") or {}
        told += [" ".join(map(str, row)) for row in [table.get("head", []), *table.get("rows", [])]]
    return "\n".join(told)


def put(
    uid: UUID,
    kind: str,
    *,
    name: str,
    told: content.Content,
    words: str = "",
    committee: Committee | None = None,
    above: Published | None = None,
    order: int = 0,
    day: date | None = None,
    topics: Iterable[str] = (),
    sha: str = "",
    at: datetime,
) -> Published:
    """Publish one thing, or what changed of it. Its moment of change moves only if something did."""
    values = {
        "kind": kind,
        "name": name[:300],
        "content": told,
        "words": words,
        "committee": committee or (above.committee if above else None),
        "above": above,
        "order": order,
        "day": day or (above.day if above else None),
        "topics": list(topics),
        "sha": sha,
        "gone_at": None,
    }
    shown = Published.objects.filter(pk=uid).first()
    if shown is None:
        return Published.objects.create(uid=uid, created=at, modified=at, **values)
    changed = [field for field, value in values.items() if getattr(shown, field) != value]
    for field in changed:
        setattr(shown, field, values[field])
    if changed:
        shown.modified = at
        shown.save(update_fields=[*changed, "modified"])
    return shown


def take_back(rows: Any, *, at: datetime) -> int:
    """Take things back from the public: their place is kept, and nothing that was said there."""
    return int(
        rows.update(gone_at=at, modified=at, words="", content={}, sha="", name="", topics=[])
    )


@transaction.atomic
def keep_pack(*, meeting: UUID, at: datetime) -> Published | None:
    """Make the reports pack of a published meeting and keep it with it; None where there is nothing to
    put together, or it is made already."""
    shown = (
        Published.objects.select_for_update(of=("self",)).filter(pk=meeting, gone_at=None).first()
    )
    if shown is None or shown.sha or "agenda" not in shown.content:
        return None
    made = make_pack(shown, county_look().county_name)
    sha = hashlib.sha256(made.pdf).hexdigest()
    if not Content.objects.filter(pk=sha).exists():
        Content.objects.create(sha=sha, held=made.pdf, size=len(made.pdf), mime="application/pdf")
    shown.sha = sha
    shown.content["pack"] = {
        "size": len(made.pdf),
        "pages": made.pages,
        "left_out": list(made.left_out),
    }
    shown.save(update_fields=["sha", "content"])
    return shown


def note_private_pack(*, meeting: Meeting, by: User, at: datetime) -> None:
    """Note that somebody took the papers of a meeting with what is not for the public."""
    record("scrutiny.private_pack_made", subject=meeting, by=by, at=at)


@transaction.atomic
def publish_plan(*, committee: Committee, by: User, at: datetime) -> Published:
    """Publish the forward plan of a committee as it stands. Raises PermissionDenied."""
    may_keep(by).or_raise()
    entries = PlanEntry.objects.filter(committee=committee, public=True)
    told = content.plan_of(entries.select_related("due_meeting").order_by("pk"))
    record("scrutiny.plan_published", subject=committee, by=by, at=at)
    return put(
        uuid5(committee.uid, "forward plan"),
        Kind.PLAN,
        name=f"Forward plan of the {committee.name}",
        committee=committee,
        day=localdate(at),
        told={"entries": told},
        words="\n".join(f"{one['title']} {one['why']} {one['owner']}" for one in told),
        at=at,
    )


@transaction.atomic
def publish_decision(*, decision: KeyDecision, by: User, at: datetime) -> Published:
    """Publish a decision that the executive means to take, or took. Raises PermissionDenied."""
    may_keep(by).or_raise()
    decision = locked(decision)
    if not decision.public_at:
        write(decision, "scrutiny.key_decision_published", {"public_at": at}, by=by, at=at)
    told = content.decision_of(decision)
    return put(
        decision.uid,
        Kind.DECISION,
        name=decision.title,
        day=decision.decided_on or decision.first,
        told=told,
        words="\n".join([decision.matter, decision.maker, decision.decision]),
        at=at,
    )


@transaction.atomic
def withdraw_paper(*, paper: Paper, because: str, by: User, at: datetime) -> Paper:
    """Take a paper back that should not have been published. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    paper = locked(paper)
    if not because.strip():
        raise ScrutinyRefused("Say why it is withdrawn: the record keeps it.", "because")
    write(paper, "scrutiny.paper_withdrawn", {"withdrawn_because": because}, by=by, at=at)
    shown = Published.objects.filter(pk=paper.item.meeting.uid).first()
    if shown and "agenda" in shown.content:
        agenda = shown.content["agenda"]
        for item in agenda["items"]:
            item["papers"] = [one for one in item["papers"] if one["uid"] != str(paper.uid)]
        show_meeting(paper.item.meeting, agenda=agenda, at=at)
    return paper


def keep_edition(
    shown: Published,
    kind: str,
    *,
    because: str = "",
    clear: int | None = None,
    by: User,
    at: datetime,
) -> Edition:
    """Keep what is published now as the next edition of its kind."""
    last = Edition.objects.filter(of=shown, kind=kind).count()
    return Edition.objects.create(
        of=shown,
        kind=kind,
        number=last + 1,
        content=shown.content,
        because=because,
        clear_days=clear,
        by=by,
        at=at,
    )
