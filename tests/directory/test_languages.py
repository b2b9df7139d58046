"""Somebody looks for help in another language than English."""

from datetime import date, time

import pytest
from django.utils import translation

from kith.directory import ages
from kith.directory.actions import set_up_terms
from kith.directory.models import NotOffered, SameMeaning, Schedule
from kith.directory.times import in_words
from tests.factories.accounts import make_user
from tests.factories.directory import MONDAY, make_place, make_service
from tests.factories.places import make_places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms():
    set_up_terms()


def read(answer):
    return answer.content.decode()


def test_a_page_is_read_in_the_language_that_was_chosen_until_another_is(client):
    first = client.get("/find-help/")
    assert '<html lang="en" class' in read(first)
    assert "Find help near you" in read(first)
    assert 'href="?lang=pl" lang="pl"' in read(first)
    assert "kith_language" not in client.cookies

    client.get("/find-help/", {"lang": "pl"})
    kept = client.get("/find-help/")
    assert '<html lang="pl" class' in read(kept)
    assert "Znajdź pomoc w pobliżu" in read(kept)
    assert "Find help near you" not in read(kept)
    assert "Cookie" in kept.headers["Vary"]
    assert kept.headers["Content-Language"] == "pl"

    client.get("/find-help/", {"lang": "en"})
    assert "Find help near you" in read(client.get("/find-help/"))


def test_who_refuses_cookies_stays_in_the_language_when_searching(client):
    page = read(client.get("/find-help/", {"lang": "pl"}))

    assert '<input type="hidden" name="lang" value="pl">' in page
    assert "&amp;lang=pl" in page  # the kinds of help


@pytest.mark.parametrize("lang", ["xx", "de", "../pl", "", "pl" * 500])
def test_a_language_that_is_not_offered_is_english(client, lang):
    page = client.get("/find-help/", {"lang": lang})

    assert page.status_code == 200
    assert '<html lang="en" class' in read(page)
    assert "kith_language" not in page.cookies


def test_a_county_that_offers_no_language_shows_none(client, settings):
    settings.KITH_LANGUAGES = []
    page = read(client.get("/find-help/", {"lang": "pl"}))

    assert "Find help near you" in page
    assert "kith-tongues" not in page


def test_urdu_is_read_from_right_to_left_and_english_words_in_it_say_so(client):
    service = make_service("Chess club", description="We play chess.", free=True)
    found = read(client.get("/find-help/", {"lang": "ur", "q": "chess"}))
    page = read(client.get(f"/find-help/{service.uid}/", {"lang": "ur"}))

    assert '<html lang="ur" dir="rtl" class' in found
    assert "1 خدمت" in found
    assert 'lang="en" dir="ltr">Chess club' in found
    assert '<html lang="ur" dir="rtl" class' in page
    assert '<span lang="en" dir="ltr">Chess club</span>' in page
    assert "کیسے ملے گی" in page


def test_all_that_kith_itself_says_of_a_service_is_in_polish(client):
    make_places()
    service = make_service(
        "Stay and play",
        place=make_place(access=["step_free"]),
        when={},
        from_months=24,
        to_months=71,
        route="front_door",
        taking="waiting",
        assured_on=date(2020, 1, 1),
    )
    found = read(client.get("/find-help/", {"lang": "pl", "q": "play", "kind": "", "age": "3"}))
    page = read(client.get(f"/find-help/{service.uid}/"))

    assert "1 usługa" in found
    assert "od 2 do 5 lat" in found
    assert "Znaleziono dzięki: nazwa." in found
    assert "Lista oczekujących" in found
    assert "Co tydzień: wtorek, od 10:00 do 11:30" in page
    assert "Wejście bez schodów" in page
    assert "Jest lista oczekujących" in page
    assert "Następna strona jest po angielsku." in page
    assert "poprosić o tłumacza" in page
    assert "Niektóre nazwy i opisy usług są po angielsku." in page
    assert "lat temu" in page
    assert not {"Every Tuesday", "Open to new people", "How to get it"} & set(page.split("<"))


