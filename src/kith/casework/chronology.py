"""Everything that has happened with a family, on one page, whatever record it was written on."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from kith.accounts import queries as accounts
from kith.accounts.models import User
from kith.casework.models import LATE_AFTER, Case, Contact, Goal, Intensity, Sharing, StepUp
from kith.families import queries as families
from kith.families.models import Family
from kith.hubs import queries as hubs
from kith.partners import queries as partners
from kith.referrals.models import Referral, Sending, SendingOutcome, Step
from kith.referrals.requests import AGENCIES

KINDS = {
    "request": "Requests for help",
    "case": "Cases",
    "contact": "Contacts",
    "note": "Notes",
    "action": "Actions",
    "plan": "Goals and reviews",
    "support": "Groups and sessions",
    "sending": "Services they were told of, or that were asked",
    "team": "The team and its meetings",
    "assessment": "Assessments",
    "sharing": "Agreement to share",
    "family": "What the family wrote",
    "supervision": "Supervision",
    "lives": "Births, homes, names and schools",
    "record": "Records put together",
}

# Steps of a request that tell its sender what a case did, and so stand after it.
TOLD_AFTER: dict[str, str] = {
    Step.Kind.FIRST_CONTACT: "of the first contact",
    Step.Kind.ENDED: "that help has ended",
    Step.Kind.MOVED: "that another hub took over",
    Step.Kind.RESUMED: "that help has begun again",
}

# The cases of a family, and all that hangs on its requests, cases and records, as one question: a page of a family is opened all day long. Row security asks for each
# table whether the viewer may see the row; which cases they see, it remembers as it reads `cases`.
# Contacts, notes and actions are most of what there is: all are counted, the latest are read.
HAPPENED = """
with cases as materialized (
    select helped.* from casework_case helped
    where helped.family_id = any(%(records)s) and kith_case_seen(helped.id)
), many as materialized (
    (select 'contact' as kind, contact.id, contact.at, count(*) over () as in_all
    from cases join casework_contact contact on contact.case_id = cases.id
    order by contact.at desc, contact.id desc limit %(most)s)
    union all
    (select 'note', note.id, note.happened_at, count(*) over ()
    from cases join casework_note note on note.case_id = cases.id
    order by note.happened_at desc, note.id desc limit %(most)s)
    union all
    (select 'action', planned.id,
        greatest(planned.made_at, (coalesce(done_on, dropped_on) + time '23:59')
            at time zone 'Europe/London') as last_at,
        sum(1 + (coalesce(done_on, dropped_on) is not null)::int) over ()
    from cases join casework_plannedaction planned on planned.case_id = cases.id
    order by last_at desc, planned.id desc limit %(most)s)
), recent as materialized (
    select kind, id from many where %(only)s in ('', kind)
    order by at desc, kind, id desc limit %(most)s
)
select 'many', null::bigint, now(), null::bigint, null::bigint,
    coalesce(json_object_agg(kind, in_all), '{}') from many
union all
select 'case', cases.id, cases.opened_at, null::bigint, cases.id, json_build_object(
    'reference', cases.reference, 'team', cases.team_id,
    'first_contact_at', cases.first_contact_at, 'closed_at', cases.closed_at,
    'closing_reason', cases.closing_reason, 'outcome', cases.outcome,
    'closing_words', cases.closing_words, 'family_words', cases.family_words)
from cases
union all
select 'step', request.id, step.at, step.by_id, step.id, json_build_object(
    'kind', step.kind, 'reason', step.reason, 'words', step.words,
    'hub', step.hub_id, 'organisation', step.organisation_id, 'reference', request.reference,
    'sender', request.sender_organisation_id, 'sender_called', request.sender_organisation_name,
    'sender_kind', request.sender_kind)
from referrals_referral request
join referrals_step step on step.referral_id = request.id
where request.family_id = any(%(records)s)
union all
select 'allocation', given.case_id, given.since, given.by_id, given.id, json_build_object(
    'worker', given.worker_id, 'reason', given.reason)
from cases join casework_allocation given on given.case_id = cases.id
union all
select 'handover', handed.case_id, handed.at, handed.by_id, handed.id, json_build_object(
    'from', handed.from_team_id, 'to', handed.to_team_id, 'reason', handed.reason)
