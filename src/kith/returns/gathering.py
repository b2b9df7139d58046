"""Gathering the facts of a return, within what the viewer may see.

Records that are one person count once, by the record that stands for them; what it leaves open is
filled in from the others. So it is with families. Long lists are asked for as plain values.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Manager, Q, QuerySet
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.analytics.days import months_after
from kith.analytics.returns import facts as plain
from kith.analytics.returns.codes import EARLY_HELP
from kith.casework import queries as casework
from kith.casework.models import (
    Allocation,
    AssessedPerson,
    Assessment,
    Case,
    Handover,
    Reopening,
    StepUp,
)
from kith.families.models import Address, Family, Membership, Person, Residence
from kith.families.restricting import with_a_home_withheld
from kith.hubs.models import StaffPost
from kith.referrals import queries as requests
from kith.referrals.models import Referral, ReferralChild, ReferralNeed

YEAR = 12
FULL_TIME = 37  # hours a week
END_REASONS = {
    Case.ClosingReason.GOALS_MET: "Outcomes met",
    Case.ClosingReason.STEPPED_UP: "Step-up",
}
# What social care decided, as whether it took no further action.
NFA = {
    StepUp.Decision.ACCEPTED: False,
    StepUp.Decision.NO_FURTHER_ACTION: True,
    StepUp.Decision.BACK: True,
}


class Gathering:
    """One gathering for one viewer: each question is asked once."""

    def __init__(self, viewer: User, *, since: date, on: date) -> None:
        self.viewer, self.since, self.on = viewer, since, on
        # How often a child was passed on is told of the twelve months before each time.
        self.earliest = months_after(since, -YEAR)

    def facts(self, *, homes: bool) -> plain.Facts:
        """Return everything that the returns of this period tell, or need to tell it."""
        cases = self._cases()
        requested = self._requests()
        children_of = self._children_of_requests(requested)
        heads, references = self._families(
            {case["family_id"] for case in cases} | {row["family_id"] for row in requested}
        )
        # Whoever sent a request sees it also while the family is kept to others: no return tells it.
        requested = [row for row in requested if row["family_id"] in heads]
        memberships = self._memberships(heads)
        numbers = {row["person_id"] for row in memberships}
        numbers |= {child for found in children_of.values() for child in found}
        stands_for, children, mothers = self._people(numbers)
        needs = self._needs()
        teams = dict(Team.objects.values_list("pk", "name"))
        staff = dict(User.objects.values_list("pk", "name"))

        by_family: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in memberships:
            if row["role"] == Membership.Role.CHILD:
                by_family[heads[row["family_id"]]].append(row)

        def reference_of(family: int) -> str:
            return references[heads[family]]

        spells, passed_on = self._spells(
            cases, by_family, heads, stands_for, needs, teams, staff, reference_of
        )
        contacts = []
        for row in requested:
            named = {stands_for[child] for child in children_of.get(row["pk"], ())}
            day = _day(row["received_at"])
            family = reference_of(row["family_id"])
            if self.since <= day <= self.on:
                contacts += [
                    plain.Contact(
                        row["reference"], child, day, row["source"], _outcome(row["status"]), family
                    )
                    for child in sorted(named)
                ]
            if row["status"] == Referral.Status.SOCIAL_CARE:
                passed_on += [
                    plain.PassedOn(
                        reference=row["reference"],
                        child=child,
                        on=_day(row["decided_at"]),
                        source=row["source"],
                        primary_need=needs.get(row["pk"], ("", ""))[1],
                        team=teams.get(row["team_id"], ""),
                        worker=staff.get(row["decided_by_id"], ""),
                        family=family,
                    )
                    for child in sorted(named)
                ]
        told = (
            {contact.child for contact in contacts}
            | {spell.child for spell in spells}
            | {passed.child for passed in passed_on}
        )
        return plain.Facts(
            children={number: _child(children[number], mothers) for number in sorted(told)},
            members=self._members(by_family, stands_for, told, references),
            homes=self._homes(heads, by_family, stands_for, told) if homes else [],
            contacts=contacts,
            spells=spells,
            assessments=self._assessments(stands_for),
            passed_on=passed_on,
            professionals=self._professionals(spells, teams),
            departments=[
                plain.Department(number=number, name=name)
                for number, name in Team.objects.filter(kind__in=(Team.Kind.HUB, Team.Kind.DESK))
                .order_by("pk")
                .values_list("pk", "name")
            ],
        )

    # Requests

    def _of_period(self) -> "QuerySet[Referral]":
        begin = _begin(self.earliest)
        end = _begin(self.on + timedelta(days=1))
        return requests.visible_to(self.viewer).filter(
            Q(received_at__gte=_begin(self.since), received_at__lt=end)
            | Q(status=Referral.Status.SOCIAL_CARE, decided_at__gte=begin, decided_at__lt=end)
        )

    def _requests(self) -> list[dict[str, Any]]:
        return list(
            self._of_period()
            .order_by("received_at", "pk")
            .values(
                *("pk", "reference", "family_id", "received_at", "source", "status"),
                *("decided_at", "decided_by_id", "team_id"),
            )
        )

    def _children_of_requests(self, requested: list[dict[str, Any]]) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        named = ReferralChild.objects.filter(referral__in=self._of_period().values("pk"))
        for request, child in named.values_list("referral_id", "person_id"):
            found[request].add(child)
        return found

    def _needs(self) -> dict[int, tuple[str, str]]:
        """Return the main need of each request, in words and as the DfE's code."""
        wanted = Q(referral__in=self._of_period().values("pk"))
        wanted |= Q(referral__in=self._case_query().values("referral_id"))
        return {
            request: (name, code)
            for request, name, code in ReferralNeed.objects.filter(wanted, main=True).values_list(
                "referral_id", "need__name", "need__primary_need"
            )
        }

    # Cases

    def _case_query(self) -> "QuerySet[Case]":
        """The cases that help somebody in the period, and all others of the same families, since
        what came before may belong to the same episode."""
        end = _begin(self.on + timedelta(days=1))
        visible = casework.visible_to(self.viewer).filter(opened_at__lt=end)
        # Of what was closed before, only how often a child was passed on is told.
        stepped_up = Case.ClosingReason.STEPPED_UP
        passed_on = (
            Q(closing_reason=stepped_up)
            | Q(reopenings__had_closing_reason=stepped_up)
            | Q(step_ups__state__in=("sent", "received", "decided"))
        )
        lately = visible.filter(
            Q(closed_at=None)
            | Q(closed_at__gte=_begin(self.since))
            | Q(closed_at__gte=_begin(self.earliest)) & passed_on
        )
        return visible.filter(
            Q(family__in=lately.values("family_id"))
            | Q(family__head__in=lately.values("family__head_id"))
        )

    def _cases(self) -> list[dict[str, Any]]:
        return list(
            self._case_query()
            .order_by("opened_at", "pk")
            .values(
                *("pk", "reference", "family_id", "team_id", "referral_id", "opened_at"),
                *("closed_at", "closing_reason", "referral__reference", "worker_id"),
            )
        )

    def _spells(
        self,
        cases: list[dict[str, Any]],
        by_family: dict[int, list[dict[str, Any]]],
        heads: dict[int, int],
        stands_for: dict[int, int],
        needs: dict[int, tuple[str, str]],
        teams: dict[int, str],
        staff: dict[int, str],
        reference_of: Any,
    ) -> tuple[list[plain.Spell], list[plain.PassedOn]]:
        ids = self._case_query().values("pk")
        reopened = _grouped(
            Reopening.objects.filter(case__in=ids).order_by("at", "pk"),
            *("at", "had_closed_at", "had_closing_reason", "by_id"),
        )
        moved = _grouped(
            Handover.objects.filter(case__in=ids).order_by("at", "pk"), "at", "from_team_id"
        )
        asked = _grouped(
            StepUp.objects.filter(case__in=ids, state__in=("sent", "received", "decided")).order_by(
                "answered_at", "pk"
            ),
            *("answered_at", "decision"),
        )
        worked = _grouped(
            Allocation.objects.filter(case__in=ids).order_by("since", "pk"),
            *("pk", "worker_id", "since", "until"),
        )
        spells, passed_on = [], []
        for case in cases:
            parts = []
            begins = case["opened_at"]
            for again in reopened.get(case["pk"], ()):
                parts.append((begins, again["had_closed_at"], again["had_closing_reason"]))
                begins = again["at"]
            parts.append((begins, case["closed_at"], case["closing_reason"]))
            at_work = [
                plain.Work(
                    number=one["pk"],
                    professional=one["worker_id"],
                    since=_day(one["since"]),
                    until=_day(one["until"]) if one["until"] else None,
                )
                for one in worked.get(case["pk"], ())
            ]
            need, code = needs.get(case["referral_id"], ("", ""))
            family = reference_of(case["family_id"])
            in_family = by_family[heads[case["family_id"]]]
            for begin, end, why in parts:
                since, until = _day(begin), _day(end) if end else None
                if since > self.on:
                    continue
                # As it was on the day: what happened later is not told.
                if until is not None and until > self.on:
                    until, why = None, ""
                then = _begin(self.on + timedelta(days=1))
                if until is not None:
                    then = min(end, then)
                team = _team_then(case["team_id"], moved.get(case["pk"], ()), then)
                work = tuple(
                    one
                    for one in at_work
                    if one.since <= (until or self.on) and (one.until or date.max) >= since
                )
                there = {
                    stands_for[row["person_id"]]
                    for row in in_family
                    if (row["since"] or date.min) <= (until or self.on)
                    and (row["until"] or date.max) > since
                }
                spells += [
                    plain.Spell(
                        child=child,
                        case=case["reference"],
                        since=since,
                        until=until,
                        reason=need,
                        end_reason=_end_reason(why),
                        organisation=teams.get(team, ""),
                        team=team,
                        work=work,
                        request=case["referral__reference"],
                        family=family,
                    )
                    for child in sorted(there)
                ]
                sent = [
                    (_day(one["answered_at"]), NFA.get(one["decision"]))
                    for one in asked.get(case["pk"], ())
                    if since <= _day(one["answered_at"]) <= (until or self.on)
                ]
                # A case that closed so before social care was asked here for its receipt.
                accepted = any(nfa is False for _, nfa in sent)
                if why == Case.ClosingReason.STEPPED_UP and until and not accepted:
                    sent.append((until, None))
                for on, nfa in sent:
                    if not self.earliest <= on <= self.on:
                        continue
                    had = [one for one in work if one.since <= on <= (one.until or date.max)]
                    last = max(
                        had, key=lambda one: (one.until or date.max, one.since), default=None
                    )
                    passed_on += [
                        plain.PassedOn(
                            reference=case["reference"],
                            child=child,
                            on=on,
                            source=EARLY_HELP,
                            primary_need=code,
                            team=teams.get(team, ""),
                            worker=staff.get(last.professional, "") if last else "",
                            family=family,
                            nfa=nfa,
                        )
                        for child in sorted(there)
                    ]
        return spells, passed_on

    def _assessments(self, stands_for: dict[int, int]) -> list[plain.Assessment]:
        end = _begin(self.on + timedelta(days=1))
        written = AssessedPerson.objects.filter(
            is_child=True,
            assessment__case__in=self._case_query().values("pk"),
            assessment__started_at__lt=end,
        ).exclude(assessment__status=Assessment.Status.DISCARDED)
        return [
            plain.Assessment(
                child=stands_for.get(person, person),
                case=case,
                started=_day(started),
                completed=_day(signed) if signed else None,
            )
            for person, case, started, signed in written.values_list(
                "person_id",
                "assessment__case__reference",
                "assessment__started_at",
                "assessment__signed_at",
            )
        ]

    # People

    def _families(self, wanted: set[int]) -> tuple[dict[int, int], dict[int, str]]:
        """Return the record that stands for each family and all that are one with it, and the
        references of those that stand for others."""
        fields = ("pk", "head_id", "reference")
        rows = {
            pk: (head or pk, reference)
            for pk, head, reference in _among(Family.objects, "id", wanted).values_list(*fields)
        }
        standing = {head for head, _ in rows.values()}
        for column in ("head_id", "id"):
            rows |= {
                pk: (head or pk, reference)
                for pk, head, reference in _among(
                    Family.objects, column, standing - rows.keys() if column == "id" else standing
                ).values_list(*fields)
            }
        heads = {pk: head for pk, (head, _) in rows.items()}
        return heads, {pk: rows[pk][1] for pk in standing if pk in rows}

    def _memberships(self, heads: dict[int, int]) -> list[dict[str, Any]]:
        rows = _among(Membership.objects, "family_id", heads).order_by("pk")
        fields = (
            *("pk", "family_id", "person_id", "role", "since", "until", "lives_here"),
            "person__died_on",
        )
        # Whoever died belongs to the family's record, and is helped no longer.
        return [
            row | {"until": min(filter(None, (row["until"], row["person__died_on"])), default=None)}
            for row in rows.values(*fields)
        ]

    def _people(
        self, numbers: set[int]
    ) -> tuple[dict[int, int], dict[int, list[dict[str, Any]]], set[int]]:
        """Return the record that stands for each person; the records of each, that one first; and
        who is anybody's mother."""
        fields = (
            *("pk", "head_id", "given_names", "family_name", "sex", "ethnicity"),
            *("date_of_birth", "expected_on", "disabilities"),
        )
        rows = {row["pk"]: row for row in _among(Person.objects, "id", numbers).values(*fields)}
        standing = {row["head_id"] or row["pk"] for row in rows.values()}
        for column in ("head_id", "id"):
            more = standing - rows.keys() if column == "id" else standing
            found = _among(Person.objects, column, more).values(*fields)
            rows |= {row["pk"]: row for row in found}
        stands_for = {pk: row["head_id"] or pk for pk, row in rows.items()}
        records: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for pk in sorted(rows, key=lambda pk: (pk != stands_for[pk], pk)):
            records[stands_for[pk]].append(rows[pk])
        known = _among(Membership.objects, "person_id", rows).filter(role=Membership.Role.MOTHER)
        mothers = {stands_for[person] for person in known.values_list("person_id", flat=True)}
        return stands_for, records, mothers

    def _members(
        self,
        by_family: dict[int, list[dict[str, Any]]],
        stands_for: dict[int, int],
        told: set[int],
        references: dict[int, str],
    ) -> list[plain.Member]:
        found: dict[tuple[int, int], plain.Member] = {}
        for head, rows in by_family.items():
            for row in rows:
                child = stands_for[row["person_id"]]
                if child in told:
                    member = plain.Member(row["pk"], references[head], child)
                    found.setdefault((head, child), member)
        return sorted(found.values(), key=lambda member: member.number)

    def _homes(
        self,
        heads: dict[int, int],
        by_family: dict[int, list[dict[str, Any]]],
        stands_for: dict[int, int],
        told: set[int],
    ) -> list[plain.Home]:
        """Return where children live, told once: the homes written down for them, and from when; for
        others those of the families with which they live, unless others alone live there. Where an
        address of a child's family is kept from the viewer, nothing is guessed of where they live."""
        addresses = list(_among(Address.objects, "family_id", heads).order_by("pk"))
        stays: dict[tuple[int, int], list[tuple[date | None, date | None]]] = defaultdict(list)
        of_somebody = set()
        known = _among(Residence.objects, "address_id", [address.pk for address in addresses])
        for person, address_id, since, until in known.order_by("since", "pk").values_list(
            "person_id", "address_id", "since", "until"
        ):
            of_somebody.add(address_id)
            if person in stands_for:
                stays[stands_for[person], address_id].append((since, until))
        settled = {child for child, _ in stays} | {
            stands_for[person]
            for person in with_a_home_withheld(self.viewer, stands_for, since=self.since)
        }
        found: dict[tuple[object, ...], plain.Home] = {}
        for address in addresses:
            head = heads[address.family_id]
            for row in by_family[head]:
                child = stands_for[row["person_id"]]
                if child not in told:
                    continue
                theirs = stays.get((child, address.pk), [])
                if not theirs and (
                    child in settled or not row["lives_here"] or address.pk in of_somebody
                ):
                    continue
                for part, (since, until) in enumerate(theirs or [(None, None)], start=1):
                    home = plain.Home(
                        number=address.pk,
                        child=child,
                        lines=tuple(address.lines.splitlines()),
                        postcode=address.postcode,
                        easting=address.easting,
                        northing=address.northing,
                        since=since or address.since,
                        until=until or address.until,
                        part=part,
                    )
                    found.setdefault((child, *address.place, since, until), home)
        return sorted(found.values(), key=lambda home: (home.number, home.child, home.part))

    def _professionals(
        self, spells: Iterable[plain.Spell], teams: dict[int, str]
    ) -> list[plain.Professional]:
        working = {work.professional for spell in spells for work in spell.work}
        posts = {
            post.user_id: post
            for post in StaffPost.objects.filter(user__in=working)
            .select_related("hub")
            .order_by("since", "pk")
        }
        found = []
        for user in User.objects.filter(pk__in=working).order_by("pk"):
            post = posts.get(user.pk)
            found.append(
                plain.Professional(
                    number=user.pk,
                    name=user.name,
                    job_title=post.title if post else user.job_title,
                    department=teams.get(post.hub.team_id, "") if post else "",
                    full_time=round(float(post.hours_a_week) / FULL_TIME, 2) if post else None,
                )
            )
        return found


