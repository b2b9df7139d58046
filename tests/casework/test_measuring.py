"""What changed: values over time, by hand and from a file; measures in versions; feedback."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import make_link
from kith.accounts.viewer import see_as
from kith.casework import actions, attendance_file, first_measures, measuring
from kith.casework.models import Attendance, Exclusion, Feedback, Measure, Score
from kith.families.queries import people_of
from kith.referrals.requests import NewChild
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_staffed_hub

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury):
    return make_case(banbury, worker=banbury.worker, at=NOW - timedelta(days=100))


@pytest.fixture
def people(banbury, case):
    see_as(banbury.worker)
    return {one.person.given_names: one.person for one in people_of(banbury.worker, case.family)}


def measure(key):
    return Measure.objects.filter(key=key).latest("version")


def browser(user=None):
    client = Client()
    if user:
        client.force_login(user)
    return client


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def attended(case, child, by, days=40, **changes):
    said = {
        "case": case, "person": child, "first": TODAY - timedelta(days=days),
        "last": TODAY - timedelta(days=days - 10), "possible": 20, "attended": 12, "authorised": 5,
        "unauthorised": 3, "source": "Orchard School", "by": by, "at": NOW,
    }  # fmt: skip
    return actions.keep_attendance(**said | changes)


def test_answers_are_added_up_and_with_too_many_missing_there_is_no_score():
    assert first_measures.total([4, 3, 2, 1, 0]) == 10
    assert first_measures.total([4, 3, None, 1, 0]) == 10
    assert first_measures.total([4, None, None, 1, 0]) is None
    assert first_measures.total([None] * 5) is None


def test_no_licensed_wording_is_kept():
    for one in first_measures.FIRST:
        if one["kind"] == "score":
            assert one["questions"] == [] and "licence" in one["source"]


def test_first_and_latest_of_the_same_person_and_source_make_a_change(
    banbury, case, people, seen_by
):
    seen_by(banbury.worker)
    say = {"case": case, "by": banbury.worker, "at": NOW}
    ada, grace = people["Ada"], people["Grace"]
    sdq = {"measure": measure("sdq-total"), "person": ada, **say}
    for wrong, refusal in (
        ({"value": 41}, actions.OutOfRange),
        ({"value": None}, actions.OutOfRange),
        ({"value": 12, "person": grace}, actions.NotOfThisFamily),
        ({"value": 12, "person": None}, actions.NotOfThisFamily),
        ({"value": 12, "on": TODAY + timedelta(days=1)}, actions.InTheFuture),
        ({"value": 12, "source": " "}, actions.WordsMissing),
    ):
        with pytest.raises(refusal):
            actions.keep_score(**{"on": TODAY, "source": "Teacher", **sdq, **wrong})
    actions.keep_score(value=22, on=TODAY - timedelta(days=90), source="Teacher", **sdq)
    actions.keep_score(value=15, on=TODAY, source="teacher", **sdq)
    actions.keep_score(value=30, on=TODAY, source="Grace", **sdq)
    home = {"measure": measure("at-home"), "person": grace, "source": "Grace", **say}
    actions.keep_score(answers=[1, 1, None, None, 2], on=TODAY, **home)
    with pytest.raises(actions.OutOfRange):
        actions.keep_score(answers=[1, 9, 1, 1, 1], on=TODAY, **home)

    lines = measuring.what_changed(banbury.worker, case).scores

    found = {(line.title, line.who): (line.change, line.way, line.missing) for line in lines}
    assert found == {
        ("SDQ, total difficulties", "Ada Okafor, by Teacher"): (-7, "better", ""),
        ("SDQ, total difficulties", "Ada Okafor, by Grace"): (None, "", "No second value yet"),
        ("How things are at home", "Grace Okafor, by Grace"): (
            None, "", "Too few answers for a score",
        ),
    }  # fmt: skip
    wrong = Score.objects.get(value=15)
    actions.call_mistake(value=wrong, why="Ben's", by=banbury.worker, at=NOW)
    with pytest.raises(actions.NotPossible, match="already"):
        actions.call_mistake(value=wrong, why="Ben's", by=banbury.worker, at=NOW)
    lines = measuring.what_changed(banbury.worker, case).scores
    assert all(line.change is None for line in lines)
    stranger = make_staffed_hub().worker
    seen_by(stranger)
    assert not Score.objects.exists()


def test_attendance_adds_up_and_no_day_stands_twice(banbury, case, people, seen_by):
    seen_by(banbury.worker)
    ada, by = people["Ada"], banbury.worker
    for wrong, refusal in (
        ({"attended": 13}, actions.OutOfRange),
        ({"possible": 30, "attended": 22}, actions.OutOfRange),
        ({"last": TODAY - timedelta(days=50)}, actions.TooEarly),
        ({"last": TODAY + timedelta(days=1)}, actions.InTheFuture),
        ({"person": people["Grace"]}, actions.NotOfThisFamily),
    ):
        with pytest.raises(refusal):
            attended(case, ada, by, **wrong)
    first = attended(case, ada, by)
    with pytest.raises(actions.Overlaps):
        attended(case, ada, by, days=35)
    attended(case, ada, by, days=20, attended=18, authorised=2, unauthorised=0)
    gone = {"case": case, "person": ada, "source": "School", "by": by, "at": NOW}
    with pytest.raises(actions.OutOfRange):
        actions.keep_exclusion(on=TODAY, kind="suspension", sessions=0, **gone)
    actions.keep_exclusion(on=TODAY, kind="suspension", sessions=4, **gone)
    actions.keep_exclusion(on=TODAY - timedelta(days=200), kind="suspension", sessions=2, **gone)

    page = browser(by).get(reverse("casework:changed", args=[case.reference]))
    assert "60.0% of sessions in the first period and 90.0% in the latest: +30 points" in words(
        page
    )
    see_as(by)
    [child] = measuring.what_changed(banbury.worker, case).school

    assert (child.line.first[1], child.line.latest[1], child.line.change) == (60.0, 90.0, 30.0)
    assert (child.before, child.since) == (1, 1)
    actions.call_mistake(value=first, why="Another child", by=by, at=NOW)
    attended(case, ada, by)  # the days are free again
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            case=case, person=ada, first=TODAY, last=TODAY, possible=2, attended=2, authorised=1,
            unauthorised=0, source="x", by=by, recorded_at=NOW,
        )  # fmt: skip


def a_file(*lines):
    text = "\n".join([",".join(attendance_file.COLUMNS), *lines])
    return SimpleUploadedFile("a.csv", text.encode())


def test_of_a_file_every_wrong_row_is_reported_and_nothing_half_kept(banbury, case, people):
    there = f"{case.reference},Ada,Okafor"
    elsewhere = make_case(make_staffed_hub("Witney"))
    rows = (
        f"{there},attendance,01/09/2025,30/09/2025,40,30,6,4,,Orchard School",
        f"{there},suspension,12/09/2025,,,,,,3,Orchard School",
        f"{there},attendance,01/10/2025,31/10/2025,40,30,6,9,,Orchard School",
        f"{there},attendance,15/09/2025,20/09/2025,8,8,0,0,,Orchard School",
        f"{there},holiday,15/13/2025,,x,,,,,",
        f"{case.reference},Ben,Okafor,suspension,12/09/2025,,,,,,3,School",
        f"{elsewhere.reference},Ada,Okafor,suspension,12/09/2025,,,,,,3,School",
    )
    client, here = browser(banbury.worker), reverse("casework:attendance_file")

    refused = client.post(here, {"file": a_file(*rows)})

    said = words(refused)
    assert "5 rows wrong. Nothing was kept." in said
    for one in (
        "45 sessions, and 40 were possible", "is written down already", "Kind is “holiday”",
        "“15/13/2025” under “from” is no day", "There is no child called Ben Okafor",
        f"There is no case {elsewhere.reference} that you may know of",
    ):  # fmt: skip
        assert one in said.replace("&#x27;", "'"), one
    see_as(banbury.worker)
    assert not Attendance.objects.exists() and not Exclusion.objects.exists()

    kept = client.post(here, {"file": a_file(*rows), "although": "on"})

    assert "2 rows kept." in words(kept)
    see_as(banbury.worker)
    assert (Attendance.objects.count(), Exclusion.objects.count()) == (1, 1)
    for content, message in (
        (b"", "empty"),
        (b"a,b\n1,2", "Missing: case"),
        (b"\xff\xfe\x00", "Missing"),
        (",".join(attendance_file.COLUMNS).encode(), "nothing else"),
    ):
        again = client.post(here, {"file": SimpleUploadedFile("a.csv", content)})
        assert message in words(again)
    assert attendance_file.read(attendance_file.empty_file().encode())[0].problems == []


def test_a_measure_has_versions_and_is_asked_no_more_without_losing_values(
    banbury, case, people, seen_by
):
    lead = make_user("county_lead", make_team("County desk", "desk"))
    said = {
        "name": "Mood", "kind": "score", "about": "child", "low": 0, "high": 10, "better": "more",
        "meaning": "x", "source": "y", "at": NOW,
    }  # fmt: skip
    seen_by(banbury.worker)
    with pytest.raises(PermissionDenied):
        actions.release_measure(by=banbury.worker, **said)
    seen_by(lead)
    for wrong in ({"low": 10}, {"name": "GAD 7"}, {"kind": "questions", "questions": ["One"]}):
        with pytest.raises(actions.MeasureFaulty):
            actions.release_measure(by=lead, **said | wrong)
    first = actions.release_measure(by=lead, **said)
    seen_by(banbury.worker)
    keep = {"case": case, "person": people["Ada"], "on": TODAY, "source": "Ada", "at": NOW}
    actions.keep_score(measure=first, value=3, by=banbury.worker, **keep)
    seen_by(lead)
    second = actions.release_measure(key=first.key, by=lead, **said | {"high": 20})
    assert second.version == 2
    seen_by(banbury.worker)
    actions.keep_score(measure=second, value=18, by=banbury.worker, **keep)
    lines = measuring.what_changed(banbury.worker, case).scores
    assert [line.change for line in lines] == [None, None], "versions are not compared"
    seen_by(lead)
    actions.release_measure(key=first.key, in_use=False, by=lead, **said)
    assert first.key not in {one.key for one in measuring.measures(lead)}
    assert Score.objects.count() == 2


def test_the_pages_of_what_changed(banbury, case, people):
    client = browser(banbury.worker)
    page = reverse("casework:changed", args=[case.reference])
    shown = words(client.get(page))
    assert "No area has been scored" in shown and "No attendance is written down" in shown
    here = reverse("casework:score", args=[case.reference, "how-it-goes"])
    assert "I sleep well enough." in words(client.get(here))
    day = {"on_day": TODAY.day, "on_month": TODAY.month, "on_year": TODAY.year}
    empty = client.post(here, {"source": "Ada", "person": people["Ada"].pk, **day})
    assert "Answer at least one question" in words(empty)
    done = client.post(
        here, {"source": "Ada", "person": people["Ada"].pk, "q0": "4", **day}, follow=True
    )
    assert "Too many are missing for a score" in words(done)
    wrong = client.post(
        reverse("casework:score", args=[case.reference, "gad-7"]),
        {"source": "Grace", "person": people["Grace"].pk, "value": "22", **day},
    )
    assert "Enter 21 or less" in words(wrong)
    value = Score.objects.get
    see_as(banbury.worker)
    mistake = reverse("casework:mistake", args=[case.reference, "score", value().pk])
    assert "counts to nothing" in words(client.post(mistake, {"reason": "x"}, follow=True))
    assert client.get(mistake).status_code == 404
    assert browser(make_staffed_hub().worker).get(page).status_code == 404


def test_whoever_asked_for_help_says_by_their_link_what_they_think(banbury, case):
    secret = make_link(
        purpose="referral", subject_id=case.referral_id, sent_to="a@b.example", at=NOW
    )
    here = reverse("referrals:feedback", args=[case.referral.reference])
    assert browser().get(here).status_code == 404
    sender = browser()
    sent = sender.get(reverse("referrals:link", args=[secret]), follow=True)
    assert here in sent.content.decode()
    assert "Answer something" in words(sender.post(here, {"words": ""}))

    done = sender.post(here, {"told": "3", "words": "Thank you"}, follow=True)

    assert "The hub reads it" in words(done)
    see_as(banbury.worker)
    made = Feedback.objects.get()
    assert (made.of, made.answers, made.words) == ("sender", {"told": 3}, "Thank you")
    page = browser(banbury.worker).get(reverse("casework:changed", args=[case.reference]))
    assert "I was told what I needed to know. Mostly" in words(page)
    assert "Asking for help was easy. Not answered" in words(page)


def test_children_who_share_a_name_are_not_guessed(banbury):
    twice = (
        NewChild("Ada", "Okafor", TODAY - timedelta(days=3000)),
        NewChild("Ada", "Okafor", TODAY - timedelta(days=4000)),
    )
    case = make_case(banbury, worker=banbury.worker, at=NOW, children=twice)
    line = f"{case.reference},Ada,Okafor,suspension,12/09/2025,,,,,,3,School"
    refused = browser(banbury.worker).post(
        reverse("casework:attendance_file"), {"file": a_file(line)}
    )
    assert "more than one child" in words(refused)
