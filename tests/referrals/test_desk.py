from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kith.families import actions as families
from kith.families.queries import together_with
from kith.hubs.models import Catchment, Hub
from kith.notices.actions import save_wording
from kith.notices.models import Notice
from kith.places.models import District, Neighbourhood, Postcode
from kith.referrals import actions, desk, wordings
from kith.referrals.family_copy import said
from kith.referrals.models import Referral, Step
from kith.referrals.requests import NewAdult, NewChild
from tests.factories.accounts import make_team, make_user
from tests.factories.referrals import (
    AT,
    make_desk_worker,
    make_referral,
    make_sender,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def dee(client):
    """Somebody of the county desk, signed in."""
    dee = make_desk_worker()
    client.force_login(dee)
    return dee


def words_of(response) -> str:
    """The text of a page, without its tags."""
    import re

    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def as_now(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


# --- The promise ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at, words, colour",
    [
        (datetime(2026, 11, 16, 9, tzinfo=LONDON), "2 working days left", "green"),
        (datetime(2026, 11, 17, 16, tzinfo=LONDON), "1 working day left", "yellow"),
        (datetime(2026, 11, 18, 9, tzinfo=LONDON), "Due today, 8 hours left", "orange"),
        (
            datetime(2026, 11, 18, 16, 30, tzinfo=LONDON),
            "Due today, less than an hour left",
            "orange",
        ),
        (datetime(2026, 11, 18, 17, 1, tzinfo=LONDON), "Overdue since today", "red"),
        (datetime(2026, 11, 21, 12, tzinfo=LONDON), "Overdue by 2 working days", "red"),
        (datetime(2026, 11, 23, 9, tzinfo=LONDON), "Overdue by 3 working days", "red"),
    ],
)
def test_the_promise_is_counted_in_working_time_in_words_and_colour(at, words, colour):
    due = datetime(2026, 11, 18, 17, tzinfo=LONDON)

    left = desk.time_left("waiting", due, at=at, closed=frozenset())

    assert (left.words, left.colour, left.late) == (words, colour, colour == "red")


def test_the_senders_time_runs_while_more_is_asked_and_none_once_decided():
    due, closed = datetime(2026, 11, 18, 17, tzinfo=LONDON), frozenset()

    def left(status, days):
        return desk.time_left(status, due, at=due - timedelta(days=days), closed=closed)

    assert left("more_asked", 1).words == "Answer due in 1 working day"
    assert left("more_asked", -1).words == "No answer came in time"
    assert left("accepted", 1) is None


# --- The queue ------------------------------------------------------------------------------------


def test_the_queue_shows_those_promised_soonest_first(client, dee):
    late = make_referral(at=AT - timedelta(days=7))
    fresh = make_referral(at=AT)
    urgent = make_referral(at=AT, urgent=True)

    page = client.get("/requests/desk/")

    assert [line.reference for line in page.context["lines"]] == [
        request.reference for request in (late, fresh, urgent)
    ]
    text = words_of(page)
    assert "Overdue by" in text
    assert "Urgent" in text
    assert page.context["numbers"]["undecided"] == 3
    assert page.context["numbers"]["urgent"] == 1


def test_an_empty_queue_says_so(client, dee):
    assert "Nothing waits for a decision." in words_of(client.get("/requests/desk/"))
    assert "No request fits" in words_of(client.get("/requests/desk/?urgent=on"))


FILTERS = (
    ("urgent=on", {"urgent"}),
    ("sender=parent", {"parent"}),
    ("need=housing", {"housing"}),
    ("holder=mine", {"mine"}),
    ("holder=nobody", {"urgent", "parent", "housing", "plain", "asked"}),
    ("state=more_asked", {"asked"}),
    ("state=waiting", {"urgent", "parent", "housing", "mine", "plain"}),
    ("q=Catrin+Okafro", {"plain"}),
    ("q=Zebedee", {"parent"}),
    ("late=on", {"urgent"}),
    (
        "state=nonsense&hub=nonsense&page=nonsense&q=%00",
        {"urgent", "parent", "housing", "mine", "plain", "asked"},
    ),
)


def test_the_queue_is_filtered(client, dee, seen_by):
    made = {
        "urgent": make_referral(at=AT - timedelta(days=9), urgent=True),
        "parent": make_referral(
            sender_kind="parent", sender_name="Zebedee Smith", at=timezone.now()
        ),
        "housing": make_referral(needs=("housing",), at=timezone.now()),
        "mine": make_referral(at=timezone.now()),
        "plain": make_referral(
            children=(NewChild("Katherine", "Okafor", date(2015, 3, 12)),),
            adults=(),
            at=timezone.now(),
        ),
        "asked": make_referral(at=timezone.now()),
    }
    seen_by(dee)
    actions.take(referral=made["mine"], by=dee, at=AT)
    actions.ask_more(referral=made["asked"], words="Which school?", by=dee, at=timezone.now())

    names = {referral.reference: name for name, referral in made.items()}
    for question, expected in FILTERS:
        page = client.get(f"/requests/desk/?{question}")
        found = {names[line.reference] for line in page.context["lines"]}
        assert found == expected, question


def test_the_queue_is_filtered_by_district_and_by_the_area_of_a_hub(client, dee):
    district = District.objects.create(code="E07000177", name="Cherwell")
    point = {"easting": 445000, "northing": 240000, "latitude": 52.06, "longitude": -1.34}
    sector = Neighbourhood.objects.create(
        code="OX16 5", kind="sector", name="OX16 5", district=district, outline={}, **point
    )
    Postcode.objects.create(code="OX165QB", district=district, neighbourhood=sector, **point)
    hub = Hub.objects.create(
        team=make_team("Banbury"), slug="banbury", postcode="OX16 5QB", **point
    )
    Catchment.objects.create(hub=hub, neighbourhood=sector, since=date(2020, 1, 1))
    here = make_referral(postcode="OX16 5QB", at=timezone.now())
    make_referral(postcode="OX28 6NH", at=timezone.now())

    for question in (f"district={district.code}", f"hub={hub.pk}"):
        page = client.get(f"/requests/desk/?{question}")
        assert [line.reference for line in page.context["lines"]] == [here.reference]


def test_the_queue_takes_as_many_queries_for_many_requests_as_for_one(client, dee):
    def queries_for_queue() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/requests/desk/")
        return len(captured)

    make_referral()
    queries_for_queue()
    few = queries_for_queue()
    for _ in range(12):
        make_referral()

    assert queries_for_queue() == few


def test_only_the_desk_sees_the_queue(client):
    worker, sender = make_user("hub_worker", make_team("Witney")), make_sender()
    referral = make_referral(by=sender)

    for stranger in (worker, sender):
        client.force_login(stranger)
        assert client.get("/requests/desk/").status_code == 403
        assert client.get(f"/requests/desk/{referral.reference}/").status_code == 404
    client.logout()
    assert client.get("/requests/desk/").status_code == 302


def test_a_request_is_taken_and_put_back(client, dee):
    referral = make_referral()
    address = f"/requests/desk/{referral.reference}/"

    page = client.post(f"{address}take/", {"next": "/requests/desk/?holder=mine"})
    assert page["Location"] == "/requests/desk/?holder=mine"
    assert "You have this request" in words_of(client.get(address))
    assert (
        client.post(f"{address}put-back/", {"next": "https://elsewhere.example/"})["Location"]
        == address
    )
    assert "Nobody has this request" in words_of(client.get(address))


def test_a_request_in_a_colleagues_hands_is_taken_over_knowingly(client, dee, seen_by):
    referral = make_referral()
    colleague = make_desk_worker("Col League")
    seen_by(colleague)
    actions.take(referral=referral, by=colleague, at=AT)
    address = f"/requests/desk/{referral.reference}/take/"

    asked = client.post(address)
    assert "Col League has this request" in words_of(asked)
    client.post(address, {"instead": "yes"})

    seen_by(dee)
    assert as_now(referral).held_by == dee


# --- One request ----------------------------------------------------------------------------------


def test_the_page_shows_what_was_asked_and_who_may_be_the_same(client, dee, seen_by):
    earlier = make_referral(at=AT - timedelta(days=90))
    referral = make_referral(
        children=(NewChild("Ada", "Okafro", date(2014, 2, 3), sex="F"),),
        adults=(NewAdult("Grace", "Okafor", role="mother", phone="+44 7700 900123"),),
    )

    text = words_of(client.get(f"/requests/desk/{referral.reference}/"))

    assert "Often late, and tired." in text
    assert "Sender may hear the outcome" in text and "Their own number" in text
    assert "We may know this family" in text
    assert "Same telephone number" in text
    assert "Last names differ by one letter: Okafor / Okafro" in text
    assert earlier.reference in text


def test_a_request_for_nobody_we_know_suggests_nobody(client, dee):
    referral = make_referral()

    page = client.get(f"/requests/desk/{referral.reference}/")

    assert page.context["likely"] == []
    family = words_of(client.get(f"/cases/family/{referral.family.reference}/"))
    assert "The county desk. No hub works with the family." in family


def test_looking_at_a_request_is_noted(client, dee, seen_by):
    from kith.audit.models import Sight

    referral = make_referral()
    client.get(f"/requests/desk/{referral.reference}/")

    seen_by(make_user("dpo", make_team(kind="desk")))
    assert Sight.objects.filter(family_id=referral.family_id, viewer_id=dee.pk).count() == 1


def test_a_file_comes_as_what_it_is_and_is_not_opened_in_the_page(client, dee, seen_by):
    from kith.referrals.models import Attachment

    referral = make_referral()
    seen_by(dee)
    file = Attachment.objects.create(
        referral=referral,
        name="plan.pdf",
        content_type="application/pdf",
        size=4,
        content=b"%PDF",
        added_at=AT,
    )
    page = client.get(f"/requests/desk/{referral.reference}/")
    address = f"/requests/sent/{referral.reference}/files/{file.pk}/"
    assert address in page.content.decode()

    got = client.get(address)

    assert (got["Content-Type"], got.content) == ("application/pdf", b"%PDF")
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    client.force_login(make_user("hub_worker", make_team()))
    assert client.get(address).status_code == 404


# --- Deciding -------------------------------------------------------------------------------------

REASON = {"reason": "Debt is the heart of it.", "words": "The advice centre will ring them."}


def test_a_decision_is_written_checked_and_confirmed(client, dee, seen_by):
    referral = make_referral()
    address = f"/requests/desk/{referral.reference}/decide/no-further-action/"

    assert "Thank you for telling us about Ada" in words_of(client.get(address))
    assert "Check before you decide" in words_of(client.post(address, REASON))
    seen_by(dee)
    assert as_now(referral).status == "waiting"
    changed = client.post(address, REASON | {"change": "yes"})
    assert "The advice centre will ring them." in words_of(changed)
    done = client.post(address, REASON | {"confirm": "yes"}, follow=True)

    assert f"No further action: {referral.reference}." in words_of(done)
    seen_by(dee)
    assert as_now(referral).status == "no_further_action"
    step = Step.objects.get(referral=referral, kind="no_further_action")
    assert (step.reason, step.words) == (REASON["reason"], REASON["words"])
    assert Notice.objects.filter(key="referral.decided").count() == 1


def test_a_decision_begins_with_the_countys_own_words(client, dee, seen_by):
    lead = make_user("county_lead", make_team("Leads", "desk"))
    seen_by(lead)
    said = {"wording": wordings.ALREADY_HELPED, "channel": "page", "subject": ""}
    save_wording(**said, body="We know ((children)) already: ((reference)).", by=lead, at=AT)
    referral = make_referral()
    address = f"/requests/desk/{referral.reference}/decide/"

    page = words_of(client.get(f"{address}already-helped/"))

    assert f"We know Ada already: {referral.reference}." in page
    assert "Thank you for telling us about Ada" in words_of(client.get(f"{address}ask-more/"))


@pytest.mark.parametrize(
    "decision, status",
    [
        ("ask-more", "more_asked"),
        ("social-care", "social_care"),
        ("already-helped", "already_helped"),
    ],
)
def test_every_decision_can_be_made(client, dee, seen_by, decision, status):
    referral = make_referral()
    address = f"/requests/desk/{referral.reference}/decide/{decision}/"

    client.post(address, REASON | {"confirm": "yes"})

    seen_by(dee)
    assert as_now(referral).status == status


def test_a_request_is_sent_on_to_a_partner_who_takes_requests(client, dee, seen_by):
    from kith.partners.models import Organisation

    advice = Organisation.objects.create(name="Debt Advice", kind="voluntary", takes_requests=True)
    closed = Organisation.objects.create(name="Closed Door", kind="voluntary")
    referral = make_referral()
    address = f"/requests/desk/{referral.reference}/decide/send-on/"

    choosing = words_of(client.get(address))
    assert "Debt Advice" in choosing
    assert "Closed Door" not in choosing
    assert "No partner that takes requests fits" in words_of(client.get(f"{address}?q=zzz"))
    assert "Debt Advice can help best" in words_of(
        client.get(f"{address}?organisation={advice.pk}")
    )
    for nobody in (closed.pk, "x", "9" * 30):
        assert "To which partner?" in words_of(
            client.post(address, REASON | {"organisation": nobody, "confirm": "yes"})
        )
    client.post(address, REASON | {"organisation": advice.pk, "confirm": "yes"})

    seen_by(dee)
    assert as_now(referral).status == "sent_on"
    assert Step.objects.get(referral=referral, kind="sent_on").organisation == advice


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"reason": " "}, "Write the reason for this decision"),
        ({"words": ""}, "Write what the sender is told"),
        ({"reason": "x" * 5000}, "4,000"),
    ],
)
def test_a_decision_without_its_words_is_not_made(client, dee, seen_by, wrong, message):
    referral = make_referral()
    address = f"/requests/desk/{referral.reference}/decide/already-helped/"

    page = client.post(address, REASON | wrong | {"confirm": "yes"})

    assert message in words_of(page)
    assert "There is a problem" in words_of(page)
    seen_by(dee)
    assert as_now(referral).status == "waiting"


