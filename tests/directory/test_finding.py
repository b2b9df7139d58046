"""Somebody looks for help: what is found, in which order, and what never is."""

from datetime import date, time
from html.parser import HTMLParser

import pytest
from django.db import IntegrityError, connection, transaction

from kith.directory.actions import set_up_terms
from kith.directory.finding import Asked, NoSuchPlace, Spot, find, spot_of
from kith.directory.models import NotHeld, Place, Provider, Schedule, SchoolTerm, Service, Word
from kith.hubs.models import ClosedDay
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import MONDAY, make_place, make_service
from tests.factories.places import make_places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms():
    set_up_terms()


def names(**asked):
    return [result.service.name for result in find(Asked(**asked)).results]


def test_words_find_a_service_in_any_form_and_its_name_weighs_most():
    make_service("Swimming for families")
    make_service(
        "Holiday club", description="Games, lunch, and we swim on Fridays.", provider="Neighbours"
    )
    make_service("Chess")

    assert names(words="swim") == ["Swimming for families", "Holiday club"]
    assert names(words="the swimmers") == ["Swimming for families", "Holiday club"]
    assert names(words="swim family") == ["Swimming for families"]
    assert names(words="zebra") == []


def test_a_slip_of_the_keyboard_is_mended_and_said_and_can_be_insisted_on():
    make_service("Breastfeeding café")
    found = find(Asked(words="brestfeding"))

    assert found.mended == [("brestfeding", "breastfeeding")]
    assert [result.service.name for result in found.results] == ["Breastfeeding café"]
    assert find(Asked(words="brestfeding", as_typed=True)).results == []


def test_a_slip_is_never_mended_to_a_word_that_only_a_hidden_service_has():
    make_service("Whitewillow refuge", published=False)
    make_service("Greenwillow therapy", professional_only=True)

    assert find(Asked(words="whitewilow")).mended == []
    assert find(Asked(words="greenwilow")).mended == []
    assert not Word.objects.filter(word__contains="willow").exists()


@pytest.mark.parametrize(
    "typed", ["childrens centre", "Children’s Centre", "children's centre", "hub"]
)
def test_other_words_for_the_same_thing_find_it(typed):
    make_service("Banbury family hub")

    assert names(words=typed) == ["Banbury family hub"]


def test_where_nothing_has_all_words_what_has_some_is_told_as_such():
    make_service("Chess for all")
    found = find(Asked(words="chess evening"))

    assert found.some_words_only
    assert [result.service.name for result in found.results] == ["Chess for all"]


@pytest.mark.parametrize("words", ["'", "\\", "%", "( )", "the of", "!", "&"])
def test_what_holds_no_word_asks_for_everything(words):
    make_service("Chess")

    assert names(words=words) == ["Chess"]


@pytest.mark.parametrize("words", ["b:* & !c", "' || 'x", "x" * 5000, "é" * 90, "<b>", "zz'zz"])
def test_whatever_is_typed_is_read_as_words(words):
    make_service("Chess")

    assert names(words=words) == []


def test_an_age_finds_what_it_falls_into_at_any_of_its_months():
    make_service("Babies", from_months=0, to_months=11)
    make_service("From eighteen months", from_months=18)
    make_service("Everybody")
    make_service("Eight to ten", from_months=96, to_months=131)

    assert set(names(ages=(0, 0))) == {"Babies", "Everybody"}
    assert set(names(ages=(12, 23))) == {"From eighteen months", "Everybody"}
    assert set(names(ages=(131, 131))) == {"Eight to ten", "From eighteen months", "Everybody"}
    assert set(names(ages=(132, 143))) == {"From eighteen months", "Everybody"}


def test_the_near_stands_before_the_far_and_a_distance_leaves_the_far_out():
    near, far = make_place("Near"), make_place("Far", easting=445800, northing=230500)
    make_service("Play, far", place=far)
    make_service("Play, near", place=near)
    make_service("Play by telephone", place=make_place("Online", kind="online", shown="on_request"))
    here = Spot(445800, 240500, "here")

    found = find(Asked(words="play", spot=here)).results
    assert [(one.service.name, one.km) for one in found][:2] == [
        ("Play, near", 0),
        ("Play, far", 10),
    ]
    assert names(words="play", spot=here, within_km=5) == ["Play, near"]


