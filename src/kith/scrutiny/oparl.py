"""What was published, as OParl 1.1 (https://oparl.org): published rows become objects, and nothing else is read.

Each object has an address of its own that stays. What is exempt has no text and no file, since none was
published. What was taken back says so and keeps its address. Own properties begin with `scrutiny:`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone, localtime

from kith.analytics.oparl.types import LIST_OF, VERSION
from kith.scrutiny import published, queries
from kith.scrutiny.models import Committee, Member, Published, Seat

Object = dict[str, Any]
A_PAGE = 100
STATES = {"planned": "terminiert", "called": "eingeladen", "held": "durchgeführt"}
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Asked:
    """The filters of a list: moments, each none where it was not asked for."""

    created_since: datetime | None = None
    created_until: datetime | None = None
    modified_since: datetime | None = None
    modified_until: datetime | None = None


@dataclass(frozen=True)
class Row:
    """Something that is kept in no row of `Published`: its times, and how it becomes an object."""

    created: datetime
    modified: datetime
    told: Callable[[], Object]


Source = tuple[QuerySet[Published], Callable[[Published], Object]]


class OParl:
    """The objects of one council, with addresses under `root` (ending in /oparl/)."""

    def __init__(self, root: str, county: str, files: Callable[..., str]) -> None:
        self.root, self.county, self.file_at = root, county, files
        self._known: dict[type, dict[int, tuple[datetime, datetime]]] = {}

    def _times(self, thing: Any) -> tuple[datetime, datetime]:
        """Return when something was first kept, and last changed."""
        kind = type(thing)
        if kind not in self._known:
            self._known[kind] = published.times(kind)
        return self._known[kind][thing.pk]

    def at(self, kind: str, key: object) -> str:
        """Return the address of an object."""
        return f"{self.root}{kind.lower()}/{key}"

    # What there is

    def one(self, kind: str, key: str) -> Object | None:
        """Return an object by its address, or None. What was taken back is told as deleted."""
        match kind:
            case "system":
                return self.system() if key == "1" else None
            case "body":
                return self.body() if key == "1" else None
            case "meeting" | "agendaitem" | "paper" | "consultation" | "file" | "location":
                return self._published(kind, key)
        rows = self._rows(kind)
        return rows[key].told() if key in rows else None

    def _published(self, kind: str, key: str) -> Object | None:
        part, _, uid = key.rpartition("-") if key.count("-") == 5 else ("", "", key)
        if key.count("-") == 5:
            part, uid = key.split("-", 1)
        try:
            row = Published.objects.select_related("committee", "above").get(pk=UUID(uid))
        except (ValueError, Published.DoesNotExist):
            return None
        for source, told in self._sources(kind, part):
            if source.filter(pk=row.pk).exists():
                return told(row)
        return None

    def listed(self, kind: str, asked: Asked, page: int) -> tuple[list[Object], int]:
        """Return a page of a list, counted from 1, and how many objects it has in all."""
        first = (page - 1) * A_PAGE
        if kind in ("meeting", "agendaitem", "paper", "consultation", "file", "location"):
            found: list[Object] = []
            total = 0
            for rows, told in self._sources(kind):
                chosen = self._filtered(rows, asked)
                many = chosen.count()
                begin, room = max(0, first - total), A_PAGE - len(found)
                if begin < many and room:
                    ordered = chosen.select_related("committee", "above").order_by("created", "pk")
                    found += [told(row) for row in ordered[begin : begin + room]]
                total += many
            return found, total
        fitting = [row for row in self._rows(kind).values() if _fits(row, asked)]
        return [row.told() for row in fitting[first : first + A_PAGE]], len(fitting)

    def _filtered(self, rows: QuerySet[Published], asked: Asked) -> QuerySet[Published]:
        for name, by in (("created", "created"), ("modified", "modified")):
            since, until = getattr(asked, f"{name}_since"), getattr(asked, f"{name}_until")
            rows = rows.filter(**{f"{by}__gte": since}) if since else rows
            # Moments are told to the second.
            rows = rows.filter(**{f"{by}__lt": until + SECOND}) if until else rows
        return rows if asked.modified_since else rows.filter(gone_at__isnull=True)

    def _sources(self, kind: str, part: str = "") -> list[Source]:
        """Return the rows that are told as a kind of object. `part` is the front of a made-up key."""
        every = Published.objects
        of = {name: every.filter(kind=name) for name in ("meeting", "item", "file")}
        with_agenda = of["meeting"].filter(content__has_key="agenda")
        with_minutes = of["meeting"].filter(content__has_key="minutes")
        found: dict[str, list[Source]] = {
            "meeting": [(of["meeting"], self.meeting)],
            "agendaitem": [(of["item"], self.item)],
            "paper": [(every.filter(kind__in=["file", "recommendation", "review"]), self.paper)],
            # A file of an answer was before no meeting.
            "consultation": [(of["file"].filter(above__kind="item"), self.consultation)],
            "location": [(of["meeting"], self.location)],
        }
        if kind != "file":
            return found[kind]
        held = every.filter(kind__in=["file", "review"])
        held = held.exclude(sha="", content__sections=[], gone_at__isnull=True)
        files: dict[str, Source] = {
            "": (held, self.file),
            "agenda": (with_agenda, lambda row: self.printed(row, "agenda")),
            "minutes": (with_minutes, lambda row: self.printed(row, "minutes")),
        }
        if part:
            return [files[part]] if part in files else []
        return list(files.values())

    def _rows(self, kind: str) -> dict[str, Row]:
        found: dict[str, Row] = {}
        match kind:
            case "organization":
                for committee in published.committees():
                    found[str(committee.uid)] = self._row(committee, self.organization)
            case "person":
                for member in published.people():
                    found[str(member.uid)] = self._row(member, self.person)
            case "membership":
                for seat in published.seats():
                    found[str(seat.pk)] = self._row(seat, self.membership)
            case "legislativeterm":
                for year in published.years():
                    begin = _midnight(date(year, 5, 1))
                    found[str(year)] = Row(begin, begin, lambda year=year: self.term(year))  # type: ignore[misc]
        return found

    def _row(self, thing: Any, told: Callable[[Any], Object]) -> Row:
        created, modified = self._times(thing)
        return Row(created, modified, lambda: told(thing))

    # The objects

    def _thing(
        self, kind: str, key: object, created: datetime, modified: datetime, **told: Any
    ) -> Object:
        return {
            "id": self.at(kind, key),
            "type": f"{VERSION}{kind}",
            **_told(told),
            "created": _moment(created),
            "modified": _moment(max(created, modified)),
        }

    def _of(self, row: Published, kind: str, key: object = None, **told: Any) -> Object:
        made = self._thing(kind, key or row.pk, row.created, row.modified)
        if row.gone_at:
            return {**made, "deleted": True}
        return {**made, **_told(told)}

    def system(self) -> Object:
        """Return the entry: who runs this, and where the council is."""
        begin = published.beginning()
        return self._thing(
            "System", 1, begin, begin, oparlVersion=VERSION, name="Kith",
            body=f"{self.root}bodies",
        )  # fmt: skip

    def body(self) -> Object:
        """Return the council, with the list of each kind of object."""
        begin = published.beginning()
        lists = {name: f"{self.root}list/{kind.lower()}" for kind, name in LIST_OF.items()}
        terms = [row.told() for row in self._rows("legislativeterm").values()]
        return self._thing(
            "Body", 1, begin, begin, system=self.at("System", 1), name=self.county,
            legislativeTerm=terms, **lists,
        )  # fmt: skip

    def term(self, year: int) -> Object:
        """Return a municipal year, which begins in May."""
        begin = _midnight(date(year, 5, 1))
        return self._thing(
            "LegislativeTerm", year, begin, begin, body=self.at("Body", 1), name=f"{year}/{(year + 1) % 100:02}",
            startDate=f"{year}-05-01", endDate=f"{year + 1}-04-30",
        )  # fmt: skip

    def organization(self, committee: Committee) -> Object:
        """Return a committee."""
        today = localtime().date()
        seats = queries.seats_on(committee, today)
        return self._thing(
            "Organization",
            committee.uid,
            *self._times(committee),
            body=self.at("Body", 1),
            name=committee.name,
            membership=[self.at("Membership", seat.pk) for seat in queries.seats_of(committee)],
            meeting=None,
            organizationType="Gremium",
            classification=committee.get_kind_display(),
            startDate=committee.since.isoformat(),
            endDate=committee.until.isoformat() if committee.until else None,
            memberCount=len(seats),
            votingMemberCount=sum(seat.votes != Seat.Votes.NONE for seat in seats),
        )

    def person(self, member: Member) -> Object:
        """Return somebody who sits, or sat, on a committee: what is public of them."""
        given, _, family = member.name.rpartition(" ")
        status = ["Councillor"] if member.councillor else ["Co-opted member"]
        return self._thing(
            "Person",
            member.uid,
            *self._times(member),
            body=self.at("Body", 1),
            name=str(member),
            familyName=family,
            givenName=given,
            formOfAddress=member.called,
            status=status,
            membership=[self.membership(seat) for seat in published.seats(member)],
        )

    def membership(self, seat: Seat) -> Object:
        """Return a seat. Who votes on education only has a vote."""
        last = seat.until - timedelta(days=1) if seat.until else None
        return self._thing(
            "Membership",
            seat.pk,
            *self._times(seat),
            person=self.at("Person", seat.member.uid),
            organization=self.at("Organization", seat.committee.uid),
            role=seat.get_role_display(),
            votingRight=seat.votes != Seat.Votes.NONE,
            startDate=seat.since.isoformat(),
            endDate=max(last, seat.since).isoformat() if last else None,
        )

    def meeting(self, row: Published) -> Object:
        """Return a meeting with its agenda, as it is published."""
        if row.gone_at:
            return self._of(row, "Meeting")
        told, minutes = row.content["meeting"], row.content.get("minutes") or {}
        uids = [told["committee"]["uid"], *told.get("together_uids", [])]
        here = [one for one in minutes.get("attendance", []) if one["state"] in ("present", "part")]
        within = published.within(row)
        state = {"scrutiny:minutesStatus": minutes.get("state")}
        notice = (row.content.get("agenda") or {}).get("notice", {})
        away = [
            {"name": one["name"]}
            for one in minutes.get("attendance", [])
            if one["state"] == "apologies"
        ]
        return self._of(
            row,
            "Meeting",
            name=told["committee"]["name"],
            meetingState=STATES.get(told["state"]),
            cancelled=told["state"] == "cancelled",
            start=told["starts_at"],
            end=minutes.get("finished_at") or told["ends_at"],
            location=self.location(row),
            organization=[self.at("Organization", uid) for uid in uids],
            participant=[self.at("Person", one["uid"]) for one in here],
            invitation=self.printed(row, "agenda") if "agenda" in row.content else None,
            resultsProtocol=self.printed(row, "minutes") if minutes else None,
            agendaItem=[self.item(one) for one in within],
            **state,
            **{"scrutiny:noticeGivenOn": notice.get("on"), "scrutiny:apologies": away},
        )

    def item(self, row: Published) -> Object:
        """Return an item. One that is not for the public has its title and paragraphs alone."""
        if row.gone_at or row.above is None:
            return self._of(row, "AgendaItem")
        told = row.content
        items = row.above.content.get("agenda", {}).get("items", [])
        order = next((place for place, one in enumerate(items) if one["uid"] == str(row.pk)), 0)
        common: Object = {
            "meeting": self.at("Meeting", row.above_id),
            "number": told["number"],
            "order": order,
            "name": told["title"],
            "public": told["public"],
        }
        if not told["public"]:
            return self._of(
                row, "AgendaItem", **common, **{"scrutiny:exemptParagraphs": told["paragraphs"]}
            )
        files = [one for one in published.within(row) if one.sha or one.content.get("sections")]
        points = told.get("points", [])
        decided = [one["words"] for one in points if one["kind"] == "resolution"]
        return self._of(
            row,
            "AgendaItem",
            **common,
            resolutionText="\n".join(decided),
            auxiliaryFile=[self.file(one) for one in files],
            **{"scrutiny:agendaText": told["words"], "scrutiny:minutes": _minutes(points)},
        )

    def paper(self, row: Published) -> Object:
        """Return a paper, a recommendation or a review report."""
        if row.gone_at:
            return self._of(row, "Paper")
        is_file = row.kind == Published.Kind.FILE
        of_item = is_file and row.above is not None and row.above.kind == Published.Kind.ITEM
        held = row.sha if is_file else None
        held = held or row.content.get("sections")
        committee = row.committee
        return self._of(
            row,
            "Paper",
            body=self.at("Body", 1),
            name=row.name,
            date=row.day.isoformat() if row.day else None,
            paperType=row.content.get("kind") if is_file else row.get_kind_display(),
            mainFile=self.file(row) if held else None,
            originatorOrganization=[self.at("Organization", committee.uid)] if committee else [],
            consultation=[self.consultation(row)] if of_item else [],
            superordinatedPaper=[self.at("Paper", row.above_id)]
            if row.above_id and not of_item
            else [],
        )

    def consultation(self, row: Published) -> Object:
        """Return that a paper was before a meeting."""
        if row.gone_at or row.above is None:
            return self._of(row, "Consultation")
        committee = row.committee
        return self._of(
            row,
            "Consultation",
            paper=self.at("Paper", row.pk),
            agendaItem=self.at("AgendaItem", row.above_id),
            meeting=self.at("Meeting", row.above.above_id),
            organization=[self.at("Organization", committee.uid)] if committee else [],
        )

    def file(self, row: Published) -> Object:
        """Return the file of a paper."""
        if row.gone_at:
            return self._of(row, "File")
        of_item = row.above is not None and row.above.kind == Published.Kind.ITEM
        review = row.kind == Published.Kind.REVIEW
        drawn = "report_pdf" if review else "paper_pdf"
        where = self.file_at("file" if row.sha else drawn, row.pk)
        return self._of(
            row,
            "File",
            name=row.name,
            fileName=row.content.get("file_name") or "paper.pdf",
            mimeType=row.content.get("mime") or "application/pdf",
            size=row.content.get("size"),
            accessUrl=where,
            downloadUrl=f"{where}?save=1",
            paper=[self.at("Paper", row.pk)],
            agendaItem=[self.at("AgendaItem", row.above_id)] if of_item else [],
        )

    def printed(self, row: Published, what: str) -> Object:
        """Return the agenda or the minutes of a meeting as a file."""
        where = self.file_at(f"{what}_pdf", row.pk)
        return self._of(
            row,
            "File",
            f"{what}-{row.pk}",
            name="Agenda frontsheet" if what == "agenda" else "Printed minutes",
            fileName=f"{what}.pdf",
            mimeType="application/pdf",
            accessUrl=where,
            meeting=[self.at("Meeting", row.pk)],
        )

    def location(self, row: Published) -> Object:
        """Return where a meeting is."""
        if row.gone_at:
            return self._of(row, "Location")
        where = row.content["meeting"]["place"]
        return self._of(row, "Location", description=where, meetings=[self.at("Meeting", row.pk)])


def _fits(row: Row, asked: Asked) -> bool:
    return (
        (asked.created_since is None or row.created >= asked.created_since)
        and (asked.created_until is None or row.created < asked.created_until + SECOND)
        and (asked.modified_since is None or row.modified >= asked.modified_since)
        and (asked.modified_until is None or row.modified < asked.modified_until + SECOND)
    )


def _minutes(points: Sequence[Object]) -> list[Object]:
    return [
        _told(
            {
                "order": order,
                "kind": one["kind"],
                "speaker": one["speaker"],
                "text": one["words"],
                "repliesTo": one["answers"],
            }
        )
        for order, one in enumerate(points)
    ]


def _told(told: Object) -> Object:
    """Leave out what there is not: OParl knows no null, no empty text and no empty list."""
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def _moment(value: datetime) -> str:
    return localtime(value).replace(microsecond=0).isoformat()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_current_timezone())


def kinds() -> Iterable[str]:
    """Return the kinds of object that have a list."""
    return (kind.lower() for kind in LIST_OF)