def test_who_comes_second_is_told_politely_who_decided_what(client, dee, seen_by):
    referral = make_referral()
    address = f"/requests/desk/{referral.reference}/decide/no-further-action/"
    client.post(address, REASON)
    colleague = make_desk_worker("Col League")
    seen_by(colleague)
    actions.already_helped(referral=referral, reason="r", words="w", by=colleague, at=AT)

    told = words_of(client.post(address, REASON | {"confirm": "yes"}, follow=True))

    assert f"Col League has already decided {referral.reference} on 16 November" in told
    assert "already being helped" in told
    seen_by(dee)
    assert Step.objects.filter(referral=referral).count() == 2
    assert Notice.objects.filter(key="referral.decided").count() == 1


def test_the_desk_is_told_when_the_sender_withdrew_meanwhile(client, dee, seen_by):
    sender = make_sender()
    referral = make_referral(by=sender)
    seen_by(sender)
    actions.withdraw(referral=referral, reason="", by=sender, at=AT)

    address = f"/requests/desk/{referral.reference}/decide/no-further-action/"
    told = words_of(client.post(address, REASON | {"confirm": "yes"}, follow=True))

    assert f"The sender has withdrawn {referral.reference}." in told


def test_a_question_is_put_twice_only_by_somebody_who_knows(client, dee, seen_by):
    sender = make_sender()
    referral = make_referral(by=sender)
    address = f"/requests/desk/{referral.reference}/decide/ask-more/"
    asked = {"words": "Which school?", "confirm": "yes"}
    assert 'name="again"' not in client.get(address).content.decode()
    seen_by(colleague := make_desk_worker("Col League"))
    actions.ask_more(referral=referral, words="How old is she?", by=colleague, at=AT)

    told = words_of(client.post(address, asked, follow=True))

    assert f"Col League has already asked for more about {referral.reference}" in told
    seen_by(dee)
    assert Step.objects.filter(referral=referral, kind="asked").count() == 1
    page = client.get(address)
    assert 'name="again" value="yes"' in page.content.decode()
    assert "We have asked already" in words_of(page)
    client.post(address, asked | {"again": "yes"})
    client.force_login(sender)
    told = words_of(client.get(f"/requests/sent/{referral.reference}/"))
    assert "The county desk asks you How old is she? Which school?" in told