def test_a_service_at_many_places_stands_once_with_its_nearest():
    service = make_service("Play", place=make_place("Far", northing=230500))
    near = make_place("Near")
    service.at_places.create(place=near)

    (result,) = find(Asked(spot=Spot(445800, 240000, "here"))).results
    assert (result.place, result.km) == (near, 0.5)


def test_what_is_held_on_a_day_knows_fortnights_months_terms_holidays_and_days_off():
    SchoolTerm.objects.create(name="Autumn", since=date(2026, 11, 3), until=date(2026, 11, 20))
    ClosedDay.objects.create(day=date(2026, 11, 24), name="A day off")
    make_service("Weekly", when={"weekday": 1})
    make_service("Term", when={"weekday": 1, "term_time_only": True})
    make_service("On bank holidays too", when={"weekday": 1, "bank_holidays": True})
    make_service(
        "Fortnight", when={"every": "fortnight", "weekday": 1, "since": date(2026, 11, 10)}
    )
    make_service("Third", when={"every": "month_day", "weekday": 1, "nth": 3})
    make_service("Last", when={"every": "month_day", "weekday": 1, "nth": -1})
    make_service("Once", when={"every": "once", "weekday": None, "since": date(2026, 11, 17)})
    off = make_service("Off", when={"weekday": 1})
    NotHeld.objects.create(schedule=off.schedules.get(), day=date(2026, 11, 17))

    assert set(names(on=date(2026, 11, 17))) == {
        "Weekly",
        "Term",
        "On bank holidays too",
        "Third",
        "Once",
    }
    assert set(names(on=date(2026, 11, 24))) == {"On bank holidays too"}, "the 24th is a day off"
    assert set(names(on=date(2026, 12, 1))) == {"Weekly", "On bank holidays too", "Off"}
    assert names(on=date(2026, 11, 18)) == []


def test_day_and_part_of_the_day_must_hold_of_one_and_the_same_time():
    service = make_service("Two times", when={"weekday": 1, "opens": time(10), "closes": time(11)})
    Schedule.objects.create(
        service=service, every="week", weekday=3, opens=time(18), closes=time(19)
    )

    assert names(days=frozenset({1}), part="morning") == ["Two times"]
    assert names(days=frozenset({3}), part="evening") == ["Two times"]
    assert names(days=frozenset({1}), part="evening") == []


def test_free_open_language_kind_group_and_access_narrow():
    place = make_place(access=["step_free", "loop"])
    make_service(
        "A", free=True, taking="full", languages=["Urdu"], kind="Parenting support", place=place
    )
    make_service("B", free=None, kind="Parenting support")
    make_service("C", free=False, target="Young carers")

    assert names(free=True) == ["A"]
    assert set(names(taking=True)) == {"B", "C"}
    assert names(language="Urdu") == ["A"]
    assert set(names(category="family-support")) == {"A", "B"}, "a heading finds what is below it"
    assert names(target="young-carers") == ["C"]
    assert names(access=("step_free",)) == names(access=("loop", "step_free")) == ["A"]
    assert names(access=("quiet",)) == []


def test_what_is_not_published_ended_or_for_professionals_only_is_not_found_by_the_public():
    make_service("Draft", published=False)
    make_service("Ended", status="defunct")
    make_service("Therapy", professional_only=True)
    make_service("Closed for now", status="temporarily closed")

    assert names() == ["Closed for now"]
    everything = find(Asked(), professional=True).results
    assert {result.service.name for result in everything} == {"Therapy", "Closed for now"}


