"""Old minutes, agendas and reports brought into the records: read, decided about by a person, written.

A file is brought in all or not at all. Bringing it in again adds only what is not there yet: what came from
it is known by its place in it (`FromFile`), and a recommendation that another paper has already, or a
meeting of the same day, is the same one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import get_default_timezone, localdate

from kith.accounts.models import User
from kith.analytics.minutes import CannotRead
from kith.analytics.minutes.apart import read_apart
from kith.analytics.minutes.formats import LARGEST
from kith.analytics.minutes.values import (
    CHANGED,
    Value,
    alike,
    plain,
    same_words,
    settled,
    values,
    waiting,
)
from kith.audit.actions import record
from kith.scrutiny.actions import minutes, practice, recommending
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.plan import keep_entry
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import (
    Attendance,
    Committee,
    Content,
    FromFile,
    Item,
    Meeting,
    Member,
    OldFile,
    PlanEntry,
    Point,
    Practice,
    Recommendation,
    Review,
    Seat,
    Theme,
)
from kith.scrutiny.permissions import may_keep

SECONDS = 60.0  # for which a file is read
NEW, WORDS = "new", "words"  # of a person: a new member; or only in the words of the minutes
NOT_SAID = "Not said in the minutes"
State = Meeting.State
# What the reader calls a sentence, and what it is in the records; whatever else it is, somebody said it.
KINDS = {
    "question": Point.Kind.QUESTION,
    "response": Point.Kind.RESPONSE,
    "presentation": Point.Kind.PRESENTATION,
    "case_study": Point.Kind.PRESENTATION,
    "update": Point.Kind.PRESENTATION,
    "concern": Point.Kind.CONCERN,
    "commendation": Point.Kind.COMMENDATION,
    "matter_arising": Point.Kind.MATTER_ARISING,
    "request": Point.Kind.REQUEST,
    "suggestion": Point.Kind.REQUEST,
    "decision": Point.Kind.RESOLUTION,
    "recommendation": Point.Kind.RECOMMENDATION,
    **dict.fromkeys(
        ["apologies", "declaration", "attendance", "vote", "noted", "theme", "lead_in"],
        Point.Kind.NOTE,
    ),
}
ITEMS = (
    (Item.Kind.APOLOGIES, ("apolog", "substitut")),
    (Item.Kind.DECLARATIONS, ("declaration", "interests")),
    (Item.Kind.WHIP, ("party whip",)),
    (Item.Kind.ACTIONS, ("matters arising", "action list")),
    (Item.Kind.MINUTES, ("minutes",)),
    (Item.Kind.QUESTIONS, ("questions from", "petitions", "public address", "speaking to")),
    (Item.Kind.PLAN, ("forward plan", "work programme")),
    (Item.Kind.UPDATE, ("update",)),
    (Item.Kind.OTHER, ("other business", "urgent business")),
)
THERE = {
    "apologies": Attendance.State.APOLOGIES,
    "absent": Attendance.State.ABSENT,
    "present": Attendance.State.PRESENT,
    "present_spoke": Attendance.State.PRESENT,
    "substitute": Attendance.State.PRESENT,
}


@dataclass(frozen=True)
class Brought:
    """What bringing a file in did."""

    meeting: Meeting | None
    review: Review | None
    added: int  # things that are new in the records
    same: int  # recommendations that another paper had already


def read_file(
    *, committee: Committee, name: str, held: bytes, by: User, at: datetime
) -> tuple[OldFile, bool]:
    """Read a file and keep it with what it says, for a person to look through; and say whether it is new.

    A file that was read before is read again: what was decided about it stays. Nothing of it is in the
    records yet. Raises PermissionDenied, or ScrutinyRefused with what to do about a file that says nothing.
    """
    may_keep(by).or_raise()
    if len(held) > LARGEST:
        raise ScrutinyRefused(
            f"{name} has {len(held) / 1e6:.0f} MB, and at most {LARGEST / 1e6:.0f} MB are read. Send the "
            "minutes by themselves, without the papers.",
            "documents",
        )
    try:
        read = read_apart(held, name, seconds=SECONDS)
    except CannotRead as problem:
        raise ScrutinyRefused(str(problem), "documents") from problem
    with transaction.atomic():
        sha = hashlib.sha256(held).hexdigest()
        Content.objects.bulk_create(
            [Content(sha=sha, held=held, size=len(held), mime="application/octet-stream")],
            ignore_conflicts=True,
        )
        known = OldFile.objects.filter(committee=committee, content=sha).first()
        file = known or OldFile(committee=committee, content_id=sha, read_by=by)
        lines = {str(number): text for number, text in read.lines.items()}
        file.name, file.found, file.lines = name[:200], read.found, lines
        file.kind, file.read_at = read.found["doc_type"], at
        file.save()
        if known is None:
            record("scrutiny.old_file_read", subject=file, by=by, at=at, after={"name": file.name})
    return file, known is None


@transaction.atomic
def forget_file(*, file: OldFile, by: User, at: datetime) -> None:
    """Take away a file of which nothing is in the records. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    file = locked(file)
    if file.brought.exists():
        raise ScrutinyRefused("This file is in the records: it stays, as what they rest on.")
    record("scrutiny.old_file_removed", subject=file, by=by, at=at, before={"name": file.name})
    file.delete()


