"""The report of a review: what the committee agreed, on paper and for everybody, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from kith.accounts.viewer import see_as
from kith.scrutiny import reports
from kith.scrutiny.actions import (
    notes,
    practice,
    publishing,
    recommending,
    reporting,
    tracking,
    visits,
)
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Edition, Practice, Published, Review, Theme
from tests.factories.scrutiny import MEETS, add_item, call, hold, make_meeting
from tests.factories.visits import NOW, add_visit, make_visiting
from tests.paper import words_of_paper
from tests.scrutiny.test_publishing import public_text

pytestmark = pytest.mark.django_db

SECRET = "Qwertzuiop"


@pytest.fixture
def room():
    room = make_visiting()
    Review.objects.filter(pk=room.review.pk).update(introduction="Why we looked.\nAnd how.")
    room.review.refresh_from_db()
    room.agreed = theme(room, "Core offer", "It differs from hub to hub.", "agreed")
    room.written = theme(room, f"{SECRET} theme", f"{SECRET} findings", "written")
    meeting = make_meeting(room.officer, room.review.committee)
    room.item = add_item(room.officer, meeting, "Hubs")
    hold(room.officer, call(room.officer, meeting))
    room.item.refresh_from_db()
    room.one = agreed(
        room, "Say more clearly what every hub offers.", room.agreed, ["Write it.", "Show it."]
    )
    recommending.draft(
        committee=room.review.committee, details={"words": f"{SECRET} draft"}, review=room.review,
        by=room.officer, at=NOW,
    )  # fmt: skip
    practice.keep_practice(
        details={
            "title": "Partners’ forum", "what": "Partners meet every term.", "where": "Abingdon",
            "for_whom": "schools", "needs": "a room", "contact": "Hub manager",
        },
        review=room.review, by=room.officer, at=NOW,
    )  # fmt: skip
    return room


def theme(room, title, findings, state):
    order = Theme.objects.filter(review=room.review).count() + 1
    return Theme.objects.create(
        review=room.review, order=order, title=title, findings=findings, state=state
    )


def agreed(room, words, theme, parts=()):
    made = recommending.draft(
        committee=room.review.committee, details={"words": words}, theme=theme, parts=parts,
        by=room.officer, at=NOW,
    )  # fmt: skip
    after = room.item.meeting.starts_at
    return recommending.agree(recommendation=made, item=room.item, by=room.officer, at=after)


def test_a_report_holds_what_was_agreed_and_says_what_it_lacks(room):
    told = reports.sections_of(room.officer, room.review)
    headings = [one["heading"] for one in told if one["heading"]]
    assert headings[0] == "Introduction" and headings[-1] == "Exemplar practice"
    assert told[0]["paragraphs"] == ["Why we looked.", "And how."]
    lines = [line for one in told for line in one.get("list", [])]
    assert f"R{room.one.number} Say more clearly what every hub offers." in lines
    assert f"R{room.one.number}, part 2: Show it." in lines
    assert "For whom: schools" in lines
    assert SECRET not in str(told), "neither a draft nor a theme that is still being written"

    gaps = reports.gaps_of(room.officer, room.review)
    assert f"The theme “{SECRET} theme” is not agreed by the committee: it is left out." in gaps
    assert "1 recommendation is drafted and not agreed: left out." in gaps


def test_everybody_reads_the_report_its_pdf_and_the_practice_and_no_note_of_a_visit(room, client):
    visit = add_visit(room.review, room.officer, room.hubs[0])
    member = room.people[0]
    visits.put_down(visit=visit, member=member, by=room.officer, at=NOW)
    after = visit.ends_at
    visits.say_who_went(visit=visit, went={member.pk: True}, by=room.officer, at=after)
    noted = notes.Noted(key=uuid4(), whose="own", words=f"{SECRET} was said at the door.")
    notes.write_note(visit=visit, noted=noted, member=member, by=room.officer, at=after)
    tracking.publish(recommendation=room.one, by=room.officer, at=NOW)

    edition = reporting.publish_report(review=room.review, by=room.officer, at=NOW)

    assert (edition.kind, edition.number) == (Edition.Kind.REPORT, 1)
    page = client.get(reverse("meetings:report", args=[room.review.uid])).content.decode()
    assert "It differs from hub to hub." in page and "What became of the recommendations" in page
    pdf = client.get(reverse("meetings:report_pdf", args=[room.review.uid])).content
    words = words_of_paper(pdf)
    assert "Councillor A" in words, "who visited is public"
    assert "Core offer" in words and "Partners meet every term." in words and "DRAFT" not in words
    see_as(room.officer)
    kept = Practice.objects.get()
    page = client.get(reverse("meetings:practice", args=[kept.uid])).content.decode()
    assert (
        "a room" in page
        and "Partners’ forum" in client.get(reverse("meetings:practices")).content.decode()
    )
    found = client.get(reverse("meetings:search"), {"q": "differs hub"}).content.decode()
    assert reverse("meetings:report", args=[room.review.uid]) in found
    feed = client.get(reverse("meetings:feed")).content.decode()
    assert reverse("meetings:practice", args=[kept.uid]) in feed
    assert SECRET not in public_text() and SECRET not in page + words + found + feed
    above = Published.objects.get(pk=room.one.uid).above
    assert above and above.pk == room.review.uid, "open data shows the chain"


def test_another_edition_says_why_and_a_report_that_is_withdrawn_is_gone(room, client):
    reporting.publish_report(review=room.review, by=room.officer, at=NOW)
    reporting.publish_report(review=room.review, because="A slip", by=room.officer, at=NOW)
    assert list(Edition.objects.values_list("number", "because"))[-2:] == [(1, ""), (2, "A slip")]

    with pytest.raises(ScrutinyRefused, match="Say why"):
        reporting.withdraw_report(review=room.review, because=" ", by=room.officer, at=NOW)
    reporting.withdraw_report(review=room.review, because="Too soon", by=room.officer, at=NOW)

    for name, of in (("report", room.review.uid), ("practice", Practice.objects.get().uid)):
        answer = client.get(reverse(f"meetings:{name}", args=[of]))
        assert answer.status_code == 410 and "Core offer" not in answer.content.decode()
    assert client.get(reverse("meetings:report_pdf", args=[room.review.uid])).status_code == 404


def test_the_report_stands_on_an_agenda_and_stays_as_it_was_published(room):
    meeting = make_meeting(
        room.officer, room.review.committee, starts_at=MEETS + timedelta(days=60)
    )
    item = add_item(room.officer, meeting, "The report")
    first = reporting.draw_report(review=room.review, item=item, by=room.officer, at=NOW)
    again = reporting.draw_report(review=room.review, item=item, by=room.officer, at=NOW)
    assert first.pk == again.pk and item.papers.count() == 1

    publishing.publish_agenda(meeting=meeting, by=room.officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="stays as it is"):
        reporting.draw_report(review=room.review, item=item, by=room.officer, at=NOW)
    shown = Published.objects.get(pk=first.uid)
    assert shown.content["kind"] == "Review report" and "It differs from hub to hub." in shown.words


def test_there_is_nothing_to_report_before_anything_is_agreed():
    room = make_visiting()
    Review.objects.filter(pk=room.review.pk).update(introduction="", aim="")
    room.review.refresh_from_db()
    with pytest.raises(ScrutinyRefused, match="nothing to report yet"):
        reporting.publish_report(review=room.review, by=room.officer, at=NOW)


def test_an_officer_writes_puts_publishes_and_withdraws_on_the_pages(room, client):
    meeting = make_meeting(
        room.officer, room.review.committee, starts_at=MEETS + timedelta(days=60)
    )
    item = add_item(room.officer, meeting, "The report")
    client.force_login(room.officer)
    page = reverse("visits:report", args=[room.review.uid])

    client.post(page, {"words": "A new beginning."})
    shown = client.get(page).content.decode()
    assert "A new beginning." in shown and "What it still lacks" in shown
    draft = client.get(reverse("visits:report_draft", args=[room.review.uid]))
    assert "DRAFT" in words_of_paper(draft.getvalue())
    put = reverse("visits:report_put", args=[room.review.uid])
    assert "Under which item" in client.get(put).content.decode()
    client.post(put, {"item": str(item.pk)})
    client.post(reverse("visits:report_publish", args=[room.review.uid]))
    again = client.post(reverse("visits:report_publish", args=[room.review.uid]), {"because": ""})
    assert "This field is required" in again.content.decode() or "Enter" in again.content.decode()
    client.post(reverse("visits:report_publish", args=[room.review.uid]), {"because": "A slip"})
    see_as(room.officer)
    assert item.papers.get().kind == "review"
    assert Edition.objects.filter(of_id=room.review.uid).count() == 2
    client.post(reverse("visits:report_withdraw", args=[room.review.uid]), {"why": "Too soon"})
    assert client.get(reverse("meetings:report", args=[room.review.uid])).status_code == 410
