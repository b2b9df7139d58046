"""A partner in the team reads the latest signed assessment, as far and as long as the family agreed."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from kith.accounts.viewer import clock, front_door, seeing_as
from kith.casework import actions, reading
from kith.casework.models import AssessmentLook, AssessmentShare
from kith.families import queries as families
from kith.families.models import Family
from kith.notices.models import Notice
from tests.casework.test_assessing import begin, fill, signed
from tests.casework.test_own_page import opened, the_way
from tests.casework.test_team import agree, join, notice, opened_by_code, said
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_partner, make_staffed_hub

pytestmark = pytest.mark.django_db
SECRET, AUNT = "She sleeps badly since March.", "The aunt drinks."


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury):
    return make_case(banbury, worker=banbury.worker, at=timezone.now() - timedelta(days=9))


def in_team(case, banbury, agreed=True, **changes):
    """Somebody of a partner in the team, who may read the assessment if that was agreed."""
    with seeing_as(banbury.worker):
        organisation, partner = make_partner()
        agree(case, banbury.worker, organisation)
        if agreed:
            agree(case, banbury.worker, organisation, purpose="assessment", **changes)
        return join(case, banbury.worker, organisation, email=partner.email), partner


def assess(case, banbury, at=None, home=SECRET):
    return signed(case, banbury, at or timezone.now(), about__home=home, surroundings__wider=AUNT)


def seen_in_sql(viewer):
    """All that the database lets somebody read of assessments, whatever the program asks."""
    with seeing_as(viewer), connection.cursor() as cursor:
        cursor.execute(
            "select words from casework_answer union select words from casework_answerevent"
        )
        words = {row[0] for row in cursor.fetchall()}
        cursor.execute("select count(*) from casework_assessment")
        return words, cursor.fetchone()[0]


def take_back(case, by, member):
    with seeing_as(by):
        share = AssessmentShare.objects.select_related("sharing").get(
            member=member, ended_at__isnull=True
        )
        return actions.take_back(sharing=share.sharing, said_by="Grace", **said(by))


def test_without_agreement_nothing_is_there_and_the_page_says_why(banbury, case, client):
    member, partner = in_team(case, banbury, agreed=False)
    assess(case, banbury)
    client.force_login(partner)
    page = f"/cases/our-teams/{member.pk}/"
    shown = client.get(page).content.decode()
    assert "Nobody of the family has agreed that Home-Start reads the assessment" in shown
    assert "Banbury can ask them." in shown
    assert client.get(f"{page}assessment/").status_code == 404
    assert seen_in_sql(partner) == (set(), 0)

    with seeing_as(banbury.worker):
        agree(case, banbury.worker, member.organisation, purpose="assessment")

    read = client.get(f"{page}assessment/").content.decode()
    assert SECRET in read and AUNT not in read and "people outside the home is left out" in read
    assert client.get(f"{page}assessment.pdf").content.startswith(b"%PDF")
    words, many = seen_in_sql(partner)
    assert SECRET in words and AUNT not in words and many == 1
    with seeing_as(banbury.worker):
        assert [one.times for one in reading.readers_of(banbury.worker, case.family)] == [2]


def test_what_is_said_of_others_is_read_only_where_that_was_agreed_too(banbury, case):
    member, partner = in_team(case, banbury, of_others=True)
    assess(case, banbury)

    assert AUNT in seen_in_sql(partner)[0]
    with seeing_as(front_door()):
        assert AssessmentShare.objects.get(member=member).without == []


def test_a_partner_is_told_that_an_assessment_is_there_without_a_name(banbury, case):
    member, partner = in_team(case, banbury, until=timezone.localdate() + timedelta(days=90))
    assess(case, banbury)

    told = notice("assessment_opened", partner.email)

    assert f"/cases/our-teams/{member.pk}/" in told.body and "You can read it until" in told.body
    for name in (case.family.name, "Okafor", SECRET):
        assert name not in told.subject + told.body
    # Agreed once more, and to the same: nothing new is there to read.
    with seeing_as(banbury.worker):
        agree(case, banbury.worker, member.organisation, purpose="assessment")
    take_back(case, banbury.worker, member)
    with seeing_as(front_door()):
        assert AssessmentShare.objects.filter(member=member, ended_at__isnull=True).exists()
        assert Notice.objects.filter(key="casework.assessment_opened").count() == 1


def test_a_partner_who_stays_in_the_team_is_told_that_the_assessment_is_closed_to_them(
    banbury, case
):
    member, partner = in_team(case, banbury)
    assess(case, banbury)

    take_back(case, banbury.worker, member)

    told = notice("assessment_closed", partner.email)
    assert "you can no longer read the family’s assessment" in told.body
    for name in (case.family.name, case.reference, "Okafor", SECRET):
        assert name not in told.subject + told.body


def test_whoever_leaves_the_team_is_told_that_and_nothing_of_the_assessment(banbury, case):
    member, _ = in_team(case, banbury)
    assess(case, banbury)
    with seeing_as(banbury.worker):
        actions.take_back(sharing=member.sharing, said_by="Grace", **said(banbury.worker))

    with seeing_as(front_door()):
        keys = set(Notice.objects.values_list("key", flat=True))
    assert "casework.team_left" in keys and "casework.assessment_closed" not in keys


def test_what_a_countys_own_questions_say_of_others_is_left_out_too(banbury, case):
    now = timezone.now()
    lead = make_user("county_lead", make_team("Leads", "desk"), "Lena Lead")
    with seeing_as(lead):
        draft = actions.draft_form(by=lead, at=now)
        for label, of_others in (("Friends at home", True), ("Pets", False)):
            actions.add_question(
                form=draft, section="child_voice", label=label, kind="words",
                of_others=of_others, by=lead, at=now,
            )  # fmt: skip
        actions.release_form(form=draft, changes="Asks about friends", by=lead, at=now)
    _, partner = in_team(case, banbury)
    with seeing_as(banbury.worker):
        people = families.people_of(banbury.worker, case.family)
    child = next(one.person.pk for one in people if one.is_child)
    own = {
        f"child_voice__own_friends_at_home__{child}": "Next door drinks too.",
        f"child_voice__own_pets__{child}": "A cat.",
    }
    signed(case, banbury, timezone.now(), **own)

    words = seen_in_sql(partner)[0]

    assert "A cat." in words and "Next door drinks too." not in words


def test_taking_back_and_running_out_end_it_at_once_in_the_database_too(banbury, case, client):
    member, partner = in_team(case, banbury)
    assess(case, banbury)
    client.force_login(partner)
    page = f"/cases/our-teams/{member.pk}/"
    assert client.get(f"{page}assessment/").status_code == 200

    take_back(case, banbury.worker, member)

    assert client.get(f"{page}assessment/").status_code == 404
    assert client.get(f"{page}assessment.pdf").status_code == 404
    assert "was taken back on" in client.get(page).content.decode()
    assert seen_in_sql(partner) == (set(), 0)
    with seeing_as(banbury.worker):
        agree(
            case, banbury.worker, member.organisation, purpose="assessment",
            until=timezone.localdate(),
        )  # fmt: skip
    assert seen_in_sql(partner)[1] == 1
    with seeing_as(front_door()):
        AssessmentShare.objects.filter(ended_at__isnull=True).update(
            until=timezone.localdate() - timedelta(days=1)
        )
    assert seen_in_sql(partner) == (set(), 0), "the day itself ends it, before any clock has run"
    with seeing_as(clock()):
        tomorrow = timezone.now() + timedelta(days=1)
        assert actions.withhold_what_ran_out(by=clock(), at=tomorrow) == 1
        assert actions.withhold_what_ran_out(by=clock(), at=tomorrow) == 0


def test_no_draft_no_earlier_one_and_nothing_after_leaving_the_team(banbury, case):
    member, partner = in_team(case, banbury)
    with seeing_as(banbury.worker):
        draft = begin(case, banbury.worker, timezone.now())
        fill(draft, banbury.worker, timezone.now(), about__home="Not ready.")
    assert seen_in_sql(partner) == (set(), 0)
    with seeing_as(banbury.worker):
        actions.discard(assessment=draft, reason="Begun twice", **said(banbury.worker))
    assess(case, banbury, timezone.now() - timedelta(seconds=9), home="The first.")
    assert "The first." in seen_in_sql(partner)[0]
    assess(case, banbury, home="The second.")
    words, many = seen_in_sql(partner)
    assert "The second." in words and "The first." not in words and many == 1

    with seeing_as(banbury.worker):
        actions.leave_team(member=member, because="Moved", **said(banbury.worker))

    assert seen_in_sql(partner) == (set(), 0)


def test_a_partner_gives_itself_nothing_in_raw_sql(banbury, case):
    member, partner = in_team(case, banbury, agreed=False)
    found = assess(case, banbury)
    other = make_case(banbury, worker=banbury.worker)
    with seeing_as(banbury.worker):
        sharing = member.sharing_id
    tries = (
        f"insert into casework_assessmentshare (assessment_id, member_id, sharing_id, without, since)"
        f" values ({found.pk}, {member.pk}, {sharing}, '{{}}', now())",
        f"insert into casework_leadprofessional (case_id, member_id, since, by_id)"
        f" values ({case.pk}, {member.pk}, now(), {partner.pk})",
    )
    for statement in tries:
        with (
            seeing_as(partner),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with seeing_as(partner), connection.cursor() as cursor:
        cursor.execute(f"update casework_teammember set case_id = {other.pk}")
        assert cursor.rowcount == 0
    assert seen_in_sql(partner) == (set(), 0)


def test_by_link_and_code_it_is_read_too_and_the_family_sees_who_looked(banbury, case):
    with seeing_as(banbury.worker):
        organisation, _ = make_partner()
        agree(case, banbury.worker, organisation)
        agree(case, banbury.worker, organisation, purpose="assessment")
        member = join(case, banbury.worker, organisation)
        way = the_way(case, banbury.worker)
        actions.give_page(case=case, way=way, **said(banbury.worker))
    assess(case, banbury)
    outside, home = opened_by_code(member.email), opened()
    assert "Who of partners has read" not in home.get("/our-page/").content.decode()

    assert "Read the assessment signed on" in outside.get("/our-team/").content.decode()
    assert SECRET in outside.get("/our-team/assessment/").content.decode()
    assert outside.get("/our-team/assessment.pdf").content.startswith(b"%PDF")

    page = home.get("/our-page/").content.decode()
    assert "Sam Bright, Home-Start: 2 times, last on" in page
    with seeing_as(front_door()):
        family = Family.objects.get(pk=case.family_id)
        assert AssessmentLook.objects.filter(by__isnull=True).count() == 2
        assert reading.readers_of(front_door(), family)[0].times == 2
    take_back(case, banbury.worker, member)
    assert outside.get("/our-team/assessment/").status_code == 404
