"""What needs doing today, for whoever is signed in: made from what each permission asks of a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime, make_aware

from kith.accounts.models import User
from kith.accounts.permissions import Permission as P
from kith.casestudies import queries as studies
from kith.casework import births, following, handing_over, oversight, stepping_up
from kith.casework import queries as casework
from kith.casework.intensity import plain
from kith.directory import assured, proposed, twins
from kith.directory import queries as directory
from kith.families import queries as families
from kith.field import queries as field_queries
from kith.hubs.queries import all_hubs
from kith.jobs import queries as jobs
from kith.notices import queries as notices
from kith.partners.queries import schools
from kith.referrals import desk, sendings
from kith.referrals import queries as referrals
from kith.referrals.summary import state_for_sender
from kith.scrutiny import queries as committee
from kith.scrutiny import visit_queries as reviews
from kith.supports import leading
from kith.supports import queries as supports
from kith.ui.templatetags.ui import day, tag, when

SHORT = 6  # lines of a list on the first page


@dataclass(frozen=True)
class Task:
    """Something to do, and how much of it there is. None is said too, in a line: it is good news."""

    label: str
    number: int
    text: str
    href: str = ""
    state: str = ""  # late, soon, or nothing


@dataclass(frozen=True)
class Shelf:
    """The first lines of a list, with a way to the whole."""

    title: str
    columns: tuple[Any, ...]
    rows: list[tuple[Any, ...]]
    empty: str
    href: str = ""
    more: str = "See all"


@dataclass
class Today:
    """A person's first page."""

    tasks: list[Task] = field(default_factory=list)
    shelves: list[Shelf] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)  # label, address

    @property
    def to_do(self) -> list[Task]:
        return [task for task in self.tasks if task.number]

    @property
    def nothing(self) -> list[Task]:
        return [task for task in self.tasks if not task.number]


def address(name: str, *args: Any, query: str = "") -> str:
    """Return the address of a page, with a question."""
    return reverse(name, args=args) + query


def link(href: str, label: Any) -> SafeString:
    """Return words that lead somewhere."""
    return format_html('<a class="govuk-link" href="{}">{}</a>', href, label)


def today_for(user: User, at: datetime) -> Today:
    """Return what needs doing, the most pressing part of a person's work first."""
    page = Today()
    for permission, add in (
        (P.REFERRAL_DECIDE, _desk),
        (P.CASE_ALLOCATE, _manager),
        (P.CASE_STUDY_RELEASE, _studies_to_release),
        (P.CASE_STUDY_READ, _studies_to_read),
        (P.SCRUTINY_VISIT, _visits_of_reviews),
        (P.SCRUTINY_KEEP, _committee_to_do),
        (P.SCRUTINY_VISIT, _next_meetings),
        (P.CASE_WORK, _worker),
        (P.CASE_WORK, _registers),
        (P.DIRECTORY_EDIT, _directory),
        (P.DIRECTORY_EDIT, _standards),
        (P.DIRECTORY_EDIT, _proposals),
        (P.DIRECTORY_EDIT_ALL, _twins),
        (P.DIRECTORY_EDIT, _remarks),
        (P.REFERRAL_SEND, _referrer),
        (P.ACTION_OWN, _partner),
        (P.REGISTER_LEAD, _leads),
        (P.EMERGENCY_REVIEW, _data_protection),
        (P.NOTICE_SEE, _outbox),
        (P.JOB_SEE_ALL, _machine),
        (P.DIRECTORY_EDIT_ALL, _school_terms),
        (P.PEOPLE_MANAGE, _people),
        (P.COVER_ARRANGE, _cover),
    ):
        if user.can(permission):
            add(page, user, at)
    if user.can(P.FAMILY_RESTRICT):
        page.links.append(("Records kept to named people", address("casework:restrictions")))
    return page


def _school_terms(page: Today, user: User, at: datetime) -> None:
    if end := directory.school_terms_end(localdate(at)):
        page.tasks.append(
            Task("School terms to write down", 1, f"The last that is known ends on {day(end)}.", address("directory:school_terms"), "soon")
        )  # fmt: skip


def _end_of_day(at: datetime, days: int = 0) -> datetime:
    return make_aware(datetime.combine(localtime(at).date() + timedelta(days=days), time.max))