from cases join casework_handover handed on handed.case_id = cases.id
union all
select 'offer', offered.case_id, offered.offered_at, offered.offered_by_id, offered.id,
    json_build_object('to', offered.to_team_id, 'reason', offered.reason, 'stands', offered.stands, 'due', offered.due,
    'family_knows', offered.family_knows, 'told', offered.told, 'state', offered.state,
    'answered_at', offered.answered_at, 'answered_by', offered.answered_by_id, 'answer', offered.answer)
from cases join casework_handoveroffer offered on offered.case_id = cases.id
union all
select 'step_up', asked.case_id, asked.asked_at, asked.asked_by_id, asked.id, json_build_object(
    'organisation', asked.organisation_id, 'state', asked.state, 'reason', asked.reason, 'tried', asked.tried,
    'answered_at', asked.answered_at, 'answered_by', asked.answered_by_id, 'answer', asked.answer,
    'way', asked.way, 'received_at', asked.received_at, 'received_by', asked.received_by,
    'their_reference', asked.their_reference, 'decided_at', asked.decided_at,
    'decision', asked.decision, 'decision_words', asked.decision_words)
from cases join casework_stepup asked on asked.case_id = cases.id
union all
select 'reopening', opened.case_id, opened.at, opened.by_id, opened.id, json_build_object(
    'reason', opened.reason, 'closed_at', opened.had_closed_at,
    'closing_reason', opened.had_closing_reason, 'outcome', opened.had_outcome,
    'closing_words', opened.had_closing_words, 'family_words', opened.had_family_words)
from cases join casework_reopening opened on opened.case_id = cases.id
union all
select 'contact', contact.case_id, contact.at, contact.by_id, contact.id, json_build_object(
    'how', contact.how, 'with_whom', contact.with_whom, 'succeeded', contact.succeeded,
    'words', contact.words, 'child_seen', contact.child_seen, 'seen_alone', contact.seen_alone,
    'recorded_at', contact.recorded_at)
from recent join casework_contact contact on contact.id = recent.id and recent.kind = 'contact'
union all
select 'note', note.case_id, note.happened_at, note.by_id, note.id, json_build_object(
    'words', note.words, 'child_seen', note.child_seen, 'seen_alone', note.seen_alone,
    'recorded_at', note.recorded_at, 'adds_to', first.happened_at, 'files', (
        select string_agg(kept.name, ', ' order by kept.added_at, kept.name)
        from casework_notefile kept where kept.note_id = note.id))
from recent join casework_note note on note.id = recent.id and recent.kind = 'note'
left join casework_note first on first.id = note.adds_to_id
union all
select 'action', planned.case_id, planned.made_at, planned.made_by_id, planned.id, json_build_object(
    'what', planned.what, 'owner', planned.owner_id, 'organisation', planned.owner_organisation_id,
    'owner_called', planned.owner_called,
    'due_on', planned.due_on,
    'done_on', planned.done_on, 'dropped_on', planned.dropped_on,
    'came_of_it', planned.came_of_it, 'ended_by', planned.ended_by_id)
from recent
join casework_plannedaction planned on planned.id = recent.id and recent.kind = 'action'
union all
select 'goal', goal.case_id, goal.made_at, goal.made_by_id, goal.id, json_build_object(
    'words', goal.words, 'measure', goal.measure, 'ended_on', goal.ended_on,
    'ending', goal.ending, 'ending_words', goal.ending_words, 'ended_by', goal.ended_by_id)
from cases join casework_goal goal on goal.case_id = cases.id
union all
select 'review', review.case_id, review.recorded_at, review.by_id, review.id, json_build_object(
    'held_on', review.held_on, 'present', review.present, 'words', review.words,
    'next_on', review.next_on)
from cases join casework_planreview review on review.case_id = cases.id
union all
select 'assessment', assessed.case_id, assessed.started_at, assessed.started_by_id, assessed.id,
    json_build_object('status', assessed.status, 'signed_at', assessed.signed_at,
    'signed_by', assessed.signed_by_id, 'because', assessed.not_used_because)
from cases join casework_assessment assessed on assessed.case_id = cases.id
union all
select 'joined', member.case_id, member.added_at, member.added_by_id, member.id, json_build_object(
    'name', member.name, 'role', member.role, 'organisation', member.organisation_id, 'until', member.until,
    'because', member.left_because, 'withheld_at', member.withheld_at)
from cases join casework_teammember member on member.case_id = cases.id
union all
select 'led', lead.case_id, lead.since, lead.by_id, lead.id, json_build_object(
    'name', member.name)