def test_a_decided_request_is_opened_again_with_a_reason(client, dee, seen_by):
    referral = make_referral()
    client.post(
        f"/requests/desk/{referral.reference}/decide/no-further-action/",
        REASON | {"confirm": "yes"},
    )
    address = f"/requests/desk/{referral.reference}/reopen/"

    assert "Write why" in words_of(client.post(address, {"reason": ""}))
    client.post(address, {"reason": "The school rang."})

    seen_by(dee)
    again = as_now(referral)
    assert again.status == "waiting"
    step = Step.objects.get(referral=referral, kind="reopened")
    assert step.reason == "The school rang."
    assert f"We decide by {said(again.decide_by)}." == step.words
    told = Notice.objects.get(key="referral.reopened")
    assert step.words in told.body
    assert "The school rang." not in told.body


def test_whoever_sent_it_reads_that_their_own_answer_is_waited_for(client, dee, seen_by):
    sender = make_sender()
    referral = make_referral(by=sender)
    seen_by(dee)
    actions.ask_more(referral=referral, words="How old is she?", by=dee, at=AT)
    client.force_login(sender)

    for page in ("/today/", "/requests/sent/", f"/requests/sent/{referral.reference}/"):
        told = words_of(client.get(page))
        assert "Waiting for your answer" in told
        assert "an answer from the sender" not in told