def _late(moment: datetime | None, at: datetime) -> SafeString | str:
    if moment is None:
        return ""
    if moment < at:
        return format_html("{} {}", when(moment), tag("Late", "red"))
    if moment <= _end_of_day(at):
        return format_html("{} {}", when(moment), tag("Today", "yellow"))
    return when(moment)


def _desk(page: Today, user: User, at: datetime) -> None:
    waiting = referrals.waiting_longest(user)
    n = waiting.order_by().aggregate(
        late=Count("pk", filter=Q(status="waiting", decide_by__lt=at)),
        today=Count("pk", filter=desk.due_today(at)),
        later=Count("pk", filter=desk.due_later(at)),
        mine=Count("pk", filter=Q(held_by=user)),
        urgent=Count("pk", filter=Q(urgent=True)),
        asked=Count("pk", filter=Q(status="more_asked")),
    )
    queue = address("referrals:desk")
    page.tasks += [
        Task("Marked urgent", n["urgent"], "A safeguarding answer was given. Read these first.", queue + "?urgent=on", "late"),
        Task("Past the promise", n["late"], "Should have been decided by now.", queue + "?late=on", "late"),
        Task("Due today", n["today"], "The promise runs out before the day ends.", queue + "?due=today", "soon"),
        Task("With you", n["mine"], "Requests that you have taken.", queue + "?holder=mine"),
        Task("Can wait until tomorrow", n["later"], "Not decided yet, and in time.", queue + "?due=later"),
        Task("Waiting for an answer", n["asked"], "We asked the sender for more.", queue + "?state=more_asked"),
    ]  # fmt: skip
    page.shelves.append(
        Shelf(
            "Most pressing requests",
            ("Request", "Decide by", "From", "Who has it"),
            [
                (
                    link(address("referrals:at_desk", r.reference), r.reference),
                    _late(r.decide_by, at),
                    r.sender_organisation or r.sender_organisation_name or r.get_sender_kind_display(),
                    r.held_by or "Nobody yet",
                )
                for r in waiting.filter(status="waiting")[:SHORT]
            ],
            "Nothing waits for a decision.",
            queue,
            "Open the desk",
        )
    )  # fmt: skip
    if asked := list(sendings.to_ask_at_desk(user, localdate(at))[:SHORT]):
        page.shelves.append(
            _to_ask(
                (address("referrals:service_went", sent.referral.reference, sent.pk), sent.referral.reference, sent)
                for sent in asked
                if sent.referral
            )
        )  # fmt: skip


def _to_ask(rows: Iterable[tuple[str, str, Any]]) -> Shelf:
    """Return services of which somebody should ask how it went: where to say so, the number, and what."""
    columns = ("How did it go with", "Number", "To ask on")
    lines = [(link(href, sent.service_name), of, day(sent.to_ask_on)) for href, of, sent in rows]
    return Shelf("Ask how it went", columns, lines, "")


