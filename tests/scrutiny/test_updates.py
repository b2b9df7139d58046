"""Papers that write themselves from figures, and what opens an agenda."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kith.scrutiny.actions import drawing, minutes, plan, publishing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import PlanEntry, Published
from kith.scrutiny.updates import UPDATES, sections_of
from tests.factories.casework import make_staffed_hub
from tests.factories.scrutiny import MEETS, NOW, add_item, call, hold, make_meeting, make_officer
from tests.paper import words_of_paper
from tests.scrutiny.test_publishing import public_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


@pytest.mark.parametrize("key", UPDATES)
def test_each_update_says_what_it_is_where_it_comes_from_or_what_it_waits_for(officer, key):
    make_staffed_hub("Banbury")
    sections = sections_of(UPDATES[key], NOW)
    words = publishing.words_of(sections)
    assert sections and words
    if key in ("thriving", "budget"):
        assert words.count("No live figure yet. It waits for the ") == len(UPDATES[key].figures)
    if key == "hubs":
        assert "Source: " in words and "fewer than 5 of 100 cases" in words
        assert all(section["table"]["rows"] for section in sections[:-1])


def test_an_update_is_written_anew_until_its_agenda_is_published_and_stays_then(officer, client):
    meeting = make_meeting(officer)
    item = add_item(officer, meeting, "Hubs", kind="update")
    client.force_login(officer)
    page = reverse("scrutiny:draw_update", args=[item.uid])
    assert "Choose one" in client.get(page).content.decode()
    answer = client.post(page, {"about": "budget"}, follow=True)
    assert "No live figure yet" in answer.content.decode()
    first = drawing.draw_update(item=item, key="budget", by=officer, at=NOW)
    other = drawing.draw_update(item=item, key="hubs", by=officer, at=NOW)
    assert item.papers.count() == 2 and first.pk != other.pk

    call(officer, meeting)
    with pytest.raises(ScrutinyRefused, match="stays as it is"):
        drawing.draw_update(item=item, key="budget", by=officer, at=NOW)
    assert "No live figure yet" in Published.objects.get(pk=first.uid).words
    pdf = client.get(reverse("meetings:paper_pdf", args=[first.uid])).content
    assert "Information update: Budget" in words_of_paper(pdf)


def test_an_agenda_opens_with_what_was_asked_for_and_is_not_done(officer, client):
    first = make_meeting(officer)
    item = add_item(officer, first, "Journeys")
    secret = add_item(
        officer, first, "A placement", exempt=True, paragraphs=[1], public_interest="A child"
    )
    hold(officer, call(officer, first))
    for of, title in (
        (item, "Count the journeys"),
        (secret, "Qwertzuiop"),
        (item, "Ask the bus company"),
    ):
        point = minutes.write_point(
            item=of, details={"kind": "request", "words": title}, by=officer, at=MEETS
        )
        plan.keep_entry(
            committee=first.committee,
            details={"title": title, "owner": "Hub manager", "public": True},
            point=point,
            by=officer,
            at=MEETS,
        )
    done = PlanEntry.objects.get(title="Ask the bus company")
    plan.close_entry(entry=done, done=True, outcome="It said no", by=officer, at=MEETS)

    later = make_meeting(officer, first.committee, starts_at=MEETS + timedelta(days=60))
    publishing.publish_agenda(meeting=later, by=officer, at=MEETS)

    page = client.get(reverse("meetings:meeting", args=[later.uid])).content.decode()
    assert "Count the journeys (Hub manager): asked for on 23 September 2026" in page
    pdf = client.get(reverse("meetings:agenda_pdf", args=[later.uid])).content
    assert "Count the journeys (Hub manager): asked for on" in words_of_paper(pdf)
    assert "Ask the bus company" not in page, "what is done opens no agenda"
    client.force_login(officer)
    brief = client.get(reverse("scrutiny:brief", args=[later.uid])).content
    assert "Qwertzuiop (Hub manager)" in words_of_paper(brief), "the chair reads all of it"
    assert "Qwertzuiop" not in public_text(), "nor what was asked for behind closed doors"