def test_a_hub_worker_reads_a_request_of_their_hub_but_does_not_decide(client, dee, seen_by):
    referral = make_referral()
    hub = make_team("Banbury")
    worker = make_user("hub_worker", hub)
    seen_by(dee)
    families.give_standing(family=referral.family, team=hub, reason="request", by=dee, at=AT)
    client.force_login(worker)

    page = client.get(f"/requests/desk/{referral.reference}/")

    assert "Often late, and tired." in words_of(page)
    assert "Accept to a hub" not in words_of(page)
    decide = client.post(
        f"/requests/desk/{referral.reference}/decide/already-helped/", REASON | {"confirm": "yes"}
    )
    assert decide.status_code == 403


def test_a_request_is_found_by_its_number(client, dee):
    sender = make_sender()
    referral = make_referral(by=sender)

    found = client.get(f"/families/?q={referral.reference.lower()}", follow=True)
    assert found.redirect_chain[-1][0] == f"/requests/desk/{referral.reference}/"
    client.force_login(sender)
    followed = client.get(f"/requests/find/{referral.reference}/")
    assert followed["Location"] == f"/requests/sent/{referral.reference}/"
    client.force_login(make_sender("Other School"))
    assert client.get(f"/requests/find/{referral.reference}/").status_code == 404


