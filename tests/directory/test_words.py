"""The words of the directory: who may change them, what is refused, and what becomes of services."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from kith.directory import actions, queries
from kith.directory.actions import DirectoryRefused, Kind, set_up_terms
from kith.directory.finding import Asked, find
from kith.directory.models import SameMeaning, SchoolTerm, Term
from kith.web.today import today_for
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    make_places()
    set_up_terms()
    return make_user("county_desk", make_team("County desk", "desk"), "Dora Desk")


def said(by):
    return {"by": by, "at": timezone.now()}


def add(desk, name, taxonomy="category", **details):
    kind = Kind(**{"name": name, "description": "Words.", **details})
    return actions.write_term(taxonomy=taxonomy, details=kind, **said(desk))


def test_a_kind_of_help_is_added_by_the_county_and_services_are_found_by_its_other_words(desk):
    manager = make_user("hub_manager", make_hub("Banbury").team, "Mia Manager")
    above = Term.objects.get(name="Health")
    with pytest.raises(PermissionDenied, match="county desk or lead"):
        add(manager, "Sleep", parent=above)

    sleep = add(desk, "Sleep", parent=above, synonyms=("bedtime", "waking at night"))

    make_service("Night owls", kind="Sleep")
    assert sleep.code == "health-sleep"
    assert [one.service.name for one in find(Asked(words="bedtime")).results] == ["Night owls"]
    again = add(desk, "Sleep")  # under no heading: another thing, with a code of its own
    assert again.code != sleep.code


def test_words_added_to_a_kind_later_are_found_too(desk):
    make_service("Night owls", kind="Parenting support")
    term = Term.objects.get(name="Parenting support")
    assert not find(Asked(words="lullabies")).total

    actions.write_term(
        taxonomy="category",
        details=Kind(term.name, term.description, term.parent, ("lullabies",)),
        known=term,
        **said(desk),
    )

    assert find(Asked(words="lullabies")).total == 1
    term.refresh_from_db()
    assert term.code == "family-support-parenting-support"  # addresses stay


@pytest.mark.parametrize(
    ("name", "parent", "match"),
    [
        ("oral health", "Health", "stands here already"),
        ("Teeth", "Oral health", "stands under no other"),
        ("Teeth", "Young carers", "stands under no other"),
    ],
)
def test_what_cannot_stand_in_a_list_is_refused(desk, name, parent, match):
    with pytest.raises(DirectoryRefused, match=match):
        add(desk, name, parent=Term.objects.get(name=parent))
    health = Term.objects.get(name="Health")
    with pytest.raises(DirectoryRefused, match="stand below this one"):
        actions.write_term(
            taxonomy="category",
            details=Kind("Health", "Words.", Term.objects.get(name="Transport")),
            known=health,
            **said(desk),
        )


def test_a_retired_kind_leaves_the_lists_and_its_services_go_to_another_or_keep_it(desk):
    first, second = make_service("Clay", kind="Activities"), make_service("Both", kind="Activities")
    music = Term.objects.get(name="Music, arts and dance")
    second.tags.create(term=music)
    old, heading = (
        Term.objects.get(name="Activities"),
        Term.objects.get(name__startswith="Activities,"),
    )
    with pytest.raises(DirectoryRefused, match="what stands below it first"):
        actions.retire_term(term=heading, **said(desk))

    actions.retire_term(term=old, into=music, **said(desk))

    assert [[tag.term for tag in one.tags.all()] for one in (first, second)] == [[music], [music]]
    assert old.code not in str(queries.terms_to_choose("category"))
    with pytest.raises(DirectoryRefused, match="retired already"):
        actions.retire_term(term=old, **said(desk))
    actions.retire_term(term=music, **said(desk))
    assert first.tags.get().term == music
    actions.take_term_back(term=music, **said(desk))
    assert music.code in str(queries.terms_to_choose("category"))


def test_words_mean_the_same_once_they_are_written_and_stand_in_one_line_only(desk):
    make_service("Lego club", kind="Activities")
    assert not find(Asked(words="bricks", as_typed=True)).total
    with pytest.raises(DirectoryRefused, match="at least two"):
        actions.write_same_meaning(words=("Bricks", "bricks"), **said(desk))
    with pytest.raises(DirectoryRefused, match="another line already: dads"):
        actions.write_same_meaning(words=("pops", "Dads"), **said(desk))

    same = actions.write_same_meaning(words=("bricks", "Lego"), **said(desk))

    assert find(Asked(words="bricks", as_typed=True)).total == 1
    actions.drop_same_meaning(same=same, **said(desk))
    assert not SameMeaning.objects.filter(words__contains=["bricks"]).exists()


def test_school_terms_do_not_overlap_whoever_writes_them(desk):
    spring = {"since": date(2027, 1, 5), "until": date(2027, 3, 26)}
    known = actions.write_school_term(name="Spring 2027", **spring, **said(desk))
    with pytest.raises(DirectoryRefused, match="overlaps with another term: Spring 2027"):
        actions.write_school_term(
            name="Again", since=date(2027, 3, 26), until=date(2027, 4, 1), **said(desk)
        )
    with pytest.raises(IntegrityError, match="school_terms_do_not_overlap"), transaction.atomic():
        SchoolTerm.objects.create(name="By another way", **spring)

    later = {"since": date(2027, 1, 6), "until": date(2027, 3, 25)}
    actions.write_school_term(name="Spring", known=known, **later, **said(desk))

    assert list(queries.school_terms()) == [tuple(later.values())]


def test_the_next_school_terms_are_asked_for_three_months_before_the_last_ends(desk):
    now, lead = timezone.now(), make_user("county_lead", make_team("Lead", "desk"), "Lee Lead")
    today = timezone.localdate(now)
    asked = [task.label for task in today_for(desk, now).to_do]
    assert "School terms to write down" in asked  # none are known

    term = actions.write_school_term(
        name="Far", since=today, until=today + timedelta(days=93), **said(desk)
    )

    for person in (desk, lead):
        assert "School terms" not in str([task.label for task in today_for(person, now).tasks])
    actions.write_school_term(
        name="Near", since=today, until=today + timedelta(days=91), known=term, **said(desk)
    )
    for person in (desk, lead):
        assert "School terms" in str([task.label for task in today_for(person, now).to_do])


def test_the_pages_keep_what_was_typed_and_say_what_is_wrong_at_its_place(desk, client):
    client.force_login(desk)
    page = client.post(
        reverse("directory:add_term", args=["groups"]),
        {"name": "Young carers", "description": "Words of mine", "synonyms": "", "order": "1"},
    ).content.decode()
    assert "stands here already" in page and "Words of mine" in page
    term = Term.objects.get(name="Young carers")
    make_service("Evening", target="Young carers")
    page = client.get(reverse("directory:retire_term", args=["groups", term.uid])).content.decode()
    assert "1 service uses it." in page
    # A kind of help is not in the list of groups.
    other = Term.objects.get(name="Activities")
    assert client.get(reverse("directory:term", args=["groups", other.uid])).status_code == 404


def test_the_long_list_of_kinds_is_folded_under_its_headings_with_what_is_chosen(desk, client):
    service = make_service("Clay", kind="Music, arts and dance")
    client.force_login(desk)

    page = client.get(reverse("directory:change", args=[service.uid])).content.decode()

    assert page.count("<details") >= 5
    assert "data-chosen>Music, arts and dance</span>" in page
