"""Entries that tell of one service: suggested with reasons, put together and parted by people."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import time
from itertools import combinations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.accounts.viewer import clock, see_as
from kith.analytics.twins import (
    MOST_IN_A_BLOCK,
    SUGGESTED,
    Entry,
    compare,
    digits_of,
    page_of,
    pairs,
)
from kith.directory import actions, proposed, twins
from kith.directory.actions import DirectoryRefused
from kith.directory.models import NotOffered, Remark, Schedule, Service, ServiceAtPlace, Twins
from tests.factories.accounts import make_user
from tests.factories.casework import make_desk, make_staffed_hub
from tests.factories.directory import make_place, make_service

words = st.lists(
    st.sampled_from(["baby", "group", "stay", "play", "carers", "café", "dads", "music"]),
    max_size=4,
)
entry = st.builds(
    Entry,
    key=st.integers(1, 10**6),
    name=words.map(" ".join),
    provider=st.sampled_from(["", "Friends of Banbury", "The Council"]),
    phone=st.sampled_from(["", "01632960001", "01632960002"]),
    email=st.sampled_from(["", "a@x.example", "b@x.example"]),
    places=st.frozensets(st.sampled_from(["OX16 5LS", "OX4 1AA"]), max_size=2),
    times=st.frozensets(st.tuples(st.integers(0, 6), st.just("10:00")), max_size=2),
    ages=st.sampled_from([(None, None), (0, 11), (60, 130)]),
    core=st.sampled_from(["", "play", "baby"]),
)


@given(entry, entry)
def test_what_is_said_of_two_entries_does_not_depend_on_their_order(one, other):
    if one.key != other.key:
        assert compare(one, other) == compare(other, one)


@given(entry, entry)
def test_points_have_reasons(one, other):
    pair = compare(one, other)
    assert pair.reasons or pair.points <= 0
    assert pair.against or pair.points >= 0


def test_an_entry_written_twice_is_very_likely_one():
    told = {
        "name": "Stay & Play", "provider": "Friends", "phone": "01632960001",
        "places": frozenset({"OX16 5LS"}), "times": frozenset({(1, "10:00")}),
    }  # fmt: skip
    (pair,) = pairs([Entry(key=1, **told), Entry(key=2, **told | {"name": "Stay and play"})])
    assert pair.very_likely and not pair.against
    assert "Same name" in pair.reasons and "Same telephone number" in pair.reasons


def test_the_same_group_in_two_towns_and_a_part_of_the_core_offer_in_two_hubs_are_two():
    towns = frozenset({"witney", "abingdon"})
    told = {"provider": "The Council", "phone": "01632960000", "towns": towns}
    one = Entry(key=1, name="Stay and play, Witney", places=frozenset({"OX28 6HA"}), **told)
    two = Entry(key=2, name="Stay and play, Abingdon", places=frozenset({"OX14 3QZ"}), **told)
    assert not pairs([one, two])
    core = [
        Entry(key=key, name="First contact", provider="The Council", phone="01632960000",
              places=frozenset({place}), core="first-contact")
        for key, place in ((1, "OX28 6HA"), (2, "OX14 3QZ"))
    ]  # fmt: skip
    assert not pairs(core)


def test_two_groups_of_one_hall_are_two():
    told = {
        "provider": "The Council", "places": frozenset({"OX16 5LS"}), "towns": frozenset({"banbury"}),
        "times": frozenset({(1, "10:00")}), "email": "early.help@council.example",
    }  # fmt: skip
    many = [Entry(key=key, name="Chess", email=told["email"]) for key in range(10, 16)]
    one = Entry(key=1, name="Stay and play, Banbury", **told)
    two = Entry(key=2, name="Parenting course, Banbury", **told)
    assert not [pair for pair in pairs([one, two, *many]) if pair.one < 10]


def test_a_figure_in_the_name_of_who_gives_it_makes_two_providers():
    """Of one name, on Monday at ten, and nothing else in common: a common case, and two groups."""
    first, second = (
        Entry(key, "Cubs", f"{number} Bicester Scouts", times=frozenset({(0, "18:00")}))
        for key, number in enumerate(("1st", "2nd"), 1)
    )
    pair = compare(first, second)
    assert "Given by others" in pair.against and pair.points < SUGGESTED
    again = replace(second, provider="1st Bicester Scouts")
    assert compare(first, again).points >= SUGGESTED


def test_a_number_that_many_have_says_little():
    council = [
        Entry(key=key, name=name, phone="01632960000")
        for key, name in enumerate(
            ["Swimming", "Reading", "Cooking", "Football", "Singing", "Chess"], 1
        )
    ]
    assert not pairs(council)


@settings(max_examples=60)
@given(st.lists(entry, max_size=12, unique_by=lambda one: one.key))
def test_of_few_entries_all_that_share_anything_are_compared(made):
    shared = Counter(
        f"{kind} {getattr(one, kind)}"
        for one in made
        for kind in ("phone", "email", "web")
        if getattr(one, kind)
    )
    every, alien = set(), set()
    for one, other in combinations(sorted(made, key=lambda one: one.key), 2):
        if compare(one, other, shared).points >= SUGGESTED:
            kin = one.places & other.places or one.words & other.words
            kin = kin or any(
                getattr(one, what) and getattr(one, what) == getattr(other, what)
                for what in ("phone", "email", "web", "provider")
            )
            (every if kin else alien).add((one.key, other.key))

    found = {(pair.one, pair.other) for pair in pairs(made)}

    assert found == every
    # What shares nothing is not compared; among these words none of it would be suggested.
    assert not alien


def test_two_that_share_only_a_provider_and_some_words_are_found_among_many():
    told = {"provider": "Friends of Banbury", "times": frozenset({(1, "10:00")}), "ages": (0, 60)}
    one = Entry(key=1, name="Stay and play at the old chapel", **told)
    other = Entry(key=2, name="Stay and play", **told)
    crowd = [
        Entry(key=key, name=f"Stay and play number{key}", provider=f"Provider {key}")
        for key in range(10, 110)
    ]
    assert [(pair.one, pair.other) for pair in pairs([one, *crowd, other])] == [(1, 2)]


def test_of_a_crowd_that_shares_everything_nobody_is_compared():
    crowd = [
        Entry(key=key, name="Stay and play", phone="01632960001", times=frozenset({(1, "10:00")}))
        for key in range(MOST_IN_A_BLOCK + 1)
    ]
    assert not pairs(crowd)
    assert len(pairs(crowd[:-1])) == MOST_IN_A_BLOCK * (MOST_IN_A_BLOCK - 1) / 2


def test_numbers_and_pages_are_read_as_people_write_them():
    assert digits_of("+44 1632 960001") == digits_of("(01632) 960 001") == "01632960001"
    assert page_of("https://www.Friends.example/play/") == page_of("http://friends.example/play")


# In the directory


@pytest.fixture
def desk(db):
    actions.set_up_terms()
    return make_desk()


@pytest.fixture
def pair(desk):
    hall = make_place("The Old Chapel", postcode="OX16 5LS", town="Banbury")
    one = make_service(
        "Stay and play", place=hall, provider="Friends of Banbury", kind="Parenting support"
    )
    other = make_service(
        "Stay & Play", place=hall, provider="Friends of Banbury CIO", kind="Oral health"
    )
    for service, told in (
        (one, {"phone": "01632 960 001", "who_for": ""}),
        (other, {"phone": "+44 1632 960001", "who_for": "Anyone with a child", "cost": "£1"}),
    ):
        Service.objects.filter(pk=service.pk).update(**told)
    Schedule.objects.create(
        service=other, at_place=ServiceAtPlace.objects.get(service=other), every="week",
        weekday=2, opens=time(10), closes=time(11),
    )  # fmt: skip
    see_as(desk)
    actions.find_twins(by=desk, at=timezone.now())
    return Twins.objects.select_related("one", "other").get()


def join(pair, desk, keep=(), **more):
    _, now, theirs = twins.beside(pair.one, pair.other)
    return actions.put_together(
        pair=pair, kept=pair.one, keep=keep, mark=twins.mark_of(now, theirs), by=desk,
        at=timezone.now(), **more,
    )  # fmt: skip


def read(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_pair_is_suggested_with_its_reasons_and_not_again_once_it_is_said_to_be_two(pair, desk):
    assert pair.points >= SUGGESTED and "Same telephone number" in pair.reasons
    actions.say_not_same(pair=pair, why="Two halls", by=desk, at=timezone.now())
    assert actions.find_twins(by=desk, at=timezone.now()) == 0
    pair.refresh_from_db()
    assert (pair.state, pair.why, pair.decided_by) == ("not_same", "Two halls", desk)

    Service.objects.filter(pk__in=[pair.one_id, pair.other_id]).update(email="a@friends.example")
    assert actions.find_twins(by=desk, at=timezone.now()) == 1, "more speaks for it than did"


def test_what_looks_the_same_no_more_is_suggested_no_more(pair, desk):
    Service.objects.filter(pk=pair.other_id).update(name="Chess", phone="", url="", email="")
    assert actions.find_twins(by=desk, at=timezone.now()) == 0
    assert not Twins.objects.exists()


def test_one_entry_tells_of_both_and_the_other_leads_there(pair, desk, client):
    kept = join(pair, desk, keep={"name", "phone"})

    assert (kept.name, kept.who_for, kept.cost) == ("Stay and play", "Anyone with a child", "£1")
    assert [one.weekday for one in kept.schedules.all()] == [2]
    assert {term.name for term in kept.terms.all()} == {"Parenting support", "Oral health"}
    assert kept.at_places.count() == 1, "they are at one place"
    other = Service.objects.get(pk=pair.other_id)
    assert (other.published, other.told_by) == (False, kept)
    page = client.get(reverse("directory:service", args=[other.uid]))
    assert (page.status_code, page.url) == (
        301, reverse("directory:service", args=[kept.uid]),
    )  # fmt: skip
    feed = client.get(f"/api/oruk/v3/services/{other.uid}")
    assert feed.status_code == 301 and feed["Location"].endswith(f"/services/{kept.uid}")
    ids = {one["id"] for one in json.loads(client.get("/api/oruk/v3/services").content)["contents"]}
    assert str(kept.uid) in ids and str(other.uid) not in ids
    assert actions.find_twins(by=desk, at=timezone.now()) == 0


def test_parting_restores_both_and_all_that_named_them(pair, desk):
    remark = Remark.objects.create(
        service=pair.other, topic="wrong", words="Shut", made_at=timezone.now()
    )
    absent = NotOffered.objects.create(
        title="Swimming", words="No pool", since=timezone.localdate(), instead="x",
        review_on=timezone.localdate(), changed_by=desk, changed_at=timezone.now(),
    )  # fmt: skip
    absent.services.add(pair.other)
    before = [proposed.values_of(one) for one in (pair.one, pair.other)]
    join(pair, desk)
    remark.refresh_from_db()
    assert remark.service == pair.one and pair.one in absent.services.all()

    actions.part(pair=pair, by=desk, at=timezone.now())

    after = [
        proposed.values_of(one)
        for one in Service.objects.filter(pk__in=[pair.one_id, pair.other_id]).order_by("pk")
    ]
    assert after == before
    remark.refresh_from_db()
    assert remark.service == pair.other and list(absent.services.all()) == [pair.other]
    assert set(Service.objects.values_list("published", "told_by")) == {(True, None)}
    assert Twins.objects.get().state == "open"


def test_what_was_hidden_is_hidden_again_once_they_are_parted(pair, desk):
    Service.objects.filter(pk=pair.other_id).update(published=False, hidden_on=timezone.localdate())
    join(Twins.objects.select_related("one", "other").get(), desk)
    actions.part(pair=pair, by=desk, at=timezone.now())
    other = Service.objects.get(pk=pair.other_id)
    assert (other.published, other.hidden_on) == (False, timezone.localdate())


def test_an_address_leads_on_where_the_one_that_stayed_ended_too(pair, desk, client):
    kept = join(pair, desk)
    third = make_service("Stay, play and sing")
    Service.objects.filter(pk=kept.pk).update(published=False, told_by=third)
    for uid in (pair.one.uid, pair.other.uid):
        page = client.get(reverse("directory:service", args=[uid]))
        assert page.url == reverse("directory:service", args=[third.uid])
    Service.objects.filter(pk=third.pk).update(published=False)
    assert client.get(reverse("directory:service", args=[kept.uid])).status_code == 404


def test_what_was_changed_since_is_not_undone_silently(pair, desk):
    join(pair, desk)
    Service.objects.filter(pk=pair.one_id).update(cost="£5")
    with pytest.raises(DirectoryRefused, match="changed since: cost"):
        actions.part(pair=pair, by=desk, at=timezone.now())
    assert Service.objects.get(pk=pair.other_id).told_by_id == pair.one_id


def test_whoever_writes_what_is_there_already_hears_it_at_once(pair, desk, client):
    again = make_service("Stay and play", provider="Friends of Banbury", phone="01632 960 001")
    assert twins.like(again)[0].pk == pair.one_id
    assert twins.like(make_service("Chess", provider="Somebody else")) == []


def test_nobody_puts_together_what_they_did_not_read(pair, desk):
    _, now, theirs = twins.beside(pair.one, pair.other)
    Service.objects.filter(pk=pair.other_id).update(cost="£9")
    with pytest.raises(DirectoryRefused, match="changed while you read"):
        actions.put_together(
            pair=pair, kept=pair.one, keep=(), mark=twins.mark_of(now, theirs), by=desk,
            at=timezone.now(),
        )  # fmt: skip
    assert Service.objects.filter(published=True).count() == 2


def test_the_one_that_families_can_read_stays(pair, desk):
    Service.objects.filter(pk=pair.one_id).update(published=False)
    pair = Twins.objects.select_related("one", "other").get()
    with pytest.raises(DirectoryRefused, match="families can read"):
        join(pair, desk)


def test_the_other_is_not_published_again_while_it_is_told_of_elsewhere(pair, desk):
    kept = join(pair, desk)
    other = Service.objects.get(pk=pair.other_id)
    values = proposed.values_of(other)
    told = actions.told_of(values, other.provider, None, timezone.localdate())
    with pytest.raises(DirectoryRefused, match=f"{kept.name} tells of it now"):
        actions.write_service(details=told, known=other, by=desk, at=timezone.now())


def test_only_those_who_keep_the_directory_say_anything_of_a_pair(pair):
    stranger = make_user()
    for act in (actions.say_not_same, actions.part, actions.ask_again):
        with pytest.raises(PermissionDenied):
            act(pair=pair, by=stranger, at=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.find_twins(by=stranger, at=timezone.now())
    see_as(clock())
    assert actions.find_twins(by=clock(), at=timezone.now()) == 1


def test_a_manager_looks_at_both_side_by_side_and_puts_them_together_on_the_pages(pair, client):
    manager = make_staffed_hub("Banbury").manager
    client.force_login(manager)
    assert (
        "Stay and play, and Stay &amp; Play"
        in client.get(reverse("directory:twins")).content.decode()
    )
    beside = read(client.get(reverse("directory:twin", args=[pair.pk])))
    assert "Same telephone number" in beside and "Anyone with a child" in beside
    page = reverse("directory:put_together", args=[pair.pk, "first"])
    begun = client.get(page)
    form = begun.context["form"]
    sent = {"mark": form["mark"].value()} | {
        name: field.initial for name, field in form.fields.items() if field.initial
    }
    answer = client.post(page, sent)
    assert answer.status_code == 302, read(answer)
    kept = Service.objects.get(pk=pair.one_id)
    assert (kept.name, kept.who_for) == ("Stay and play", "Anyone with a child")
    shown = read(client.get(reverse("directory:kept", args=[kept.uid])))
    assert "put together with another entry" in shown
    client.post(reverse("directory:part_twins", args=[pair.pk]))
    assert Service.objects.filter(published=True).count() == 2