def all_values(file: OldFile) -> list[Value]:
    """Return what a file says, and what a person is asked: also of whom its names tell, where no member,
    or more than one, bears a name."""
    made = values(file.found)
    members = {one.pk: str(one) for one in _members_of(file.committee)}
    found = {one["key"]: one for one in file.found.get("people", ())}
    asked = []
    kept = _recommendations_of(file.committee)
    brought = set(file.brought.values_list("place", flat=True))
    for value in made:
        if value.about == "recommendations" and value.place not in brought:
            asked.append(_maybe_another(value, kept))
            continue
        person = found.get(value.place.removeprefix("people/"))
        if value.about != "people" or person is None or not _sits(person):
            asked.append(value)
            continue
        sure = _sure(person, file.committee, file.found.get("date"))
        if sure and not value.asks:
            asked.append(value)
            continue
        likely = [pk for pk, name in members.items() if _last(name) == _last(person["name"])]
        choices = [
            *((f"member {pk}", f"This is {members[pk]}") for pk in likely),
            (NEW, "Somebody of that time: keep the name, without a seat today"),
            (WORDS, "Keep the name in the words of the minutes alone"),
        ]
        why = f"Who is {value.words}?"
        asks = value.asks or (why,)
        asked.append(Value(value.place, value.about, value.words, value.line, asks, tuple(choices)))
    return asked


def _recommendations_of(committee: Committee) -> list[Recommendation]:
    gone = (Recommendation.State.DROPPED, Recommendation.State.MERGED)
    return list(Recommendation.objects.filter(committee=committee).exclude(state__in=gone))


def _maybe_another(value: Value, kept: list[Recommendation]) -> Value:
    """Ask about a recommendation whose words are nearly those of one in the records."""
    if any(same_words(one.words, value.words) for one in kept):
        return value
    near = [one for one in kept if alike(one.words, value.words)]
    if not near:
        return value
    choices = [(f"same {one.pk}", f"It is R{one.number}: “{one.words}”") for one in near]
    why = "Its words are nearly those of a recommendation in the records. Is it the same?"
    another = ("right", "It is another one")
    return replace(value, asks=(*value.asks, why), choices=(*choices, another))


def _sits(person: Mapping[str, Any]) -> bool:
    """Say whether somebody may be a member: of officers and the public no attendance is kept."""
    return person["kind"] in ("councillor", "unknown") and not person["post"]


def _members_of(committee: Committee) -> list[Member]:
    return list(Member.objects.filter(seats__committee=committee).distinct().order_by("name"))


def _last(name: str) -> str:
    return name.split()[-1].casefold() if name.split() else ""


def _sure(person: Mapping[str, Any], committee: Committee, on: str | None) -> Member | None:
    """Return the one member of exactly this name who had a seat on that day."""
    seats = Seat.objects.filter(committee=committee, member__name__iexact=person["name"])
    held = {
        seat.member_id: seat.member
        for seat in seats.select_related("member")
        if on and seat.since <= date.fromisoformat(on)
        and (seat.until is None or date.fromisoformat(on) < seat.until)
    }  # fmt: skip
    return next(iter(held.values())) if len(held) == 1 else None


