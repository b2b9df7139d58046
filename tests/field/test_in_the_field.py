"""What is taken along for a day, under which key, and what is sent in from the field: once."""

import json
import uuid
from datetime import time, timedelta

import pytest
from django.utils import timezone

from kith.accounts.viewer import see_as
from kith.casework.models import Contact, Note
from kith.families.models import Address, Membership
from kith.field import actions, queries
from kith.field.models import Device, Sent
from kith.supports import actions as supports
from kith.supports.models import Attendance, Differing
from tests.factories.casework import make_case, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury, now):
    return make_case(banbury, worker=banbury.worker, at=now - timedelta(days=9))


@pytest.fixture
def register(banbury, case, now):
    """Today's session, on which the child of the case is expected."""
    see_as(banbury.worker)
    said = {"by": banbury.worker, "at": now}
    support = supports.set_up(
        team=banbury.team, kind="group", name="Stay and play", place="The hub",
        leader=banbury.worker, starts=time(10), minutes=60, since=timezone.localdate(now), **said,
    )  # fmt: skip
    ada = Membership.objects.get(family=case.family, role="child").person
    supports.place(support=support, family=case.family, people=[ada], since=support.since, **said)
    return support.sessions.get(), ada


def plan(case, by, now, **changes):
    see_as(by)
    day = timezone.localdate(now)
    about = {"case": case, "on": day, "starts": time(14), "words": "A cup of tea", "today": day}
    return actions.plan_visit(**about | {"by": by, "at": now} | changes)


def send(client, kind, key=None, **said):
    key = key or str(uuid.uuid4())
    return client.post(
        "/field/entries/",
        json.dumps({"key": key, "kind": kind, **said}),
        content_type="application/json",
    )


def note_of(case, now, **changes):
    local = timezone.localtime(now)
    return {
        "case": case.reference, "words": "Ada showed me her room.", "seen": "alone",
        "on": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}",
    } | changes  # fmt: skip


def test_a_day_holds_what_the_visits_and_registers_need_and_nothing_of_other_families(
    banbury, case, register, now
):
    other = make_case(banbury, worker=make_worker(banbury.hub), at=now - timedelta(days=9))
    plan(case, banbury.worker, now)
    see_as(banbury.worker)

    taken = queries.pack(banbury.worker, timezone.localdate(now))

    assert taken.families == {case.family_id}
    (visit,), (shown,) = taken.content["visits"], taken.content["registers"]
    assert (visit["case"], visit["at"], visit["words"]) == (case.reference, "14:00", "A cup of tea")
    assert visit["people"][0]["name"] or visit["people"][1]["name"]
    assert [line["name"] for line in shown["lines"]] == ["Ada Okafor"]
    assert other.reference not in json.dumps(taken.content)
    with pytest.raises(actions.AlreadyPlanned):
        plan(case, banbury.worker, now)
    with pytest.raises(actions.WrongDay):
        plan(case, banbury.worker, now, on=timezone.localdate(now) - timedelta(days=1))


def test_each_home_stands_with_who_lives_there_and_not_above_whoever_lives_elsewhere(
    banbury, case, now
):
    plan(case, banbury.worker, now)
    home = Address.objects.create(family=case.family, lines="1 Mill Lane", postcode="OX16 1AA")
    Membership.objects.filter(family=case.family, role="child").update(lives_here=True)
    Membership.objects.filter(family=case.family).exclude(role="child").update(lives_here=False)
    see_as(banbury.worker)

    (visit,) = queries.pack(banbury.worker, timezone.localdate(now)).content["visits"]

    assert [(one["lines"].split("\n")[-1], one["who"]) for one in visit["homes"]] == [
        (home.postcode, ["Ada Okafor"])
    ]
    assert visit["elsewhere"] == ["Grace Okafor"]


def test_a_devices_key_is_stored_nowhere_and_ends_when_it_is_forgotten(client, banbury, now):
    client.force_login(banbury.worker)
    made = client.post("/field/pack/", "{}", content_type="application/json").json()
    again = client.get("/field/pack/", {"device": made["device"]}).json()
    other = client.post("/field/pack/", "{}", content_type="application/json").json()

    assert made["key"] == again["key"] != other["key"]
    see_as(banbury.worker)
    device = Device.objects.get(pk=made["device"])
    assert made["key"] not in str(vars(device))
    assert client.get("/field/state/", {"device": made["device"]}).json() == {
        "signed_in": True,
        "wipe": False,
    }
    client.post(f"/field/devices/{device.pk}/end/")
    assert client.get("/field/pack/", {"device": made["device"]}).status_code == 410
    assert client.get("/field/state/", {"device": made["device"]}).json()["wipe"]