def _manager(page: Today, user: User, at: datetime) -> None:
    inbox, reach = address("casework:inbox"), address("casework:to_reach")
    if len(casework.teams_of(user)) > 1:
        inbox += "?hub=all"
    waiting = casework.waiting_for_worker(user)
    late = casework.to_reach(user, "late", at).order_by().count()
    soon = casework.to_reach(user, "soon", at).order_by().count()
    number = waiting.order_by().count()
    page.tasks += [
        Task("Waiting for a worker", number, "Families that the hub has accepted.", inbox, "soon"),
        Task("First contact late", late, "Nobody has reached the family yet, and the promise has passed.", reach + "?when=late", "late"),
        Task("First contact due by tomorrow", soon, "Nobody has reached the family yet.", reach + "?when=soon", "soon"),
    ]  # fmt: skip
    stuck = casework.stuck(user, at).order_by().count()
    every = "?hub=all" if len(casework.teams_of(user)) > 1 else ""
    page.tasks.append(
        Task("Cases that are stuck", stuck, "Not spoken with, a plan that stands still, a review overdue, or for another reason.", address("casework:stuck") + every)
    )  # fmt: skip
    offered = handing_over.to_answer(user).order_by().count()
    page.tasks.append(
        Task("Cases other hubs offer", offered, "They keep the family until your hub answers.", address("casework:handovers") + every, "soon")
    )  # fmt: skip
    up = stepping_up.to_approve(user).order_by().count()
    page.tasks.append(
        Task("Social care to be asked", up, "A worker asks; you decide.", address("casework:step_ups") + every, "late")
    )  # fmt: skip
    if user.teams_granting(P.ASSESSMENT_SIGN):
        to_sign = casework.to_sign(user).order_by().count()
        page.tasks.append(
            Task("Assessments to sign", to_sign, "Written by your workers.", address("casework:to_sign"), "soon")
        )  # fmt: skip
    to_ask = following.owed(user, at)
    page.tasks.append(
        Task("To ask after the end", len(to_ask), "How things are, three or six months after help ended.", address("casework:follow_ups") + every, "soon")
    )  # fmt: skip
    if user.teams_granting(P.CASE_SUPERVISE):
        quiet = oversight.not_spoken_about(user, at).order_by().count()
        page.tasks.append(
            Task("Cases not spoken about", quiet, "In supervision, for longer than the county promises.", address("casework:supervision") + "#not-spoken-about", "soon")
        )  # fmt: skip
    page.shelves.append(
        Shelf(
            "Families who wait for a worker",
            ("Case", "Since", "First contact by", "From"),
            [
                (
                    link(address("casework:case", case.reference), case.reference),
                    day(case.opened_at),
                    _late(case.contact_by, at),
                    case.referral.sender_organisation or case.referral.get_sender_kind_display(),
                )
                for case in waiting[:SHORT]
            ],
            "Every family has a worker.",
            inbox,
            "Give families to workers",
        )
    )
    if user.can(P.REFERRAL_DECIDE):  # the county lead answers for every hub
        page.shelves.append(_room_in_hubs(user, at))
        return
    for team in casework.teams_of(user):
        page.shelves.append(
            Shelf(
                f"Workers of {team}",
                (
                    "Worker",
                    {"label": "Families", "numeric": True},
                    {"label": "Room for", "numeric": True},
                    {"label": "To reach", "numeric": True},
                    {"label": "Actions late", "numeric": True},
                ),
                [
                    (
                        f"{load.worker} (away)" if load.away else load.worker,
                        load.families,
                        _room(load.room),
                        load.to_reach,
                        load.overdue,
                    )
                    for load in casework.caseloads(user, team, localdate(at))
                ],
                "Nobody works at this hub today.",
                address("casework:workers"),
                "See the workers",
            )
        )


def _room_in_hubs(user: User, at: datetime) -> Shelf:
    return Shelf(
        "Room in the hubs",
        (
            "Hub",
            {"label": "Being helped", "numeric": True},
            {"label": "Waiting for a worker", "numeric": True},
            {"label": "Room for", "numeric": True},
            {"label": "Full", "numeric": True},
        ),
        [
            (room.hub.name, room.open, room.waiting, _room(room.room), _percent(room.percent))
            for room in casework.rooms(user, localdate(at)).values()
        ],
        "No hub is open.",
        address("figures"),
        "See the figures",
    )


def _room(places: Decimal | None) -> str:
    if places is None:
        return "–"
    return plain(places) if places >= 0 else f"{plain(-places)} too many"


def _percent(number: int | None) -> str:
    return "–" if number is None else f"{number}%"


