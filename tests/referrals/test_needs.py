"""The county edits its list of needs and the words that show the safeguarding stop."""

import pytest
from django.core.exceptions import PermissionDenied

from kith.accounts.viewer import clock, see_as
from kith.audit.models import Entry
from kith.referrals import queries
from kith.referrals.actions import set_up_needs
from kith.referrals.actions.needs import DEFAULT_NEEDS, PRIMARY_NEEDS, add_need, set_warning_words
from kith.referrals.models import Need
from tests.factories.accounts import make_user
from tests.factories.referrals import make_desk_team, make_sender
from tests.referrals.asking import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    set_up_needs()
    lead = make_user("county_lead", make_desk_team())
    client.force_login(lead)
    return lead


def test_setting_up_fills_empty_lists_and_changes_nothing_else():
    set_up_needs()
    Need.objects.filter(code="money").update(name="Money worries")
    set_up_needs()

    assert Need.objects.count() == len(DEFAULT_NEEDS)
    assert Need.objects.get(code="money").name == "Money worries"
    assert {need[3] for need in DEFAULT_NEEDS} <= PRIMARY_NEEDS.keys()
    assert queries.warning_words(None).filter(text="suicide").exists()


def test_a_need_is_added_renamed_and_retired_and_the_log_says_so(client, lead):
    new = {"name": "Sleep", "plain_name": "Sleeping", "primary_need": "N9"}

    client.post("/requests/needs/add/", new)
    need = Need.objects.get(code="sleep")
    client.post(f"/requests/needs/{need.pk}/", new | {"name": "Sleep and rest"})

    need.refresh_from_db()
    assert (need.name, need.active) == ("Sleep and rest", False)
    assert need not in queries.needs(lead) and need in queries.all_needs(lead)
    see_as(make_user("dpo", make_desk_team()))
    assert list(Entry.objects.order_by("at").values_list("what", flat=True)) == [
        "need.added",
        "need.changed",
    ]


def test_two_needs_cannot_have_one_name(client, lead):
    first, second = queries.needs(lead)[:2]
    same = {"name": first.name.upper(), "plain_name": "x", "primary_need": "N9", "active": "on"}

    for address in ("/requests/needs/add/", f"/requests/needs/{second.pk}/"):
        response = client.post(address, same)
        assert problems(response) == ["There is a need by this name already"]
        assert f'value="{first.name.upper()}"' in response.content.decode()


def test_needs_change_places(client, lead):
    first, second = queries.needs(lead)[:2]

    client.post(f"/requests/needs/{second.pk}/move/", {"way": "up"})
    assert list(queries.needs(lead)[:2]) == [second, first]
    client.post(f"/requests/needs/{second.pk}/move/", {"way": "up"})
    assert list(queries.needs(lead)[:2]) == [second, first]
    client.post(f"/requests/needs/{second.pk}/move/", {"way": "down"})
    assert list(queries.needs(lead)[:2]) == [first, second]


def test_the_warning_words_are_changed_as_a_list(client, lead):
    client.post("/requests/needs/words/", {"words": "Hurts  ME\n\n hurts me\r\nknife"})
    assert [word.text for word in queries.warning_words(lead)] == ["hurts me", "knife"]

    too_long = client.post("/requests/needs/words/", {"words": "x" * 61})
    assert "is too long" in problems(too_long)[0]
    assert queries.warning_words(lead).count() == 2


def test_only_the_county_changes_the_lists(client, at):
    set_up_needs()
    sender = make_sender()
    client.force_login(sender)
    need = Need.objects.first()

    assert client.get("/requests/needs/").status_code == 403
    for address in ("add/", f"{need.pk}/", f"{need.pk}/move/", "words/"):
        assert client.post(f"/requests/needs/{address}", {"way": "up"}).status_code == 403
    with pytest.raises(PermissionDenied, match="county lead"):
        add_need(name="x", plain_name="x", primary_need="N9", safeguarding=False, by=sender, at=at)
    with pytest.raises(PermissionDenied, match="county lead"):
        set_warning_words(words=[], by=clock(), at=at)
