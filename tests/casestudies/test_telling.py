"""A real case told to the committee: drafted, checked, agreed to, released, and taken out again."""

from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.audit.models import Entry
from kith.casestudies import actions, counts, queries
from kith.casestudies.models import CaseStudy, Reading, Released, ReleasedVersion
from kith.casework.actions import close, plan_action, record_consent, set_goal, take_back
from kith.casework.models import Sharing
from kith.families.actions import merge, restrict
from kith.notices.models import Notice
from kith.referrals.requests import NewChild
from kith.web.today import today_for
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_partner, make_staffed_hub

pytestmark = pytest.mark.django_db
REAL = ("okafor", "grace", "orchard", "banbury", "home-start", "sam field", "2014", "07700")

OTHERS = (NewChild("Olive", "Open", date(2016, 5, 4), sex="F"),)


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def reader():
    return make_user("committee_member", make_team("Scrutiny", "committee"), "Cllr Waine")


def helped(hub, now, **changes):
    """A case in which something was done, of a family that agreed to be told of."""
    begun = now - timedelta(days=120)
    case = make_case(hub, worker=hub.worker, at=begun)
    see_as(hub.worker)
    said = {"by": hub.worker, "at": begun + timedelta(days=9)}
    goal = set_goal(
        case=case, words="Ada gets to Orchard School in time", measure="On time", **said
    )
    home_start, _ = make_partner()
    plan_action(
        case=case, goal=goal, what="Visit Grace", organisation=home_start, family_known_as="A.O.",
        due_on=timezone.localdate(begun + timedelta(days=30)), **said,
    )  # fmt: skip
    if changes.get("agreed", True):
        agree(case, hub, now)
    return case


def agree(case, hub, now, **changes):
    about = {
        "purpose": "case_study", "given_by": "Grace Okafor", "giver": "parent", "how": "written",
        "since": timezone.localdate(now) - timedelta(days=3),
    }  # fmt: skip
    return record_consent(case=case, by=hub.worker, at=now, **about | changes)


def drafted(hub, now):
    case = helped(hub, now)
    return actions.begin(case=case, by=hub.worker, at=now, chance=Random(7))


def words_of(viewer, study):
    return {part.key: part.words for part in queries.paragraphs(viewer, study)}


def answered(hub, study, now):
    """The same study, with every soft finding answered."""
    found = queries.look_through(hub.worker, study, now).found
    why = {one.finding.mark: "Many families could say so." for one in found if not one.finding.hard}
    if why:
        actions.keep(study=study, why=why, by=hub.worker, at=now)
    return study


def released(hub, now):
    study = answered(hub, drafted(hub, now), now)
    study = actions.send(study=study, by=hub.worker, at=now)
    see_as(hub.manager)
    one = actions.release(study=study, revision=study.revision, by=hub.manager, at=now)
    return CaseStudy.objects.get(pk=study.pk), one


def test_managers_who_may_release_hear_once_that_a_study_waits(banbury, now):
    second = make_user("hub_manager", banbury.team, "Second manager")
    lead = make_user("county_lead", make_team("Leads", "desk"), "Lee Lead")
    study = answered(banbury, drafted(banbury, now), now)
    see_as(banbury.manager)
    actions.write(
        study=study, title="Mornings", words={}, revision=study.revision, by=banbury.manager, at=now
    )
    see_as(banbury.worker)
    study = actions.send(study=CaseStudy.objects.get(pk=study.pk), by=banbury.worker, at=now)

    def told():
        with seeing_as(front_door()):
            found = Notice.objects.filter(key="casestudies.to_release").order_by("to")
            return sorted(one.to for one in found), [one.body for one in found]

    people, bodies = told()
    assert people == sorted([banbury.manager.email, second.email])
    assert all(f"/case-studies/{study.pk}/" in body and "Okafor" not in body for body in bodies)
    with pytest.raises(actions.NotInHand):
        actions.send(study=study, by=banbury.worker, at=now)
    assert lead.email not in told()[0] and len(told()[0]) == 2


def test_a_study_is_begun_only_while_the_family_agrees_to_it(banbury, now):
    case = helped(banbury, now, agreed=False)
    with pytest.raises(actions.NoConsent, match="Agreement to share"):
        actions.begin(case=case, by=banbury.worker, at=now)
    agree(case, banbury, now, until=timezone.localdate(now))
    with pytest.raises(actions.NoConsent, match="agreed until"):
        actions.begin(case=case, by=banbury.worker, at=now + timedelta(days=1))

    study = actions.begin(case=case, by=banbury.worker, at=now)

    with pytest.raises(actions.StudyExists):
        actions.begin(case=case, by=banbury.worker, at=now)
    assert queries.of_case(banbury.worker, case) == study


