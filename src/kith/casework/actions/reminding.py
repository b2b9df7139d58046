"""Reminders, once a day: to workers first, to managers when a promise is at risk, to partners."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import User
from kith.casework import promises, queries, wordings
from kith.casework.models import Case, PlannedAction, Sharing
from kith.casework.permissions import may_remind
from kith.hubs.calendar import add_working_days, is_working_day, working_days_ago
from kith.notices import actions as notices
from kith.partners.models import Organisation

# A review of the plan is its worker's to hold, an action its owner's to do; overdue for so many working
# days, the manager hears.
TO_MANAGER_AFTER = 5


@transaction.atomic
def remind(*, by: User, at: datetime) -> int:
    """Send what is due by the end of the next working day, one e-mail to each person.

    Nothing on days that are no working days. Run again on the same day, it sends nothing twice.
    Returns how many notices there are for the day. Raises PermissionDenied.
    """
    may_remind(by).or_raise()
    today = timezone.localdate(at)
    if not is_working_day(today):
        return 0
    until = add_working_days(at, 1)
    owed = list(queries.first_contacts_owed(by, until + timedelta(seconds=1)))
    due = list(queries.all_actions_due(by, timezone.localdate(until)))
    standing_in = queries.standing_in(by, today)
    reviews = queries.reviews_owed(by, timezone.localdate(until))
    sent = _to_workers(owed, due, reviews, standing_in, today, at)
    sent += _to_managers(by, owed, reviews, due, today, at)
    return sent + _to_partners(due, today, timezone.localdate(until), at)


def tell_partner(action: PlannedAction, case: Case, at: datetime, *, again: str = "") -> None:
    """Tell a partner that an action of theirs is in a plan: that there is one, not what or whom. Once,
    and once more for each `again`."""
    organisation = action.owner_organisation
    if organisation is None or not (to := _address_of(organisation)):
        return
    hub = getattr(case.team, "hub", None)
    notices.send(
        wordings.PARTNER_ASKED,
        to=to,
        context={
            "hub": case.team,
            "organisation": organisation,
            "due": _day(action.due_on),
            "link": _link("casework:my_actions"),
            "phone": hub.phone if hub else "",
        },
        once_key=f"casework.partner_asked:{action.pk}{again}",
        at=at,
        about=("plannedaction", action.pk),
        team=case.team,
    )


def tell_worker_done(action: PlannedAction, case: Case, at: datetime) -> None:
    """Tell the worker of a case that a partner has done its part."""
    if case.worker is None:
        return
    notices.send(
        wordings.PARTNER_DONE,
        to=case.worker.email,
        context={
            "reference": case.reference,
            "organisation": action.owner_organisation,
            "link": _link("casework:case", case.reference),
        },
        once_key=f"casework.partner_done:{action.pk}",
        at=at,
        about=("case", case.pk),
        team=case.team,
    )


def tell_partner_withheld(action: PlannedAction, case: Case, at: datetime) -> None:
    """Tell a partner that an action is no longer theirs: not which family, nor what it was."""
    organisation = action.owner_organisation
    if organisation is None or not (to := _address_of(organisation)):
        return
    hub = getattr(case.team, "hub", None)
    notices.send(
        wordings.PARTNER_WITHHELD,
        to=to,
        context={
            "hub": case.team,
            "organisation": organisation,
            "due": _day(action.due_on),
            "phone": hub.phone if hub else "",
        },
        once_key=f"casework.partner_withheld:{action.pk}:{at.isoformat()}",
        at=at,
        about=("plannedaction", action.pk),
        team=case.team,
    )


def tell_partner_ended(action: PlannedAction, case: Case, at: datetime) -> None:
    """Tell a partner that an action of theirs ended as the case closed: not which family, nor what."""
    organisation = action.owner_organisation
    if organisation is None or action.withheld_at or not (to := _address_of(organisation)):
        return
    hub = getattr(case.team, "hub", None)
    notices.send(
        wordings.PARTNER_ENDED,
        to=to,
        context={
            "hub": case.team,
            "organisation": organisation,
            "due": _day(action.due_on),
            "link": _link("casework:my_actions"),
            "phone": hub.phone if hub else "",
        },
        once_key=f"casework.partner_ended:{action.pk}",
        at=at,
        about=("plannedaction", action.pk),
        team=case.team,
    )


def tell_worker_taken_back(sharing: Sharing, case: Case, at: datetime) -> None:
    """Tell the worker of a case that an agreement to share was taken back."""
    if case.worker is None:
        return
    notices.send(
        wordings.TAKEN_BACK,
        to=case.worker.email,
        context={
            "reference": case.reference,
            "link": _link("casework:sharing", case.reference),
        },
        once_key=f"casework.taken_back:{sharing.pk}:{case.pk}",
        at=at,
        about=("case", case.pk),
        team=case.team,
    )


def _to_workers(
    owed: list[Case],
    due: list[PlannedAction],
    reviews: list[tuple[Case, date]],
    standing_in: dict[int, User],
    today: date,
    at: datetime,
) -> int:
    contacts: dict[User, list[str]] = defaultdict(list)
    actions: dict[User, list[str]] = defaultdict(list)
    looks: dict[User, list[str]] = defaultdict(list)
    # Nobody of the family is chased: their worker asks them how it comes on.
    ask: dict[User, list[str]] = defaultdict(list)
    for case, due_on in reviews:
        if case.worker is not None:
            worker = standing_in.get(case.worker.pk, case.worker)
            looks[worker].append(_line(case.reference, promises.due(due_on, today)))
    for case in owed:
        if case.worker is not None:
            worker = standing_in.get(case.worker.pk, case.worker)
            contacts[worker].append(_line(case.reference, promises.first_contact(case, at)))
    for action in due:
        if action.owner is not None:
            worker = standing_in.get(action.owner.pk, action.owner)
            actions[worker].append(_line(action.case.reference, promises.action(action, today)))
        elif action.owner_person_id is not None and action.case.worker is not None:
            worker = standing_in.get(action.case.worker.pk, action.case.worker)
            ask[worker].append(_line(action.case.reference, promises.action(action, today)))
    everyone = sorted({*contacts, *actions, *looks, *ask}, key=lambda worker: worker.pk)
    for worker in everyone:
        notices.send(
            wordings.DIGEST,
            to=worker.email,
            context={
                "name": worker.name,
                "contacts": _listed("First contact:", contacts[worker]),
                "actions": _listed("Actions:", actions[worker]),
                "ask": _listed("Ask the family about what they took on:", ask[worker]),
                "reviews": _listed("Reviews of the plan:", looks[worker]),
                "link": _link("casework:cases"),
            },
            once_key=f"casework.digest:{worker.pk}:{today}",
            at=at,
        )
    return len(everyone)


def _to_managers(
    by: User,
    owed: list[Case],
    reviews: list[tuple[Case, date]],
    due: list[PlannedAction],
    today: date,
    at: datetime,
) -> int:
    overdue: dict[int, list[str]] = defaultdict(list)
    waiting: dict[int, list[str]] = defaultdict(list)
    late: dict[int, list[str]] = defaultdict(list)
    undone: dict[int, list[str]] = defaultdict(list)
    teams = {case.team_id: case.team for case in [*owed, *(case for case, _ in reviews)]}
    long_ago = timezone.localdate(working_days_ago(at, TO_MANAGER_AFTER))
    for case, due_on in reviews:
        if due_on < long_ago:
            line = _line(f"{case.reference}, with {case.worker}", promises.due(due_on, today))
            late[case.team_id].append(line)
    for action in due:
        # What the family took on, its worker asks about; what a partner no longer sees, nobody owes.
        chased = action.owner_person_id is None and action.withheld_at is None
        if chased and action.due_on < long_ago:
            teams[action.case.team_id] = action.case.team
            line = _line(f"{action.case.reference}, {action.who}", promises.action(action, today))
            undone[action.case.team_id].append(line)
    for case in owed:
        state = promises.first_contact(case, at)
        if case.worker is None:
            waiting[case.team_id].append(_line(case.reference, state))
        elif state.late:
            overdue[case.team_id].append(_line(f"{case.reference}, with {case.worker}", state))
    sent = 0
    for team_id in sorted({*overdue, *waiting, *late, *undone}):
        team = teams[team_id]
        for manager in queries.managers_of(by, team, today):
            sent += 1
            notices.send(
                wordings.MANAGER_DIGEST,
                to=manager.email,
                context={
                    "name": manager.name,
                    "hub": team,
                    "overdue": _listed("First contact overdue:", overdue[team_id]),
                    "waiting": _listed(
                        "Waiting for a worker, first contact promised:", waiting[team_id]
                    ),
                    "reviews": _listed("Reviews of the plan overdue for a week:", late[team_id]),
                    "actions": _listed("Actions overdue for a week:", undone[team_id]),
                    "link": _link("home"),
                },
                once_key=f"casework.manager_digest:{team_id}:{manager.pk}:{today}",
                at=at,
                team=team,
            )
    return sent


def _to_partners(due: list[PlannedAction], today: date, until: date, at: datetime) -> int:
    theirs: dict[Organisation, list[PlannedAction]] = defaultdict(list)
    for action in due:
        # Of what is withheld a partner is told nothing more.
        if action.owner_organisation is not None and action.withheld_at is None:
            theirs[action.owner_organisation].append(action)
    sent = 0
    for organisation in sorted(theirs, key=lambda one: one.pk):
        overdue = [action for action in theirs[organisation] if action.due_on < today]
        coming = len(theirs[organisation]) - len(overdue)
        # What is overdue only is said once a week, on the day that the week brings round.
        weekly = any((today - action.due_on).days % 7 == 1 for action in overdue)
        to = _address_of(organisation)
        if not to or not (coming or weekly):
            continue
        sent += 1
        notices.send(
            wordings.PARTNER_DIGEST,
            to=to,
            context={
                "organisation": organisation,
                "due": coming,
                "day": _day(until),
                "overdue": len(overdue),
                "link": _link("casework:my_actions"),
            },
            once_key=f"casework.partner_digest:{organisation.pk}:{today}",
            at=at,
        )
    return sent


def _address_of(organisation: Organisation) -> str:
    team = organisation.team
    return organisation.email or (team.email if team else "")


def _listed(heading: str, lines: list[str]) -> str:
    """Return lines under a heading; those that are the same, as an e-mail must not tell more, once."""
    counted = [
        line if number == 1 else f"{line} ({number} of them)"
        for line, number in Counter(lines).items()
    ]
    return "\n".join([heading, *counted]) if counted else ""


def _line(what: str, state: promises.State) -> str:
    return f"- {what}: {state.words[0].lower()}{state.words[1:]}"


def _link(name: str, *arguments: str) -> str:
    return settings.KITH_ADDRESS + reverse(name, args=arguments)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
