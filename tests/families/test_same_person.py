"""The page on which the desk says that one person stands twice on a family's record."""

from datetime import date

import pytest
from django.urls import reverse

from kith.accounts.viewer import see_as
from kith.families import queries
from kith.families.models import Merge, NotSame
from tests.factories.accounts import make_team, make_user
from tests.factories.families import make_desk_worker, make_family, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, seen_by):
    desk = make_desk_worker()
    client.force_login(desk)
    seen_by(desk)
    return desk


@pytest.fixture
def twice():
    """A family with a girl who stands on its record twice, and her mother."""
    family = make_family()
    girl = make_person(family, "Katherine", born=date(2015, 3, 12), sex="F")
    again = make_person(family, "Kathrine", born=date(2015, 3, 12))
    make_person(family, "Grace", role="mother")
    return family, girl, again


def people(desk, family) -> list[str]:
    see_as(desk)
    return [member.name for member in queries.people_of(desk, family)]


def test_the_desk_looks_at_both_says_why_and_takes_it_back(client, desk, twice):
    family, girl, again = twice
    page = reverse("families:same_person", args=[family.reference])
    both = f"{page}?one={again.pk}&other={girl.pk}"

    suggested = client.get(page).content.decode()
    looked = client.get(both).content.decode()
    unsaid = client.post(both, {"keep": girl.pk, "reason": " "}).content.decode()
    assert f"one={girl.pk}&amp;other={again.pk}" in suggested
    assert "12 March 2015" in looked and "the same person</h2>" in looked
    assert "Write why they are one person" in unsaid
    assert len(people(desk, family)) == 3

    done = client.post(both, {"keep": girl.pk, "reason": "The school wrote her down twice"})

    assert done.url == page
    assert people(desk, family) == ["Katherine Okafor", "Grace Okafor"]
    merge = Merge.objects.get(kind="person")
    assert (merge.kept_id, merge.gone_id, merge.by) == (girl.pk, again.pk, desk)
    assert merge.reasons[0] == "The school wrote her down twice" and len(merge.reasons) > 1
    shown = client.get(page).content.decode()
    assert "The school wrote her down twice" in shown
    undo = reverse("families:undo_merge", args=[merge.pk])
    assert undo in shown
    client.post(undo, {"next": page})
    assert len(people(desk, family)) == 3


def test_two_who_are_not_the_same_are_not_suggested_again(client, desk, twice):
    family, girl, again = twice
    page = reverse("families:same_person", args=[family.reference])

    client.post(reverse("families:not_same", args=[girl.pk, again.pk]), {"next": page})

    see_as(desk)
    assert NotSame.objects.get().by == desk
    assert "Who may be whom" not in client.get(page).content.decode()
    told = client.get(f"{page}?one={girl.pk}&other={again.pk}").content.decode()
    assert "not the same person" in told


@pytest.mark.parametrize(
    "query", ["one=&other=", "one=x&other=%00", "one={0}&other={0}", "one={0}"]
)
def test_a_choice_that_makes_no_pair_is_said_at_the_field(client, desk, twice, query):
    family, girl, _ = twice
    page = reverse("families:same_person", args=[family.reference])

    answer = client.get(f"{page}?{query.format(girl.pk)}")

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_only_the_desk_and_only_people_of_the_family(client, desk, twice):
    family, girl, _ = twice
    stranger = make_person(make_family("Reed"), "Katherine", born=date(2015, 3, 12))
    page = reverse("families:same_person", args=[family.reference])

    odd = client.post(
        f"{page}?one={girl.pk}&other={stranger.pk}", {"keep": girl.pk, "reason": "Same name"}
    )

    assert "There is a problem" in odd.content.decode()
    assert not Merge.objects.exists()
    client.force_login(make_user("hub_manager", make_team()))
    assert client.get(page).status_code == 403