def test_two_records_are_put_together_from_the_desk_and_parted_again(client, dee, seen_by):
    earlier = make_referral(at=AT - timedelta(days=90))
    referral = make_referral()
    seen_by(dee)
    kept, gone = earlier.family.reference, referral.family.reference
    address = f"/families/compare/{kept}/{gone}/"

    page = client.get(address)
    form = page.context["form"]
    ada, _grace = (name for name in form.fields if name.startswith("person_"))
    [(_, _), (ada_kept, _), *_] = form.fields[ada].choices
    assert form.fields[ada].initial == ada_kept  # "Likely the same person"
    chosen = {"keep": kept, ada: ada_kept}
    check = words_of(client.post(address, chosen))
    assert "Check before they are put together" in check
    ada_born = "Ada Okafor (child or young person, 2 March 2014)"
    assert f"One person from now on {ada_born}, on both records Stay" in check
    grace = "Grace Okafor (mother)"
    assert f"Stay people of their own {grace}, {kept} {grace}, {gone}" in check
    change = client.post(address, chosen | {"change": "yes"})
    assert f'value="{ada_kept}" selected' in change.content.decode()
    seen_by(dee)
    assert len(together_with(dee, as_now(referral).family)) == 1
    client.post(address, chosen | {"confirm": "yes"})

    seen_by(dee)
    assert [record.reference for record in together_with(dee, as_now(referral).family)] == [
        kept,
        gone,
    ]
    merges = client.get("/families/merges/")
    assert "Ada Okafor is Ada Okafor" in words_of(merges)
    assert "<table" not in merges.content.decode(), "on a telephone no table hides Undo"
    [line] = merges.context["lines"]
    undone = client.post(f"/families/merges/{line.merge.pk}/undo/", follow=True)
    assert "The records are apart again." in words_of(undone)
    again = client.post(f"/families/merges/{line.merge.pk}/undo/", follow=True)
    assert "Dee Desk has already parted these records" in words_of(again)


def test_nobody_is_put_together_with_two_people(client, dee, seen_by):
    earlier, referral = make_referral(at=AT - timedelta(days=90)), make_referral()
    seen_by(dee)
    address = f"/families/compare/{earlier.family.reference}/{referral.family.reference}/"
    form = client.get(address).context["form"]
    names = [name for name in form.fields if name.startswith("person_")]
    someone = form.fields[names[0]].choices[1][0]

    page = client.post(address, {"keep": earlier.family.reference} | dict.fromkeys(names, someone))

    assert "Choose each person once" in words_of(page)


def test_people_said_not_to_be_the_same_are_no_longer_suggested(client, dee, seen_by):
    make_referral(at=AT - timedelta(days=90))
    referral = make_referral()
    address = f"/requests/desk/{referral.reference}/"
    [known] = client.get(address).context["likely"]

    for pair in known.people:
        client.post(f"/families/not-same/{pair.person.pk}/{pair.other.pk}/", {"next": address})

    assert client.get(address).context["likely"] == []