from cases join casework_leadprofessional lead on lead.case_id = cases.id
join casework_teammember member on member.id = lead.member_id
union all
select 'met', meeting.case_id, meeting.starts_at, coalesce(written.by_id, meeting.called_by_id),
    meeting.id, json_build_object(
    'place', meeting.place, 'cancelled_at', meeting.cancelled_at,
    'because', meeting.cancelled_because, 'discussion', written.discussion,
    'others', written.others, 'present', (
        select string_agg(member.name, ', ' order by member.since, member.id)
        from casework_meetingseat seat join casework_teammember member on member.id = seat.member_id
        where seat.meeting_id = meeting.id and seat.attendance = 'attended'))
from cases join casework_teammeeting meeting on meeting.case_id = cases.id
left join lateral (
    select * from casework_minutes latest where latest.meeting_id = meeting.id
    order by latest.version desc limit 1) written on true
union all
select 'sharing', agreed.family_id, agreed.recorded_at, agreed.recorded_by_id, agreed.id, json_build_object(
    'purpose', agreed.purpose, 'agency', agreed.agency, 'organisation', agreed.organisation_id,
    'ground', agreed.ground, 'given_by', agreed.given_by, 'reason', agreed.reason,
    'ended_at', agreed.ended_at, 'ended_said_by', agreed.ended_said_by,
    'ended_words', agreed.ended_words, 'ended_by', agreed.ended_by_id)
from casework_sharing agreed
where agreed.family_id = any(%(records)s)
union all
select 'followed', asked.case_id, asked.recorded_at, asked.by_id, asked.id, json_build_object(
    'months', asked.months, 'on', asked.on, 'reached', asked.reached, 'outcome', asked.outcome,
    'words', asked.words)
from cases join casework_followup asked on asked.case_id = cases.id
union all
select 'sent', sent.family_id, sent.at, sent.by_id, sent.id, json_build_object(
    'kind', sent.kind, 'service', sent.service_name, 'provider', sent.provider_name,
    'words', sent.words, 'for', sent.person_id, 'agreed', sent.agreed_by, 'went', (
        select json_agg(json_build_array(went.on, went.outcome, went.words, went.by_id,
            went.said_by) order by went.id)
        from referrals_sendingoutcome went where went.sending_id = sent.id))
from referrals_sending sent
where sent.family_id = any(%(records)s)
union all
select 'wrote', wrote.family_id, wrote.at, null, wrote.id, json_build_object(
    'name', wrote.name, 'words', wrote.words)
from casework_familywords wrote where wrote.family_id = any(%(records)s)
union all
select 'intensity', changed.case_id, changed.at, changed.by_id, changed.id, json_build_object(
    'was', changed.was, 'now', changed.now, 'reason', changed.reason)
from cases join casework_intensitychange changed on changed.case_id = cases.id
union all
select 'reflection', said.case_id, said.recorded_at, said.by_id, said.id, json_build_object(
    'held_on', said.held_on, 'worker', said.worker_id, 'manager', said.manager_id, 'words', said.words,
    'adds_to', said.adds_to_id)
from cases join casework_casereflection said on said.case_id = cases.id
union all
select 'merge', merged.gone_id, merged.at, merged.by_id, merged.id, json_build_object(
    'kept', merged.kept_id, 'undone_at', merged.undone_at, 'undone_by', merged.undone_by_id)
from families_merge merged
where merged.kind = 'family'
  and merged.kept_id = any(%(records)s) and merged.gone_id = any(%(records)s)