def test_the_draft_tells_the_case_and_names_nobody(banbury, now):
    study = drafted(banbury, now)
    told = words_of(banbury.worker, study)
    text = " ".join(told.values()).lower()

    assert not [real for real in REAL if real in text]
    given = [name for key, name in study.called.items() if key.startswith("person-")]
    assert len(given) == 2 and all(name in told["family"] for name in given)
    assert f"{given[0]} gets to a partner in time" in told["goals"]
    assert "a voluntary group took on one" in told["actions"]
    assert {part.key for part in queries.paragraphs(banbury.worker, study) if not part.chosen} == {
        "worry"
    }


def test_a_real_name_written_back_is_found_at_its_place_and_stops_everything(banbury, now):
    study = drafted(banbury, now)
    about = {"study": study, "by": banbury.worker, "at": now}
    write = {**about, "title": "Better mornings", "revision": study.revision}
    actions.write(words={"contact": (True, "Gracie was reached on 07700 900123.")}, **write)
    with pytest.raises(actions.WrittenMeanwhile, match="still here"):
        actions.write(words={"contact": (True, "Mine.")}, **write)

    checked = queries.look_through(banbury.worker, CaseStudy.objects.get(), now)
    assert [(f.finding.part, f.finding.said) for f in checked.hard] == [
        ("contact", "Gracie"), ("contact", "07700 900123"),
    ]  # fmt: skip
    with pytest.raises(actions.NotFound):
        actions.keep(why={checked.hard[0].finding.mark: "She wants it"}, **about)
    with pytest.raises(actions.StillFound, match="2 real names or numbers still stand"):
        actions.send(**about)
    actions.write(
        study=study, title="Better mornings", words={"contact": (False, "Gracie")},
        revision=study.revision + 1, by=banbury.worker, at=now,
    )  # fmt: skip
    with pytest.raises(actions.StillFound, match="wait"):
        actions.send(**about)
    assert actions.send(study=answered(banbury, study, now), by=banbury.worker, at=now)


def test_facts_that_few_families_share_are_said_with_how_it_was_counted(banbury, now):
    study = drafted(banbury, now)
    checked = queries.look_through(banbury.worker, study, now)

    assert {(one.said, one.in_hub) for one in checked.shared} == {("fewer than 5",) * 2}
    (few,) = [one.finding for one in checked.found if one.finding.kind == "few"]
    assert "fewer than 5 families in the county share this" in few.why and not few.hard
    rare = [one.finding.said for one in checked.found if one.finding.kind == "rare_fact"]
    assert len(rare) == len(checked.shared) and "one child" in rare, "each is rare of itself here"


def test_facts_are_counted_in_the_county_and_in_the_hub_and_small_numbers_are_not_told():
    def family(number, team=1, **changes):
        about = {
            "family": number, "team": team, "children": 1, "bands": ("aged 5 to 10",),
            "adults": ("mother",), "asked_by": "a school", "main": "", "needs": frozenset(),
            "agencies": frozenset(), "ending": "", "carer": False, "disabled": False,
            "languages": frozenset(),
        }  # fmt: skip
        return counts.Facts(**about | changes)

    own = family(1, languages=frozenset({"Tetum"}))
    others = [family(n, team=1 if n < 8 else 2) for n in range(2, 28)]
    found = counts.among(own, [own, *others], {"family", "background"})
    less = counts.among(own, [own, *others], {"family"})

    assert [(one.fact, one.alone, one.said, one.in_hub) for one in found][:1] == [
        ("one child", "about 20", "about 20", "5 to 9")
    ]
    spoken = found[-1]
    assert (spoken.fact, spoken.alone, spoken.rare) == (
        "at home they speak Tetum",
        "fewer than 5",
        True,
    )
    assert not any(one.rare or one.few for one in less), "what is not told is not counted"


def test_a_family_whose_record_is_kept_to_named_people_is_never_told_of(client, banbury, now):
    study = answered(banbury, drafted(banbury, now), now)
    case = helped(banbury, now)
    for one in (study.case, case):
        see_as(banbury.manager)
        restrict(
            family=one.family, reason="refuge", words="x", people=[banbury.worker, banbury.manager],
            by=banbury.manager, at=now,
        )  # fmt: skip
    see_as(banbury.worker)

    with pytest.raises(actions.NoConsent, match="never told as an example"):
        actions.begin(case=case, by=banbury.worker, at=now)
    with pytest.raises(actions.NoConsent, match="kept to named people"):
        actions.send(study=study, by=banbury.worker, at=now)
    client.force_login(banbury.worker)
    page = client.get(f"/case-studies/case/{case.reference}/")
    assert "never told as an example" in page.text and "Make the draft" not in page.text


