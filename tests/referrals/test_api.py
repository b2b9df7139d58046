"""A partner's own system sends requests and follows them."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kith.accounts.viewer import front_door, see_as
from kith.referrals import actions, api
from kith.referrals.models import Receipt, Referral
from tests.factories.partner_systems import A_REQUEST, make_partner_system
from tests.factories.referrals import AT, make_desk_worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moment():
    with time_machine.travel(AT, tick=False):
        yield


def pointers(answer):
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def test_a_request_goes_in_and_can_be_followed():
    school = make_partner_system()

    sent = school.post("requests", A_REQUEST, key="one")
    reference = sent.json()["reference"]

    assert sent.status_code == 201, sent.content
    assert sent.headers["Location"] == f"/api/v1/requests/{reference}"
    assert sent.json()["status"] == "waiting"
    assert sent.json()["steps"][0]["kind"] == "received"
    assert school.get(f"requests/{reference}").json() == sent.json()
    listed = school.get("requests?sender_reference=SIMS-1").json()
    assert (listed["total"], listed["items"][0]["reference"]) == (1, reference)
    see_as(front_door())
    referral = Referral.objects.get(reference=reference)
    assert (referral.channel, referral.sender_team) == ("api", school.team)
    school.key.refresh_from_db()
    assert school.key.last_used_at == AT


def test_the_same_request_again_gets_the_same_answer_and_doubles_nothing():
    school = make_partner_system()

    first = school.post("requests", A_REQUEST, key="one")
    again = school.post("requests", json.dumps(A_REQUEST, indent=3), key="one")
    another = school.post("requests", A_REQUEST | {"worry": "Something else."}, key="one")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert another.status_code == 409
    assert "Idempotency-Key" in another.json()["detail"]
    see_as(front_door())
    assert Referral.objects.count() == Receipt.objects.count() == 1


def test_a_number_of_the_senders_is_used_once():
    school = make_partner_system()
    first = school.post("requests", A_REQUEST, key="one").json()

    second = school.post("requests", A_REQUEST | {"worry": "More."}, key="two")

    assert second.status_code == 409
    assert first["reference"] in pointers(second)["#/sender_reference"]


def test_a_partner_sees_its_own_requests_and_no_others():
    school, other = make_partner_system(), make_partner_system("Hill School")
    reference = school.post("requests", A_REQUEST, key="one").json()["reference"]

    assert other.get(f"requests/{reference}").status_code == 404
    assert other.get("requests").json()["total"] == 0
    assert other.post(f"requests/{reference}/withdraw", {"reason": "No"}).status_code == 404
    assert school.get(f"requests/{reference}").status_code == 200
    # The same key of another partner's is another key.
    assert other.post("requests", A_REQUEST, key="one").status_code == 201


def test_a_question_is_answered_and_a_request_taken_back():
    school = make_partner_system()
    reference = school.post("requests", A_REQUEST, key="one").json()["reference"]
    desk = make_desk_worker()
    see_as(desk)
    referral = Referral.objects.get(reference=reference)
    actions.ask_more(referral=referral, words="Which class?", by=desk, at=AT)

    asked = school.get(f"requests/{reference}").json()
    answered = school.post(f"requests/{reference}/answer", {"words": "Class 4."}).json()
    withdrawn = school.post(f"requests/{reference}/withdraw", {"reason": "Moved away"}).json()
    late = school.post(f"requests/{reference}/answer", {"words": "One more."})

    assert (asked["status"], asked["steps"][-1]["words"]) == ("more_asked", "Which class?")
    assert (answered["status"], answered["steps"][-1]["kind"]) == ("waiting", "answered")
    assert withdrawn["status"] == "withdrawn"
    assert late.status_code == 409


def test_what_is_wrong_is_said_at_its_place_and_never_repeated():
    school = make_partner_system()
    wrong = A_REQUEST | {
        "sender_name": " ",
        "postcode": "Nowhere",
        "children": [{"family_name": "<script>alert(1)</script>", "date_of_birth": "2031-01-01"}],
        "agreed_by": "",
        "needs": ["magic"],
    }

    answer = school.post("requests", wrong, key="one")

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {
        "#/sender_name",
        "#/postcode",
        "#/children/0/date_of_birth",
        "#/children/0/given_names",
        "#/agreed_by",
        "#/needs",
    } <= set(pointers(answer))
    assert b"script" not in answer.content
    see_as(front_door())
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"worry": "a\0b"}, "#/worry"),
        ({"worry": "a\u202eb"}, "#/worry"),
        ({"worry": "x" * 10_001}, "#/worry"),
        ({"surname": "Field"}, "#/surname"),
        ({"urgent": "yes"}, "#/urgent"),
        ({"agreed_on": 1700000000}, "#/agreed_on"),
        ({"agreed_on": "16/11/2026"}, "#/agreed_on"),
        ({"children": []}, "#/children"),
        ({"children": [7]}, "#/children/0"),
        ({"basis": "because"}, "#/basis"),
        (
            {"children": [A_REQUEST["children"][0] | {"school_urn": 123456}]},
            "#/children/0/school_urn",
        ),
        ({"children": [A_REQUEST["children"][0] | {"family_name": "\ud800"}]}, None),
    ],
)
def test_each_wrong_value_is_refused_where_it_stands(changes, pointer):
    school = make_partner_system()

    answer = school.post("requests", json.dumps(A_REQUEST | changes), key="one")

    assert answer.status_code == 422, answer.content
    assert pointer is None or pointer in pointers(answer)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"worry": ' + "9" * 5000 + "}", "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (" ", "application/json", 400),
        ("[]", "application/json", 422),
        ("null", "application/json", 422),
        ("worry=late", "application/x-www-form-urlencoded", 415),
        ("<a/>", "text/xml", 415),
        ('"' + "x" * (api.LONGEST_BODY + 1) + '"', "application/json", 413),
    ],
    ids=["broken", "deep", "long-number", "bytes", "empty", "list", "null", "form", "xml", "huge"],
)
def test_what_cannot_be_read_is_a_problem_and_not_an_error_of_ours(body, content_type, status):
    school = make_partner_system()

    answer = school.post("requests", body, key="one", content_type=content_type)

    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_missing_or_useless_idempotency_key_is_refused():
    school = make_partner_system()

    for key in ("", "ä", "x" * 101, "two words"):
        answer = school.post("requests", A_REQUEST, key=key)
        assert answer.status_code == 422, key
        assert "header:idempotency-key" in {p.lower() for p in pointers(answer)}
    assert school.post("requests", A_REQUEST, key="good-1").status_code == 201


def test_only_a_key_that_is_good_now_opens_the_interface():
    school = make_partner_system()
    plain = Client()

    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        answer = plain.get("/api/v1/needs", headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert school.get("needs").status_code == 200
    school.key.ended_at = AT
    school.key.save()
    assert school.get("needs").status_code == 401


def test_a_session_opens_nothing_here():
    browser = Client()
    browser.force_login(make_desk_worker())

    assert browser.get("/api/v1/requests").status_code == 401


@pytest.mark.parametrize(
    "path", ["", "nothing", "requests/R-2026-999999", "requests/%00", "requests/x/answer"]
)
def test_what_is_not_there_is_a_problem(path):
    school = make_partner_system()

    answer = school.get(path) if "answer" not in path else school.post(path, {"words": "Hi"})

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_method_that_is_not_allowed_is_a_problem():
    school = make_partner_system()

    answer = Client().delete("/api/v1/requests", headers=school.headers())

    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")
    assert "POST" in answer.headers["Allow"]


def test_a_system_that_asks_too_often_is_told_to_wait(settings):
    settings.KITH_API_PER_MINUTE = 3
    hasty, other = make_partner_system(), make_partner_system("Hill School")

    answers = [hasty.get("needs") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["Content-Type"] == "application/problem+json"
    assert "no more than 3 times a minute" in answers[-1].json()["detail"]
    assert other.get("needs").status_code == 200
    with time_machine.travel(AT + timedelta(seconds=61)):
        assert hasty.get("needs").status_code == 200


def test_an_error_of_ours_keeps_nothing_and_tells_nothing(monkeypatch, caplog):
    school = make_partner_system()

    def breaks(**_):
        raise RuntimeError("Ada Okafor")

    with monkeypatch.context() as broken:
        broken.setattr(api.actions, "receive_once", breaks)
        answer = school.post("requests", A_REQUEST, key="one")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Okafor" not in caplog.text + answer.content.decode()


def test_requests_come_page_by_page_with_few_queries(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(api, "PER_PAGE", 3)
    school = make_partner_system()
    for number in range(4):
        school.post("requests", A_REQUEST | {"sender_reference": str(number)}, key=str(number))

    first = school.get("requests").json()
    second = school.get(first["next"].removeprefix("/api/v1/")).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (3, 1, None)
    assert first["total"] == 4
    with CaptureQueriesContext(connection) as small:
        school.get("requests?page=2")
    with django_assert_num_queries(len(small)):
        school.get("requests")


def test_the_description_and_its_page_are_open_to_all():
    plain = Client()

    schema = plain.get("/api/v1/openapi.json")
    page = plain.get("/api/v1/docs")

    assert schema.json()["openapi"].startswith("3.1")
    assert "/api/v1/requests/{reference}" in schema.json()["paths"]
    assert page.status_code == 200
    assert b"Idempotency-Key" in page.content
    assert b"sender_reference" in page.content