def test_a_colleague_is_given_no_key_and_a_switched_off_account_has_its_device_wiped(
    client, banbury, now
):
    client.force_login(banbury.worker)
    made = client.post("/field/pack/", "{}", content_type="application/json").json()
    client.force_login(make_worker(banbury.hub))
    assert "key" not in client.get("/field/pack/", {"device": made["device"]}).json()

    client.logout()
    state = {"device": made["device"]}
    assert client.get("/field/state/", state).json() == {"signed_in": False, "wipe": False}
    type(banbury.worker).objects.filter(pk=banbury.worker.pk).update(is_active=False)
    assert client.get("/field/state/", state).json() == {"signed_in": False, "wipe": True}
    assert client.get("/field/state/", {"device": "x"}).json()["wipe"]


def test_past_its_hours_a_device_is_given_its_key_to_send_but_no_day(client, banbury, case, now):
    plan(case, banbury.worker, now)
    client.force_login(banbury.worker)
    made = client.post("/field/pack/", "{}", content_type="application/json").json()
    see_as(banbury.worker)
    Device.objects.update(until=now - timedelta(minutes=1))

    late = client.get("/field/pack/", {"device": made["device"]}).json()

    assert made["pack"]["visits"]
    assert (late["key"], late["over"], "pack" in late) == (made["key"], True, False)


def test_an_entry_is_done_once_however_often_it_is_sent(client, banbury, case, now):
    client.force_login(banbury.worker)
    key = str(uuid.uuid4())
    first = send(client, "note", key, **note_of(case, now))
    second = send(client, "note", key, **note_of(case, now))
    changed = send(client, "note", key, **note_of(case, now, words="Other words."))

    assert (first.status_code, first.json()["again"]) == (200, False)
    assert (second.status_code, second.json()["again"]) == (200, True)
    assert second.json()["done"] == first.json()["done"]
    assert changed.status_code == 422
    see_as(banbury.worker)
    note = Note.objects.get()
    assert (note.words, note.seen_alone) == ("Ada showed me her room.", True)

    client.force_login(make_worker(banbury.hub))
    assert send(client, "note", key, **note_of(case, now)).status_code == 422, "another's number"


def test_what_cannot_be_done_is_refused_with_why_and_can_be_sent_again_mended(
    client, banbury, case, now
):
    witney = make_staffed_hub("Witney")
    theirs = make_case(witney, worker=witney.worker, at=now - timedelta(days=9))
    client.force_login(banbury.worker)
    key = str(uuid.uuid4())
    contact = note_of(case, now, how="visit", succeeded="yes", with_whom="")

    refused = send(client, "contact", key, **contact)
    assert (refused.status_code, "whom you reached" in refused.json()["refused"]) == (422, True)
    early = send(client, "note", **note_of(case, now, time="23:59"))
    assert "still to come" in early.json()["refused"]
    elsewhere = send(client, "note", **note_of(theirs, now))
    assert "may not see this case" in elsewhere.json()["refused"]
    for wrong in (b"{", b"[]", b'{"key": "x", "kind": "note"}'):
        answer = client.post("/field/entries/", wrong, content_type="application/json")
        assert answer.status_code == 422
    see_as(banbury.worker)
    assert not Sent.objects.exists()

    assert send(client, "contact", key, **contact | {"with_whom": "Grace"}).status_code == 200
    see_as(banbury.worker)
    assert Contact.objects.get().seen_alone


def test_marks_from_the_field_never_replace_a_colleagues(client, banbury, register, now):
    session, ada = register
    colleague = make_worker(banbury.hub)
    see_as(colleague)
    supports.mark(session=session, marks=[supports.Mark(ada.pk, "attended")], by=colleague, at=now)
    client.force_login(banbury.worker)
    key = str(uuid.uuid4())
    marks = {"session": session.pk}
    marks["marks"] = [{"person": ada.pk, "status": "missed", "reason": "ill", "had": 0}]

    for _ in range(2):
        told = send(client, "marks", key, **marks).json()
        assert (told["differing"], "decide on the register" in told["done"]) == (1, True)
    see_as(banbury.worker)
    assert Attendance.objects.get().status == "attended"
    assert Differing.objects.get().status == "missed"
    marks["marks"][0]["status"] = "asleep"
    assert send(client, "marks", **marks).status_code == 422


def test_signing_out_has_the_browser_throw_away_what_it_kept(client, banbury):
    client.force_login(banbury.worker)

    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
    assert client.get("/field/pack/").status_code == 401
    assert send(client, "note").status_code == 401


def test_the_page_that_works_offline_is_about_nobody_and_the_same_for_everybody(
    client, banbury, case, now
):
    plan(case, banbury.worker, now)
    nobodys = client.get("/field/with-me/")
    client.force_login(banbury.worker)
    mine = client.get("/field/with-me/")
    today = client.get("/field/")

    assert nobodys.content == mine.content
    assert banbury.worker.name not in mine.text and case.reference not in mine.text
    assert case.reference in today.text
    kept = client.get("/field/worker.js")
    assert "/field/with-me/" in kept.text and kept["Content-Type"] == "text/javascript"
    assert client.get("/field/manifest.json").json()["start_url"] == "/field/with-me/"