@transaction.atomic
def decide(
    *, file: OldFile, decided: Mapping[str, Mapping[str, str]], by: User, at: datetime
) -> OldFile:
    """Keep what a person decided about values of a file, by their places.

    Raises PermissionDenied, or ScrutinyRefused with the place as its field.
    """
    may_keep(by).or_raise()
    file = locked(file)
    known = {one.place: one for one in all_values(file)}
    kept = dict(file.decided)
    for place, told in decided.items():
        value = known.get(place)
        if value is None or told["said"] not in dict(value.choices):
            raise ScrutinyRefused("Choose one of the answers.", place)
        words = " ".join(told.get("words", "").split())
        if told["said"] == CHANGED:
            words = _as_written(place, words)
        kept[place] = {"said": told["said"], "words": words}
    write(file, "scrutiny.old_file_decided", {"decided": kept}, by=by, at=at)
    return file


def _as_written(place: str, words: str) -> str:
    """Return what was entered as the records have it: days and times in figures. Raises ScrutinyRefused."""
    if place == "date":
        for form in ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y"):
            try:
                return datetime.strptime(words, form).date().isoformat()
            except ValueError:
                continue
        raise ScrutinyRefused("Enter a day, such as 26 September 2012.", place)
    if place.endswith("_time"):
        for form in ("%H:%M", "%H.%M", "%I.%M %p", "%I:%M %p", "%I %p", "%I%p", "%I.%M%p"):
            try:
                return datetime.strptime(words.replace("noon", "pm"), form).strftime("%H:%M")
            except ValueError:
                continue
        raise ScrutinyRefused("Enter a time, such as 10:00 or 2.30 pm.", place)
    if not words:
        raise ScrutinyRefused("Enter what it should be.", place)
    return words


