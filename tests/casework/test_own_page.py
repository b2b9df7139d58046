"""The family's own page: given by a worker, opened by a link and a code, used by the family."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.audit.models import Entry
from kith.casework import actions, sharing
from kith.casework.models import FamilyPage, FamilyWords, PlannedAction
from kith.families import actions as recording
from kith.families import queries as families
from kith.families.models import ContactDetail
from kith.notices.models import Notice
from tests.casework.test_assessing import begin, fill
from tests.factories.casework import AT, make_case, make_partner, make_staffed_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury):
    return make_case(banbury, worker=banbury.worker, at=timezone.now() - timedelta(days=9))


def the_way(case, worker):
    """How the mother is reached: by telephone."""
    [way] = [
        detail
        for member in families.people_of(worker, case.family)
        for detail in member.contact_details
    ]
    return way


@pytest.fixture
def page(banbury, case):
    with seeing_as(banbury.worker):
        way = the_way(case, banbury.worker)
        return actions.give_page(case=case, way=way, by=banbury.worker, at=timezone.now())


def sent(key):
    with seeing_as(front_door()):
        return Notice.objects.filter(key=f"casework.{key}").latest("made_at")


def the_link():
    return re.search(r"/our-page/open/[\w-]+/", sent("family_page").body)[0]


def the_code():
    return re.search(r"\d{6}", sent("family_code").body)[0]


def opened():
    """Somebody at home who has opened their page."""
    home = Client()
    home.post(the_link(), {"send": "1"})
    home.post(the_link(), {"code": the_code()})
    return home


def test_a_page_opens_by_its_link_and_the_code_that_follows_and_by_neither_alone(page):
    home = Client()
    assert home.get("/our-page/").status_code == 404
    asked = home.get(the_link()).content.decode()
    assert "the telephone that ends in 123" in asked and "07700" not in asked
    home.post(the_link(), {"send": "1"})
    wrong = home.post(the_link(), {"code": f"{(int(the_code()) + 1) % 1_000_000:06}"})
    assert "That is not the code" in wrong.content.decode()
    assert home.get("/our-page/").status_code == 404

    opened = home.post(the_link(), {"code": f" {the_code()[:3]} {the_code()[3:]}"}, follow=True)

    assert "Grace Okafor, this is your page" in opened.content.decode()
    again = Client().post(the_link(), {"code": the_code()}).content.decode()
    assert "That code is over" in again, "a code is good once"
    with seeing_as(front_door()):
        assert page.sent_to == "07700 900123" and FamilyPage.objects.get().opened_at


def test_a_code_ends_after_five_wrong_tries_and_after_ten_minutes(page):
    home = Client()
    home.post(the_link(), {"send": "1"})
    wrong = f"{(int(the_code()) + 1) % 1_000_000:06}"
    for _ in range(5):
        home.post(the_link(), {"code": wrong})
    assert "That code is over" in home.post(the_link(), {"code": the_code()}).content.decode()

    at = timezone.now() + timedelta(minutes=2)
    actions.send_code(page=page, at=at)
    with pytest.raises(actions.CodeRefused, match="is over"):
        actions.try_code(page=page, code=the_code(), at=at + timedelta(minutes=11))
    with pytest.raises(actions.CodeRefused, match="sent just now"):
        actions.send_code(page=page, at=at + timedelta(seconds=5))
    for number in range(1, 9):
        actions.send_code(page=page, at=at + timedelta(minutes=number))
    with pytest.raises(actions.CodeRefused, match="Too many codes"):
        actions.send_code(page=page, at=at + timedelta(minutes=10))


def test_the_page_shows_the_plan_and_nothing_of_notes(banbury, case, page, seen_by):
    seen_by(banbury.worker)
    said = {"by": banbury.worker, "at": timezone.now()}
    actions.set_goal(
        case=case, words="Up and off to school", measure="Late twice a week at most", **said
    )
    actions.plan_action(
        case=case, what="Ask for a later start", owner=banbury.worker,
        due_on=timezone.localdate() + timedelta(days=7), **said,
    )  # fmt: skip
    actions.add_note(case=case, words="Tidy but cold.", happened_at=said["at"], **said)

    home = opened()
    shown = home.get("/our-page/").content.decode()
    paper = home.get("/our-page/plan.pdf")
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF-")
    assert Client().get("/our-page/plan.pdf").status_code == 404

    for words in (
        "Up and off to school",
        "Ask for a later start",
        "Late twice a week at most",
        "The school, nursery or college: do its part in the plan",
        "Worker of Banbury is your worker",
    ):
        assert words in shown
    assert "Tidy but cold" not in shown and "Often late" not in shown


def test_what_they_write_reaches_the_worker_and_stays(client, banbury, case, page):
    home = opened()
    assert "Write what you want to say" in home.post("/our-page/", {"words": " "}).content.decode()

    home.post("/our-page/", {"words": "It helps that <b>you</b> ring first."})

    assert (
        case.reference in sent("family_wrote").body
        and "ring first" not in sent("family_wrote").body
    )
    client.force_login(banbury.worker)
    shown = client.get(f"/cases/{case.reference}/").content.decode()
    assert "It helps that &lt;b&gt;you&lt;/b&gt; ring first." in shown
    with seeing_as(front_door()):
        assert FamilyWords.objects.get().name == "Grace Okafor"


def test_they_take_back_what_they_agreed_to_and_partners_see_no_more_of_it(
    banbury, case, page, seen_by
):
    home_start, partner = make_partner()
    seen_by(banbury.worker)
    action = actions.plan_action(
        case=case, what="Visit", organisation=home_start, family_known_as="A.O.",
        due_on=timezone.localdate() + timedelta(days=7), by=banbury.worker, at=timezone.now(),
    )  # fmt: skip
    home = opened()
    back = f"/our-page/agreement/{action.sharing_id}/"
    assert "They had something to do in your plan" in home.get(back).content.decode()

    done = home.post(back, {"words": "Not them."}, follow=True).content.decode()

    assert "You have taken it back" in done and "What was taken back" in done
    assert "Stopped, since you took it back" in done
    seen_by(partner)
    assert not PlannedAction.objects.exists()
    seen_by(banbury.worker)
    [line] = [
        one for one in sharing.agreed(banbury.worker, case.family, AT.date())
        if one.sharing.ended_at
    ]  # fmt: skip
    assert (line.sharing.ended_said_by, line.sharing.ended_words) == ("Grace Okafor", "Not them.")
    assert home.get(back).status_code == 404


def test_what_is_shared_without_consent_or_of_another_family_cannot_be_taken_back(
    banbury, case, page, seen_by
):
    seen_by(banbury.manager)
    decided = actions.share_without_consent(
        case=case, purpose="help", agency="police", ground="vital", reason="Danger",
        since=AT.date(), by=banbury.manager, at=timezone.now(),
    )  # fmt: skip
    other = make_case(banbury)
    see_as(banbury.worker)
    theirs = sharing.agreed(banbury.worker, other.family, AT.date())[0].sharing
    home = opened()

    for one in (decided, theirs):
        assert home.post(f"/our-page/agreement/{one.pk}/").status_code == 404
        with pytest.raises(PermissionDenied):
            actions.take_back(sharing=one, said_by="x", page=page, by=None, at=timezone.now())
    assert "Not asked" in home.get("/our-page/").content.decode()


def test_they_read_which_teams_have_looked_also_a_partner(client, banbury, case, page, seen_by):
    home_start, partner = make_partner()
    seen_by(banbury.worker)
    actions.plan_action(
        case=case, what="Visit", organisation=home_start, family_known_as="A.O.",
        due_on=timezone.localdate() + timedelta(days=7), by=banbury.worker, at=timezone.now(),
    )  # fmt: skip
    home = opened()
    assert "Home-Start, last on" not in home.get("/our-page/").content.decode()
    client.force_login(partner)
    client.get("/cases/our-actions/")

    shown = home.get("/our-page/").content.decode()

    assert f"Home-Start, last on {timezone.localdate():%-d %B %Y}" in shown


def test_a_page_that_is_ended_or_left_or_idle_is_closed(client, banbury, case, page):
    left, idle, ended = opened(), opened_again(), opened_again()
    left.post("/our-page/leave/")
    assert left.get("/our-page/").status_code == 404
    session = idle.session
    session["own_page"] = session["own_page"] | {"until": "2020-01-01T00:00:00+00:00"}
    session.save()
    assert idle.get("/our-page/").url.startswith("/our-page/open/")

    client.force_login(banbury.worker)
    client.post(f"/cases/{case.reference}/family-page/{page.pk}/end/")

    assert ended.get("/our-page/").status_code == 404
    assert Client().get(the_link()).status_code == 404


def opened_again():
    with seeing_as(front_door()):
        FamilyPage.objects.update(code_sent_at=None)
    return opened()


def test_a_page_is_given_only_in_a_way_that_is_safe_and_anew_in_place_of_the_old(
    banbury, case, page, seen_by
):
    seen_by(banbury.worker)
    way, old = the_way(case, banbury.worker), the_link()
    said = {"by": banbury.worker, "at": timezone.now() + timedelta(minutes=1)}
    actions.give_page(case=case, way=way, **said)
    assert Client().get(old).status_code == 404
    assert Client().get(the_link()).status_code == 200

    see_as(banbury.worker)
    ContactDetail.objects.update(safe=False)
    way.safe = True
    with pytest.raises(actions.NotSafe):
        actions.give_page(case=case, way=the_way(case, banbury.worker), **said)
    other = make_case(banbury)
    see_as(banbury.worker)
    with pytest.raises(actions.NotSafe):
        actions.give_page(case=other, way=way, **said)
    outsider = make_staffed_hub("Witney").worker
    seen_by(outsider)
    assert not FamilyPage.objects.exists()
    see_as(banbury.manager)
    assert Entry.objects.filter(what="family_page.given").count() == 2


def test_a_signed_assessment_is_put_on_their_page_and_read_there_as_pdf(
    client, banbury, case, page, seen_by
):
    seen_by(banbury.worker)
    now = timezone.now()
    written = begin(case, banbury.worker, now)
    said = {"assessment": written, "page": page, "by": banbury.worker, "at": now}
    with pytest.raises(actions.NotSigned):
        actions.hand_assessment(**said)
    fill(written, banbury.worker, now)
    actions.send_to_manager(assessment=written, by=banbury.worker, at=now)
    with seeing_as(banbury.manager):
        actions.sign(assessment=written, by=banbury.manager, at=now)
    client.force_login(banbury.worker)
    asked = client.get(f"/cases/assessments/{written.pk}/family/").content.decode()
    assert "Ada Okafor and Grace Okafor said in their own words" in asked
    home = opened()
    assert home.get(f"/our-page/assessment/{written.pk}.pdf").status_code == 404

    client.post(f"/cases/assessments/{written.pk}/family/", {"page": page.pk})

    assert "something new on your page" in sent("family_new").body
    assert f"/our-page/assessment/{written.pk}.pdf" in home.get("/our-page/").content.decode()
    assert home.get(f"/our-page/assessment/{written.pk}.pdf").content[:5] == b"%PDF-"
    assert Client().get(f"/our-page/assessment/{written.pk}.pdf").status_code == 404
    see_as(banbury.worker)
    written.refresh_from_db()
    with pytest.raises(actions.HandedAlready):
        actions.hand_assessment(**said)


def test_a_death_closes_their_page_for_whoever_is_on_it_and_its_link(banbury, case, page):
    home = opened()
    assert home.get("/our-page/").status_code == 200
    said = {"on": timezone.localdate(), "by": banbury.worker, "at": timezone.now()}

    with seeing_as(banbury.worker):
        actions.record_death(person=page.person, family=case.family, **said)

    assert home.get("/our-page/").status_code == 404
    assert home.get(the_link()).status_code == 404
    with seeing_as(front_door()):
        page.refresh_from_db()
        assert (page.ended_by, page.code_hash) == (banbury.worker, "")
    with seeing_as(banbury.manager):
        ended = Entry.objects.get(what="family_page.ended")
    assert ended.after == {"who": page.name, "why": "They died."}
    with seeing_as(banbury.worker):
        her_way = ContactDetail.objects.get(person=page.person)
        with pytest.raises(actions.NotSafe):
            actions.give_page(case=case, way=her_way, by=banbury.worker, at=timezone.now())

    del said["on"]
    with seeing_as(banbury.worker):
        alive = actions.undo_death(person=page.person, family=case.family, **said)
        assert (alive.record.ways, alive.page_ended) == (1, True)
    assert home.get("/our-page/").status_code == 404, "a new link is given, and no old one opens"
    with seeing_as(banbury.worker):
        her_way.refresh_from_db()
        actions.give_page(case=case, way=her_way, by=banbury.worker, at=timezone.now())


def test_a_death_closes_pages_that_whoever_writes_it_down_may_not_know_of(banbury, case, page):
    witney = make_staffed_hub("Witney")
    other = make_case(witney, worker=witney.worker, at=timezone.now() - timedelta(days=9)).family
    with seeing_as(front_door()):
        recording.join_family(
            person=page.person, family=other, role="mother", by=front_door(), at=timezone.now()
        )

    with seeing_as(witney.worker):
        actions.record_death(
            person=page.person, family=other, on=timezone.localdate(), by=witney.worker,
            at=timezone.now(),
        )  # fmt: skip

    with seeing_as(front_door()):
        assert not FamilyPage.objects.filter(ended_at__isnull=True).exists()


def test_where_no_texts_are_set_up_no_page_is_said_to_be_sent_by_text(
    banbury, case, page, settings, client
):
    settings.KITH_NOTIFY_KEY = ""
    code = Client().post(the_link(), {"send": "1"}).content.decode()
    assert "We cannot send text messages at present" in code and "We have sent" not in code
    client.force_login(banbury.worker)
    form = client.get(f"/cases/{case.reference}/family-page/").content.decode()
    assert "Text messages are not set up" in form and "Write down an e-mail address" in form
    assert "Texts are not set up" in client.get(f"/cases/{case.reference}/").content.decode()

    see_as(banbury.worker)
    with pytest.raises(actions.CannotBeSent, match="Choose an e-mail address"):
        actions.give_page(
            case=case, way=the_way(case, banbury.worker), by=banbury.worker, at=timezone.now()
        )
