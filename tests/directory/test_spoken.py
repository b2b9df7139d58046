"""The county's own words in other languages: written beside the English, read by families, found."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kith.directory import actions, spoken
from kith.directory.actions import DirectoryRefused
from kith.directory.models import NotOffered, Spoken, Term
from tests.factories.accounts import make_user
from tests.factories.casework import make_desk
from tests.factories.directory import make_place, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def languages(settings):
    settings.KITH_LANGUAGES = ["pl", "ur"]


@pytest.fixture
def desk():
    actions.set_up_terms()
    return make_desk()


@pytest.fixture
def group(desk):
    return make_service(
        "Stay and play", place=make_place(), kind="Oral health", description="Toys and songs."
    )


def say(thing, field, words, by, language="pl"):
    actions.say_in(
        thing=thing, field=field, language=language, words=words, english=getattr(thing, field),
        by=by, at=timezone.now(),
    )  # fmt: skip


def find(client, **asked):
    return client.get(reverse("directory:find"), asked).content.decode()


def test_families_read_the_countys_words_in_their_language_and_english_marked_as_such(
    desk, group, client
):
    say(group, "name", "Zabawa dla maluchów", desk)
    found = find(client, q="stay", lang="pl")
    assert ">Zabawa dla maluchów</a>" in found
    assert '<span lang="en" dir="ltr">Toys and songs.</span>' in found
    page = client.get(reverse("directory:service", args=[group.uid]), {"lang": "pl"})
    assert "Zabawa dla maluchów" in page.content.decode()
    urdu = find(client, q="stay", lang="ur")
    assert '<span lang="en" dir="ltr">Stay and play</span>' in urdu
    english = find(client, q="stay", lang="en")
    assert ">Stay and play</a>" in english and 'lang="en" dir' not in english


def test_where_the_english_changed_since_families_read_the_english(desk, group, client):
    say(group, "name", "Zabawa dla maluchów", desk)
    type(group).objects.filter(pk=group.pk).update(name="Stay, play and sing")
    found = find(client, q="stay", lang="pl")
    assert '<span lang="en" dir="ltr">Stay, play and sing</span>' in found
    (line, *_) = spoken.lines("service", "pl")
    assert line.stale and line.words == "Zabawa dla maluchów", "it stands first"


def test_a_kind_of_help_is_chosen_and_found_by_its_name_in_another_language(desk, group, client):
    term = Term.objects.get(name="Oral health")
    say(term, "name", "Stomatologia dziecięca", desk)
    assert "Stomatologia dziecięca" in find(client, lang="pl")
    assert "Stay and play" in find(client, q="stomatologia dziecięca", lang="pl")
    say(term, "name", "", desk)
    assert "Stomatologia dziecięca" not in find(client, lang="pl")


def test_a_service_is_found_by_any_word_of_its_name_in_the_readers_language(desk, group, client):
    say(group, "name", "Zabawa dla maluchów", desk)
    say(Term.objects.get(name="Oral health"), "name", "Zęby i jama ustna", desk)
    for typed in ("zabawa", "MALUCHÓW zabawa", "zęby"):
        assert "Zabawa dla maluchów" in find(client, q=typed, lang="pl"), typed
    assert "Zabawa dla maluchów" not in find(client, q="zabawa chess", lang="pl")
    assert "Stay and play" not in find(client, q="zabawa", lang="en")


def test_what_is_not_offered_is_said_in_their_language(desk, client):
    absent = NotOffered.objects.create(
        title="Swimming", words="There is no pool.", instead="The leisure centre",
        since=timezone.localdate(), review_on=timezone.localdate(), changed_by=desk,
        changed_at=timezone.now(),
    )  # fmt: skip
    say(absent, "title", "Pływanie", desk)
    page = client.get(reverse("directory:not_offered"), {"lang": "pl"}).content.decode()
    assert "Pływanie" in page and '<span lang="en" dir="ltr">There is no pool.</span>' in page


def test_words_are_never_drawn_as_more_than_words(desk, group, client):
    say(group, "description", "<script>alert(1)</script>", desk)
    page = client.get(reverse("directory:service", args=[group.uid]), {"lang": "pl"})
    assert "<script>alert(1)" not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()


def test_only_the_county_writes_them_and_not_of_what_changed_meanwhile(desk, group):
    with pytest.raises(PermissionDenied):
        say(group, "name", "Zabawa", make_user())
    with pytest.raises(DirectoryRefused, match="changed while you wrote"):
        actions.say_in(
            thing=group, field="name", language="pl", words="Zabawa", english="Something else",
            by=desk, at=timezone.now(),
        )  # fmt: skip
    with pytest.raises(DirectoryRefused, match="too long"):
        say(group, "name", "x" * 700, desk)
    assert not Spoken.objects.exists()


def test_the_desk_writes_what_is_missing_beside_the_english(desk, group, client):
    client.force_login(desk)
    all_of_it = client.get(reverse("directory:tongues")).content.decode()
    assert "Polski" in all_of_it or "polski" in all_of_it
    page = reverse("directory:said_in", args=["pl", "service"])
    shown = client.get(page).content.decode()
    name = f"name-{group.uid}"
    assert re.search(rf'name="{name}"[^>]*lang="pl"', shown)
    sent = {name: "Zabawa", f"english-{name}": "Stay and play"}
    wrong = {f"description-{group.uid}": "Piosenki", f"english-description-{group.uid}": "Old"}
    answer = client.post(page, sent | wrong).content.decode()
    assert "changed while you wrote" in answer and "Piosenki" in answer, "nothing typed is lost"
    assert [one.words for one in Spoken.objects.all()] == ["Zabawa"], "what could be kept is"
    assert client.post(page, sent).status_code == 302

    type(group).objects.filter(pk=group.pk).update(name="Stay & play")
    still = {name: "Zabawa", f"english-{name}": "Stay & play", f"still-{name}": "yes"}
    client.post(page, still)
    (one,) = Spoken.objects.all()
    assert one.english == "Stay & play"
    assert client.get(reverse("directory:said_in", args=["de", "service"])).status_code == 404


def test_english_pages_ask_nothing_of_other_languages(
    desk, group, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as asked:
        client.get(reverse("directory:service", args=[group.uid]))
    assert not any("directory_spoken" in query["sql"] for query in asked.captured_queries)