def _among(rows: "Manager[Any]", column: str, numbers: Iterable[int]) -> "QuerySet[Any]":
    """Return the rows in whose column one of these numbers stands.

    As one array: a list of values may have 65,535 at most, and takes long to send.
    """
    table = rows.model._meta.db_table
    return rows.all().extra(where=[f"{table}.{column} = any(%s)"], params=[sorted(numbers)])


def _grouped(rows: "QuerySet[Any]", *fields: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.values("case_id", *fields):
        found[row["case_id"]].append(row)
    return found


def _team_then(team: int, moved: Iterable[dict[str, Any]], then: datetime) -> int:
    """Return the hub that had a case at a moment: handed over later, it was that of the hand-over."""
    for handover in moved:
        if handover["at"] > then:
            return int(handover["from_team_id"])
    return team


def _child(records: list[dict[str, Any]], mothers: set[int]) -> plain.Child:
    """Return a child from the record that stands for them; the others fill in what it leaves open."""

    def known(name: str, nothing: Any = None) -> Any:
        return next((row[name] for row in records if row[name] not in (None, "", [], "U")), nothing)

    first = records[0]
    born = known("date_of_birth")
    number = first["head_id"] or first["pk"]
    return plain.Child(
        number=number,
        forename=first["given_names"],
        surname=first["family_name"],
        sex=known("sex", "U"),
        ethnicity=known("ethnicity", ""),
        born=born,
        expected=None if born else known("expected_on"),
        is_mother=number in mothers,
        disabilities=tuple(known("disabilities", ())),
    )


def _outcome(status: str) -> str:
    return "" if status in Referral.UNDECIDED else status


def _end_reason(closing_reason: str) -> str:
    if not closing_reason:
        return ""
    reason = Case.ClosingReason(closing_reason)
    return END_REASONS.get(reason, str(reason.label))


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