def _worker(page: Today, user: User, at: datetime) -> None:
    mine = casework.mine(user)
    cases = address("casework:cases")
    today = localdate(at)
    due = casework.actions_due(user, today + timedelta(days=7))
    n = mine.order_by().aggregate(
        families=Count("pk"),
        reach=Count("pk", filter=Q(first_contact_at__isnull=True)),
        late=Count("pk", filter=Q(first_contact_at__isnull=True, contact_by__lt=at)),
    )
    a = due.order_by().aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    if user.can(P.CASE_ALLOCATE) and not n["families"] and not a["all"]:
        return  # a manager who works with no family of their own
    page.tasks += [
        Task("Families to reach", n["reach"], f"First contact is owed; {n['late']} late." if n["late"] else "First contact is owed.", cases + "?show=reach", "late" if n["late"] else "soon"),
        Task("Actions late", a["late"], "Yours, and past their day.", cases + "?show=late", "late"),
        Task("Actions this week", a["all"] - a["late"], "Yours, due in the next seven days.", cases + "?show=week", "soon"),
        Task("My families", n["families"], "With those of colleagues you cover for.", cases),
    ]  # fmt: skip
    if ask := casework.to_ask_about(user, today).count():
        page.tasks.append(
            Task(
                "Families to ask",
                ask,
                "What they took on themselves is due.",
                cases + "?show=ask",
                "soon",
            )
        )
    families = mine.order_by().values("family")
    if asked := list(sendings.to_ask(user, families, today)[:SHORT]):
        references = {case.family_id: case.reference for case in mine}
        page.shelves.append(
            _to_ask(
                (address("casework:how_it_went", references[sent.family_id], sent.pk), references[sent.family_id], sent)
                for sent in asked
            )
        )  # fmt: skip
    if expected := births.expected_by_now(user, today):
        page.tasks.append(
            Task(
                "Children expected by now",
                len(expected),
                "The day has passed; nobody wrote down the birth.",
                address("casework:expected"),
                "soon",
            )
        )
    page.shelves += [
        Shelf(
            "My families",
            ("Family", "Case", "First contact", "Next action due"),
            [
                (
                    link(address("casework:case", case.reference), case.family),
                    case.reference,
                    f"Reached {day(case.first_contact_at)}"
                    if case.first_contact_at
                    else _late(case.contact_by, at),
                    day(case.next_due) or "None planned",  # type: ignore[attr-defined]
                )
                for case in mine[:SHORT]
            ],
            "You work with no family just now.",
            cases,
            "See my families",
        ),
        Shelf(
            "My actions",
            ("What", "For", "Due"),
            [
                (
                    action.what,
                    link(address("casework:case", action.case.reference), action.case.family),
                    format_html("{} {}", day(action.due_on), tag("Late", "red"))
                    if action.due_on < today
                    else day(action.due_on),
                )
                for action in due[:SHORT]
            ],
            "Nothing of yours is due this week.",
        ),
    ]


def _studies_to_release(page: Today, user: User, at: datetime) -> None:
    page.tasks.append(
        Task("Case studies to release", studies.to_release(user).count(), "Written by others: read them, then release them or send them back.", address("casestudies:listed"), "soon")
    )  # fmt: skip


def _studies_to_read(page: Today, user: User, at: datetime) -> None:
    page.tasks.append(
        Task("Case studies to read", studies.standing(user, localdate(at)).count(), "Released for those who answer for the hubs.", address("casestudies:listed"))
    )  # fmt: skip


def _visits_of_reviews(page: Today, user: User, at: datetime) -> None:
    if reviews.member_of(user) is None:
        return
    mine = [
        one for one in reviews.my_visits(user, at) if one.state == "planned" and one.ends_at > at
    ]
    soon = any(localdate(one.starts_at) <= localdate(at) + timedelta(days=1) for one in mine)
    page.tasks.append(
        Task("Visits to make", len(mine), "For a review of your committee: where, when, who goes with you, what to look at.", address("visits:reviews"), "soon" if soon else "")
    )  # fmt: skip


def _committee_to_do(page: Today, user: User, at: datetime) -> None:
    waiting = committee.waiting(user, localdate(at))
    late = sum(one.late for one in waiting)
    page.tasks.append(
        Task("Committee: agendas and minutes", len(waiting), f"{late} late." if late else "To publish, to write, or to be cleared.", address("scrutiny:home"), "late" if late else "soon")
    )  # fmt: skip


def _next_meetings(page: Today, user: User, at: datetime) -> None:
    for meeting in committee.meetings_from(user, at)[:2]:
        page.links.append(
            (
                f"{meeting.committee}, {day(meeting.starts_at)}",
                address("scrutiny:meeting", meeting.uid),
            )
        )


def _registers(page: Today, user: User, at: datetime) -> None:
    today = localdate(at)
    page.links.append(
        ("Today’s visits and registers, also without a connection", address("field:today"))
    )
    visits = len(field_queries.not_written_down(user, today))
    page.tasks.append(
        Task("Visits not written down", visits, "Planned for days before today: say what came of them.", address("field:not_written"), "late")
    )  # fmt: skip
    owed = list(supports.mine_to_take(user, today).order_by().values_list("on", flat=True))
    before = sum(on < today for on in owed)
    page.tasks.append(
        Task("Registers to take", len(owed), f"{before} of earlier days." if before else "Groups and sessions held today.", address("supports:registers"), "late" if before else "soon")
    )  # fmt: skip


