"""What people look for and do not find is counted without a word of theirs, and read beside requests."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.accounts.viewer import clock, front_door, see_as, seeing_as
from kith.directory import actions
from kith.directory.actions import wanting
from kith.directory.finding import Asked, Found, spot_of
from kith.directory.models import NotFound, NotOffered
from kith.referrals.actions import no_further_action
from tests.factories.accounts import make_user
from tests.factories.casework import make_staffed_hub
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_catchment, make_places
from tests.factories.referrals import make_desk_worker, make_referral

pytestmark = pytest.mark.django_db
SENTINEL = "zyxqwv"


@pytest.fixture
def terms():
    actions.set_up_terms()


def looked_for(**asked):
    actions.count_not_found(asked=Asked(**asked), found=Found(), at=timezone.now())


def lines():
    return sorted(NotFound.objects.values_list("kind", "key", "count"))


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_kind_of_help_is_counted_by_its_name_or_another_word_for_it(terms):
    for typed in ("Oral health", "a dentist please", "DENTISTS near school"):
        looked_for(words=typed)
    assert lines() == [("term", "category:health-oral-health", 3)]


def test_what_stands_in_no_list_is_counted_as_that_and_choices_alone_as_choices(terms):
    looked_for(words=f"{SENTINEL} trampolining")
    looked_for(free=True)
    looked_for(category="health-oral-health")
    assert lines() == [
        ("choices", "", 1),
        ("other", "", 1),
        ("term", "category:health-oral-health", 1),
    ]


def test_a_search_with_results_counts_nothing_and_asks_nothing_more(terms, client):
    make_service("Dentist for little ones", place=make_place())
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("directory:find"), {"q": "dentist"})
    assert not any("notfound" in query["sql"] for query in asked.captured_queries)
    assert lines() == []


def test_nothing_that_is_typed_is_kept_or_logged(terms, client, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    page = client.get(reverse("directory:find"), {"q": f"{SENTINEL} dentist"})
    assert page.status_code == 200
    assert lines() == [("term", "category:health-oral-health", 1)]
    assert SENTINEL not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'public'"
            " and table_type = 'BASE TABLE' and table_name ~ '^(directory|accounts_tally|audit)'"
        )
        tables = [table for (table,) in cursor.fetchall()]
        assert "directory_notfound" in tables
        for table in tables:
            cursor.execute(
                f"select count(*) from {table} one where one::text like %s", [f"%{SENTINEL}%"]
            )
            assert cursor.fetchone() == (0,), table


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.text(max_size=60))
def test_whatever_is_typed_only_words_of_our_own_lists_are_kept(terms, typed):
    NotFound.objects.all().delete()
    looked_for(words=typed.replace("\0", ""))
    with connection.cursor() as cursor:
        cursor.execute("select taxonomy || ':' || code from directory_term")
        ours = {key for (key,) in cursor.fetchall()} | {""}
        cursor.execute("select id::text from directory_samemeaning")
        ours |= {key for (key,) in cursor.fetchall()}
    kept = {key for _, key, _ in lines()}
    assert kept and kept <= ours


def test_a_search_never_fails_because_it_could_not_be_counted(terms, client, monkeypatch, caplog):
    monkeypatch.setattr(wanting, "_COUNT", f"select {SENTINEL} from nowhere where %(words)s = ''")
    page = client.get(reverse("directory:find"), {"q": "dentist"})
    assert "Nothing found" in words(page)
    assert "was not counted" in caplog.text and SENTINEL not in caplog.text


def test_a_search_is_counted_for_the_hub_in_whose_area_somebody_looks(terms):
    made = make_places()
    hub = make_staffed_hub("Banbury").hub
    for code in made:
        make_catchment(hub, code)
    looked_for(words="dentist", spot=spot_of("OX4 1AA"))
    (one,) = NotFound.objects.all()
    assert one.hub == hub


def test_a_line_counts_no_more_than_people_could_ask_in_a_day(terms, monkeypatch):
    monkeypatch.setattr(NotFound, "MOST_A_DAY", 3)
    for _ in range(5):
        looked_for(words="dentist")
    assert lines() == [("term", "category:health-oral-health", 3)]


def test_counts_are_forgotten_after_two_years(terms):
    looked_for(words="dentist")
    NotFound.objects.update(day=timezone.localdate() - timedelta(days=800))
    looked_for(words="dentist")
    see_as(clock())
    assert actions.forget_not_found(by=clock(), at=timezone.now()) == 1
    assert NotFound.objects.count() == 1


def test_a_manager_sees_what_is_missing_and_says_that_it_is_not_offered(terms, client):
    banbury = make_staffed_hub("Banbury")
    for _ in range(6):
        looked_for(words="dentist")
    looked_for(words="vaping")
    client.force_login(banbury.manager)
    page = words(client.get(reverse("asked_for")))
    assert "Oral health: 6" in page and "Stopping smoking: fewer than 5, or hidden" in page

    form = reverse("directory:add_not_offered")
    shown = client.get(reverse("asked_for"), {"hub": ""}).content.decode()
    [link] = re.findall(r'href="([^"]+title=Oral[^"]+)"', shown)
    begun = client.get(link.replace("&amp;", "&")).content.decode()
    assert 'value="Oral health"' in begun and 'value="teeth, dentist"' in begun
    day = timezone.localdate() + timedelta(days=90)
    said = {
        "title": "Oral health",
        "words": "Dentists are the NHS’s.",
        "hub": banbury.hub.slug,
        "synonyms": "teeth, dentist",
        "instead": "The NHS website",
        "review_on_day": day.day,
        "review_on_month": day.month,
        "review_on_year": day.year,
    }
    answer = client.post(form, said)
    assert answer.status_code == 302, words(answer)
    assert NotOffered.objects.filter(title="Oral health").exists()
    assert "Said not to be offered" in words(client.get(reverse("asked_for")))
    found = words(client.get(reverse("directory:find"), {"q": "dentist"}))
    assert "Dentists are the NHS’s." in found
    assert ("absent", str(NotOffered.objects.get().uid), 1) in lines()
    sheet = client.get(reverse("asked_for"), {"csv": "1"}).content.decode()
    assert "Oral health,7," in sheet
    client.force_login(make_user())
    assert client.get(reverse("asked_for")).status_code == 403


def test_small_counts_cannot_be_worked_out_from_the_countys(terms, client):
    banbury, witney = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    for hub, n in ((banbury.hub, 2), (witney.hub, 40)):
        NotFound.objects.create(
            day=timezone.localdate(),
            hub=hub,
            kind="term",
            key="category:health-oral-health",
            count=n,
        )
    client.force_login(banbury.manager)
    shown = {
        slug: words(client.get(reverse("asked_for"), {"hub": slug}))
        for slug in ("", banbury.hub.slug, witney.hub.slug)
    }
    hidden = [
        slug for slug, page in shown.items() if "Oral health: fewer than 5, or hidden" in page
    ]
    assert banbury.hub.slug in hidden and len(hidden) >= 2


def test_requests_that_were_declined_stand_beside_the_searches(client):
    dee = make_desk_worker()
    for _ in range(5):
        with seeing_as(front_door()):
            referral = make_referral(at=timezone.now())
        see_as(dee)
        no_further_action(referral=referral, reason="x", words="x", by=dee, at=timezone.now())
    client.force_login(dee)
    page = words(client.get(reverse("asked_for")))
    declined = page[page.index("Requests declined") : page.index("Requests sent on")]
    assert "Behaviour: 5" in declined
