"""What a family's history says of supports: places given and ended, and who came."""

from collections import defaultdict
from datetime import date, datetime

from django.utils import timezone

from kith.casework import chronology
from kith.casework.chronology import Event, Row, end_of
from kith.supports.models import Attendance, Reason

HAPPENED = """
select 'came', came.family_id, came.at, came.marked_by_id, came.id, json_build_object(
    'session', came.session_id, 'what', came.what, 'who', came.person_id,
    'status', came.status, 'reason', came.reason, 'marked_at', came.marked_at)
from supports_attendance came
where came.family_id = any(%(records)s) and came.status not in ('', 'not_expected')
union all
select 'placed', placed.family_id, placed.made_at, placed.made_by_id, placed.id, json_build_object(
    'what', placed.what, 'who', placed.person_id, 'since', placed.since, 'until', placed.until,
    'words', placed.words, 'ended_by', placed.ended_by_id)
from supports_placement placed
where placed.family_id = any(%(records)s)
"""


def _tell(rows: list[Row]) -> list[Event]:
    # Who is meant stands among the lives of the family: to ask for it again costs every opening of
    # its page.
    names = {row.facts["id"]: row.facts["given"] for row in rows if "given" in row.facts}
    rows = [
        row._replace(facts={**row.facts, "who": names.get(row.facts["who"], "somebody")})
        for row in rows
        if "who" in row.facts
    ]
    sessions: dict[int, list[Row]] = defaultdict(list)
    given: dict[tuple[datetime, str, str], list[Row]] = defaultdict(list)
    ended: dict[tuple[date, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if "session" in row.facts:
            sessions[row.facts["session"]].append(row)
            continue
        given[row.at, row.facts["what"], row.by].append(row)
        if until := row.day("until"):
            ended[until, row.facts["what"], row.facts["words"]].append(row)
    events = [_came(came) for came in sessions.values()]
    for (at, what, by), placed in given.items():
        since = placed[0].day("since")
        assert since
        events.append(
            Event(at, "support", f"Placed on {what} from {since:%-d %B %Y}: {_who(placed)}", by)
        )
    today = timezone.localdate()
    for (until, what, words), placed in ended.items():
        if until > today:
            continue
        said = (("", words),) if words else ()
        at = end_of(until)
        title = f"Place on {what} ended: {_who(placed)}"
        by = placed[0].facts["ended_by"]
        events.append(Event(at, "support", title, by, said, day_only=True))
    return events


def _came(rows: list[Row]) -> Event:
    """Return one line for all of the family at a session."""
    first = rows[0]
    said = []
    for status in (Attendance.Status.ATTENDED, Attendance.Status.LATE, Attendance.Status.MISSED):
        those = [row for row in rows if row.facts["status"] == status]
        if not those:
            continue
        names = [
            f"{row.facts['who']} ({Reason(row.facts['reason']).label.lower()})"
            if row.facts["reason"]
            else str(row.facts["who"])
            for row in those
        ]
        said.append(f"{status.label.lower()}: {', '.join(names)}")
    marked_at = max(row.moment("marked_at") or row.at for row in rows)
    return Event(
        first.at,
        "support",
        f"{first.facts['what']}: {'; '.join(said)}",
        first.by,
        recorded_at=marked_at,
        late=marked_at - first.at > chronology.LATE_AFTER,
    )


def _who(rows: list[Row]) -> str:
    return ", ".join(str(row.facts["who"]) for row in rows)


chronology.also(HAPPENED, rows=("came", "placed", "lives"), tell=_tell)
