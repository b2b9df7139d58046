"""The life of a recommendation: what it may become, who may say so, and what is late."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from kith.accounts.actions import hash_of
from kith.accounts.viewer import see_as
from kith.notices.models import Notice as Letter
from kith.scrutiny import recommendation_queries as queries
from kith.scrutiny.actions import answering, recommending, sending
from kith.scrutiny.actions.answering import Promise, Reply
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Origin, PlanEntry, Recommendation
from kith.scrutiny.models.recommendations import MOVES
from kith.scrutiny.recommendation_way import way_of
from tests.factories.accounts import make_team, make_user
from tests.factories.recommendations import (
    AFTER,
    AGREED_ON,
    make_agreed,
    make_draft,
    make_item,
    meeting_to_come,
    send,
)
from tests.factories.scrutiny import LONDON, make_committee, make_meeting, make_officer

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(days=20)


@pytest.fixture
def officer():
    return make_officer()


def said_by(user, at=LATER):
    return {"by": user, "at": at}


def lates(officer, found, today) -> list[str]:
    found = Recommendation.objects.get(pk=found.pk)
    return [one.how for one in queries.overdue(found, today)]


def test_a_committee_agrees_in_a_meeting_that_has_begun_and_then_the_words_stay(officer):
    committee = make_committee(officer)
    draft = make_draft(officer, committee, parts=["Say it online.", "Say it on paper."])
    planned = meeting_to_come(officer, committee)

    with pytest.raises(ScrutinyRefused, match="A committee decides in a meeting"):
        recommending.agree(recommendation=draft, item=planned.items.first(), by=officer, at=AFTER)
    with pytest.raises(ScrutinyRefused, match="is of another committee"):
        recommending.agree(recommendation=draft, item=make_item(officer), by=officer, at=AFTER)
    item = make_item(officer, committee)
    agreed = recommending.agree(recommendation=draft, item=item, by=officer, at=AFTER)

    assert (agreed.state, agreed.agreed_on) == ("agreed", AGREED_ON)
    assert [one.item for one in queries.origins_of(officer, agreed)] == [item]
    kept = {"words": agreed.words, "owned": "post", "owner": "Head of hubs", "why": "Families ask."}
    changed = recommending.reword(recommendation=agreed, details=kept, **said_by(officer))
    assert (changed.owner, changed.why) == ("Head of hubs", "Families ask.")
    with pytest.raises(ScrutinyRefused, match="agreed these words: they stay"):
        recommending.reword(
            recommendation=agreed, details={**kept, "words": "Less."}, **said_by(officer)
        )
    with pytest.raises(ScrutinyRefused, match="agreed these words"):
        recommending.reword(
            recommendation=agreed, details=kept, parts=["One", "Two"], **said_by(officer)
        )


def test_two_months_count_the_first_day_and_only_a_notice_starts_them(officer):
    requested = make_agreed(officer)
    noticed = send(officer, make_agreed(officer))
    last = date(2026, 11, 22)  # received on 23 September

    assert noticed.notices.get().due_on == last
    assert lates(officer, noticed, last) == []
    assert lates(officer, noticed, last + timedelta(days=1)) == ["law"]
    asked = send(officer, requested, law="none", asked_by=date(2026, 10, 30))
    assert asked.notices.get().due_on is None
    assert lates(officer, asked, date(2026, 12, 1)) == ["asked"], "never overdue in law"


def test_an_outside_body_has_no_clock_in_law(officer):
    found = make_agreed(officer, owned="body", owner="District councils")

    with pytest.raises(ScrutinyRefused, match="bind the council’s executive") as refused:
        send(officer, found)
    assert refused.value.field == "law"
    sent = send(officer, found, law="none")
    assert lates(officer, sent, AGREED_ON + timedelta(days=150)) == []
    assert lates(officer, sent, AGREED_ON + timedelta(days=200)) == ["age"], "but it grows old"


def test_what_is_open_for_six_months_without_a_day_is_late_by_its_age(officer):
    found = make_agreed(officer)
    dated = make_agreed(officer, due_on=date(2027, 9, 1))

    assert lates(officer, found, date(2027, 3, 23)) == []
    assert lates(officer, found, date(2027, 3, 24)) == ["age"]
    assert lates(officer, dated, date(2027, 3, 24)) == []
    assert lates(officer, dated, date(2027, 9, 2)) == ["due"]


def test_each_committee_says_how_long_that_is(client, officer):
    found = make_agreed(officer)
    client.force_login(officer)
    where = reverse("scrutiny:change_committee", args=[found.committee.slug])
    page = client.get(where)
    told = {name: page.context["form"].initial.get(name) for name in page.context["form"].fields}
    told |= {"working_days": "on", "months_open": 61}
    told = {name: value for name, value in told.items() if value is not None}

    assert b"less than or equal to 60" in client.post(where, told).content
    client.post(where, told | {"months_open": 3})

    see_as(officer)
    found.refresh_from_db()
    assert (
        "3 months"
        in client.get(reverse("scrutiny:seats", args=[found.committee.slug])).content.decode()
    )
    see_as(officer)
    assert lates(officer, found, date(2026, 12, 23)) == []
    assert lates(officer, found, date(2026, 12, 24)) == ["age"]
    [late] = queries.line_of(found, date(2026, 12, 24)).late
    assert "more than 3 months, as long as this committee allows" in late.words


def test_an_answer_in_principle_stays_open_until_it_says_what_and_when(officer):
    found = send(officer, make_agreed(officer))
    answering.answer(
        recommendation=found,
        reply=Reply("in_principle", "We agree with the aim."),
        **said_by(officer),
    )
    found.refresh_from_db()

    assert found.state == "sent"
    assert "stays open" in queries.line_of(found, LATER.date()).waiting
    assert lates(officer, found, date(2027, 3, 1)) == [], "who answered is not overdue in law"
    assert lates(officer, found, date(2027, 4, 1)) == ["age"], "but what is open grows old"
    answering.promise(
        recommendation=found, promise=Promise("Write one offer", "Head of hubs"), **said_by(officer)
    )
    found.refresh_from_db()
    assert found.state == "sent", "something without a day is not enough"
    answering.promise(
        recommendation=found,
        promise=Promise("Publish it", "Head of hubs", date(2027, 1, 31)),
        **said_by(officer),
    )
    found.refresh_from_db()
    assert found.state == "answered"
    assert lates(officer, found, date(2027, 2, 1)) == ["promised"]
    promised = found.promised.get(due_on=date(2027, 1, 31))
    answering.keep_promise(promised=promised, done_on=LATER.date(), **said_by(officer))
    with pytest.raises(ScrutinyRefused, match="It was done on 13 October 2026"):
        answering.keep_promise(promised=promised, done_on=LATER.date(), **said_by(officer))


def test_each_part_is_answered_and_a_refusal_gives_its_reason(officer):
    found = send(officer, make_agreed(officer, parts=["Say it online.", "Say it on paper."]))
    online, paper = found.parts.all()

    with pytest.raises(ScrutinyRefused, match="Give the reason") as refused:
        answering.answer(
            recommendation=found, reply=Reply("not", "No.", part=paper), **said_by(officer)
        )
    assert refused.value.field == "reason"
    answering.answer(
        recommendation=found, reply=Reply("accepted", "Yes.", part=online), **said_by(officer)
    )
    found.refresh_from_db()
    assert found.state == "sent", "half of it is open"
    assert queries.line_of(found, LATER.date()).waiting == "Answered in part."
    answering.answer(
        recommendation=found,
        reply=Reply("not", "No.", reason="Print costs too much.", part=paper),
        **said_by(officer),
    )
    found.refresh_from_db()
    assert found.state == "answered"
    other = make_agreed(officer)
    with pytest.raises(ScrutinyRefused, match="a part of another"):
        answering.answer(
            recommendation=other, reply=Reply("accepted", "Yes.", part=paper), **said_by(officer)
        )


def test_an_explanation_answers_what_asked_for_one_with_its_figures(officer):
    asked = send(officer, make_agreed(officer, kind="information_request"))
    figures = (("Projected underspend", "412,000", "pounds", "2026-09-30"),)

    with pytest.raises(ScrutinyRefused, match="An explanation was asked for"):
        answering.answer(recommendation=asked, reply=Reply("accepted", "Yes."), **said_by(officer))
    made = answering.answer(
        recommendation=asked,
        reply=Reply("explained", "Posts were vacant.", figures=figures),
        **said_by(officer),
    )

    assert made.figures == [list(figures[0])]
    with pytest.raises(ScrutinyRefused, match="an explanation alone is no answer"):
        answering.answer(
            recommendation=make_agreed(officer), reply=Reply("explained", "So."), **said_by(officer)
        )


def test_two_records_become_one_with_both_origins_and_can_be_parted(officer):
    item = make_item(officer)
    minutes, report = make_agreed(officer, item), make_agreed(officer, item, words="One offer.")
    recommending.note_origin(
        recommendation=report, words="One offer.", file="review.txt", line=88, **said_by(officer)
    )

    recommending.put_together(recommendation=minutes, other=report, **said_by(officer))
    report.refresh_from_db()

    assert (report.state, report.merged_into) == ("merged", minutes)
    assert [one.words for one in queries.origins_of(officer, minutes)] == [
        minutes.words, "One offer.", "One offer.",
    ]  # fmt: skip
    assert [line.found for line in queries.listed(officer, queries.Asked(), LATER.date())] == [
        minutes
    ]
    with pytest.raises(ScrutinyRefused, match="stands for others already"):
        recommending.put_together(
            recommendation=make_agreed(officer, item), other=minutes, **said_by(officer)
        )
    parted = recommending.part(recommendation=report, **said_by(officer))
    assert (parted.state, parted.merged_into) == ("agreed", None)
    assert Origin.objects.filter(recommendation=report).count() == 2, "nothing was lost"
    recommending.put_together(recommendation=minutes, other=report, **said_by(officer))
    send(officer, minutes)
    with pytest.raises(ScrutinyRefused, match="They were sent as one"):
        recommending.part(recommendation=report, **said_by(officer))


def test_progress_in_the_councils_words_and_a_stop_that_the_committee_decides(officer):
    found = send(officer, make_agreed(officer))
    on = {"on": LATER.date(), **said_by(officer)}

    with pytest.raises(ScrutinyRefused, match="Write its answer down first"):
        answering.say_progress(recommendation=found, said="in_progress", **on)
    answering.answer(recommendation=found, reply=Reply("accepted", "Yes."), **said_by(officer))
    with pytest.raises(ScrutinyRefused, match="what stands in the way"):
        answering.say_progress(recommendation=found, said="obstacle", **on)
    with pytest.raises(ScrutinyRefused, match="a decision of the committee"):
        answering.say_progress(recommendation=found, said="stop", **on)
    answering.say_progress(recommendation=found, said="achieved", evidence="It is online.", **on)
    with pytest.raises(ScrutinyRefused, match="Choose the item") as refused:
        recommending.stop(recommendation=found, item=None, because="Done.", **said_by(officer))
    assert refused.value.field == "item"
    later = make_item(officer, found.committee, at=AFTER + timedelta(days=10))
    stopped = recommending.stop(
        recommendation=found,
        item=later,
        because="Done.",
        impact="Families know.",
        **said_by(officer),
    )

    assert (stopped.state, stopped.impact) == ("stopped", "Families know.")
    assert [step.title for step in way_of(officer, stopped)] == [
        "Drafted", "Agreed by the committee", "Notice sent", "Progress", "Answer", "Progress",
    ]  # fmt: skip
    again = recommending.take_up_again(
        recommendation=stopped, because="It slipped.", **said_by(officer)
    )
    assert again.state == "monitored"


def test_it_comes_back_to_a_meeting_as_an_item_and_a_line_of_the_forward_plan(officer):
    item = make_item(officer)
    both = [make_agreed(officer, item), make_agreed(officer, item)]
    meeting = meeting_to_come(officer, item.meeting.committee)

    entry = recommending.look_again(recommendations=both, meeting=meeting, **said_by(officer))

    assert (entry.kind, entry.due_meeting) == (PlanEntry.Kind.RETURN, meeting)
    assert meeting.items.filter(plan=entry, kind="follow_up").count() == 1
    both[0].refresh_from_db()
    assert both[0].look_again == meeting
    elsewhere = make_meeting(officer, starts_at=AFTER + timedelta(days=30))
    with pytest.raises(ScrutinyRefused, match="of another committee"):
        recommending.look_again(recommendations=both, meeting=elsewhere, **said_by(officer))


def letters(key: str) -> list[Letter]:
    from kith.accounts.viewer import clock, seeing_as

    with seeing_as(clock()):
        return list(Letter.objects.filter(key=key).order_by("made_at"))


def test_an_owner_without_an_account_answers_by_the_link_of_the_letter(officer):
    found = send(officer, make_agreed(officer), at=timezone.now(), email="director@county.example")
    other = make_agreed(officer)
    (letter,) = letters("scrutiny.recommended")
    secret = letter.body.split("/answer/")[1].split("/")[0]
    assert found.words in letter.body
    assert "22 November 2026" in letter.body

    see_as(None, link_hash=hash_of(secret))
    assert queries.opened_by_link() == found
    with pytest.raises(PermissionDenied, match="another recommendation"):
        answering.answer(recommendation=other, reply=Reply("accepted", "Yes."), by=None, at=LATER)
    made = answering.answer(
        recommendation=found,
        reply=Reply("accepted", "Yes.", by_whom="The Director"),
        by=None,
        at=LATER,
    )

    see_as(officer)
    found.refresh_from_db()
    assert (found.state, made.by, made.by_whom) == ("answered", None, "The Director")
    see_as(None)
    assert queries.opened_by_link() is None


def test_owners_and_officers_are_reminded_once_before_an_answer_is_due(officer):
    committee = make_committee(officer, contact_email="democratic@county.example")
    found = send(
        officer, make_agreed(officer, make_item(officer, committee)), email="owner@county.example"
    )
    early, near = (datetime(2026, 11, day, 7, tzinfo=LONDON) for day in (7, 9))

    assert sending.remind(by=officer, at=early) == 0
    assert sending.remind(by=officer, at=near) == 2
    assert sending.remind(by=officer, at=near + timedelta(days=1)) == 0
    assert [one.to for one in letters("scrutiny.reminded")] == ["owner@county.example"]
    assert [one.to for one in letters("scrutiny.unanswered")] == ["democratic@county.example"]
    assert found.words in letters("scrutiny.unanswered")[0].body


def test_members_read_leads_answer_officers_keep_and_others_know_nothing_of_it(officer):
    found = send(officer, make_agreed(officer))
    desk = make_team("County desk", "desk")
    lead, worker = (
        make_user("county_lead", desk),
        make_user("family_worker", make_team("Hub", "hub")),
    )

    assert queries.listed(worker, queries.Asked(), LATER.date()) == []
    assert way_of(worker, found) == []
    see_as(worker)
    assert not Recommendation.objects.exists(), "nor does the database tell"
    with pytest.raises(PermissionDenied, match="Only a county lead"):
        answering.answer(recommendation=found, reply=Reply("accepted", "Yes."), **said_by(worker))
    see_as(lead)
    assert [line.found for line in queries.listed(lead, queries.Asked(), LATER.date())] == [found]
    with pytest.raises(PermissionDenied, match="Only a committee officer"):
        recommending.take_up_again(recommendation=found, because="So.", **said_by(lead))
    answering.answer(recommendation=found, reply=Reply("accepted", "Yes."), **said_by(lead))
    found.refresh_from_db()
    assert found.state == "answered"


def test_the_database_itself_refuses_what_no_recommendation_becomes(officer):
    found = make_agreed(officer)

    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        Recommendation.objects.filter(pk=found.pk).update(state="drafted")
    assert Recommendation.objects.filter(pk=found.pk).update(state="sent") == 1


STEPS = (
    *("agree", "drop", "redraft", "merge", "part", "send", "request", "accept", "principle"),
    *("refuse", "promise", "progress", "achieved", "stop", "again"),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=some.lists(some.sampled_from(STEPS), max_size=14))
def test_no_sequence_of_actions_breaks_it(officer, steps):
    item = make_item(officer)
    other = make_draft(officer, item.meeting.committee)
    found = make_draft(officer, item.meeting.committee)
    about = {"recommendation": found, **said_by(officer)}
    act = {
        "agree": lambda: recommending.agree(item=item, **about),
        "drop": lambda: recommending.drop(because="No.", **about),
        "redraft": lambda: recommending.redraft(**about),
        "merge": lambda: recommending.put_together(
            recommendation=other, other=found, **said_by(officer)
        ),
        "part": lambda: recommending.part(**about),
        "send": lambda: send(officer, found),
        "request": lambda: send(officer, found, law="none"),
        "accept": lambda: answering.answer(reply=Reply("accepted", "Yes."), **about),
        "principle": lambda: answering.answer(reply=Reply("in_principle", "Yes."), **about),
        "refuse": lambda: answering.answer(reply=Reply("not", "No.", "Money."), **about),
        "promise": lambda: answering.promise(
            promise=Promise("It", due_on=date(2027, 1, 1)), **about
        ),
        "progress": lambda: answering.say_progress(said="in_progress", on=LATER.date(), **about),
        "achieved": lambda: answering.say_progress(said="achieved", on=LATER.date(), **about),
        "stop": lambda: recommending.stop(item=item, because="Done.", **about),
        "again": lambda: recommending.take_up_again(because="It slipped.", **about),
    }
    state = "drafted"
    for step in steps:
        try:
            with transaction.atomic():
                act[step]()
        except ScrutinyRefused as refused:
            assert str(refused).endswith((".", "”")), "it says what to do"
        now = Recommendation.objects.get(pk=found.pk)
        assert now.state == state or now.state in MOVES[state], step
        state = now.state
        if state == "answered":
            assert queries.is_settled(now)
        if state not in ("drafted", "dropped", "merged"):
            assert now.agreed_on == AGREED_ON
            assert now.origins.exists()
        if state == "stopped":
            assert now.progress.latest("at").said == "stop" or now.progress.filter(said="stop")
        way_of(officer, now)
        queries.overdue(now, date(2027, 6, 1))