"""


# Names are lists that are kept: to join them to each part took a fifth of the question's time.
NAMES: Mapping[str, Callable[[], Mapping[int, str]]] = {
    "staff": accounts.staff_names,
    "team": accounts.team_names,
    "hub": hubs.hub_names,
    "partner": partners.names,
}
# What is told with the number of somebody or something, and whose name stands for it.
NAMED = {
    **dict.fromkeys(("worker", "manager", "owner"), "staff"),
    **dict.fromkeys(("answered_by", "ended_by", "signed_by", "undone_by"), "staff"),
    **dict.fromkeys(("team", "from", "to"), "team"),
    "hub": "hub",
    **dict.fromkeys(("organisation", "sender"), "partner"),
}


class Event(NamedTuple):
    """One thing that happened, in plain values. `words` are pairs of what they are, and they."""

    at: datetime
    kind: str
    title: str
    by: str = ""
    words: tuple[tuple[str, str], ...] = ()
    referral: str = ""  # the reference of the request it belongs to, or of the case
    case: str = ""
    recorded_at: datetime | None = None
    late: bool = False
    day_only: bool = False  # the hour is not known
    follows: bool = False  # comes of something else that happened in the same moment
    marks: tuple[str, ...] = ()


class Row(NamedTuple):
    """A row of HAPPENED: `of` is the number of the request, case or record it hangs on."""

    of: int
    at: datetime
    by: str
    facts: Mapping[str, Any]

    def moment(self, name: str) -> datetime | None:
        """Return a moment among the facts."""
        return datetime.fromisoformat(self.facts[name]) if self.facts[name] else None

    def day(self, name: str) -> date | None:
        """Return a day among the facts."""
        return date.fromisoformat(self.facts[name]) if self.facts[name] else None


# The rooms above have rows of their own.
Tell = Callable[[list[Row]], list[Event]]
_further: list[tuple[str, tuple[str, ...], Tell]] = []


def also(sql: str, *, rows: tuple[str, ...], tell: Tell) -> None:
    """Let a room above this one tell what happened with a family, without a question of its own.

    `sql` is a part of HAPPENED: a select of its six columns (which kind, on what it hangs, when, the
    number of whoever did it, its own number, what it tells) for the records `any(%(records)s)`; the
    first column is one of `rows`. What is called as in NAMED is a number, and comes to `tell`, which
    makes events of the rows, as a name.
    """
    _further.append((sql, rows, tell))


def chronology(
    viewer: User,
    family: Family,
    kinds: set[str] | None = None,
    *,
    records: Iterable[Family] | None = None,
) -> list[Event]:
    """Return what has happened with a family, newest first, across all its records.

    `kinds` are keys of KINDS. `records` are those of `families.together_with`, where they are at
    hand. The number of queries does not depend on how much there is.
    """
    events, _ = _happened(list(records or families.together_with(viewer, family)))
    return [event for event in events if not kinds or event.kind in kinds]


def latest(
    viewer: User,
    family: Family,
    most: int,
    *,
    kind: str = "",
    records: Iterable[Family] | None = None,
) -> tuple[list[Event], Counter[str]]:
    """Return events of a family, newest first, and how many there are of each kind of KINDS.

    The latest `most` are there, of all or of one kind. Notes, contacts and actions are most of what
    is kept of a family: those that are older are counted and not read.
    """
    records = list(records or families.together_with(viewer, family))
    events, counts = _happened(records, most, kind)
    return [event for event in events if not kind or event.kind == kind], counts


def _happened(
    records: list[Family], most: int | None = None, only: str = ""
) -> tuple[list[Event], Counter[str]]:
    rows = _rows(records=[record.pk for record in records], most=most, only=only)
    cases = {row.of: row for row in rows["case"]}
    many = {
        "contact": _of_contacts(cases, rows["contact"]),
        "note": _of_notes(cases, rows["note"]),
        "action": _of_actions(cases, rows["action"]),
    }
    events = [
        *_of_requests(rows["step"]),
        *_of_cases(cases, rows),
        *(event for some in many.values() for event in some),
        *_of_goals(cases, rows["goal"]),
        *_of_reviews(cases, rows["review"]),
        *_of_assessments(cases, rows["assessment"]),
        *_of_team(cases, rows),
        *_of_sharing(rows["sharing"]),
        *_of_follow_ups(cases, rows["followed"]),
        *_of_sendings(rows["sent"], rows["lives"]),
        *(
            Event(
                row.at,
                "family",
                f"{row.facts['name']} wrote on their own page",
                "",
                _words(("", row.facts["words"])),
            )
            for row in rows["wrote"]
        ),
        *_of_intensity(cases, rows["intensity"]),
        *_of_reflections(cases, rows["reflection"]),
        *_of_merges(records, rows["merge"]),
        *(
            event
            for _, names, tell in _further
            for event in tell([row for name in names for row in rows[name]])
        ),
    ]
    # What happened in the same moment stays in its order: asked, accepted, opened, given.
    newest_first = sorted(events, key=attrgetter("at", "follows"))[::-1]
    counts = Counter(event.kind for event in events)
    for kind, in_all in rows["many"][0].facts.items():
        counts[kind] += in_all - len(many[kind])
    return newest_first, counts


def _rows(**named: Any) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_question(len(_further)), named)
        (happened,) = cursor.fetchone()
    names = {what: ask() for what, ask in NAMES.items()}
    for what, of, at, by, facts in happened or ():
        for fact in facts.keys() & NAMED.keys():
            facts[fact] = names[NAMED[fact]].get(facts[fact], "")
        found[what].append(Row(of, datetime.fromisoformat(at), names["staff"].get(by, ""), facts))
    return found


@lru_cache(maxsize=1)
def _question(further: int) -> str:
    """Return all parts as one value: to read it takes half as long as to read so many rows."""
    parts = "union all\n".join([HAPPENED, *(sql for sql, _, _ in _further[:further])])
    return (
        "select json_agg(json_build_array(what, of, at, by_id, facts) order by at, id)"
        f" from ({parts}) happened(what, of, at, by_id, id, facts)"
    )


Cases = Mapping[int, Row]


def _of_requests(steps: list[Row]) -> list[Event]:
    return [
        Event(
            at=step.at,
            kind="request",
            title=_step_title(step.facts),
            by=step.by,
            words=_words(
                ("Reason", step.facts["reason"]), (_step_words(step.facts), step.facts["words"])
            ),
            referral=step.facts["reference"],
            follows=step.facts["kind"] in TOLD_AFTER,
        )
        for step in steps
    ]


def _step_title(step: Mapping[str, Any]) -> str:
    kind = Step.Kind(step["kind"])
    if kind == Step.Kind.RECEIVED:
        sender = (
            step["sender"] or step["sender_called"] or Referral.Sender(step["sender_kind"]).label
        )
        return f"Request received from {sender}"
    if kind == Step.Kind.ACCEPTED and step["hub"]:
        return f"Request accepted by {step['hub']}"
    if kind == Step.Kind.SENT_ON and step["organisation"]:
        return f"Request sent on to {step['organisation']}"
    if told := TOLD_AFTER.get(kind):
        return f"The sender was told {told}"
    return f"Request: {kind.label.lower()}"


def _step_words(step: Mapping[str, Any]) -> str:
    return "Answer" if step["kind"] == Step.Kind.ANSWERED else "Told to the sender"


def _of_cases(cases: Cases, rows: Mapping[str, list[Row]]) -> list[Event]:
    first_team: dict[int, str] = {}
    for handed in rows["handover"]:
        first_team.setdefault(handed.of, handed.facts["from"])
    events = []
    for number, case in cases.items():
        team, reference = first_team.get(number, case.facts["team"]), case.facts["reference"]
        events.append(Event(case.at, "case", f"Case opened at {team}", case=reference))
        if closed_at := case.moment("closed_at"):
            events.append(_closed(closed_at, case.facts, reference, "How things are"))
    for offered in rows["offer"]:
        events += _of_offer(offered, cases)
    for asked in rows["step_up"]:
        events += _of_step_up(asked, cases)
    for handed in rows["handover"]:
        title = f"Handed from {handed.facts['from']} to {handed.facts['to']}"
        events.append(_of_case(handed, title, cases))
    for given in rows["allocation"]:
        events.append(_of_case(given, f"Given to {given.facts['worker']}", cases))
    for opened in rows["reopening"]:
        closed_at = opened.moment("closed_at")
        assert closed_at  # what was not closed is not opened again
        reference = cases[opened.of].facts["reference"]
        events.append(_closed(closed_at, opened.facts, reference, "How things were"))
        events.append(_of_case(opened, "Case opened again", cases))
    return events


def _of_case(row: Row, title: str, cases: Cases) -> Event:
    return Event(
        row.at,
        "case",
        title,
        by=row.by,
        words=_words(("Reason", row.facts["reason"])),
        case=cases[row.of].facts["reference"],
    )


def _of_offer(offered: Row, cases: Cases) -> list[Event]:
    """A case offered to another hub; and, where it stayed, why. That it was taken over is told by
    the handover itself."""
    facts, reference = offered.facts, cases[offered.of].facts["reference"]
    told = "What the family was told" if facts["family_knows"] else "Why the family was not told"
    words = _words(
        ("Reason", facts["reason"]),
        ("Where things stood", facts["stands"]),
        ("What was due", facts["due"]),
        (told, facts["told"]),
    )
    events = [
        Event(offered.at, "case", f"Offered to {facts['to']}", offered.by, words, case=reference)
    ]
    ended = {"declined": f"{facts['to']} declined", "withdrawn": "Offer taken back"}
    if (title := ended.get(facts["state"])) and (at := offered.moment("answered_at")):
        why = _words(("Reason", facts["answer"]))
        events.append(Event(at, "case", title, facts["answered_by"], why, case=reference))
    return events


def _of_step_up(asked: Row, cases: Cases) -> list[Event]:
    """Social care is asked, has it, decides: each at its time, in what was kept of it."""
    facts, reference = asked.facts, cases[asked.of].facts["reference"]
    to = facts["organisation"]

    def event(at: datetime, title: str, by: str, *words: tuple[str, str]) -> Event:
        return Event(at, "case", title, by, _words(*words), case=reference)

    events = [
        event(
            asked.at,
            f"{to} is to be asked to take the family up",
            asked.by,
            ("Why early help is not enough", facts["reason"]),
            ("What was tried", facts["tried"]),
        )
    ]
    if answered := asked.moment("answered_at"):
        titles = {"refused": f"{to} is not asked", "withdrawn": f"{to} is asked no more"}
        title = titles.get(facts["state"], f"{to} was asked to take the family up")
        events.append(event(answered, title, facts["answered_by"], ("Reason", facts["answer"])))
    if received := asked.moment("received_at"):
        who = (("Who", facts["received_by"]), ("Their reference", facts["their_reference"]))
        events.append(event(received, f"{to} has received it", "", *who))
    if decided := asked.moment("decided_at"):
        words = (
            ("Decision", StepUp.Decision(facts["decision"]).label),
            ("", facts["decision_words"]),
        )
        events.append(event(decided, f"{to} has decided", "", *words))
    return events


def _closed(at: datetime, how: Mapping[str, Any], case: str, things: str) -> Event:
    words = (
        ("Reason", Case.ClosingReason(how["closing_reason"]).label),
        (things, Case.Outcome(how["outcome"]).label),
        ("Told to the sender", how["closing_words"]),
        ("Told to the family", how["family_words"]),
    )
    return Event(at, "case", "Case closed", words=_words(*words), case=case)


def _of_contacts(cases: Cases, contacts: list[Row]) -> list[Event]:
    events = []
    for contact in contacts:
        facts, case = contact.facts, cases[contact.of]
        how, recorded_at = Contact.How(facts["how"]).label, contact.moment("recorded_at")
        events.append(
            Event(
                at=contact.at,
                kind="contact",
                title=(
                    f"{how}: reached {facts['with_whom'] or 'the family'}"
                    if facts["succeeded"]
                    else f"{how}: tried, without success"
                ),
                by=contact.by,
                words=_words(("", facts["words"])),
                case=case.facts["reference"],
                recorded_at=recorded_at,
                late=_late(contact.at, recorded_at),
                # A try in the same minute is not the first contact.
                marks=(
                    *(
                        ("First contact",)
                        if facts["succeeded"] and contact.at == case.moment("first_contact_at")
                        else ()
                    ),
                    *_seen(facts),
                ),
            )
        )
    return events


def _of_notes(cases: Cases, notes: list[Row]) -> list[Event]:
    events = []
    for note in notes:
        added, recorded_at = note.moment("adds_to"), note.moment("recorded_at")
        events.append(
            Event(
                at=note.at,
                kind="note",
                title=(
                    f"Added to the note of {timezone.localdate(added):%-d %B %Y}"
                    if added
                    else "Note"
                ),
                by=note.by,
                words=_words(("", note.facts["words"]), ("Files", note.facts["files"] or "")),
                case=cases[note.of].facts["reference"],
                recorded_at=recorded_at,
                late=_late(note.at, recorded_at) and added is None,
                marks=_seen(note.facts),
            )
        )
    return events


def _seen(facts: Mapping[str, Any]) -> tuple[str, ...]:
    if facts["seen_alone"]:
        return ("Child seen alone",)
    return ("Child seen",) if facts["child_seen"] else ()


def _late(at: datetime, recorded_at: datetime | None) -> bool:
    return recorded_at is not None and recorded_at - at > LATE_AFTER


def _of_actions(cases: Cases, actions: list[Row]) -> list[Event]:
    events = []
    for action in actions:
        facts, case = action.facts, cases[action.of].facts["reference"]
        owner = facts["owner"] or facts["organisation"] or facts["owner_called"]
        events.append(
            Event(
                action.at,
                "action",
                f"Planned: {facts['what']}",
                by=action.by,
                words=_words(("By", f"{owner}, until {_long(facts['due_on'])}")),
                case=case,
            )
        )
        done_on = action.day("done_on")
        ended_on = done_on or action.day("dropped_on")
        if ended_on:
            events.append(
                Event(
                    end_of(ended_on),
                    "action",
                    f"{'Done' if done_on else 'Dropped'}: {facts['what']}",
                    by=facts["ended_by"],
                    words=_words(("What came of it" if done_on else "Reason", facts["came_of_it"])),
                    case=case,
                    day_only=True,
                )
            )
    return events


def _of_goals(cases: Cases, goals: list[Row]) -> list[Event]:
    events = []
    for row in goals:
        facts, case = row.facts, cases[row.of].facts["reference"]
        how = _words(("We will know by", facts["measure"]))
        events.append(Event(row.at, "plan", f"Goal: {facts['words']}", row.by, how, case=case))
        if ended_on := row.day("ended_on"):
            title = f"{Goal.Ending(facts['ending']).label}: {facts['words']}"
            said = _words(("", facts["ending_words"]))
            events.append(
                Event(
                    end_of(ended_on), "plan", title, facts["ended_by"], said, case=case,
                    day_only=True,
                )
            )  # fmt: skip
    return events


def _of_reviews(cases: Cases, reviews: list[Row]) -> list[Event]:
    events = []
    for row in reviews:
        held_on, next_on = row.day("held_on"), row.day("next_on")
        assert held_on and next_on
        said = _words(
            ("Present", row.facts["present"]),
            ("", row.facts["words"]),
            ("Next review", f"{next_on:%-d %B %Y}"),
        )
        case = cases[row.of].facts["reference"]
        events.append(
            Event(end_of(held_on), "plan", "The plan was reviewed", row.by, said, case=case,
                  day_only=True)
        )  # fmt: skip
    return events


def _of_assessments(cases: Cases, assessments: list[Row]) -> list[Event]:
    events = []
    for row in assessments:
        case = cases[row.of].facts["reference"]
        because = _words(("Not used", row.facts["because"]))
        events.append(
            Event(row.at, "assessment", "Assessment begun", by=row.by, words=because, case=case)
        )
        if signed_at := row.moment("signed_at"):
            title, by = "Assessment signed", row.facts["signed_by"]
            events.append(Event(signed_at, "assessment", title, by=by, case=case))
    return events


def _of_follow_ups(cases: Cases, follow_ups: list[Row]) -> list[Event]:
    events = []
    for row in follow_ups:
        on = row.day("on")
        assert on
        facts = row.facts
        how = Case.Outcome(facts["outcome"]).label.lower() if facts["reached"] else "not reached"
        title = f"Asked how things are {facts['months']} months after the end: {how}"
        said = _words(("", facts["words"]))
        case = cases[row.of].facts["reference"]
        events.append(Event(end_of(on), "contact", title, row.by, said, case=case, day_only=True))
    return events


def _of_sendings(sent: list[Row], lives: list[Row]) -> list[Event]:
    events = []
    called = {row.facts["id"]: row.facts["name"] for row in lives}
    for row in sent:
        facts, staff = row.facts, NAMES["staff"]()
        title = f"{Sending.Kind(facts['kind']).label} {facts['service']} ({facts['provider']})"
        agreed = ("Agreed by", facts["agreed"])
        said = _words(("For", called.get(facts["for"], "")), agreed, ("", facts["words"]))
        events.append(Event(row.at, "sending", title, row.by, said))
        for on, outcome, words, by, said_by in facts["went"] or ():
            how = SendingOutcome.Outcome(outcome).label
            title = f"{facts['service']}: {how[0].lower()}{how[1:]}"
            # What is learned on the day on which they were told stands after the telling.
            at, told = end_of(date.fromisoformat(on)), _words(("", words))
            teller = f"{said_by}, for the service" if said_by else staff.get(by, "")
            events.append(Event(at, "sending", title, teller, told, day_only=True))
    return events


def _of_team(cases: Cases, rows: Mapping[str, list[Row]]) -> list[Event]:
    events = []
    for row in rows["joined"]:
        facts, case = row.facts, cases[row.of].facts["reference"]
        who = f"{facts['name']}, {facts['role']}"
        of = f" ({facts['organisation']})" if facts["organisation"] else ""
        events.append(Event(row.at, "team", f"Joined the team: {who}{of}", row.by, case=case))
        if withheld_at := row.moment("withheld_at"):
            why = _words(("Reason", "The family no longer agreed that they are told"))
            events.append(Event(withheld_at, "team", f"Left the team: {who}", words=why, case=case))
        elif until := row.day("until"):
            why = _words(("Reason", facts["because"]))
            title = f"Left the team: {who}"
            events.append(Event(end_of(until), "team", title, words=why, case=case, day_only=True))
    for row in rows["led"]:
        title = f"{row.facts['name']} leads the team"
        case = cases[row.of].facts["reference"]
        events.append(Event(row.at, "team", title, row.by, case=case, follows=True))
    for row in rows["met"]:
        facts, case = row.facts, cases[row.of].facts["reference"]
        if facts["cancelled_at"]:
            title, said = "Meeting cancelled", [("Reason", facts["because"])]
        elif facts["discussion"] is None:
            # What is to come, or was not written down, has not happened as far as is known.
            continue
        else:
            there = ", ".join(part for part in (facts["present"], facts["others"]) if part)
            title, said = "The team met", [("There", there), ("", facts["discussion"])]
        events.append(Event(row.at, "team", title, row.by, _words(*said), case=case))
    return events


def _of_sharing(sharing: list[Row]) -> list[Event]:
    events = []
    together: dict[tuple[datetime, str, str, str], list[Row]] = defaultdict(list)
    for row in sharing:
        together[row.at, row.by, row.facts["given_by"], row.facts["purpose"]].append(row)
        if ended_at := row.moment("ended_at"):
            said = _words(("", row.facts["ended_words"]))
            title = f"{row.facts['ended_said_by']} took back what was shared. {_shared([row])}"
            events.append(Event(ended_at, "sharing", title, row.facts["ended_by"], said))
    for (at, by, given_by, _), rows in together.items():
        facts = rows[0].facts
        agreed = facts["ground"] == Sharing.Ground.CONSENT
        how = f"{given_by} agreed to share" if agreed else "To be shared without consent"
        events.append(
            Event(
                at, "sharing", f"{how}. {_shared(rows)}", by,
                _words(("", facts["reason"])), follows=True,
            )
        )  # fmt: skip
    return events


def _shared(rows: list[Row]) -> str:
    """Return with whom something is shared, and what for."""
    agencies = [
        row.facts["organisation"] or AGENCIES.get(row.facts["agency"]) or "The hub itself"
        for row in rows
    ]
    purpose = Sharing.Purpose(rows[0].facts["purpose"]).label
    return f"{'; '.join(agencies)}: {purpose[0].lower()}{purpose[1:]}"


def _of_intensity(cases: Cases, changes: list[Row]) -> list[Event]:
    return [
        _of_case(
            changed,
            f"{Intensity(changed.facts['now']).label} intensity, before "
            f"{Intensity(changed.facts['was']).label.lower()}",
            cases,
        )
        for changed in changes
    ]


def _of_reflections(cases: Cases, reflections: list[Row]) -> list[Event]:
    events = []
    for said in reflections:
        held_on = said.day("held_on")
        assert held_on  # every supervision has its day
        between = f"{said.facts['worker']} with {said.facts['manager']}"
        title = (
            f"Added to what was said in supervision on {held_on:%-d %B %Y}"
            if said.facts["adds_to"]
            else f"Spoken about in supervision: {between}"
        )
        at = said.at if said.facts["adds_to"] else end_of(held_on)
        events.append(
            Event(
                at,
                "supervision",
                title,
                by=said.by,
                words=_words(("", said.facts["words"])),
                case=cases[said.of].facts["reference"],
                recorded_at=said.at,
                late=(timezone.localdate(said.at) - held_on) > LATE_AFTER
                and not said.facts["adds_to"],
                day_only=not said.facts["adds_to"],
            )
        )
    return events


def _of_merges(records: Iterable[Family], merges: list[Row]) -> list[Event]:
    events = []
    names = {record.pk: record.reference for record in records}
    for merge in merges:
        what = f"{names[merge.of]} and {names[merge.facts['kept']]}"
        events.append(Event(merge.at, "record", f"Put together: {what}", by=merge.by))
        if undone_at := merge.moment("undone_at"):
            title, by = f"Taken apart again: {what}", merge.facts["undone_by"]
            events.append(Event(undone_at, "record", title, by=by))
    return events


def _words(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, text in pairs if text)


@lru_cache(maxsize=4096)
def _long(day: str) -> str:
    return f"{date.fromisoformat(day):%-d %B %Y}"


def end_of(day: date) -> datetime:
    """Return when a day ends, for what is known by its day: it is put after what happened on it."""
    return datetime.combine(day, time(23, 59), timezone.get_default_timezone())