def _of_schools(user: User) -> list[tuple[str, str]]:
    """Return the pages of the schools that a person works for, and their leaflets."""
    teams = [held.team_id for held in user.current_memberships()]
    return [
        link
        for school in schools().filter(team__in=teams)
        for link in (
            (
                f"What your hub offers {school.name}",
                address("directory:school_offer", school.pk),
            ),
            (
                f"Leaflet for families of {school.name} (PDF)",
                address("directory:school_leaflet", school.pk),
            ),
        )
    ]


def _referrer(page: Today, user: User, at: datetime) -> None:
    sent = list(referrals.sent_by(user)[:SHORT])
    told = referrals.last_told(user, sent)
    mine = address("referrals:mine")
    asked = referrals.search_sent(user, state="ask").order_by().count()
    waiting = referrals.search_sent(user, state="open").order_by().count()
    begun = referrals.unfinished_of(user)
    unfinished = list(begun[:SHORT])
    page.links += [
        ("Ask for help for a family", address("referrals:begin")),
        ("Send requests from a file", address("referrals:files")),
        *_of_schools(user),
    ]
    page.tasks += [
        Task("Waiting for your answer", asked, "The desk has asked you something.", mine + "?state=ask", "late"),
        Task("Begun and not sent", begun.order_by().count(), "They are deleted after a while.", mine + "#not-finished", "soon"),
        Task("Waiting for a decision", waiting, "You hear as soon as it is made.", mine + "?state=open"),
    ]  # fmt: skip
    if unfinished:
        page.shelves.append(
            Shelf(
                "Requests you have begun",
                ("Begun", "Last changed", "Kept until"),
                [
                    (
                        link(address("referrals:resume", draft.pk), day(draft.begun_at)),
                        when(draft.changed_at),
                        day(draft.expires_at),
                    )
                    for draft in unfinished
                ],
                "",
            )
        )
    page.shelves.append(
        Shelf(
            "The latest requests your organisation sent",
            ("Request", "Sent", "Where it is"),
            [
                (
                    link(address("referrals:one", r.reference), r.reference),
                    when(r.received_at),
                    tag(*state_for_sender(r, told.get(r.pk, ""))),
                )
                for r in sent
            ],
            "Your organisation has not sent a request yet.",
            mine,
            "See all your requests",
        )
    )


def _partner(page: Today, user: User, at: datetime) -> None:
    open_actions = (
        casework.partner_actions(user)
        .filter(done_on__isnull=True, dropped_on__isnull=True)
        .order_by()
    )
    n = open_actions.aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=localdate(at)))
    )
    mine = address("casework:my_actions")
    if asked := sendings.not_answered(user).order_by().count():
        page.tasks.append(
            Task("Families you are asked to help", asked, "Say whether you can.", mine, "soon")
        )
    if not n["all"]:
        return
    late = n["late"]
    page.tasks.append(
        Task(
            "Actions you have agreed to",
            n["all"],
            f"{late} past their day." if late else "From plans that your organisation is part of.",
            mine,
            "late" if late else "soon",
        )
    )


def _directory(page: Today, user: User, at: datetime) -> None:
    """What nobody confirmed: of one's own hub, or of the county for whoever keeps all of it."""
    today, query = localdate(at), "?only=overdue"
    overdue = assured.to_check(today, "overdue")
    hidden = assured.to_check(today, "hidden")
    if not user.can(P.DIRECTORY_EDIT_ALL):
        own = [hub for hub in all_hubs() if user.can(P.DIRECTORY_EDIT, in_team=hub.team)]
        if not own:
            return
        overdue = assured.to_check_at(own[0], overdue)
        hidden = assured.to_check_at(own[0], hidden)
        query += f"&hub={own[0].slug}"
    late, unseen = overdue.order_by().count(), hidden.order_by().count()
    text = "Nobody has said for three months that they are true."
    if unseen:
        text += f" {unseen} more {'is' if unseen == 1 else 'are'} hidden."
    page.tasks.append(
        Task("Entries to check", late, text, address("directory:checking", query=query), "soon")
    )