def test_a_manager_who_did_not_write_it_releases_it(banbury, now):
    study = answered(banbury, drafted(banbury, now), now)
    witney = make_staffed_hub("Witney")
    study = actions.send(study=study, by=banbury.worker, at=now)
    about = {"study": study, "revision": study.revision, "at": now}
    with pytest.raises(PermissionDenied, match="manager"):
        actions.release(by=banbury.worker, **about)
    see_as(witney.manager)
    assert not queries.visible_to(witney.manager).exists() and not CaseStudy.objects.exists()
    see_as(banbury.manager)
    with pytest.raises(PermissionDenied):
        actions.release(by=witney.manager, **about)
    actions.send_back(study=study, words="Say less of the school.", by=banbury.manager, at=now)
    actions.write(
        study=study, title="Better", words={"goals": (True, "Calm mornings.")},
        revision=study.revision, by=banbury.manager, at=now,
    )  # fmt: skip
    actions.send(study=answered(banbury, study, now), by=banbury.worker, at=now)

    with pytest.raises(PermissionDenied, match="You wrote in it"):
        actions.release(study=study, revision=study.revision + 1, by=banbury.manager, at=now)
    other = make_user("hub_manager", banbury.team, "Another manager")
    see_as(other)
    with pytest.raises(actions.WrittenMeanwhile):
        actions.release(study=study, revision=study.revision, by=other, at=now)
    assert actions.release(study=study, revision=study.revision + 1, by=other, at=now).version == 1


