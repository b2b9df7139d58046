"""Records and addresses kept to named people: hidden from everybody else, wherever one looks."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from kith.accounts.guards import ABOUT
from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.casework import actions as casework
from kith.families import actions, queries, restricting
from kith.families.models import Address, Family, Person, SearchKey
from kith.notices.models import Notice
from kith.referrals.models import Referral
from kith.referrals.requests import NewAdult, NewChild
from tests.architecture.test_house_rules import SRC
from tests.architecture.test_personal_data import guarded_tables
from tests.architecture.url_matrix import MATRIX
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_staffed_hub, make_worker
from tests.factories.families import make_family, make_person

pytestmark = pytest.mark.django_db
NAME, POSTCODE, STREET = "Zyxwick", "OX16 9ZZ", "77 Hidden Lane"


@pytest.fixture
def now():
    return timezone.now() - timedelta(days=1)


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury, now):
    made = make_case(
        banbury,
        worker=banbury.worker,
        at=now,
        children=(NewChild("Quilla", NAME, date(2014, 3, 2)),),
        adults=(NewAdult("Orla", NAME, role="mother", email="orla@zyxwick.example"),),
        postcode=POSTCODE,
        address=STREET,
    )
    with seeing_as(banbury.worker):
        casework.add_note(
            case=made, happened_at=now, words=f"Saw {NAME}", by=banbury.worker, at=now
        )
    return made


@pytest.fixture
def others(banbury):
    """Everybody who is not named, by what they are."""
    desk = make_team("County desk", "desk")
    return {
        "colleague": make_worker(banbury.hub, "Colleague"),
        "desk": make_user("county_desk", desk, "Desk"),
        "lead": make_user("county_lead", desk, "Lead"),
        "dpo": make_user("dpo", desk, "Officer"),
        "administrator": make_user("administrator", desk, "Administrator"),
    }


def restrict(case, by, at, **options):
    options = {"reason": "staff", "words": "Her mother works here", "people": [by]} | options
    return casework.keep_to_named(family=case.family, by=by, at=at, **options)


def tables_that_tell(viewer, *words):
    """Return the tables in which somebody, with raw SQL, finds one of these words."""
    see_as(viewer)
    found = {}
    with connection.cursor() as cursor:
        for table in guarded_tables():
            told = " or ".join(f"whole::text ilike '%{word}%'" for word in words)
            cursor.execute(f"select count(*) from {table} whole where {told}")
            if count := cursor.fetchone()[0]:
                found[table] = count
    return found


def lists():
    """Return the pages that ask for nothing to be named: lists, searches, figures."""
    return [page for page in MATRIX if not page.args and not page.post]


def of_family():
    """Return the pages of a family, a case or a request, by its number."""
    return [page for page in MATRIX if "reference" in page.args and not page.post]


def told(viewer, case, asked):
    """Return what pages answer somebody for whom the family may not be there."""
    client = Client()
    client.force_login(viewer)
    known = {
        "here.case.reference": case.reference,
        "here.family.reference": case.family.reference,
        "here.referral.reference": case.referral.reference,
    }
    found = {}
    for page in asked:
        arguments = {
            name: known.get(value, 1 if str(value).endswith(".pk") else value)
            for name, value in page.args.items()
        }
        try:
            path = reverse(page.name, kwargs=arguments)
        except NoReverseMatch:
            path = reverse(page.name, kwargs=arguments | {"file": UUID(int=0)})
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        found[page.name] = body.decode(errors="replace")
    return found


def test_a_restricted_family_is_nowhere_for_those_not_named(banbury, case, others, now):
    see_as(banbury.manager)
    before = tables_that_tell(others["desk"], NAME)
    assert {"families_person", "families_family", "casework_note"} <= set(before)
    see_as(banbury.manager)
    restrict(case, banbury.manager, now, people=[banbury.manager, banbury.worker])

    for who, viewer in others.items():
        # A word of a name says of nobody that they are known: it hangs on nobody whom one sees.
        assert not set(tables_that_tell(viewer, NAME)) - {"families_spelling"}, who
        see_as(viewer)
        assert queries.search(viewer, f"{NAME} {POSTCODE}") == [], who
        assert not queries.visible_to(viewer).filter(pk=case.family_id).exists(), who
    for viewer in (banbury.manager, banbury.worker):
        see_as(viewer)
        assert [found.family.pk for found in queries.search(viewer, NAME)][:1] == [case.family_id]


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        *((who, lists) for who in ("colleague", "lead", "dpo")),
        *((who, of_family) for who in ("colleague", "desk")),
    ],
)
def test_no_page_or_file_names_a_restricted_family(banbury, case, others, now, who, asked):
    see_as(banbury.manager)
    restrict(case, banbury.manager, now)

    for name, body in told(others[who], case, asked()).items():
        for word in (NAME, POSTCODE, "Orla", "Quilla"):
            # As a word: what protects a form against forgery is made of letters too.
            assert not re.search(rf"\b{word}\b", body), f"{name} tells {word}"
        if asked is lists and who != "dpo":  # the officer reads that somebody looked, and at which
            assert case.reference not in body, name
            assert case.family.reference not in body, name


def test_who_joins_a_restricted_family_is_hidden_with_it_but_for_another_family_of_theirs(
    banbury, case, others, now
):
    see_as(banbury.manager)
    restrict(case, banbury.manager, now)
    born = make_person(case.family, "Newborn", NAME)
    elsewhere = make_family("Elsewhere", team=banbury.hub.team)
    both = make_person(elsewhere, "Both", NAME)
    actions.join_known(family=case.family, person=both, role="child", by=banbury.manager, at=now)

    for who in ("colleague", "desk"):
        see_as(others[who])
        assert set(Person.objects.filter(family_name=NAME)) == {both}
    see_as(banbury.manager)
    assert {born, both} <= set(Person.objects.filter(family_name=NAME))


def test_those_named_go_on_as_before(banbury, case, now):
    see_as(banbury.manager)
    restrict(case, banbury.manager, now)

    shown = told(banbury.manager, case, of_family())

    assert sum(NAME in body for body in shown.values()) > 20
    assert POSTCODE in shown["casework:family"]


@pytest.mark.parametrize(("who", "asked"), [("desk", of_family), ("lead", lists)])
def test_no_page_or_file_tells_a_masked_address(banbury, case, others, now, who, asked):
    see_as(banbury.manager)
    home = Address.objects.get(family=case.family)
    restrict(case, banbury.manager, now, address=home, reason="refuge")

    shown = told(others[who], case, asked())
    for name, body in shown.items():
        for word in (POSTCODE, POSTCODE.replace(" ", ""), STREET):
            assert word not in body, name
    if asked is of_family:
        assert "Address withheld" in shown["casework:family"]
        assert banbury.manager.name in shown["casework:family"]
        assert "Address withheld" in shown["casework:record"]
    assert set(tables_that_tell(others[who], POSTCODE, "OX169ZZ", STREET)) == set()
    see_as(others[who])
    assert queries.search(others[who], POSTCODE) == []

    see_as(banbury.manager)
    assert not SearchKey.objects.filter(key="p:OX169ZZ").exists()
    shown = [home.postcode for home in queries.addresses_of(banbury.manager, case.family)]
    assert shown == [POSTCODE]
    assert restricting.withheld(banbury.manager, [case.family]) == []


def test_what_is_shown_again_is_as_it_was(banbury, case, others, now):
    see_as(banbury.manager)
    home = Address.objects.get(family=case.family)
    sent = Referral.objects.get(pk=case.referral_id).as_sent
    kept = restrict(case, banbury.manager, now, address=home, reason="refuge")
    assert Referral.objects.get(pk=case.referral_id).as_sent["address"] == "Address withheld"

    with pytest.raises(actions.NothingSaid):
        actions.lift(restriction=kept, words=" ", by=banbury.manager, at=now)
    actions.lift(restriction=kept, words="They moved", by=banbury.manager, at=now)

    assert Referral.objects.get(pk=case.referral_id).as_sent == sent
    see_as(others["desk"])
    assert [found.family.pk for found in queries.search(others["desk"], POSTCODE)] == [
        case.family_id
    ] * 2
    see_as(banbury.manager)
    with pytest.raises(actions.EndedAlready):
        actions.lift(restriction=kept, words="Again", by=banbury.manager, at=now)


def test_a_newer_version_of_a_request_does_not_bring_a_masked_address_back(banbury, case, now):
    see_as(banbury.manager)
    home = Address.objects.get(family=case.family)
    restrict(case, banbury.manager, now, address=home, reason="refuge")

    with seeing_as(front_door()):
        referral = Referral.objects.get(pk=case.referral_id)
        referral.as_sent = referral.as_sent | {"address": "78 Hidden Lane", "postcode": POSTCODE}
        referral.save()

    kept = Referral.objects.get(pk=case.referral_id).as_sent
    assert (kept["address"], kept["postcode"]) == ("Address withheld", "")


def test_who_is_named_changes_and_somebody_always_is(banbury, case, others, now):
    see_as(banbury.manager)
    kept = restrict(case, banbury.manager, now)
    says = {"restriction": kept, "at": now}

    with pytest.raises(actions.NobodyNamed, match="Name somebody else first"):
        actions.unname(person=banbury.manager, by=banbury.manager, **says)
    see_as(banbury.worker)
    assert not queries.visible_to(banbury.worker).exists()
    with pytest.raises(PermissionDenied):
        actions.name(person=banbury.worker, by=banbury.worker, **says)
    see_as(others["lead"])
    with pytest.raises(PermissionDenied, match="named, or the data protection officer"):
        actions.name(person=others["lead"], by=others["lead"], **says)
    see_as(others["dpo"])
    actions.name(person=banbury.worker, by=others["dpo"], **says)
    actions.unname(person=banbury.manager, by=others["dpo"], **says)

    see_as(banbury.worker)
    assert queries.visible_to(banbury.worker).exists()
    see_as(banbury.manager)
    assert not queries.visible_to(banbury.manager).exists()
    see_as(others["dpo"])
    assert [one.reference for one in restricting.kept(others["dpo"])] == [case.family.reference]
    assert not Family.objects.exists(), "the officer restricts by number, and sees no family"


def test_only_who_may_restricts_and_nothing_half_done_is_left(banbury, case, others, now):
    for who in (banbury.worker, others["desk"], others["administrator"]):
        see_as(who)
        with pytest.raises(PermissionDenied):
            restrict(case, who, now)
    witney = make_staffed_hub("Witney")
    see_as(witney.manager)
    with pytest.raises(PermissionDenied, match="works with this family"):
        restrict(case, witney.manager, now)
    see_as(banbury.manager)
    with pytest.raises(actions.NobodyNamed):
        restrict(case, banbury.manager, now, people=[])
    assert restricting.kept(banbury.manager) == []
    restrict(case, banbury.manager, now)
    with pytest.raises(actions.RestrictedAlready):
        restrict(case, banbury.manager, now)


def test_records_put_together_are_hidden_together_and_shown_as_before_when_parted(now, seen_by):
    desk = make_user("county_desk", make_team("County desk", "desk"), "Desk")
    other = make_user("county_desk", make_team("County desk 2", "desk"), "Other desk")
    dpo = make_user("dpo", make_team("Officers", "desk"), "Officer")
    banbury, witney = make_team("Banbury"), make_team("Witney")
    home = {"postcode": POSTCODE, "lines": STREET}
    kept, gone = make_family(NAME, team=banbury, **home), make_family("Reed", team=witney, **home)
    make_person(kept, "Ada", NAME)
    make_person(gone, "Obi", "Reed")
    worker = make_user("hub_worker", witney)
    seen_by(dpo)
    actions.restrict(family=kept, reason="adoption", words="Why", people=[desk], by=dpo, at=now)
    masked = Address.objects.none()
    seen_by(desk)
    masked = Address.objects.get(family=kept)
    actions.restrict(
        family=kept, address=masked, reason="refuge", words="Why", people=[desk], by=dpo, at=now
    )

    merge = actions.merge(kept=kept, gone=gone, by=desk, at=now)
    for stranger in (other, worker):
        assert set(tables_that_tell(stranger, NAME, "Reed", POSTCODE)) <= {"families_spelling"}
    seen_by(desk)
    assert [one.postcode for one in queries.addresses_of(desk, kept)] == [POSTCODE]
    actions.undo_merge(merge=merge, by=desk, at=now)

    seen_by(other)
    assert list(queries.visible_to(other)) == [gone]
    assert [one.postcode for one in queries.addresses_of(other, gone)] == [POSTCODE]
    assert [found.person.given_names for found in queries.search(other, POSTCODE)] == ["Obi"]
    assert list(Person.objects.values_list("given_names", flat=True)) == ["Obi"]


def test_an_emergency_opens_no_restricted_record_and_the_officer_is_told(
    client, banbury, case, others, now
):
    see_as(banbury.manager)
    restrict(case, banbury.manager, now)
    client.force_login(others["colleague"])
    asked = {
        "how": "reference",
        "reference": case.family.reference,
        "reason": "The school has rung: a child is missing.",
    }

    page = client.post(reverse("families:emergency"), asked)

    assert "There is no family with the reference" in page.content.decode()
    with seeing_as(others["colleague"]):
        assert not Family.objects.exists()
    with seeing_as(front_door()):
        told = Notice.objects.get(key="family.emergency_refused")
    assert told.to == others["dpo"].email
    assert case.family.reference in told.body
    assert NAME not in told.body


def test_messages_about_a_restricted_family_are_hidden_with_it(banbury, case, others, now):
    see_as(others["desk"])
    kinds = {notice.about_kind for notice in Notice.objects.all()}
    assert "referral" in kinds
    see_as(banbury.manager)
    restrict(case, banbury.manager, now)

    see_as(others["desk"])
    assert not Notice.objects.filter(about_kind__in=ABOUT).exists()
    with seeing_as(front_door()):
        written = set(Notice.objects.values_list("about_kind", flat=True))
    assert written - {"", "emergency"} <= set(ABOUT)


def test_every_message_about_something_of_a_family_says_so_to_the_wall():
    """Kinds that `notices.send(about=...)` is given anywhere stand in `guards.ABOUT`."""
    source = "".join(path.read_text() for path in sorted(SRC.glob("*/actions/*.py")))
    kinds = set(re.findall(r'about=\("(\w+)"', source))

    # A visit of a committee's review is about no family.
    assert kinds - {"emergency", "scrutiny_visit"} <= set(ABOUT)
