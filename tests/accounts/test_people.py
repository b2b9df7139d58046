"""People, teams, roles, cover and keys: what an administrator does, and nobody else."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kith.accounts import actions
from kith.accounts.models import ApiKey, Cover, Membership, Team, User
from kith.accounts.permissions import Permission
from kith.audit.models import Entry
from tests.accounts.test_signing_in import add_app
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def county():
    return make_team("County", "desk")


@pytest.fixture
def administrator(county):
    return make_user("administrator", county, "Ada Min")


def log_of(seen_by, county) -> list[str]:
    seen_by(make_user("dpo", county))
    return list(Entry.objects.order_by("at", "pk").values_list("what", flat=True))


def test_a_person_is_added_invited_and_chooses_a_password(
    client, administrator, county, seen_by, django_capture_on_commit_callbacks
):
    client.force_login(administrator)
    typed = {"name": "Sam Field", "email": "Sam@school.example", "job_title": "SENCo", "phone": ""}

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("accounts:add_person"), typed)

    sam = User.objects.get(email="Sam@school.example")
    assert answer.url == reverse("accounts:give_role", args=[sam.pk])
    (letter,) = mail.outbox
    assert letter.to == ["Sam@school.example"]
    assert "Ada Min has made an account for you" in letter.body
    link = next(line for line in letter.body.splitlines() if "/password/reset/key/" in line)
    client.logout()
    form = client.get("/" + link.split("/", 3)[3], follow=True)
    new = "three quite odd words"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    client.post(reverse("account_login"), {"login": "sam@school.example", "password": new})
    assert client.session["_auth_user_id"] == str(sam.pk)

    client.force_login(administrator)
    again = client.post(reverse("accounts:add_person"), typed | {"email": "SAM@school.example"})
    assert "has an account with this e-mail address already" in again.content.decode()
    assert 'value="Sam Field"' in again.content.decode()
    assert {"account.made", "account.invited"} <= set(log_of(seen_by, county))


def test_only_an_administrator_manages_people(administrator, county, now):
    manager = make_user("hub_manager", make_team("Banbury"))
    worker = make_user()
    attempts = [
        lambda by: actions.add_person(name="X", email="x@kith.example", by=by, at=now),
        lambda by: actions.end_person(person=worker, by=by, at=now),
        lambda by: actions.invite(person=worker, by=by, at=now),
        lambda by: actions.forget_second_factor(person=worker, by=by, at=now),
        lambda by: actions.add_team(name="X", kind="hub", by=by, at=now),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied, match="Only an administrator"):
            attempt(manager)
    actions.end_person(person=worker, by=administrator, at=now)


def test_a_role_is_given_from_a_day_until_another_and_overlap_is_explained(
    client, administrator, now
):
    hub, person = make_team("Banbury"), make_user(name="Sam Field")
    client.force_login(administrator)
    where = reverse("accounts:give_role", args=[person.pk])
    today = timezone.localdate()
    typed = {"team": hub.pk, "role": "hub_worker", "since": str(today), "until": ""}

    client.post(where, typed)
    assert person.can(Permission.FAMILY_SEE, in_team=hub)

    again = client.post(where, typed | days(since="1 Jan 2026"))
    assert "Sam Field holds this role in Banbury from" in again.content.decode()
    wrong = client.post(where, typed | {"role": "county_desk"})
    assert "is not a role in Banbury" in wrong.content.decode()
    backwards = client.post(where, typed | {"role": "hub_manager"} | days(until="1 1 2020"))
    assert "must end after the day it begins" in backwards.content.decode()
    nonsense = client.post(where, typed | days(since="31 2 2026"))
    assert "From must be a real date: February 2026 has no day 31" in nonsense.content.decode()
    assert Membership.objects.filter(user=person).count() == 1


def test_nobody_gives_themselves_a_role_or_ends_themselves(administrator, county, now):
    with pytest.raises(PermissionDenied, match="Another administrator"):
        actions.give_role(
            person=administrator,
            team=county,
            role="county_desk",
            since=now.date(),
            until=None,
            by=administrator,
            at=now,
        )
    with pytest.raises(PermissionDenied, match="Another administrator"):
        actions.end_person(person=administrator, by=administrator, at=now)
    assert administrator.roles() == {"administrator"}


def test_the_last_administrator_stays(administrator, county, now):
    other = make_user("administrator", county, "Bo Second")
    (mine,) = administrator.memberships.all()
    actions.end_person(person=other, by=administrator, at=now)

    with pytest.raises(actions.LastAdministrator, match="Ada Min is the last administrator"):
        actions.end_role(membership=mine, until=now.date(), by=administrator, at=now)

    third = make_user("administrator", county, "Cy Third")
    actions.end_role(membership=mine, until=now.date(), by=third, at=now)
    administrator.forget_memberships()
    assert not administrator.can(Permission.PEOPLE_MANAGE)


def test_ending_a_person_ends_roles_and_cover_at_once(administrator, county, now, seen_by):
    hub = make_team("Banbury")
    leaver, colleague = make_user("hub_worker", hub), make_user("hub_worker", hub)
    Cover.objects.create(
        absent=colleague,
        covered_by=leaver,
        since=now.date(),
        until=now.date() + timedelta(days=9),
        agreed_by=administrator,
    )

    actions.end_person(person=leaver, by=administrator, at=now)

    leaver = User.objects.get(pk=leaver.pk)
    assert leaver.current_memberships() == []
    assert Membership.objects.get(user=leaver).until == now.date()
    assert Cover.objects.get().until == now.date()
    again = actions.open_again(person=leaver, by=administrator, at=now)
    assert again.is_active
    assert not again.has_usable_password()
    assert again.current_memberships() == []
    assert {"account.ended", "account.opened_again"} <= set(log_of(seen_by, county))


def test_somebody_who_lost_their_phone_is_helped_and_signed_out(client, administrator, now):
    worker = make_user("hub_worker", make_team("Banbury"))
    add_app(worker)
    client.force_login(administrator)

    client.post(reverse("accounts:forget_second_factor", args=[worker.pk]))

    assert not Authenticator.objects.filter(user=worker).exists()


def test_searching_people_by_name_team_and_state(client, administrator):
    hub = make_team("Banbury")
    make_user("hub_worker", hub, "Sam Field")
    make_user(name="Sam Gone", is_active=False)
    client.force_login(administrator)
    people = reverse("accounts:people")

    found = client.get(people, {"q": "sam"}).content.decode()
    assert "Sam Field" in found
    assert "Sam Gone" not in found
    assert "Sam Gone" in client.get(people, {"q": "sam", "state": "ended"}).content.decode()
    assert (
        "Ada Min"
        not in client.get(people, {"team": hub.pk, "q": ""}).content.decode().split("<main")[1]
    )
    for nonsense in ({"q": "a\0b"}, {"team": "x"}, {"team": "9" * 40}, {"page": "-1"}):
        assert client.get(people, nonsense).status_code == 200


def test_kiths_own_accounts_are_not_shown_and_cannot_be_touched(client, administrator, now):
    from kith.accounts.viewer import front_door

    client.force_login(administrator)
    assert (
        "front-door@kith.internal"
        not in client.get(reverse("accounts:people"), {"state": "all"}).content.decode()
    )
    assert client.get(reverse("accounts:person", args=[front_door().pk])).status_code == 404
    with pytest.raises(PermissionDenied, match="not a person's"):
        actions.end_person(person=front_door(), by=administrator, at=now)


# Teams


def test_a_team_that_is_not_at_work_gives_nobody_anything(client, administrator):
    client.force_login(administrator)
    client.post(reverse("accounts:add_team"), {"name": "Didcot", "kind": "hub", "email": ""})
    team = Team.objects.get(name="Didcot")
    worker = make_user("hub_worker", team)
    assert worker.can(Permission.FAMILY_SEE)
    twice = client.post(reverse("accounts:add_team"), {"name": "didcot", "kind": "hub"})
    assert "a team of this name already" in twice.content.decode()

    client.post(reverse("accounts:change_team", args=[team.pk]), {"name": "Didcot", "email": ""})

    worker.forget_memberships()
    assert not worker.can(Permission.FAMILY_SEE)


def test_an_administrator_does_not_lock_themselves_out(administrator, county, now):
    with pytest.raises(actions.NotPossible, match="yourself"):
        actions.change_team(
            team=county, name="County", email="", active=False, by=administrator, at=now
        )


# Cover


def days(**typed: str) -> dict[str, str]:
    """What a form of three boxes sends for each day."""
    return {
        f"{name}_{part}": word
        for name, words in typed.items()
        for part, word in zip(("day", "month", "year"), words.split(), strict=True)
    }


def arrange(absent, covered_by, by, at, **days):
    since = days.get("since", at.date())
    until = days.get("until", at.date() + timedelta(days=7))
    return actions.arrange_cover(
        absent=absent, covered_by=covered_by, since=since, until=until, reason="Leave", by=by, at=at
    )


def test_a_manager_arranges_cover_for_their_own_hubs_people(now):
    banbury, witney = make_team("Banbury"), make_team("Witney")
    manager = make_user("hub_manager", banbury)
    absent, other = make_user("hub_worker", banbury), make_user("hub_worker", witney)

    arrange(absent, other, manager, now)
    assert other.can(Permission.FAMILY_SEE, in_team=banbury)

    with pytest.raises(PermissionDenied, match="in Witney"):
        arrange(other, absent, manager, now)
    with pytest.raises(actions.AlreadyHeld, match="already"):
        arrange(absent, other, manager, now)


def test_cover_is_no_way_to_more_than_one_may_arrange(now, county):
    banbury = make_team("Banbury")
    manager, worker = make_user("hub_manager", banbury), make_user("hub_worker", banbury)
    lead = make_user("county_lead", county)
    Membership.objects.create(user=lead, team=banbury, role="hub_worker", since=date(2020, 1, 1))

    with pytest.raises(PermissionDenied, match="also County lead"):
        arrange(lead, worker, manager, now)
    with pytest.raises(PermissionDenied, match="Somebody else must agree"):
        arrange(worker, manager, manager, now)


def test_a_partner_does_not_stand_in_for_staff(now):
    banbury = make_team("Banbury")
    manager, worker = make_user("hub_manager", banbury), make_user("hub_worker", banbury)
    partner = make_user("referrer", make_team("School", "partner"))

    with pytest.raises(actions.NotStaff):
        arrange(worker, partner, manager, now)
    with pytest.raises(actions.EndsBeforeItBegins):
        arrange(worker, make_user("hub_worker", banbury), manager, now, until=now.date())


def test_whoever_is_back_ends_the_cover_themselves(client, now):
    banbury = make_team("Banbury")
    manager, worker = make_user("hub_manager", banbury), make_user("hub_worker", banbury)
    other = make_user("hub_worker", make_team("Witney"))
    cover = arrange(worker, other, manager, now)
    client.force_login(worker)
    assert "I am back" in client.get(reverse("accounts:me")).content.decode()

    client.post(reverse("accounts:end_cover", args=[cover.pk]))

    other.forget_memberships()
    assert not other.can(Permission.FAMILY_SEE, in_team=banbury)


def test_the_cover_page_explains_at_the_field(client, now):
    banbury = make_team("Banbury")
    manager, worker = make_user("hub_manager", banbury), make_user("hub_worker", banbury)
    other = make_user("hub_worker", banbury)
    client.force_login(manager)
    typed = {
        "absent": worker.pk,
        "covered_by": other.pk,
        "since": str(now.date()),
        "until": str(now.date() - timedelta(days=1)),
        "reason": "Leave",
    }
    page = client.post(reverse("accounts:cover"), typed)
    assert "must end after the day it begins" in page.content.decode()
    empty = client.post(reverse("accounts:cover"), {"absent": ""}).content.decode()
    assert "Enter the first day of the cover." in empty
    assert "Enter the day on which the colleague is back." in empty
    assert "Write why, for example" in empty
    assert Cover.objects.count() == 0

    client.post(reverse("accounts:cover"), typed | {"until": str(now.date() + timedelta(days=3))})
    assert Cover.objects.count() == 1


# Keys


def test_a_key_is_shown_once_and_ends_at_once(client, administrator, now):
    school = make_team("School", "partner")
    client.force_login(administrator)

    page = client.post(reverse("accounts:make_key", args=[school.pk]), {"name": "SIMS"})
    key = ApiKey.objects.get()
    secret = next(
        part
        for part in page.content.decode().split("<code")[1].split("</code>")[0].split(">")
        if part.startswith("kith_")
    )
    assert "no-store" in page["Cache-Control"]
    assert actions.use_api_key(secret=secret, at=now) == key
    assert secret not in client.get(reverse("accounts:team", args=[school.pk])).content.decode()

    client.post(reverse("accounts:end_key", args=[school.pk, key.pk]))
    assert actions.use_api_key(secret=secret, at=now) is None
    assert not User.objects.get(pk=key.acts_as_id).is_active


def test_keys_are_for_partners_and_made_by_those_who_keep_them(administrator, now):
    hub, school = make_team("Banbury"), make_team("School", "partner")
    with pytest.raises(PermissionDenied, match="for partner organisations"):
        actions.make_api_key(team=hub, name="x", by=administrator, at=now)
    with pytest.raises(PermissionDenied, match="county desk"):
        actions.make_api_key(team=school, name="x", by=make_user("hub_worker", hub), at=now)


# One's own account


def test_ones_own_page_says_what_one_may_do(client):
    worker = make_user("hub_worker", make_team("Banbury"), name="Sam Field")
    client.force_login(worker)

    page = client.get(reverse("accounts:me")).content.decode()
    assert "Hub worker, Banbury" in page
    roles = client.get(reverse("accounts:roles")).content.decode()
    assert "Works with families of their hub" in roles
    assert "The clock" not in roles
