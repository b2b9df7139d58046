"""What is asked of old minutes, agendas and reports that are brought in."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.analytics.minutes.values import Value, plain, values
from kith.scrutiny.models import Committee, FromFile, Item, Meeting, OldFile, Point

HEADINGS = {
    "meeting": "The meeting",
    "people": "People",
    "items": "Items and what was minuted",
    "themes": "Themes and findings",
    "recommendations": "Recommendations",
    "actions": "What was asked for",
    "practice": "Exemplar practice",
}
SHOWN_WITH = {"points": "items"}
NAMES = {
    "date": "Day",
    "start_time": "Began",
    "finish_time": "Finished",
    "venue": "Place",
    "title": "Title",
}


@dataclass(frozen=True)
class Told:
    """A value of a file as a page shows it: what it is now, where it stands, and whether it is certain."""

    value: Value
    name: str
    words: str
    stands: str  # the line of the file, where it says more than the value
    decided: bool
    out: bool
    kept: bool  # in the records


def files_of(viewer: User, committee: Committee) -> QuerySet[OldFile]:
    """Return the files of a committee, the last read first."""
    if not viewer.can(Permission.SCRUTINY_KEEP):
        return OldFile.objects.none()
    found = OldFile.objects.filter(committee=committee).order_by("-read_at", "-pk")
    return found.select_related("committee", "meeting__committee", "review")


def file_called(viewer: User, uid: UUID) -> OldFile | None:
    """Return a file by its address, or None."""
    if not viewer.can(Permission.SCRUTINY_KEEP):
        return None
    found = OldFile.objects.filter(uid=uid)
    return found.select_related("committee", "content", "meeting__committee", "review").first()


def is_brought_in(meeting: Meeting) -> bool:
    """Say whether minutes were written elsewhere, and brought in."""
    return Point.objects.filter(item__meeting=meeting, from_files__isnull=False).exists()


def told(file: OldFile, made: Iterable[Value]) -> list[tuple[str, list[Told]]]:
    """Return what a file says under the headings of a page, in its order."""
    kept = set(file.brought.values_list("place", flat=True))
    parts: dict[str, list[Told]] = {heading: [] for heading in HEADINGS}
    for value in made:
        heading = SHOWN_WITH.get(value.about, value.about)
        if heading not in parts:
            continue
        said = file.decided.get(value.place, {})
        line = file.lines.get(str(value.line), "") if value.line else ""
        words = said.get("words") if said.get("said") == "changed" else value.words
        parts[heading].append(
            Told(
                value,
                NAMES.get(value.place, ""),
                words or "Not said",
                "" if plain(line) == plain(value.words) else line,
                value.place in file.decided,
                said.get("said") == "out",
                value.place in kept,
            )
        )
    return [(HEADINGS[heading], rows) for heading, rows in parts.items() if rows]


def differences(file: OldFile) -> list[str]:
    """Return the sentences of minutes in a file that stand nowhere in the records of its meeting, once it was
    brought in: where minutes were there before, a person compares them."""
    if file.meeting is None or file.kind == OldFile.Kind.REPORT:
        return []
    words = Point.objects.filter(item__meeting=file.meeting).values_list("words", flat=True)
    items = Item.objects.filter(meeting=file.meeting).values_list("title", flat=True)
    there = " ".join(plain(one) for one in [*words, *items])
    gone = {
        one.place for one in FromFile.objects.filter(file=file) if one.point_id is None and one.line
    }
    return [
        value.words
        for value in values(file.found)
        if value.about == "points"
        and plain(value.words) not in there
        and value.place not in gone
        and file.decided.get(value.place, {}).get("said") not in ("out", "changed")
    ]


def what_was_brought(added: int, same: int) -> str:
    """Return what bringing a file in did, in a sentence."""
    if not added and not same:
        return "Nothing new: all of it is in the records already."
    words = f"In the records: {added} thing{'s' if added != 1 else ''} added." if added else ""
    if same:
        many = "One recommendation was" if same == 1 else f"{same} recommendations were"
        words += f" {many} there already, from another paper: it is one record with two sources."
    return words.strip()


def came_from(item: Item) -> list[FromFile]:
    """Return the files from which an item was brought in."""
    found = FromFile.objects.filter(item=item, place__startswith="items/")
    return list(found.select_related("file").defer("file__found", "file__lines").order_by("pk"))
