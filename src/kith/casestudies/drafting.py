"""How a case becomes a story: what must not be told, and paragraphs of what may be."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from kith.accounts.models import Membership, User
from kith.analytics.days import age_on
from kith.analytics.pseudonyms import Phrase, Real, Secrets, age_band, number_word, roughly_when
from kith.casestudies.kinds import ADULTS, kind_of
from kith.casework import queries as casework
from kith.casework import team
from kith.casework.models import Case, FollowUp
from kith.families import queries as families
from kith.families.models import OtherName
from kith.families.queries import Member
from kith.hubs.queries import all_hubs
from kith.partners.models import Organisation
from kith.places.models import District
from kith.referrals.models import ReferralChild, ReferralNeed
from kith.supports import queries as supports

ASKED_BY: dict[str, str] = {
    "parent": "A parent asked for help themself",
    "young_person": "A young person asked for help themself",
    "partner": "A professional asked for help for the family",
    "professional": "A professional asked for help for the family",
    "other": "Somebody who knows the family asked for help",
}
OWN_WORDS = "Free words: somebody’s own way of saying things may give them away."
BACKGROUND = (
    "Seldom needed, and easily known again. Choose it only if the story makes no sense without."
)
OLD = 55  # years: from then on a name of an older generation


@dataclass(frozen=True)
class Draft:
    """A paragraph as it is made from the case."""

    key: str
    heading: str
    words: str
    chosen: bool = True
    warning: str = ""


# --- What must not be told --------------------------------------------------------------------------


def secrets_of(viewer: User, case: Case) -> Secrets:
    """Return everything that gives away of whom a case is: names, places, numbers, days."""
    records = families.together_with(viewer, case.family)
    members = families.people_of(viewer, case.family, now_only=False, records=records)
    people = [_real(member, timezone.localdate(case.opened_at)) for member in members]
    own = {word for one in people for name in one.calls for word in name.casefold().split()}
    for number, (name, instead) in enumerate(_helpers(viewer, case)):
        if not set(name.casefold().split()) <= own:
            people.append(_helper(number, name, instead))
    births = [member.date_of_birth or member.expected_on for member in members]
    return Secrets(
        people=tuple(people),
        phrases=tuple(dict.fromkeys(_phrases(viewer, case, records))),
        births=frozenset(day for day in births if day),
        start=timezone.localdate(case.referral.received_at),
    )


def _real(member: Member, on: date) -> Real:
    persons = [member.person, *member.records]
    others = OtherName.objects.filter(person__in=persons).order_by("pk")
    calls = [one.given_names for one in persons] + [one.known_as for one in persons]
    calls += [one.given_names for one in others]
    surnames = [one.family_name for one in persons] + [one.family_name for one in others]
    born = member.date_of_birth
    old = born is not None and age_on(born, on) >= OLD
    return Real(
        key=f"person-{member.person.pk}",
        calls=tuple(dict.fromkeys(name for name in calls if name)),
        surnames=tuple(dict.fromkeys(name for name in surnames if name)),
        sex=next((one.sex for one in persons if one.sex in "FM"), _sex_of(member.role)),
        generation="child"
        if member.is_child
        else "elder"
        if old or member.role == "grandparent"
        else "adult",
    )


def _sex_of(role: str) -> str:
    return {"mother": "F", "father": "M"}.get(role, "U")


def _helper(number: int, name: str, instead: str) -> Real:
    first, _, last = name.strip().rpartition(" ")
    return Real(
        key=f"helper-{number}",
        calls=(first or last,),
        surnames=(last,) if first else (),
        instead=instead,
    )


def _helpers(viewer: User, case: Case) -> Iterable[tuple[str, str]]:
    """Return the names of those who helped, and of those they spoke with, and what each is called."""
    referral = case.referral
    hub = Membership.objects.filter(team=case.team).values_list("user__name", flat=True)
    staff = {allocation.worker.name for allocation in casework.allocations_of(viewer, case)}
    staff |= {one.by.name for one in casework.contacts_of(viewer, case)}
    staff |= {one.by.name for one in casework.notes_of(viewer, case)}
    staff |= {a.owner.name for a in casework.plan_of(viewer, case) if a.owner}
    for name in sorted(staff | set(hub)):
        yield name, "the worker"
    if referral.sender_kind in ("partner", "professional", "other") and referral.sender_name:
        yield referral.sender_name, "the person who asked for help"
    for member in team.members_of(viewer, case):
        if member.kind == "partner":
            yield member.name, "a professional"


def _phrases(viewer: User, case: Case, records: list) -> Iterable[Phrase]:  # type: ignore[type-arg]
    for child in ReferralChild.objects.filter(referral__family__in=records).select_related(
        "school"
    ):
        if child.school is not None:
            yield Phrase(child.school.name, kind_of(child.school), "school")
        if child.school_name:
            yield Phrase(child.school_name, "a school", "school")
    for organisation in _partners(viewer, case):
        school = organisation.kind == Organisation.Kind.SCHOOL
        yield Phrase(
            organisation.name, kind_of(organisation), "school" if school else "organisation"
        )
    if case.referral.sender_organisation_name:
        yield Phrase(case.referral.sender_organisation_name, "a partner", "organisation")
    for address in families.addresses_of(viewer, case.family, records=records):
        for line in address.lines.replace(",", "\n").splitlines():
            if line.strip():
                yield Phrase(line.strip(), "[an address]", "address", short=False)
                street = line.strip().lstrip("0123456789abcdefABCDEF/- ")
                if len(street.split()) > 1:
                    yield Phrase(street, "[an address]", "address", short=False)
    for hub in all_hubs():
        yield Phrase(f"{hub.name} hub", "one of our hubs", "hub", short=False)
        yield Phrase(hub.name, "one of our hubs", "hub", short=False)
    for name in District.objects.values_list("name", flat=True):
        yield Phrase(name, "a part of the county", "place", short=False)


def _partners(viewer: User, case: Case) -> list[Organisation]:
    found = [a.owner_organisation for a in casework.plan_of(viewer, case)]
    found += [member.organisation for member in team.members_of(viewer, case)]
    found.append(case.referral.sender_organisation)
    return list(dict.fromkeys(one for one in found if one is not None))


# --- What may be told -------------------------------------------------------------------------------


def paragraphs_of(viewer: User, case: Case, secrets: Secrets) -> list[Draft]:
    """Return the story of a case in paragraphs, as it stands on the record: names not changed yet."""
    assert secrets.start is not None
    start, records = secrets.start, families.together_with(viewer, case.family)
    referral = case.referral
    told = [
        Draft("family", "The family", _family(viewer, case)),
        Draft("request", "What was asked", _request(case, start)),
        Draft("contact", "First contact", _contact(viewer, case, start)),
        Draft("assessment", "What was found out", _assessment(viewer, case)),
        Draft("goals", "What the family wanted", _goals(viewer, case, start)),
        Draft("actions", "What was done, and by whom", _actions(viewer, case)),
        Draft("team", "The team around the family", _meetings(viewer, case, start)),
        Draft("supports", "Groups and sessions", _supports(viewer, records)),
        Draft("ending", "How it ended", _ending(case, start)),
        Draft("follow_up", "How it lasts", _follow_up(viewer, case)),
    ]
    words = (
        ("worry", "The request, in the words of whoever asked", referral.worry),
        ("family_words", "What the family was told at the end", case.family_words),
        (
            "came_of_it",
            "What came of the actions, as it was written down",
            "\n".join(a.came_of_it for a in casework.plan_of(viewer, case) if a.came_of_it),
        ),
        ("closing_words", "How it ended, in the worker’s words", case.closing_words),
    )
    told += [Draft(k, heading, text, False, OWN_WORDS) for k, heading, text in words]
    told.append(Draft("background", "Background", _background(viewer, case), False, BACKGROUND))
    return [one for one in told if one.words.strip()]


def _family(viewer: User, case: Case) -> str:
    opened = timezone.localdate(case.opened_at)
    members = families.people_of(viewer, case.family, now_only=False)
    children = [one for one in members if one.is_child]
    adults = [one for one in members if not one.is_child and one.membership.until is None]
    told = [f"A family with {_count(len(children), 'child', 'children')}"]
    bands = Counter(
        age_band(age_on(one.date_of_birth, opened))
        if one.date_of_birth and one.date_of_birth <= opened
        else "not yet born"
        if one.expected_on
        else "of an age we do not know"
        for one in children
    )
    said = _listed(f"{number_word(n)} {band}" for band, n in bands.items())
    if len(bands) == 1:
        alike = {1: "", 2: "both "}.get(len(children), "all ")
        said = alike + next(iter(bands))
    with_whom = _listed(ADULTS.get(one.role, "another adult") for one in adults)
    names = _listed(one.person.given_names for one in members if one.was_born)
    text = f"{told[0]}, {said}." if children else "A family."
    if with_whom:
        text += f" The adult{'s are' if len(adults) > 1 else ' is'} {with_whom}."
    return f"{text} In this study they are called {names}." if names else text


def _request(case: Case, start: date) -> str:
    referral = case.referral
    asked = ASKED_BY.get(referral.sender_kind, "Somebody asked for help for the family")
    if referral.sender_organisation is not None:
        who = kind_of(referral.sender_organisation)
        asked = f"{who[:1].upper()}{who[1:]} asked for help for the family"
    named = ReferralNeed.objects.filter(referral=referral).select_related("need")
    needs = sorted(named, key=lambda one: (not one.main, one.need.order))
    text = f"{asked}."
    if needs:
        first, *more = [_small(one.need.name) for one in needs]
        text += f" What was needed most was help with {first}"
        text += f"; also with {_listed(more)}." if more else "."
    return text


def _contact(viewer: User, case: Case, start: date) -> str:
    text = f"A hub took the request on {_when(timezone.localdate(case.opened_at), start)}."
    if case.first_contact_at:
        when = _when(timezone.localdate(case.first_contact_at), start)
        text += f" The family was reached {when}."
    reached = [one for one in casework.contacts_of(viewer, case) if one.succeeded]
    visits = sum(one.how == "visit" for one in reached)
    if reached:
        are = "was" if len(reached) == 1 else "were"
        text += f" In all there {are} {_count(len(reached), 'contact', 'contacts')}"
        if visits:
            at_home = (
                "at home" if visits == len(reached) else f"{number_word(visits)} of them at home"
            )
            text += f", {at_home}"
        text += "."
    return text


def _assessment(viewer: User, case: Case) -> str:
    found = casework.distances(viewer, case.family)
    if not found:
        return ""
    told = []
    by_area: dict[str, list[casework.Distance]] = {}
    for one in found:
        by_area.setdefault(_area(one.title), []).append(one)
    for title, areas in by_area.items():
        moved = [one for one in areas if one.change is not None]
        if moved:
            told.append(
                f"{title} went from {_listed(str(o.first) for o in moved)} to "
                f"{_listed(str(o.last) for o in moved)}"
            )
        else:
            told.append(f"{title} stood at {_listed(str(one.last) for one in areas)}")
    return (
        "The worker and the family assessed how things were, from 0 (very hard) to 10 (as good as "
        f"can be): {'; '.join(told)}."
    )


def _area(title: str) -> str:
    area = re.split(r"[:,]", title)[0].strip().lower()
    return "the child’s development" if area.startswith("development") else area or "one area"


def _goals(viewer: User, case: Case, start: date) -> str:
    goals = casework.goals_of(viewer, case)
    told = []
    for one in goals:
        said = one.goal.words.rstrip(".")
        if one.change is not None:
            said += f" (from {one.progress[0].score} to {one.progress[-1].score} of 10"
            said += f"; {one.goal.get_ending_display().lower()})" if one.goal.ending else ")"
        elif one.goal.ending:
            said += f" ({one.goal.get_ending_display().lower()})"
        told.append(f"{said}.")
    if not told:
        return ""
    lead = (
        "The family named one goal"
        if len(told) == 1
        else f"The family named {number_word(len(told))} goals"
    )
    return f"{lead}. " + " ".join(told)


def _actions(viewer: User, case: Case) -> str:
    planned = list(casework.plan_of(viewer, case))
    if not planned:
        return ""
    by_kind: dict[str, list[bool]] = {}
    for action in planned:
        who = "the family itself" if action.owner_person_id else "the worker"
        if action.owner_organisation:
            who = kind_of(action.owner_organisation)
        by_kind.setdefault(who, []).append(action.done_on is not None)
    told = [
        f"{who} took on {number_word(len(done))}{_of_which(sum(done), len(done))}"
        for who, done in sorted(by_kind.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    text = f"{_count(len(planned), 'action was', 'actions were')} agreed".capitalize()
    return f"{text}: {'; '.join(told)}."


def _of_which(done: int, all_of_them: int) -> str:
    if done == all_of_them:
        return " and did it" if done == 1 else " and did them all"
    if not done:
        return ", not done yet" if all_of_them == 1 else ", none of them done yet"
    return f", of which {number_word(done)} {'was' if done == 1 else 'were'} done"


def _meetings(viewer: User, case: Case, start: date) -> str:
    held = [m for m in team.meetings_of(viewer, case) if m.minutes and not m.meeting.cancelled_at]
    if not held:
        return ""
    kinds = {
        kind_of(m.organisation) for m in team.members_of(viewer, case) if m.organisation is not None
    }
    first = min(timezone.localdate(m.meeting.starts_at) for m in held)
    text = f"Those who help met as a team {_times(len(held))}, for the first time {_when(first, start)}."
    return f"{text} Beside the hub, {_listed(sorted(kinds))} took part." if kinds else text


def _supports(viewer: User, records: list) -> str:  # type: ignore[type-arg]
    came: Counter[str] = Counter()
    for place in supports.places_of(viewer, records, timezone.localdate()):
        came[place.placement.support.get_kind_display().lower()] += place.came
    told = [f"{_kind_of_support(kind)} {_times(n)}" for kind, n in came.items() if n]
    return f"Somebody of the family came to {_listed(told)}." if told else ""


def _kind_of_support(kind: str) -> str:
    return kind if kind.startswith("one-to-one") else f"a {kind}"


def _ending(case: Case, start: date) -> str:
    if case.closed_at is None:
        return "Help goes on."
    when = _when(timezone.localdate(case.closed_at), start)
    how = case.get_outcome_display().lower()
    return f"Help ended {when}: {_small(case.get_closing_reason_display())}. For the family things were then {how}."


def _follow_up(viewer: User, case: Case) -> str:
    told = [
        f"{number_word(one.months)} months after the end the family said that things were "
        f"{one.get_outcome_display().lower()}"
        for one in FollowUp.objects.filter(
            case=case, case__in=casework.visible_to(viewer), reached=True
        ).order_by("months")
    ]
    return "; ".join(told).capitalize() + "." if told else ""


def _background(viewer: User, case: Case) -> str:
    told = []
    members = families.people_of(viewer, case.family, now_only=False)
    if any(one.person.young_carer for one in members):
        told.append("A child of the family helps to look after somebody at home.")
    if any(one.person.disabilities for one in members):
        told.append("Somebody of the family has a disability.")
    languages = {one.person.language for one in members} - {"", "English"}
    if languages:
        told.append(f"At home they speak {_listed(sorted(languages))}.")
    return " ".join(told)


# --- Words ------------------------------------------------------------------------------------------


def _when(day: date, start: date) -> str:
    return roughly_when(day, start)


def _small(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _count(number: int, one: str, many: str) -> str:
    return f"{number_word(number)} {one if number == 1 else many}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number_word(number)} times")


def _listed(words: Iterable[str]) -> str:
    said = list(words)
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 2 else said)