def test_what_is_wrong_is_said_in_the_readers_language_at_the_field(client):
    page = read(client.get("/find-help/", {"lang": "pl", "age": "old", "near": "12345 Nowhere"}))

    assert "Jest problem" in page
    assert "Podaj wiek w latach, na przykład 7" in page
    assert 'value="old"' in page
    assert "<title>Błąd:" in page


def test_what_one_reader_chose_shows_to_no_other(client):
    # Parts of pages are kept drawn: each language has its own.
    for lang, word in [("pl", "Więcej opcji"), ("ur", "مزید انتخاب"), ("en", "More choices")] * 2:
        page = read(client.get("/find-help/", {"lang": lang}))
        assert word in page
        assert page.count("Privacy") == (1 if lang == "en" else 0)
    assert translation.get_language() == "en-gb"


def test_pages_for_staff_and_files_stay_english(client):
    make_service("Chess club", free=True)
    client.get("/find-help/", {"lang": "pl"})

    assert '<html lang="en" class' in read(client.get("/accounts/login/", follow=True))
    assert b"Chess club" in b"".join(client.get("/find-help/download/csv/"))


def test_what_is_not_offered_is_told_in_polish_with_its_own_words_in_english(client, at):
    NotOffered.objects.create(
        title="Night nanny",
        words="Nobody does.",
        since=date(2020, 1, 1),
        review_on=date(2099, 1, 1),
        changed_at=at,
        changed_by=make_user(),
    )
    page = read(client.get("/find-help/", {"lang": "pl", "q": "nanny"}))

    assert '<span lang="en" dir="ltr">Night nanny</span>' in page
    assert "Tutaj niedostępne" in page


def test_a_polish_word_finds_what_a_keeper_says_it_means(client):
    make_service("Chatterbox", description="Speech therapy for toddlers.")
    make_service("Chess club")
    assert "Chatterbox" not in read(client.get("/find-help/", {"lang": "pl", "q": "mowa"}))

    SameMeaning.objects.create(words=["speech therapy", "mowa"])
    page = read(client.get("/find-help/", {"lang": "pl", "q": "mowa"}))

    assert "Chatterbox" in page
    assert "Chess club" not in page


@pytest.mark.parametrize(
    ("months", "polish"),
    [
        ((24, None), "od 2 lat"),
        ((None, 11), "do 11 miesięcy"),
        ((60, 71), "5 lat"),
        ((36, 47), "3 lata"),
        ((6, 35), "od 6 miesięcy do 2 lat"),
    ],
)
def test_ages_have_the_forms_that_polish_has(months, polish):
    with translation.override("pl"):
        assert ages.in_words(*months) == polish


def test_times_are_told_as_the_language_tells_them():
    monthly = Schedule(every="month_day", weekday=2, nth=-1, opens=time(17), closes=time(18, 15))
    once = Schedule(every="once", since=MONDAY)

    with translation.override("pl"):
        assert in_words(monthly) == "Raz w miesiącu: środa (ostatni tydzień), od 17:00 do 18:15"
        assert in_words(once).startswith("poniedziałek ")
    with translation.override("ur"):
        assert in_words(monthly) == "مہینے میں ایک بار: بدھ (آخری ہفتہ), 17:00 سے 18:15"
    assert in_words(monthly) == "The last Wednesday of the month, 5pm to 6.15pm"


def test_feedback_is_asked_for_and_thanked_for_in_polish_and_what_was_typed_is_kept(client):
    service = make_service("Chess club")
    address = f"/find-help/{service.uid}/feedback/"
    asked = read(client.get(address, {"lang": "pl"}))
    wrong = read(client.post(address, {"topic": "wrong", "email": "jo@home.example"}))
    assert "Czego to dotyczy?" in asked
    assert "Możesz pisać w swoim języku." in asked
    assert "Twój adres e-mail, jeśli chcesz odpowiedzi (nieobowiązkowe)" in asked
    assert "Napisz, co się nie zgadza" in wrong
    assert 'value="jo@home.example"' in wrong

    thanked = read(client.post(address, {"topic": "wrong", "words": "Jest w środę."}, follow=True))

    assert "Dziękujemy." in thanked
    assert "Numer: D-" in thanked