def test_readers_have_the_words_and_no_way_to_the_family(banbury, now, reader):
    study, one = released(banbury, now)
    see_as(reader)
    version = actions.read(released=one, how="page", by=reader, at=now)
    actions.read(released=one, how="page", by=reader, at=now)
    actions.read(released=one, how="pdf", by=reader, at=now)

    assert version.paragraphs and not CaseStudy.objects.exists()
    assert {field.name for field in Released._meta.get_fields() if field.is_relation} == {
        "versions", "readings",
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.read(released=one, how="page", by=banbury.worker, at=now)
    see_as(banbury.worker)
    assert [(had.by, had.how) for had in queries.readings_of(banbury.worker, study)] == [
        (reader, "pdf"), (reader, "page"),
    ]  # fmt: skip
    with seeing_as(make_user("dpo", make_team("DPO", "desk"))):
        assert Entry.objects.filter(what="case_study.read", by_id=reader.pk).count() == 2


def test_consent_taken_back_withdraws_it_at_once_and_run_out_it_is_seen_no_more(
    banbury, now, reader
):
    study, one = released(banbury, now)
    see_as(reader)
    actions.read(released=one, how="page", by=reader, at=now)
    see_as(banbury.worker)
    agreed = Sharing.objects.get(purpose="case_study")
    take_back(sharing=agreed, said_by="Grace Okafor", by=banbury.worker, at=now)

    study.refresh_from_db()
    assert (study.status, study.ended_because) == ("withdrawn", actions.TAKEN_BACK)
    see_as(reader)
    one.refresh_from_db()
    assert one.withdrawn_at == now and not ReleasedVersion.objects.exists()
    with pytest.raises(actions.NotToBeRead):
        actions.read(released=one, how="page", by=reader, at=now)

    see_as(banbury.worker)
    with pytest.raises(actions.NoConsent, match="took back"):
        actions.rewrite(study=study, by=banbury.worker, at=now)
    agree(study.case, banbury, now, until=timezone.localdate(now) + timedelta(days=5))
    study = actions.rewrite(study=study, by=banbury.worker, at=now)
    actions.send(study=study, by=banbury.worker, at=now)
    see_as(banbury.manager)
    again = actions.release(study=study, revision=study.revision, by=banbury.manager, at=now)
    assert (again.pk, again.version, ReleasedVersion.objects.count()) == (one.pk, 2, 2)
    assert queries.stands(reader, again, again.until)
    assert not queries.stands(reader, again, again.until + timedelta(days=1))
    with seeing_as(front_door()):
        Released.objects.update(until=timezone.localdate(now) - timedelta(days=1))
    see_as(reader)
    assert not ReleasedVersion.objects.exists() and Reading.objects.count() == 1


@pytest.mark.parametrize("how", ["restricted", "put together with one that is"])
def test_a_family_restricted_later_is_told_of_no_more_and_its_manager_hears_why(
    client, banbury, now, reader, how
):
    study, one = released(banbury, now)
    desk = make_team("Leads", "desk")
    lead = make_user("county_lead", desk, "Lee Lead")
    family, named = study.case.family, {"people": [lead], "by": lead, "at": now}
    see_as(reader)
    actions.read(released=one, how="pdf", by=reader, at=now)

    with seeing_as(lead):
        if how == "restricted":
            restrict(family=family, reason="staff", words="Works here", **named)
        else:
            other = make_case(banbury, worker=banbury.worker, at=now, children=OTHERS).family
            restrict(family=other, reason="staff", words="Works here", **named)
            merge(kept=family, gone=other, by=lead, at=now)

    with seeing_as(front_door()):
        study.refresh_from_db()
        told = {n.to: n.body for n in Notice.objects.filter(key="casestudies.withdrawn")}
    assert (study.status, study.ended_because, study.ended_by) == ("withdrawn", actions.KEPT, lead)
    assert set(told) == {banbury.manager.email, lead.email}
    assert (
        "kept to named people" in told[lead.email]
        and "Cllr Waine: took the PDF" in told[lead.email]
    )
    assert "Okafor" not in told[lead.email] and family.reference not in told[lead.email]
    see_as(reader)
    assert not ReleasedVersion.objects.exists()
    client.force_login(reader)
    for page in ("/case-studies/", f"/case-studies/released/{one.pk}/"):
        words = client.get(page).text
        assert "ithdrawn" in words and study.title not in words and "kept to" not in words
    with seeing_as(lead), pytest.raises(actions.NoConsent, match="kept to named people"):
        actions.rewrite(study=study, by=banbury.worker, at=now)


def test_consent_may_be_written_down_after_the_case_is_closed(banbury, now):
    case = helped(banbury, now, agreed=False)
    see_as(banbury.manager)
    close(
        case=case, reason="goals_met", outcome="better", words="Thank you.", rest_ends=True,
        by=banbury.manager, at=now,
    )  # fmt: skip
    see_as(banbury.worker)

    agree(case, banbury, now)
    study = actions.begin(case=case, by=banbury.worker, at=now)

    assert "Help ended about four months later" in words_of(banbury.worker, study)["ending"]


# Pages


def test_the_pages_lead_from_the_case_to_the_released_study(
    client, banbury, now, reader, django_assert_max_num_queries
):
    case = helped(banbury, now)
    client.force_login(banbury.worker)
    begin = f"/case-studies/case/{case.reference}/"
    assert "Make the draft" in client.get(begin).text
    made = client.post(begin + "begin/", follow=True)
    page = made.redirect_chain[-1][0]
    assert "What still gives the family away" in made.text and "Source:" in made.text
    with django_assert_max_num_queries(60):
        client.get(page)

    see_as(banbury.worker)
    study = CaseStudy.objects.get()
    form = client.get(page + "write/")
    typed = {"title": "", "revision": "1", "tell-goals": "on", "words-goals": ""}
    wrong = client.post(page + "write/", typed)
    assert "Give the study a title" in wrong.text and "take the tick away" in wrong.text
    typed |= {"title": "Mornings", "words-goals": "Ada gets to school."}
    saved = client.post(page + "write/", typed, follow=True)
    assert form.status_code == 200 and "<mark>Ada</mark>" in saved.text
    late = client.post(page + "write/", typed | {"words-goals": "Mine."})
    assert (
        "Somebody else saved" in late.text
        and ">\nMine.</textarea>" in late.text
        and "Ada gets" in late.text
    )
    client.post(page + "write/", typed | {"revision": "2", "words-goals": "Calm mornings."})
    assert "Write why at least one" in client.post(page + "stays/", {}).text or not (
        queries.look_through(banbury.worker, study, now).found
    )
    see_as(banbury.worker)
    answered(banbury, CaseStudy.objects.get(), now)
    assert "with a manager now" in client.post(page + "send/", follow=True).text

    client.force_login(banbury.manager)
    waiting = client.get("/case-studies/")
    assert "To release" in waiting.text and len(waiting.context["rows"]) == 1
    see_as(banbury.manager)
    (task,) = [t for t in today_for(banbury.manager, now).tasks if "/case-studies/" in t.href]
    assert (task.label, task.number) == ("Case studies to release", 1)
    done = client.post(page + "release/", {"revision": "3"}, follow=True)
    assert "It is released" in done.text

    client.force_login(reader)
    assert client.get(page).status_code == 404
    with seeing_as(banbury.manager):
        pk = Released.objects.get().pk
    see_as(reader)
    (task,) = today_for(reader, now).tasks
    assert (task.label, task.number) == ("Case studies to read", 1)
    shown = client.get(f"/case-studies/released/{pk}/")
    assert "Calm mornings." in shown.text and case.reference not in shown.text
    assert client.get(f"/case-studies/released/{pk}/pdf/").content.startswith(b"%PDF")
    client.force_login(banbury.manager)
    assert "Cllr Waine: took the pdf" in client.get(page).text
    client.post(page + "withdraw/", {"words": "An error."})
    client.force_login(reader)
    gone = client.get(f"/case-studies/released/{pk}/")
    assert "withdrawn" in gone.text and "Calm mornings." not in gone.text
