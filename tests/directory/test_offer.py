"""One core offer for every hub, how each stands to it, and what is not offered."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kith.analytics.standards import MET, NOT_MET, UNKNOWN
from kith.directory import actions, queries
from kith.directory.actions import Absence, DirectoryRefused, Item, Standing, set_up_terms
from kith.directory.models import CoreItem, NotOffered, Offering
from kith.web.board import board
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def hubs():
    make_places()
    set_up_terms()
    return {name.lower(): make_hub(name) for name in ("Abingdon", "Banbury", "Didcot", "Witney")}


@pytest.fixture
def lead():
    return make_user("county_lead", make_team("County", "desk"))


def said(by):
    return {"by": by, "at": timezone.now()}


def item(name="Stay and play", **changes):
    words = {"words": "Toys and songs.", "who_for": "under fives", "standard": "Every week."}
    return Item(name, **{**words, **changes})


def in_force(lead, *items):
    offer = actions.draft_offer(**said(lead))
    for one in items or (item(),):
        actions.write_item(offer=offer, details=one, **said(lead))
    return actions.agree_offer(
        offer=offer, on=TODAY(), agreed_by="Cabinet", in_force_from=TODAY(), **said(lead)
    )


def missing(**changes):
    return Standing(
        **{"state": "not_offered", "reason": "No room.", "instead": "Banbury.",
           "review_on": TODAY() + timedelta(days=30), **changes}
    )  # fmt: skip


def test_a_version_is_drafted_spoken_about_agreed_and_then_never_changed(lead):
    offer = actions.draft_offer(**said(lead))
    with pytest.raises(DirectoryRefused, match="nothing in this version"):
        actions.agree_offer(
            offer=offer, on=TODAY(), agreed_by="Cabinet", in_force_from=TODAY(), **said(lead)
        )
    written = actions.write_item(offer=offer, details=item(), **said(lead))
    with pytest.raises(DirectoryRefused, match="of this name already"):
        actions.write_item(offer=offer, details=item("stay AND play"), **said(lead))
    with pytest.raises(DirectoryRefused, match="not agreed yet"):
        actions.draft_offer(**said(lead))
    actions.consult(offer=offer, on=TODAY(), whom="Parents’ forum", **said(lead))
    with pytest.raises(DirectoryRefused, match="before it is agreed"):
        actions.agree_offer(
            offer=offer, on=TODAY(), agreed_by="Cabinet", in_force_from=TODAY() - timedelta(days=1), **said(lead)
        )  # fmt: skip
    actions.agree_offer(
        offer=offer, on=TODAY(), agreed_by="Cabinet", in_force_from=TODAY(), **said(lead)
    )

    for change in (
        lambda: actions.write_item(offer=offer, item=written, details=item("Play"), **said(lead)),
        lambda: actions.take_out_item(item=written, **said(lead)),
        lambda: actions.consult(offer=offer, on=TODAY(), whom="All", **said(lead)),
    ):
        with pytest.raises(DirectoryRefused, match="never changes"):
            change()
    assert queries.offer_in_force(TODAY()) == offer


def test_the_next_version_begins_with_the_words_and_codes_of_the_one_before(lead, hubs):
    first = in_force(lead)
    code = first.items.get().code
    actions.say_offering(hub=hubs["banbury"], code=code, standing=Standing("running"), **said(lead))
    second = actions.draft_offer(**said(lead))
    kept = second.items.get()
    actions.write_item(
        offer=second, item=kept, details=item("Play for all", words="New words."), **said(lead)
    )
    fresh = actions.write_item(offer=second, details=item("Stay and play"), **said(lead))
    later = TODAY() + timedelta(days=30)
    with pytest.raises(DirectoryRefused, match="Choose a later day"):
        actions.agree_offer(
            offer=second, on=TODAY(), agreed_by="Cabinet", in_force_from=TODAY(), **said(lead)
        )
    actions.agree_offer(
        offer=second, on=TODAY(), agreed_by="Cabinet", in_force_from=later, **said(lead)
    )

    assert kept.code == code and fresh.code != code, "no hub’s word is read for another’s"
    assert CoreItem.objects.get(offer=first).words == "Toys and songs.", "the old words stay"
    assert queries.offer_in_force(TODAY()) == first
    assert queries.offer_in_force(later) == second
    assert queries.core_standings()[code, hubs["banbury"].pk].state == "running"


@pytest.mark.parametrize(
    ("standing", "field"),
    [
        ({"reason": ""}, "reason"), ({"instead": ""}, "instead"), ({"review_on": None}, "review_on"),
        ({"review_on": date(2020, 1, 1)}, "review_on"), ({"state": "planned"}, "since"), ({"state": "no"}, "state"),
    ],
)  # fmt: skip
def test_what_is_not_there_says_why_where_else_and_when_it_is_looked_at_again(
    lead, hubs, standing, field
):
    code = in_force(lead).items.get().code
    with pytest.raises(DirectoryRefused) as refused:
        actions.say_offering(
            hub=hubs["banbury"], code=code, standing=missing(**standing), **said(lead)
        )
    assert refused.value.field == field
    assert not Offering.objects.exists()


def test_a_gap_with_an_owner_has_a_day(lead, hubs):
    code = in_force(lead).items.get().code
    with pytest.raises(DirectoryRefused, match="by when"):
        actions.say_offering(
            hub=hubs["banbury"], code=code, standing=missing(owner=lead), **said(lead)
        )


def test_a_local_offer_names_the_need_it_answers(lead, hubs):
    service = make_service("Walk and talk")
    with pytest.raises(DirectoryRefused, match="which local need"):
        actions.say_offering(
            hub=hubs["banbury"], service=service, standing=Standing("running"), **said(lead)
        )
    standing = Standing("running", need="Young people ask for it.", figure="requests-received")
    actions.say_offering(hub=hubs["banbury"], service=service, standing=standing, **said(lead))
    assert queries.local_offer(hubs["banbury"]).get().need == "Young people ask for it."
    assert not queries.local_offer(hubs["witney"]).exists()


def test_a_manager_speaks_for_their_own_hub_and_a_worker_for_none(lead, hubs):
    code = in_force(lead).items.get().code
    manager = make_user("hub_manager", hubs["banbury"].team)
    worker = make_user("hub_worker", hubs["banbury"].team)
    actions.say_offering(
        hub=hubs["banbury"], code=code, standing=Standing("running"), **said(manager)
    )
    for who, slug in ((manager, "witney"), (worker, "banbury")):
        with pytest.raises(PermissionDenied):
            actions.say_offering(
                hub=hubs[slug], code=code, standing=Standing("running"), **said(who)
            )
    for act in (actions.draft_offer,):
        with pytest.raises(PermissionDenied):
            act(**said(manager))


def test_the_board_tells_gaps_and_how_each_standard_is_known(lead, hubs):
    offer = in_force(
        lead, item(), item("First contact", indicator="first-contact-in-time", at_least=80)
    )
    play, contact = (one.code for one in offer.items.order_by("name").reverse())
    for hub in hubs.values():
        actions.say_offering(hub=hub, code=contact, standing=Standing("running"), **said(lead))
    actions.say_offering(
        hub=hubs["banbury"],
        code=play,
        standing=Standing("running", standard_said=True),
        **said(lead),
    )
    actions.say_offering(
        hub=hubs["witney"],
        code=play,
        standing=Standing("running", standard_said=False),
        **said(lead),
    )
    actions.say_offering(
        hub=hubs["didcot"], code=play, standing=missing(owner=lead, due_on=TODAY()), **said(lead)
    )

    with CaptureQueriesContext(connection) as asked:
        found = board(timezone.now(), TODAY())
    by_hub = {
        place.hub.slug: place
        for line in found.lines
        if line.item.code == play
        for place in line.places
    }
    assert (by_hub["banbury"].standard, by_hub["banbury"].gap) == (MET, False)
    assert by_hub["banbury"].how == f"said by the manager on {TODAY():%-d %B %Y}"
    assert (by_hub["witney"].standard, by_hub["witney"].gap) == (NOT_MET, True)
    assert (by_hub["didcot"].words, by_hub["didcot"].gap) == ("Not offered", True)
    assert (by_hub["abingdon"].words, by_hub["abingdon"].gap) == ("Not said", True)
    counted = [place for line in found.lines if line.item.code == contact for place in line.places]
    assert {place.standard for place in counted} == {UNKNOWN}, (
        "nothing was counted: nothing is claimed"
    )
    assert [place.hub.slug for _, place in found.gaps][-1] == "didcot", (
        "what has an owner stands last"
    )
    tables = [
        query["sql"].split(' FROM "')[1].split('"')[0]
        for query in asked.captured_queries
        if ' FROM "directory' in query["sql"]
    ]
    assert sorted(tables) == sorted(set(tables)), "one question for each table"


def test_a_figure_decides_whether_a_standard_is_met_and_not_the_hub(lead, hubs, monkeypatch):
    from kith.analytics.indicators import Cell, Figure, Period, Row
    from kith.figures.registry import HOMES
    from kith.web import standards

    offer = in_force(lead, item("First contact", indicator="first-contact-in-time", at_least=80))
    code = offer.items.get().code
    for hub in hubs.values():
        actions.say_offering(
            hub=hub, code=code, standing=Standing("running", standard_said=True), **said(lead)
        )
    indicator = HOMES["first-contact-in-time"][0]
    rows = (
        Row("banbury", "Banbury", (Cell(80.0),)),
        Row("witney", "Witney", (Cell(79.9),)),
        Row("didcot", "Didcot", (Cell(None, hidden=True),)),
    )
    figure = Figure(
        indicator, Period(TODAY(), TODAY(), "Now"), "hub", ("",), rows, rows[0], timezone.now()
    )
    monkeypatch.setattr(standards, "figure_of", lambda *args, **named: figure)

    (line,) = board(timezone.now(), TODAY()).lines
    found = {place.hub.slug: (place.standard, place.how) for place in line.places}
    assert found["banbury"] == (MET, "80%, counted")
    assert found["witney"] == (NOT_MET, "79.9%, counted")
    assert found["didcot"] == (UNKNOWN, "too few to show")
    assert found["abingdon"] == (UNKNOWN, "nothing to count")


def test_what_is_not_offered_is_found_by_the_words_people_use_and_says_where_to_go(
    client, lead, hubs
):
    known = actions.write_not_offered(
        details=Absence("Diagnosis of autism", "Hubs do not assess.", TODAY() + timedelta(days=90),
                        synonyms=("ADHD test",), instead="Ask your GP.", services=(make_service("Coffee morning"),)),
        **said(lead),
    )  # fmt: skip
    for words in ("autism diagnosis", "adhd", "a test for my son"):
        page = client.get("/find-help/", {"q": words}).content.decode()
        assert "Not available here" in page and "Ask your GP." in page and "Coffee morning" in page
    assert "Not available here" not in client.get("/find-help/?q=chess").content.decode()
    actions.write_not_offered(
        details=Absence("Diagnosis of autism", "It is now.", TODAY() + timedelta(days=90), instead="Here.", until=TODAY()),
        known=known, **said(lead),
    )  # fmt: skip
    assert "Not available here" not in client.get("/find-help/?q=autism").content.decode()


def test_what_is_offered_nowhere_is_said_by_the_county_alone(lead, hubs):
    manager = make_user("hub_manager", hubs["banbury"].team)
    soon = TODAY() + timedelta(days=9)
    nowhere, here = (
        Absence("Cash", "None.", soon, hub=hub, instead="The fund")
        for hub in (None, hubs["banbury"])
    )
    with pytest.raises(PermissionDenied):
        actions.write_not_offered(details=nowhere, **said(manager))
    known = actions.write_not_offered(details=nowhere, **said(lead))
    with pytest.raises(PermissionDenied):
        actions.write_not_offered(details=here, known=known, **said(manager))
    assert actions.write_not_offered(details=here, **said(manager)).hub == hubs["banbury"]


def test_an_absence_without_a_signpost_is_refused(lead):
    with pytest.raises(DirectoryRefused, match="go instead"):
        actions.write_not_offered(
            details=Absence("Cash", "None.", TODAY() + timedelta(days=9)), **said(lead)
        )
    assert not NotOffered.objects.exists()


def test_pages_of_the_offer_are_for_everybody_and_its_forms_for_those_who_may(client, lead, hubs):
    service = make_service("Walk and talk")
    code = in_force(lead).items.get().code
    manager = make_user("hub_manager", hubs["banbury"].team)
    for address in ("/offer/", "/offer/banbury/", "/offer/not-offered/"):
        assert "Say how it stands" not in client.get(address).content.decode()
    client.force_login(manager)
    say = f"/offer/banbury/{code}/"
    assert client.get(f"/offer/witney/{code}/").status_code == 403
    wrong = client.post(say, {"state": "paused"}).content.decode()
    assert "Enter why, as a parent may read it." in wrong
    day = TODAY() + timedelta(days=40)
    given = {"state": "paused", "reason": "The leader is ill.", "instead": "Witney, on Mondays.",
             "review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year}  # fmt: skip
    assert client.post(say, given).status_code == 302
    page = client.get("/offer/banbury/").content.decode()
    assert "The leader is ill." in page and "Witney, on Mondays." in page
    local = f"/offer/banbury/local/{service.uid}/"
    assert "Which local need" in client.get(local).content.decode()
    client.post(local, {"state": "running", "need": "Teenagers ask for it."})
    assert "Because: Teenagers ask for it." in client.get("/offer/banbury/").content.decode()


def test_the_county_lead_writes_the_next_version_on_screen(client, lead, hubs):
    client.force_login(lead)
    client.post("/offer/versions/draft/")
    wrong = client.post(
        "/offer/versions/1/add/",
        {"name": "Play", "order": "1", "indicator": "first-contact-in-time"},
    )
    assert "Enter from how many per cent" in wrong.content.decode()
    client.post(
        "/offer/versions/1/add/",
        {"name": "Play", "words": "Toys", "who_for": "all", "standard": "Weekly", "order": "1"},
    )
    assert "Play" in client.get("/offer/versions/1/").content.decode()
    assert client.get("/offer/versions/9/").status_code == 404
    client.post(
        "/offer/versions/1/item/play/",
        {"name": "Play!", "words": "Toys", "who_for": "all", "standard": "Weekly", "order": "1"},
    )
    assert CoreItem.objects.get().name == "Play!"
    client.post("/offer/versions/1/take-out/play/")
    assert not CoreItem.objects.exists()


def test_how_much_of_the_core_offer_runs_is_counted_for_a_day_by_hub_and_by_item(lead, hubs):
    from kith.analytics.indicators import Period
    from kith.directory import counts

    offer = in_force(lead, item("Play"), item("Contact"))
    play, contact = (offer.items.get(name=name).code for name in ("Play", "Contact"))
    for code in (play, contact):
        actions.say_offering(
            hub=hubs["banbury"], code=code, standing=Standing("running"), **said(lead)
        )
    actions.say_offering(hub=hubs["witney"], code=play, standing=Standing("running"), **said(lead))
    today = Period(TODAY(), TODAY(), "today")

    whole = counts.figure(counts.WHOLE_OFFER, today, by="hub", at=timezone.now())
    by_item = counts.figure(counts.OFFER_RUNNING, today, by="item", at=timezone.now())

    assert {row.label: row.cells[0].value for row in whole.rows} == {
        "Abingdon": 0, "Banbury": 100, "Didcot": 0, "Witney": 0,
    }  # fmt: skip
    assert [cell.text for cell in whole.total.cells] == ["25", "4"]
    assert {row.label: row.cells[0].value for row in by_item.rows} == {"Play": 50, "Contact": 25}
    assert [cell.text for cell in by_item.total.cells] == ["37.5", "8"]
    before = TODAY() - timedelta(days=1)
    past = counts.figure(
        counts.WHOLE_OFFER, Period(before, before, "yesterday"), by="hub", at=timezone.now()
    )
    assert past.total.cells[0].value is None
    assert "No core offer was in force" in past.missing
    with pytest.raises(LookupError):
        counts.figure(counts.WHOLE_OFFER, today, by="month", at=timezone.now())