def test_a_secret_place_cannot_be_kept_with_anything_that_finds_it():
    for known in ({"postcode": "OX16 5LS"}, {"town": "Banbury"}, {"address": "1 Mill Lane"},
                  {"easting": 445800, "northing": 240500}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Place.objects.create(name="Refuge", shown="never", **known)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_place("Asked for", shown="on_request", easting=445800, northing=240500)
    make_service("Refuge", place=make_place("A safe house", shown="never"))

    (result,) = find(Asked(words="refuge", spot=Spot(445800, 240500, "here"))).results
    assert (result.place, result.km) == (None, None)
    assert names(words="safe house") == [], "nor by what the place is called"
    assert names(words="refuge", spot=Spot(445800, 240500, "here"), within_km=100) == []


def test_what_is_told_with_a_service_moves_when_it_changed_last_and_what_finds_it():
    place = make_place(town="Thame")
    service = make_service("Play", place=place, kind="Activities", when={})

    def moved():
        before = service.modified_at
        service.refresh_from_db()
        return service.modified_at > before

    service.refresh_from_db()
    assert not moved()
    Place.objects.filter(pk=place.pk).update(town="Wantage")
    assert moved() and names(words="wantage") == ["Play"] and names(words="thame") == []
    Schedule.objects.filter(service=service).update(opens=time(9))
    assert moved()
    NotHeld.objects.create(schedule=service.schedules.get(), day=MONDAY)
    assert moved()
    Provider.objects.filter(pk=service.provider_id).update(name="Harbour Trust")
    assert moved() and names(words="harbour") == ["Play"]
    service.tags.all().delete()
    assert moved()
    Service.objects.filter(pk=service.pk).update(description="Under the apple tree")
    assert moved() and names(words="apple") == ["Play"]
    Service.objects.filter(pk=service.pk).update(description="Under the apple tree")
    assert not moved(), "nothing changed"


def test_a_place_is_a_postcode_a_town_or_where_one_stands(at):
    make_places()
    make_place(town="Thame", easting=470500, northing=205500)

    assert spot_of("ox41aa").name == "OX4 1AA"
    assert spot_of("thame").easting == 470500
    assert abs(spot_of("51.752, -1.2577").easting - 451_300) < 300
    for wrong, says in [
        ("OX4", "postcode"),
        ("Atlantis", "Enter a postcode"),
        ("0, 0", "Great Britain"),
        ("SW1A 1AA", "not in"),
    ]:
        with pytest.raises(NoSuchPlace, match=says):
            spot_of(wrong)


def test_a_page_is_found_without_signing_in_and_says_where_a_mistake_is(client):
    make_places()
    service = make_service("Play", place=make_place(), when={}, from_months=0, to_months=59)

    page = client.get("/find-help/?q=play&near=OX4 1AA&age=2").content.decode()
    assert "1 service near OX4 1AA" in page and str(service.uid) in page
    wrong = client.get(
        "/find-help/?q=play&near=nowhere&age=old&within=5&day=today"
    ).content.decode()
    assert "We do not know this place" in wrong and "Enter an age in years" in wrong
    assert client.get("/find-help/?q=play&page=99999999&day=nonsense&kind=none").status_code == 200
    assert client.get("/find-help/?within=5").content.decode().count("choose any distance") == 2
    told = client.get(f"/find-help/{service.uid}/").content.decode()
    assert "Every Tuesday, 10am to 11.30am" in told and "up to 4 years" in told


def test_a_service_that_is_not_for_everybody_is_not_there_for_everybody(client):
    hidden = make_service("Draft", published=False)
    therapy = make_service("Therapy", professional_only=True)
    refuge = make_service(
        "Refuge", place=make_place("12 Secret Lane", shown="on_request", postcode="OX16 5LS")
    )

    assert client.get(f"/find-help/{hidden.uid}/").status_code == 404
    assert client.get(f"/find-help/{therapy.uid}/").status_code == 404
    page = client.get(f"/find-help/{refuge.uid}/").content.decode()
    assert "Secret Lane" not in page and "OX16" not in page and "You are told where it is" in page
    client.force_login(make_user("committee_member", make_team("Committee", "committee")))
    assert client.get(f"/find-help/{therapy.uid}/").status_code == 404, (
        "nor for who asks for nobody"
    )
    client.force_login(make_user("hub_worker", make_team()))
    assert client.get(f"/find-help/{therapy.uid}/").status_code == 200
    assert client.get(f"/find-help/{hidden.uid}/").status_code == 404


def test_a_page_of_results_asks_the_database_a_fixed_number_of_questions(
    client, django_assert_max_num_queries
):
    place = make_place()
    for number in range(25):
        make_service(f"Play {number}", place=place, when={}, kind="Activities")
    client.get("/find-help/?q=play")
    # Seven of them for lists, which a page that only shows asks anew only when they changed.
    with django_assert_max_num_queries(21):
        page = client.get("/find-help/?q=play").content.decode()
    assert "25 services" in page


def test_times_in_the_database_and_in_python_agree():
    """Every day of two years, for every way of saying when."""
    from kith.directory.queries import calendar
    from kith.directory.times import held_on

    SchoolTerm.objects.create(name="Autumn", since=date(2026, 9, 3), until=date(2026, 10, 23))
    ClosedDay.objects.create(day=date(2026, 12, 25), name="Christmas Day")
    service = make_service("Play")
    for how in ({"every": "week", "weekday": 4}, {"every": "fortnight", "weekday": 2, "since": date(2026, 9, 7)},
                {"every": "month_day", "weekday": 0, "nth": 1}, {"every": "month_day", "weekday": 6, "nth": -1},
                {"every": "week", "weekday": 2, "term_time_only": True, "until": date(2027, 1, 1)},
                {"every": "once", "since": date(2026, 10, 1)},
                {"every": "week", "weekday": 4, "bank_holidays": True}):  # fmt: skip
        Schedule.objects.create(service=service, **how)
    ours = list(service.schedules.all())
    NotHeld.objects.create(schedule=ours[0], day=date(2026, 9, 11))
    known = calendar(date(2026, 9, 1), [one.pk for one in ours])
    with connection.cursor() as cursor:
        cursor.execute(
            "select schedule.id, day::date from directory_schedule schedule, "
            "generate_series('2026-09-01'::date, '2026-12-29'::date, '1 day') day "
            "where directory_held(schedule, day::date)"
        )
        held = set(cursor.fetchall())
    days = [
        date.fromordinal(number)
        for number in range(date(2026, 9, 1).toordinal(), date(2026, 12, 30).toordinal())
    ]
    assert held == {(one.pk, day) for one in ours for day in days if held_on(one, day, known)}
    assert len(held) > 50


class OnPaper(HTMLParser):
    """The words of a page that are printed: all but what is marked as for screens."""

    ALONE = ("input", "br", "meta", "link", "img", "hr", "use", "path")

    def __init__(self, page):
        super().__init__()
        self.open, self.words = [], []
        self.feed(page)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        if tag not in self.ALONE:
            classes = (dict(attrs).get("class") or "").split()
            self.open.append((tag, {"kith-no-print", "kith-filters"} & set(classes)))

    def handle_endtag(self, tag):
        if tag not in self.ALONE:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if not any(hides for _, hides in self.open):
            self.words.append(data)


def test_on_paper_a_list_says_who_when_where_and_how_to_ask_and_leaves_the_rest_out(client):
    hall = make_place("The Old Chapel", address="4 Mill Lane", town="Banbury", postcode="OX16 0AA")
    make_service(
        "Baby group", place=hall, description="Songs and toys.", phone="01632 960 001",
        route="come", how_to_ask="Just come in.", when={"weekday": 1, "opens": time(10), "closes": time(11)},
    )  # fmt: skip
    make_service(
        "Baby circle", phone="01632 960 002", route="come", description="Songs and toys.",
        place=make_place("Quiet house", address="9 Hidden Row", town="Banbury", shown="area"),
    )  # fmt: skip

    for more in ({}, {"map": "1"}, {"near": "Banbury"}):
        page = OnPaper(client.get("/find-help/", {"q": "baby", **more}).content.decode()).text
        assert "Baby group" in page and "4 Mill Lane" in page and "OX16 0AA" in page
        assert "Every Tuesday, 10am to 11am" in page and "Telephone: 01632 960 001" in page
        assert "Just come in." in page and "01632 960 002" in page
        assert "9 Hidden Row" not in page and "Quiet house" not in page
        for left_out in ("Songs and toys", "on a map", "Hide the map", "Download", "Found by"):
            assert left_out not in page