def _standards(page: Today, user: User, at: datetime) -> None:
    """Standards of the core offer that only a person can say, of one's own hubs."""
    hubs = [hub for hub in all_hubs() if user.can(P.DIRECTORY_EDIT, in_team=hub.team)]
    if hubs:
        number = len(directory.to_confirm(hubs, localdate(at)))
        page.tasks.append(
            Task("Standards to confirm", number, "Parts of the core offer that no data show: say whether the standard is met.", address("offer_board", query="#to-confirm"), "soon")
        )  # fmt: skip


def _proposals(page: Today, user: User, at: datetime) -> None:
    waiting = proposed.waited(proposed.waiting(), at)
    text = "What partners and groups would say of their services in the directory."
    if waiting:
        days = waiting[0][1]
        text += f" The longest has waited {days} working day{'' if days == 1 else 's'}."
    late = any(too_long for _, _, too_long in waiting)
    page.tasks.append(
        Task("Changes to approve", len(waiting), text, address("directory:proposals"), "late" if late else "soon")
    )  # fmt: skip


def _twins(page: Today, user: User, at: datetime) -> None:
    number = twins.listed("open").order_by().count()
    page.tasks.append(
        Task("Entries that may stand twice", number, "Two that may tell of one service in the directory.", address("directory:twins"), "soon")
    )  # fmt: skip


def _remarks(page: Today, user: User, at: datetime) -> None:
    """What people say about entries, of one's own hub or of all."""
    hub, query = None, ""
    if not user.can(P.DIRECTORY_EDIT_ALL):
        hub = next(
            (one for one in all_hubs() if user.can(P.DIRECTORY_EDIT, in_team=one.team)), None
        )
        if hub is None:
            return
        query = f"?hub={hub.slug}"
    number = assured.remarks(hub=hub).order_by().count()
    page.tasks.append(
        Task("Feedback on entries", number, "What people say about services in the directory.", address("directory:remarks", query=query), "soon")
    )  # fmt: skip


def _leads(page: Today, user: User, at: datetime) -> None:
    today = localdate(at)
    to_take = leading.to_take(user, today)
    if to_take is None:
        return
    page.links.append(("Sessions you lead for a hub", address("supports:led")))
    page.tasks.append(
        Task("Registers to take", to_take, "Of sessions that you lead for a hub.", address("supports:led"), "soon")
    )  # fmt: skip


def _data_protection(page: Today, user: User, at: datetime) -> None:
    waiting = families.emergencies(user).filter(reviewed_at__isnull=True)
    href = address("families:emergencies")
    page.tasks.append(
        Task(
            "Emergency looks to review",
            waiting.order_by().count(),
            "Somebody looked at a family that is not theirs, and said why.",
            href,
            "late",
        )
    )
    page.shelves.append(
        Shelf(
            "Emergency looks to review",
            ("Who", "When", "Why"),
            [
                (link(href, look.user), when(look.at), _short(look.reason))
                for look in waiting.select_related("user")[:SHORT]
            ],
            "Every emergency look has been reviewed.",
            href,
            "Review them",
        )
    )


def _short(words: str, most: int = 120) -> str:
    return words if len(words) <= most else f"{words[:most].rstrip()}…"


def _outbox(page: Today, user: User, at: datetime) -> None:
    failed = notices.failed(user)
    if failed:
        page.tasks.append(
            Task(
                "Messages not sent",
                failed,
                "Somebody has not heard from us. Look at why.",
                address("notices:outbox", query="?state=failed"),
                "late",
            )
        )


def _machine(page: Today, user: User, at: datetime) -> None:
    failed = jobs.everyones(user, "failed", since=at - timedelta(days=7)).order_by().count()
    page.tasks.append(
        Task(
            "Long work that failed",
            failed,
            "In the last seven days.",
            address("jobs:all", query="?state=failed&week=on"),
            "late",
        )
    )


def _people(page: Today, user: User, at: datetime) -> None:
    page.links += [
        ("People and teams", address("accounts:people")),
        ("Settings", address("county_settings")),
    ]


def _cover(page: Today, user: User, at: datetime) -> None:
    page.links.append(("Arrange cover", address("accounts:cover")))
