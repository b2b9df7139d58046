"""The pages of recommendations, for officers, members, leads, and owners without an account."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import clock, see_as, seeing_as
from kith.notices.models import Notice as Letter
from kith.scrutiny.models import Recommendation
from tests.factories.accounts import make_team, make_user
from tests.factories.recommendations import make_agreed, make_draft, make_item, send
from tests.factories.scrutiny import make_committee, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    officer = make_officer()
    client.force_login(officer)
    return officer


def page(client, name, *args):
    return client.get(reverse(f"recommendations:{name}", args=args)).content.decode()


def test_a_draft_shows_its_gaps_and_is_agreed_and_sent_from_its_page(client, officer):
    assert "No recommendation has been drafted yet" in page(client, "listed")
    committee = make_committee(officer)
    item = make_item(officer, committee)
    wrong = client.post(reverse("recommendations:new"), {"committee": committee.pk, "words": ""})
    assert "Write what is recommended." in wrong.content.decode()
    told = {
        "committee": committee.pk, "kind": "recommendation", "words": "Publish one core offer.",
        "parts": "Online\nOn paper", "owned": "post", "owner": "Director", "why": "Families ask.",
    }  # fmt: skip
    client.post(reverse("recommendations:new"), told)
    found = Recommendation.objects.get()

    shown = page(client, "one", found.uid)
    assert "Not said yet: Who? What? How? Where? When?" in shown
    assert "<li>Online</li>" in shown
    client.post(reverse("recommendations:agree", args=[found.uid]), {"item": item.pk})
    found.refresh_from_db()
    assert found.state == "agreed"
    day = {"received_on_day": 1, "received_on_month": 1, "received_on_year": 2020}
    asked = {"law": "executive", "to": "Director", **day}
    refused = client.post(reverse("recommendations:send", args=[found.uid]), asked)
    assert "before the committee agreed it" in refused.content.decode()
    assert 'value="Director"' in refused.content.decode(), "nothing typed is lost"


def test_the_list_is_narrowed_and_shows_what_is_overdue_first(client, officer):
    item = make_item(officer)
    make_agreed(officer, item, words="Fresh words", owner="Head of hubs")
    make_draft(officer, item.meeting.committee, words="Only a draft")
    late = make_agreed(officer, item, words="Late words")
    Recommendation.objects.filter(pk=late.pk).update(due_on=late.agreed_on - timedelta(days=900))

    shown = page(client, "listed")
    assert shown.index("Late words") < shown.index("Fresh words")
    where = reverse("recommendations:listed")
    only = client.get(where, {"late": "on"}).content.decode()
    assert "Late words" in only
    assert "Fresh words" not in only
    owned = client.get(where, {"owner": "Head of hubs"}).content.decode()
    assert "Fresh words" in owned
    assert "Late words" not in owned
    assert (
        "No recommendation is like that" in client.get(where, {"state": "stopped"}).content.decode()
    )
    assert client.get(where, {"theme": "nonsense"}).status_code == 200


def test_a_lead_answers_with_figures_and_every_mistake_stands_at_its_field(client, officer):
    found = send(officer, make_agreed(officer))
    lead = make_user("county_lead", make_team("County desk", "desk"))
    client.force_login(lead)
    where = reverse("recommendations:answer", args=[found.uid])
    told = {"said": "in_part", "words": "We agree with half.", "by_whom": "Director"}

    unsaid = client.post(where, {"words": "So.", "by_whom": "Director", "said": ""})
    assert "Choose an answer." in unsaid.content.decode(), "nobody accepts by leaving a box"
    refused = client.post(where, told).content.decode()
    assert "Give the reason: the committee has asked, and is owed it." in refused
    assert "We agree with half." in refused
    figures = {"reason": "Money.", "figures": "no semicolon"}
    assert "with a semicolon between" in client.post(where, told | figures).content.decode()
    figures["figures"] = "Projected underspend; 412,000; pounds; 30 September"
    assert client.post(where, told | figures).status_code == 302

    shown = page(client, "one", found.uid)
    assert "Accepted in part" in shown
    assert "412,000 pounds" in shown
    assert "For committee officers" not in shown
    assert "Say how far it is" in shown


def test_an_owner_opens_the_link_and_answers_without_an_account(client, officer):
    found = send(
        officer, make_agreed(officer), at=timezone.now(), email="owner@county.example"
    )  # links grow old
    with seeing_as(clock()):
        letter = Letter.objects.get(key="scrutiny.recommended")
    client.logout()
    see_as(None)
    path = letter.body.split("Answer here. You need no account:\n")[1].split("\n")[0]
    path = "/" + path.split("/", 3)[3]

    assert client.get(path, follow=True).status_code == 200
    own = reverse("recommendations:by_link")
    shown = client.get(own).content.decode()
    assert found.words in shown
    refused = client.post(own, {"said": "not", "words": "No.", "by_whom": "Director"})
    assert "Give the reason" in refused.content.decode()
    done = client.post(
        own, {"said": "accepted", "words": "Yes, gladly.", "by_whom": "Director"}, follow=True
    )
    assert "The committee has your answer" in done.content.decode()
    assert "Yes, gladly." in done.content.decode()
    assert client.get(reverse("recommendations:one", args=[found.uid])).status_code == 302
    see_as(officer)
    found.refresh_from_db()
    assert found.state == "answered"


def test_what_is_done_about_a_recommendation_can_be_said_on_its_pages(client, officer):
    found = send(officer, make_agreed(officer))
    uid = found.uid

    def post(name, **told):
        return client.post(reverse(f"recommendations:{name}", args=[uid]), told)

    post("answer", said="in_principle", words="Yes, some day.", by_whom="Director")
    assert "without something to be done and a day" in page(client, "one", uid)
    post("promise", words="Write it", due_on_day=1, due_on_month=2, due_on_year=2027)
    post("progress", said="in_progress", on_day=1, on_month=10, on_year=2026)
    found.refresh_from_db()
    promised = found.promised.get()
    assert "Write it" in page(client, "one", uid)
    client.post(
        reverse("recommendations:done", args=[promised.pk]),
        {"done_on_day": 2, "done_on_month": 10, "done_on_year": 2026},
    )
    promised.refresh_from_db()
    assert promised.done_on is not None
    assert "No meeting of this committee is planned" in page(client, "back", uid)
    post("measure", figure="requests-received", months=12)
    assert found.measures.get().called == "Requests for help"
    for name in ("change", "agree", "together", "send", "stop", "take_up", "measure", "drop"):
        assert client.get(reverse(f"recommendations:{name}", args=[uid])).status_code == 200, name
