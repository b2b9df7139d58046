"""Reading the log: what was done, and who looked at whom.

The data protection officer reads all of it; a hub's manager what concerns families of the hub.
The row policies of the log's tables say the same.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.audit.models import Entry, Sight
from kith.families import emergencies, log_words, queries
from kith.ui.templatetags.ui import day, when

DAYS = 30
# In the words of the actions' own names; a new kind of thing is found by `what` all the same.
KINDS = {
    "": "Everything",
    "account.": "Accounts and signing in",
    "sign_in.": "Sign-ins that failed",
    "role.": "Roles",
    "cover.": "Cover",
    "referral.": "Requests",
    "family.": "Families",
    "person.": "People of families",
    "case.": "Cases and assessments",
    "support.": "Groups, sessions and registers",
    "visit.": "Visits, and days taken along on devices",
    "sharing.": "Agreements to share",
    "action.": "Planned actions",
    "emergency.": "Emergency looks",
    "notice.": "Notices",
    "partner.": "Partners, teams and keys of systems",
    "directory.": "The directory and the offer of the hubs",
    "scrutiny.": "The scrutiny committee",
    "settings.": "Hubs, areas and settings",
    "job.": "Long work",
    "return.": "Statutory returns",
    "log.": "The log itself",
}
# Kinds whose names do not all begin as the kind itself does.
GATHERED = {
    "sign_in.": ("account.sign_in_failed", "account.locked_out"),
    "emergency.": ("emergency.", "family.emergency"),
    "case.": (
        *(
            "case.",
            "assessment.",
            "goal.",
            "plan.",
            "handover.",
            "step_up.",
            "supervision.",
            "case_audit.",
            "case_study.",
        ),
        *("family_team.", "meeting.", "measure.scored", "measure.mistaken", "attendance."),
        "feedback.",
    ),
    "support.": ("support.", "session.", "register."),
    "visit.": ("visit.", "device."),
    "family.": (
        "family.",
        "restriction.",
        "family_page.",
        "address.",
        "contact_detail.",
        "standing.",
    ),
    "partner.": ("partner.", "team.", "api_key."),
    "directory.": ("directory.", "offer."),
    "settings.": (
        *("hub.", "area.", "post.", "closed_day.", "promise.", "look.", "need.", "wording."),
        *("places.", "assessment_form.", "measure.released", "warning_words.", "intensity."),
    ),
    "referral.": ("referral.", "step_down.", "draft.", "file.", "attachment."),
}
# A moment as entries keep it: 2026-11-22T15:52:16.231721+00:00.
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ROWS = {"note", "adds_to"}  # numbers of rows, which say nothing to a reader
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Search:
    """What is looked for in the log. Days are whole; the last is included."""

    since: date
    until: date
    who: str = ""
    reference: str = ""
    what: str = ""

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.since, time.min))

    @property
    def ends(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time.min))


def may_read(viewer: User) -> bool:
    """Say whether this person reads any of the log."""
    return viewer.can(Permission.AUDIT_SEE_ALL) or viewer.can(Permission.AUDIT_SEE_TEAM)


def entries(viewer: User, search: Search) -> QuerySet[Entry]:
    """Return what was done, the newest first."""
    found = _of_families(viewer, Entry.objects.filter(at__gte=search.begins, at__lt=search.ends))
    if search.who:
        found = found.filter(by_name__icontains=search.who)
    if search.what:
        beginnings = GATHERED.get(search.what, (search.what,))
        found = found.filter(
            reduce(or_, (Q(what__startswith=beginning) for beginning in beginnings))
        )
    return _of_reference(viewer, found, search).order_by("-at", "pk")


def sights(viewer: User, search: Search) -> QuerySet[Sight]:
    """Return who saw which family, the newest first."""
    found = _of_families(viewer, Sight.objects.filter(at__gte=search.begins, at__lt=search.ends))
    if search.who:
        found = found.filter(viewer_name__icontains=search.who)
    return _of_reference(viewer, found, search).order_by("-at", "pk")


def _of_families(viewer: User, found: QuerySet[Any]) -> QuerySet[Any]:
    if viewer.can(Permission.AUDIT_SEE_ALL):
        return found
    if not viewer.can(Permission.AUDIT_SEE_TEAM):
        return found.none()
    return found.filter(family_id__in=queries.visible_to(viewer).values("pk"))


def _of_reference(viewer: User, found: QuerySet[Any], search: Search) -> QuerySet[Any]:
    if not search.reference:
        return found
    number = emergencies.number_of(viewer, search.reference)
    by_family = found.filter(family_id=number) if number else found.none()
    if found.model is Sight or number:
        return by_family
    return found.filter(subject_name__iexact=search.reference.strip())


def _value(value: Any, of: str = "") -> str:
    match value:
        case None | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case {"name": name}:
            return str(name)
        case dict():
            return "; ".join(f"{key}: {_value(inner, key)}" for key, inner in value.items())
        case list():
            return ", ".join(_value(inner) for inner in value) or "nothing"
        case str() if MOMENT.fullmatch(value):
            return when(datetime.fromisoformat(value))
        case str() if DAY.fullmatch(value):
            with suppress(ValueError):
                return day(date.fromisoformat(value))
    return log_words.value(of, str(value))


def changes(entry: Entry) -> list[tuple[str, str, str]]:
    """Return each thing that changed: its name, what it was, what it became."""
    names = list(dict.fromkeys([*entry.before, *entry.after]))
    return [
        (
            log_words.field(name),
            _value(entry.before[name], name) if name in entry.before else "",
            _value(entry.after[name], name) if name in entry.after else "",
        )
        for name in names
        if name not in ROWS and entry.before.get(name) != entry.after.get(name)
    ]


def entry_lines(viewer: User, found: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return entries as a page shows them."""
    kept = list(found)
    known = emergencies.references(viewer, {e.family_id for e in kept if e.family_id})
    return [
        {
            "at": entry.at,
            "who": entry.by_name or log_words.nobody(entry.what),
            "what": log_words.done(entry.what),
            "about": log_words.thing(entry.subject_kind, entry.subject_name),
            "family": known.get(entry.family_id or 0, ""),
            "changes": changes(entry),
        }
        for entry in kept
    ]


def sight_lines(viewer: User, found: Iterable[Sight]) -> list[dict[str, Any]]:
    """Return sights as a page shows them."""
    kept = list(found)
    known = emergencies.references(viewer, {sight.family_id for sight in kept})
    return [
        {
            "at": sight.at,
            "who": sight.viewer_name,
            "family": known.get(sight.family_id, ""),
            "page": log_words.page(sight.page),
            "right": log_words.right(sight.right),
        }
        for sight in kept
    ]


def rows(viewer: User, search: Search, *, seen: bool, most: int) -> Iterator[list[str]]:
    """Return the lines of a download, the heading first."""
    if seen:
        yield ["When", "Who", "Family", "Page", "By what right"]
        for line in sight_lines(viewer, sights(viewer, search)[:most]):
            yield [_moment(line["at"]), *(str(line[k]) for k in ("who", "family", "page", "right"))]
        return
    yield ["When", "Who", "What", "About", "Family", "Changes"]
    for line in entry_lines(viewer, entries(viewer, search)[:most]):
        told = "; ".join(f"{name}: {old} > {new}" for name, old, new in line["changes"])
        yield [
            _moment(line["at"]),
            *(str(line[key]) for key in ("who", "what", "about", "family")),
            told,
        ]


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")
