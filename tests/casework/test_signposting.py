"""Telling a family of services from its case, and asking how it went."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import see_as, seeing_as
from kith.casework import actions, referring
from kith.casework.chronology import chronology
from kith.casework.models import Case
from kith.families import queries as families
from kith.families.actions import restrict
from kith.families.log import Search, entries
from kith.hubs.models import Promise
from kith.referrals import sendings
from kith.referrals.models import Sending, SendingOutcome
from tests.factories.accounts import make_user
from tests.factories.casework import (
    hand_over,
    make_case,
    make_desk,
    make_hub,
    make_staffed_hub,
)
from tests.factories.directory import make_place, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury):
    made = make_case(banbury, worker=banbury.worker)
    see_as(banbury.worker)
    return made


@pytest.fixture
def group():
    return make_service("Young carers club", place=make_place(), provider="Friends of Banbury")


def told(case, group, by, **changes):
    said = {"how": "spoken", "words": "She asked for this", "by": by, "at": timezone.now()}
    (made,) = actions.signpost(case=case, services=[group], **said | changes)
    return made


def went(case, sending, by, outcome, **changes):
    said = {"on": timezone.localdate(), "by": by, "at": timezone.now()}
    return actions.say_how_it_went(case=case, sending=sending, outcome=outcome, **said | changes)


def today_on_a_form():
    today = timezone.localdate()
    return {"on_day": today.day, "on_month": today.month, "on_year": today.year}


def sent_of(viewer, case):
    see_as(viewer)
    return list(sendings.of_family(viewer, families.together_with(viewer, case.family)))


def test_a_family_is_told_of_a_service_and_what_is_known_of_it_changes(banbury, case, group):
    made = told(case, group, banbury.worker, ask_on=timezone.localdate() + timedelta(days=28))
    (first,) = sent_of(banbury.worker, case)
    went(case, made, banbury.worker, "waiting", ask_on=timezone.localdate() + timedelta(days=7))
    went(case, made, banbury.worker, "started", words="Every Tuesday")

    (one,) = sent_of(banbury.worker, case)

    assert (first.last, first.to_ask_on) == (None, made.ask_on)
    assert (one.last.outcome, one.to_ask_on) == ("started", None)
    assert [said.outcome for said in one.outcomes.all()] == ["started", "waiting"]
    assert [event.title for event in chronology(banbury.worker, case.family, {"sending"})][
        ::-1
    ] == [
        "Signposted to Young carers club (Friends of Banbury)",
        "Young carers club: they are waiting for a place",
        "Young carers club: they go there, or have begun",
    ]


def test_the_name_stays_as_it_was_told_and_both_are_in_the_log(banbury, case, group):
    made = told(case, group, banbury.worker)
    went(case, made, banbury.worker, "full")
    type(group).objects.filter(pk=group.pk).update(name="Something else")

    (one,) = sent_of(banbury.manager, case)

    assert one.service_name == "Young carers club"
    today = timezone.localdate()
    see_as(banbury.manager)
    found = entries(banbury.manager, Search(today, today, what="family."))
    assert {entry.what for entry in found} >= {"family.signposted", "family.signposted_outcome"}


def test_only_the_hub_that_helps_writes_it_down_or_sees_it(banbury, case, group):
    elsewhere = make_staffed_hub("Witney")
    made = told(case, group, banbury.worker)

    assert sent_of(elsewhere.worker, case) == []
    assert not Sending.objects.exists()
    with pytest.raises(Case.DoesNotExist):
        told(case, group, elsewhere.worker)
    see_as(banbury.worker)
    with pytest.raises(PermissionDenied):
        told(case, group, elsewhere.worker)
    with pytest.raises(PermissionDenied):
        went(case, made, make_user(), "started")
    assert [one.pk for one in sent_of(banbury.worker, case)] == [made.pk]


def test_a_worker_finds_a_service_without_leaving_the_case_and_says_how_it_went(
    banbury, case, group, client
):
    client.force_login(banbury.worker)
    find = reverse("casework:find_services", args=[case.reference])
    page = client.post(find, {"q": "carers", "near": "", "age": ""}).content.decode()
    assert "Choose<span" in page and "Young carers club" in page

    tell = reverse("casework:signpost", args=[case.reference]) + f"?service={group.uid}"
    assert "Young carers club (Friends of Banbury)" in client.get(tell).content.decode()
    nothing = client.post(tell, {"services": [str(group.uid)]})
    assert "Choose how you told them" in nothing.content.decode()
    answer = client.post(tell, {"services": [str(group.uid)], "how": "leaflet"})
    assert answer.status_code == 302
    see_as(banbury.worker)
    (made,) = sendings.of_family(banbury.worker, [case.family])

    went_to = reverse("casework:how_it_went", args=[case.reference, made.pk])
    client.post(
        went_to,
        {"outcome": "did_not_go", "words": "The bus does not run", **today_on_a_form()},
    )
    page = client.get(reverse("casework:case", args=[case.reference])).content.decode()
    assert "They did not go" in page and "The bus does not run" in page


def test_nothing_that_is_looked_for_stands_in_an_address_or_is_kept(banbury, case, group, client):
    client.force_login(banbury.worker)
    find = reverse("casework:find_services", args=[case.reference])

    page = client.get(find + "?q=secret+word").content.decode()

    assert "secret word" not in page
    nothing = client.post(find, {"q": "", "near": "", "age": ""}).content.decode()
    assert "Enter what you are looking for" in nothing
    assert (
        client.get(reverse("casework:signpost", args=[case.reference]) + "?service=x").url == find
    )


def test_a_service_that_is_no_longer_listed_is_refused_and_nothing_is_half_written(
    banbury, case, group
):
    hidden = make_service("Closed club", place=make_place("The hall"))
    type(hidden).objects.filter(pk=hidden.pk).update(published=False)

    with pytest.raises(actions.CannotSend, match="no longer listed"):
        actions.signpost(
            case=case, services=[group, hidden], how="phone", by=banbury.worker, at=timezone.now()
        )

    see_as(banbury.worker)
    assert not Sending.objects.exists()


def test_their_worker_is_asked_on_today_from_the_day_on_until_it_is_known(
    banbury, case, group, client
):
    day = timezone.localdate() + timedelta(days=28)
    made = told(case, group, banbury.worker, ask_on=day)
    mine = [case.family_id]

    assert not sendings.to_ask(banbury.worker, mine, day - timedelta(days=1))
    assert list(sendings.to_ask(banbury.worker, mine, day)) == [made]
    went(case, made, banbury.worker, "waiting", ask_on=day + timedelta(days=7))
    assert not sendings.to_ask(banbury.worker, mine, day)
    assert list(sendings.to_ask(banbury.worker, mine, day + timedelta(days=7))) == [made]
    went(case, made, banbury.worker, "started")
    assert not sendings.to_ask(banbury.worker, mine, day + timedelta(days=99))


def test_today_shows_what_to_ask_with_its_case(banbury, case, group, client):
    made = told(case, group, banbury.worker)
    Sending.objects.bulk_create(
        [
            Sending(
                kind="signposted", family=case.family, service=group, service_name="Homework club", provider_name="P",
                at=made.at, by=banbury.worker, how="phone", ask_on=timezone.localdate(),
            )
        ]
    )  # fmt: skip
    client.force_login(banbury.worker)

    page = client.get(reverse("home")).content.decode()

    assert "Ask how it went" in page and "Homework club" in page
    assert "Young carers club" not in page


def test_words_stay_when_another_hub_took_the_case_over_while_somebody_typed(
    banbury, case, group, client
):
    made = told(case, group, banbury.worker)
    hand_over(case, make_hub("Witney"), banbury.manager, at=timezone.now() - timedelta(hours=1))
    client.force_login(banbury.worker)
    tell = reverse("casework:signpost", args=[case.reference]) + f"?service={group.uid}"
    went_to = reverse("casework:how_it_went", args=[case.reference, made.pk])

    pages = [
        client.post(tell, {"services": [str(group.uid)], "how": "spoken", "words": "My words"}),
        client.post(went_to, {"outcome": "started", "words": "My words", **today_on_a_form()}),
    ]

    for page in pages:
        assert page.status_code == 200
        assert "My words" in page.content.decode() and "Witney" in page.content.decode()
    assert client.get(tell).status_code == 403
    see_as(banbury.manager)
    assert not made.outcomes.exists()


def test_words_stay_when_the_service_was_hidden_while_somebody_typed(banbury, case, group, client):
    client.force_login(banbury.worker)
    tell = reverse("casework:signpost", args=[case.reference]) + f"?service={group.uid}"
    type(group).objects.filter(pk=group.pk).update(published=False)

    page = client.post(
        tell, {"services": [str(group.uid)], "how": "spoken", "words": "My words"}
    ).content.decode()

    assert "My words" in page and "no longer listed" in page
    assert client.get(tell).status_code == 302, "and nobody begins with one that is hidden"


def test_of_a_restricted_family_only_those_named_know_where_it_was_sent(banbury, case, group):
    made = told(case, group, banbury.worker)
    went(case, made, banbury.worker, "started")
    with seeing_as(banbury.manager):
        restrict(
            family=case.family, reason="staff", words="Why", people=[banbury.manager],
            by=banbury.manager, at=timezone.now(),
        )  # fmt: skip

    seen = []
    for viewer in (banbury.worker, make_desk(), banbury.manager):
        with seeing_as(viewer):
            seen.append((Sending.objects.count(), SendingOutcome.objects.count()))
    assert seen == [(0, 0), (0, 0), (1, 1)]


def test_an_answer_is_only_about_what_was_said_to_the_case_s_own_family(banbury, case, group):
    other = make_case(banbury, worker=banbury.worker)
    see_as(banbury.worker)
    made = told(other, group, banbury.worker)

    with pytest.raises(actions.NotOfThisFamily):
        went(case, made, banbury.worker, "started")


def test_today_asks_as_many_questions_however_many_there_are_to_ask_about(
    banbury, case, group, client
):
    made = told(case, group, banbury.worker)
    client.force_login(banbury.worker)

    def questions(more: int) -> int:
        see_as(banbury.worker)
        Sending.objects.bulk_create(
            [
                Sending(
                    kind="signposted", family=case.family, service=group, service_name="S", provider_name="P",
                    at=made.at, by=banbury.worker, how="phone", ask_on=timezone.localdate(),
                )
                for _ in range(more)
            ]
        )  # fmt: skip
        client.get(reverse("home"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("home"))
        return len(asked)

    assert questions(1) == questions(3)


def test_the_county_says_after_how_long_somebody_asks_how_it_went():
    today = timezone.localdate()
    assert sendings.ask_on(today) == today + timedelta(days=28)
    assert referring.ask_on(today) == today + timedelta(days=14)

    Promise.objects.update_or_create(key="told_of", defaults={"days": 21})
    Promise.objects.update_or_create(key="service_asked", defaults={"days": 90})

    assert sendings.ask_on(today) == today + timedelta(days=21)
    assert referring.ask_on(today) == today + timedelta(days=90)