@transaction.atomic
def bring_in(*, file: OldFile, by: User, at: datetime) -> Brought:
    """Write what a file says into the records, all of it or nothing; what is there already stays.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    committee = locked(file.committee)
    file = locked(file)
    left = waiting(all_values(file), file.decided)
    if left:
        many = "One thing is" if len(left) == 1 else f"{len(left)} things are"
        raise ScrutinyRefused(f"{many} still to be decided. Answer each question first.")
    writer = _Writer(file, committee, settled(file.found, file.decided), by, at)
    if file.kind == OldFile.Kind.REPORT:
        writer.report()
    else:
        writer.meeting()
    values = {"meeting": writer.met, "review": writer.review, "brought_at": file.brought_at or at}
    write(file, "scrutiny.old_file_brought_in", values, by=by, at=at)
    return Brought(writer.met, writer.review, writer.added, writer.same)


class _Writer:
    """One file on its way into the records: what is there, and what was added."""

    def __init__(
        self, file: OldFile, committee: Committee, told: dict[str, Any], by: User, at: datetime
    ) -> None:
        self.file, self.committee, self.told = file, committee, told
        self.said: dict[str, Any] = {"by": by, "at": at}
        self.there = {one.place: one for one in file.brought.all()}
        self.met: Meeting | None = file.meeting
        self.review: Review | None = file.review
        self.added = self.same = 0

    def keep(self, place: str, words: str = "", line: int | None = None, **became: Any) -> None:
        """Note where something came from, once."""
        if place not in self.there:
            self.there[place] = FromFile.objects.create(
                file=self.file, place=place, words=words, line=line, **became
            )
            self.added += 1

    # Minutes and agendas

    def meeting(self) -> None:
        """Write a meeting, who was there, its items, what was minuted, and what was asked for."""
        on = date.fromisoformat(self.told["date"])
        minuted = self.file.kind == OldFile.Kind.MINUTES
        if minuted and on > localdate(self.said["at"]):
            raise ScrutinyRefused(
                f"These are minutes of {on:%d %B %Y}, which is still to come. Correct the day.",
                "date",
            )
        met = self.met = self._met(on, minuted)
        # Minutes from elsewhere are not written over, nor filled up: what this file says besides is shown to
        # a person. Of what it says, only what it recommends is one with what other papers recommend.
        elsewhere = Point.objects.filter(item__meeting=met).exclude(from_files__file=self.file)
        done = met.minutes in (Meeting.Minutes.CLEARED, Meeting.Minutes.CONFIRMED)
        own = not done and not elsewhere.exists()
        if minuted and own:
            self._ended(met, on)
            self._who_was_there(met)
        for item in self.told["items"]:
            row = self._item(met, item, make=own)
            if minuted and row and own:
                self._points(row, item)
        if not minuted:
            return
        for one in self.told["recommendations"]:
            self._recommendation(one, item=self._item_of(one["line"]))
        if own:
            self._asked_for()
            if met.minutes == Meeting.Minutes.NONE and self._is_minuted(met):
                self.met = met = minutes.call_draft(meeting=met, **self.said)
            self._earlier_minutes(met)
        self._reports_of(met, on)

    @staticmethod
    def _is_minuted(met: Meeting) -> bool:
        return Point.objects.filter(item__meeting=met).exists()

    def _met(self, on: date, minuted: bool) -> Meeting:
        zone = get_default_timezone()
        day = datetime.combine(on, time(), zone)
        held = Meeting.objects.filter(
            committee=self.committee, starts_at__gte=day, starts_at__lt=day + timedelta(days=1)
        ).exclude(state=State.CANCELLED)
        began = datetime.combine(on, time.fromisoformat(self.told["start_time"]), zone)
        known = list(held)
        met = next((one for one in known if one.starts_at == began), None)
        if met is None and len(known) == 1:
            met = known[0]
        if met is None:
            over = minuted or on < localdate(self.said["at"])
            met = Meeting(committee=self.committee, state=State.HELD if over else State.PLANNED)
            values = {"starts_at": began, "place": (self.told.get("venue") or NOT_SAID)[:200]}
            write(met, "scrutiny.meeting_planned", values, **self.said)
            self.added += 1
        return locked(met)

    def _ended(self, met: Meeting, on: date) -> None:
        values: dict[str, Any] = {}
        if met.state == State.PLANNED:
            met.state = State.CALLED  # its notice was given by others, before the records began
            met.save(update_fields=["state"])
        if met.state == State.CALLED:
            values["state"] = State.HELD
        if met.began_at is None:
            values["began_at"] = met.starts_at
        if met.finished_at is None and self.told.get("finish_time"):
            end = datetime.combine(
                on, time.fromisoformat(self.told["finish_time"]), get_default_timezone()
            )
            # Past midnight is the next day.
            values["finished_at"] = end if end > met.starts_at else end + timedelta(days=1)
        chair = next((one for one in self.told["people"] if one["key"] == self.told["chair"]), None)
        if chair and not met.taken_by:
            values["taken_by"] = _called(chair)[:150]
        if met.place == NOT_SAID and self.told.get("venue"):
            values["place"] = self.told["venue"][:200]
        if values:
            write(met, "scrutiny.meeting_ended", values, **self.said)

    def _who_was_there(self, met: Meeting) -> None:
        self.members: dict[str, Member] = {}
        for person in self.told["people"]:
            member = self._member(person)
            if member:
                self.members[person["key"]] = member
        stood_in = {
            one["substitute"]: self.members.get(one["for"]) for one in self.told["substitutes"]
        }
        for person in self.told["people"]:
            found = self.members.get(person["key"])
            place = f"people/{person['key']}"
            state = THERE.get(person["presence"])
            if found is None or state is None or place in self.there:
                continue
            before = met.attendances.filter(member=found).first()
            if before is None:
                values = {"state": state, "instead_of": stood_in.get(person["key"])}
                before = Attendance(meeting=met, member=found)
                write(before, "scrutiny.meeting_attendance", values, **self.said)
            self.keep(place, person["name"], min(person["lines"], default=None), attendance=before)

    def _member(self, person: dict[str, Any]) -> Member | None:
        if not _sits(person):
            return None
        said = self.file.decided.get(f"people/{person['key']}", {}).get("said", "")
        if said.startswith("member "):
            return Member.objects.get(pk=int(said.removeprefix("member ")))
        if said == NEW:
            known = Member.objects.filter(name__iexact=person["name"], seats__isnull=True).first()
            honorific = person["honorific"] or ""
            values = {
                "name": person["name"],
                "called": "Cllr" if person["kind"] == "councillor" else honorific,
                "councillor": person["kind"] == "councillor",
            }
            return known or write(Member(), "scrutiny.member_added", values, **self.said)
        if said == WORDS:
            return None
        return _sure(person, self.committee, self.told["date"])

    def _item(self, met: Meeting, item: dict[str, Any], *, make: bool) -> Item | None:
        """Return the row of an item: the one that is there under its number or title, or a new one; None
        where it is not there and not to be made."""
        place, title = f"items/{item['seq']}", (item["title"] or "").strip()[:200]
        if place in self.there:
            return self.there[place].item
        # Two items of one name in one file are two.
        mine = {one.item_id for one in self.there.values()}
        items = [one for one in met.items.all() if one.pk not in mine]
        number = (item["number"] or "").strip()[:20]
        same = [one for one in items if number and one.number == number]
        same = same or [one for one in items if plain(one.title) == plain(title) and not one.number]
        row = same[0] if same else None
        if row is None and not make:
            return None
        if row is None:
            last = met.items.aggregate(last=Max("order"))["last"] or 0
            row = Item(meeting=met, order=last + 1)
            values = {
                "number": number,
                "title": title,
                "kind": _kind_of(title),
                "words": "\n\n".join(item["agenda_text"]),
            }
            write(row, "scrutiny.item_added", values, **self.said)
            for key in item["presenters"]:
                self._invite(row, key)
        self.keep(place, title, item["lines"][0] if item["lines"] else None, item=row)
        return row

    def _invite(self, row: Item, key: str) -> None:
        person = next((one for one in self.told["people"] if one["key"] == key), None)
        if person and person["post"]:
            came = "asked" if person["presence"] == "invited_only" else "attended"
            row.invited.create(name=person["name"], post=person["post"][:200], came=came)

    def _points(self, row: Item, item: dict[str, Any]) -> None:
        people = {one["key"]: one for one in self.told["people"]}
        asked: dict[str, Point] = {}
        for point in item["minuted"]:
            if point["place"] in self.there:
                continue
            words = "\n".join(
                [point["text"], *(f"{n}. {one}" for n, one in enumerate(point.get("list", ()), 1))]
            )
            person = people.get(point["speaker"] or "")
            last = row.points.aggregate(last=Max("order"))["last"] or 0
            values = {
                "kind": KINDS.get(point["kind"], Point.Kind.STATEMENT),
                "words": words,
                "speaker": _called(person) if person else "",
                "member": self.members.get(person["key"]) if person else None,
                "answers": asked.get(point.get("replies_to", "")),
            }
            made = Point(item=row, order=last + 1)
            write(made, "scrutiny.minutes_written", values, **self.said)
            if point.get("id"):
                asked[point["id"]] = made
            self.keep(point["place"], point["text"], point["line"], point=made)

    def _item_of(self, line: int | None) -> Item | None:
        """Return the item under which a line stands, if it is in the records."""
        found = None
        for item in self.told["items"]:
            if item["lines"] and (line is None or item["lines"][0] <= line):
                found = self.there.get(f"items/{item['seq']}")
        return found.item if found else None

    def _asked_for(self) -> None:
        for one in self.told["actions"]:
            place = f"actions/{one['id']}"
            if place in self.there or not one["open"]:
                continue
            of = next(
                (row.point for row in self.there.values()
                 if row.point and row.line == one["line"] and plain(row.words) == plain(one["text"])),
                None,
            )  # fmt: skip
            subject = str(one.get("subject") or one["text"])
            details = {
                "title": f"{subject[:1].upper()}{subject[1:]}"[:200],
                "why": one["text"],
                "kind": PlanEntry.Kind.REQUEST
                if "report" in one["kind"]
                else PlanEntry.Kind.ACTION,
                "state": PlanEntry.State.SUGGESTED,
                "owner": one.get("owner") or "",
                "due_month": _month_of(one.get("due")),
            }
            made = keep_entry(committee=self.committee, details=details, point=of, **self.said)
            self.keep(place, one["text"], one["line"], entry=made)

    def _earlier_minutes(self, met: Meeting) -> None:
        """Confirm the minutes that this meeting approved, where they were brought in as well; what it
        corrected in them stands beside them."""
        told = self.told.get("previous_minutes")
        if not told or "previous" in self.there:
            return
        before = Meeting.objects.filter(
            committee=self.committee, starts_at__lt=met.starts_at, state=State.HELD
        ).order_by("-starts_at")
        if told["of"]:
            day = date.fromisoformat(told["of"])
            before = before.filter(starts_at__date=day)
        earlier = before.first()
        if earlier is None or earlier.minutes == Meeting.Minutes.CONFIRMED:
            return
        if not earlier.old_files.exists():
            return  # written here: an officer confirms them
        if earlier.minutes == Meeting.Minutes.DRAFT:
            minutes.clear(meeting=earlier, cleared_by="", **self.said)
        minutes.confirm(meeting=earlier, at_meeting=met, **self.said)
        words = correction_in(told["text"])
        made = (
            minutes.correct(meeting=earlier, made_at=met, words=words, **self.said)
            if words
            else None
        )
        self.keep("previous", told["text"], told["line"], correction=made)

    def _reports_of(self, met: Meeting, on: date) -> None:
        """Let this meeting agree what reports that were brought in before say that it discussed."""
        for file in self.committee.old_files.filter(
            kind=OldFile.Kind.REPORT,
            brought_at__isnull=False,
            found__meeting_discussed=on.isoformat(),
        ):
            writer = _Writer(file, self.committee, settled(file.found, file.decided), **self.said)
            writer.report()
            OldFile.objects.filter(pk=file.pk).update(meeting=met)

    # Recommendations, wherever they stand

    def _recommendation(
        self, one: dict[str, Any], *, item: Item | None, review: Review | None = None,
        theme: Theme | None = None,
    ) -> None:  # fmt: skip
        """Write a recommendation: the one that another paper has in the same words, or a new one."""
        place = f"recommendations/{one['id']}"
        seen = self.there.get(place)
        known = seen.recommendation if seen else self._known(place, one["text"])
        if known is None and seen:
            return  # it was taken away since, and stays away
        if known is None:
            details = {"words": one["text"], "kind": one["kind"]}
            known = recommending.draft(
                committee=self.committee, details=details, parts=one.get("parts", ()), review=review,
                theme=theme, **self.said,
            )  # fmt: skip
        elif seen is None:
            self.same += 1
            self._into_review(known, review, theme)
        if known.state == Recommendation.State.DRAFTED and item is not None:
            known = recommending.agree(recommendation=known, item=item, **self.said)
        if seen is None:
            origin = {"words": one["text"], "file": self.file.name, "line": one["line"]}
            recommending.note_origin(recommendation=known, **origin, **self.said)
            self.keep(place, one["text"], one["line"], recommendation=known)

    def _known(self, place: str, words: str) -> Recommendation | None:
        said = self.file.decided.get(place, {}).get("said", "")
        return next(
            (one for one in _recommendations_of(self.committee)
             if said == f"same {one.pk}" or same_words(one.words, words)),
            None,
        )  # fmt: skip

    def _into_review(
        self, known: Recommendation, review: Review | None, theme: Theme | None
    ) -> None:
        if review is None or known.review_id is not None:
            return
        last = review.recommendations.aggregate(last=Max("number"))["last"] or 0
        values = {"review": review, "theme": theme, "number": last + 1}
        write(known, "scrutiny.recommendation_changed", values, **self.said)

    # Reports

    def report(self) -> None:
        """Write a review with its themes, recommendations and exemplar practice; they are agreed in the
        meeting that discussed it, once that meeting is in the records."""
        title = (self.told["title"] or self.file.name)[:200]
        item = self._discussed(title)
        review = (
            self.review
            or Review.objects.filter(committee=self.committee, title__iexact=title).first()
        )
        if review is None:
            began = self.told["meeting_discussed"] or self.told["date"] or ""
            values = {
                "title": title,
                "introduction": "\n\n".join(self.told["introduction"]),
                "state": Review.State.REPORTED,
                "item": item,
                "began_on": _month_of(began) or localdate(self.said["at"]),
            }
            review = Review(committee=self.committee)
            write(review, "scrutiny.review_begun", values, **self.said)
            self.added += 1
        elif review.item is None and item:
            write(review, "scrutiny.review_changed", {"item": item}, **self.said)
        self.review, self.met = review, item.meeting if item else self.met
        wanted = {one["id"]: one for one in self.told["recommendations"]}
        for number, told in enumerate(self.told["themes"]):
            theme = self._theme(review, number, told, item)
            for key in told["recommendations"]:
                if key in wanted:
                    self._recommendation(wanted.pop(key), item=item, review=review, theme=theme)
        for one in wanted.values():
            self._recommendation(one, item=item, review=review)
        for one in self.told.get("exemplar_practice", ()):
            self._practice(review, one)

    def _discussed(self, title: str) -> Item | None:
        """Return the item of the meeting that discussed a report: the one of the likest title."""
        on = self.told.get("meeting_discussed")
        if not on:
            return None
        items = Item.objects.filter(
            meeting__committee=self.committee, meeting__starts_at__date=date.fromisoformat(on)
        ).exclude(meeting__state__in=[State.PLANNED, State.CANCELLED])
        words = set(plain(title).split())
        ranked = sorted(items, key=lambda one: -len(words & set(plain(one.title).split())))
        return ranked[0] if ranked and words & set(plain(ranked[0].title).split()) else None

    def _theme(
        self, review: Review, number: int, told: dict[str, Any], item: Item | None
    ) -> Theme | None:
        place = f"themes/{number}"
        if place in self.there:
            theme = self.there[place].theme
            if theme and item and theme.item is None and theme.state == Theme.State.WRITTEN:
                write(theme, "scrutiny.theme_agreed", _agreed_in(item), **self.said)
            return theme
        theme = review.themes.filter(title__iexact=told["title"]).first()
        if theme is None:
            theme = Theme(review=review, order=number + 1)
            values = {
                "title": told["title"][:150],
                "findings": "\n\n".join(one["text"] for one in told["findings"]),
                **(_agreed_in(item) if item else {"state": Theme.State.WRITTEN}),
            }
            write(theme, "scrutiny.theme_written", values, **self.said)
        self.keep(place, told["title"], told["line"], theme=theme)
        return theme

    def _practice(self, review: Review, one: dict[str, Any]) -> None:
        place = f"practice/{one['id']}"
        if place in self.there:
            return
        # The library is one for all: what works somewhere stands in it once.
        title = one["text"].rstrip(".")[:150]
        made = Practice.objects.filter(title__iexact=title).first()
        made = made or practice.keep_practice(
            details={
                "title": title,
                "what": one["text"],
                "where": "The report does not say in which hub",
            },
            review=review,
            **self.said,
        )
        self.keep(place, one["text"], one["line"], practice=made)


def _agreed_in(item: Item) -> dict[str, Any]:
    return {"state": Theme.State.AGREED, "item": item, "agreed_at": item.meeting.starts_at}


def _kind_of(title: str) -> str:
    words = title.casefold()
    return next(
        (kind for kind, said in ITEMS if any(one in words for one in said)), Item.Kind.TOPIC
    )


def _called(person: Mapping[str, Any]) -> str:
    name = " ".join(filter(None, (person["honorific"], person["name"])))
    return (f"{name}, {person['post']}" if person["post"] else name)[:200]


def _month_of(due: str | None) -> date | None:
    """Return the first day of a month that is told as "2012-11 meeting" or "2012-11-07"."""
    try:
        return date(int((due or "")[:4]), int((due or "")[5:7]), 1)
    except ValueError:
        return None


def correction_in(text: str) -> str:
    """Return what a sentence says was corrected in earlier minutes, in its own words; "" where nothing."""
    for mark in (
        "subject to",
        "with the following",
        "with an amendment",
        "with a correction",
        "as amended",
    ):
        at = text.lower().find(mark)
        if at >= 0:
            return text[at:].strip()
    return ""
