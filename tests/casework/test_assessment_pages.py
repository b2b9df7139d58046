"""The assessment's pages: written by hand or by script, two at once, signed out, signed, printed."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from kith.accounts.viewer import see_as
from kith.casework import queries
from kith.casework.models import Assessment
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(hub):
    return make_case(hub, worker=hub.worker)


@pytest.fixture
def begun(case, hub):
    page = browser(hub.worker)
    see_as(hub.worker)
    start = reverse("casework:assessment_start", args=[case.reference])
    people = re.findall(r'name="people" [^>]*value="(\d+)"', page.get(start).content.decode())
    people = people or re.findall(
        r'value="(\d+)"[^>]*name="people"', page.get(start).content.decode()
    )
    answer = page.post(start, {"people": people})
    assert answer.status_code == 302
    see_as(hub.worker)
    return Assessment.objects.get()


def browser(user, **options) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def part(assessment, key="about"):
    return reverse("casework:assessment_part", args=[assessment.pk, key])


def had(page) -> str:
    return page.context["form"]["had"].value()


def stands(hub, assessment, key="about-why"):
    see_as(hub.worker)
    answer = queries.answers_of(hub.worker, assessment).get(key)
    return answer.words if answer else ""


def autosave(client, url, page_had, **answers):
    data = {"had": page_had} | {key.replace("__", "-"): value for key, value in answers.items()}
    return client.post(url, data, headers={"X-Requested-With": "autosave"})


def test_a_part_is_written_without_a_script(begun, hub):
    page = browser(hub.worker)
    shown = page.get(part(begun))

    went = page.post(part(begun), {"had": had(shown), "about-why": "School rang.", "next": "yes"})

    assert "/part/development-" in went["Location"]
    assert stands(hub, begun) == "School rang."


def test_two_people_who_write_at_once_are_both_kept(begun, hub):
    mine, theirs = browser(hub.worker), browser(make_worker(hub.hub, "Colleague"))
    before = had(mine.get(part(begun)))
    theirs.post(part(begun), {"had": before, "about-why": "Theirs.", "about-home": "At home."})

    answer = mine.post(part(begun), {"had": before, "about-why": "Mine.", "about-home": ""})

    assert answer["Location"] == part(begun)
    page = mine.get(part(begun)).content.decode()
    assert "two texts were written at once" in page and "Mine." in page and "Theirs." in page
    # What was not touched is not taken for cleared.
    assert stands(hub, begun, "about-home") == "At home."
    decide = re.search(r'href="(/cases/assessments/\d+/decide/\d+/)"', page)[1]
    both = mine.get(decide).context["form"]
    assert both["words"].value() == "Theirs.\n\nMine."
    # Whoever decides on what has changed meanwhile is shown what stands there now.
    late = mine.post(decide, {"take": "this", "revision": 99}, follow=True)
    assert "just written here again" in late.content.decode()
    assert late.context["form"]["revision"].value() == 1
    mine.post(decide, {"take": "other", "revision": both["revision"].value()})
    assert stands(hub, begun) == "Mine."
    assert mine.get(decide).status_code == 302


def test_the_script_hears_what_is_kept_what_clashes_and_what_is_wrong(begun, hub):
    mine, theirs = browser(hub.worker), browser(make_worker(hub.hub, "Colleague"))
    before = had(mine.get(part(begun)))

    first = autosave(mine, part(begun), before, about__why="Mine.").json()
    clashing = autosave(theirs, part(begun), before, about__why="Theirs.").json()
    again = autosave(theirs, part(begun), clashing["had"], about__why="Theirs, longer.").json()
    wrong = autosave(
        mine, part(begun), first["had"], about__why="x" * 9000, about__home="Kept."
    ).json()

    assert json.loads(first["had"])["about-why"][0] == 1
    assert [one["label"] for one in clashing["clashes"]] == ["What led to this assessment?"]
    assert again["clashes"][0]["href"] == clashing["clashes"][0]["href"]
    assert "9,000 characters" in str(wrong["errors"])
    assert (stands(hub, begun), stands(hub, begun, "about-home")) == ("Mine.", "Kept.")
    see_as(hub.worker)
    [[waiting]] = queries.clashes_of(hub.worker, begun).values()
    assert waiting.words == "Theirs, longer."


@pytest.mark.parametrize("spoiled", ["", "{", "[]", '{"about-why": 5}', '{"about-why": [1]}'])
def test_a_page_that_forgot_what_it_had_writes_nothing_over(begun, hub, spoiled):
    page = browser(hub.worker)
    autosave(page, part(begun), had(page.get(part(begun))), about__why="First.")

    answer = autosave(page, part(begun), spoiled, about__why="Second.")

    assert answer.status_code == 200
    assert stands(hub, begun) == "First."
    assert answer.json()["clashes"]


def test_what_is_typed_after_signing_out_is_not_lost(begun, hub):
    typed = {"had": "{}", "about-why": 'Typed <b> & "quoted"\nsecond line'}
    nobody = Client()

    assert autosave(nobody, part(begun), "{}", about__why="Typed").status_code == 401
    answer = nobody.post(part(begun), typed)

    assert answer.status_code == 401
    assert (
        "Typed &lt;b&gt; &amp; &quot;quoted&quot;\nsecond line</textarea>"
        in answer.content.decode()
    )
    assert nobody.get(part(begun))["Location"].startswith("/accounts/login/")


def test_a_form_from_before_signing_in_again_can_be_sent_once_more(begun, hub):
    page = browser(hub.worker, enforce_csrf_checks=True)
    typed = {"about-why": "Typed before.", "csrfmiddlewaretoken": "x" * 64}

    ours = page.post(part(begun), typed, headers={"Origin": "http://testserver"})
    others = page.post(part(begun), typed, headers={"Origin": "https://elsewhere.example"})

    assert (ours.status_code, others.status_code) == (403, 403)
    assert "Send it again" in ours.content.decode() and "Typed before." in ours.content.decode()
    assert "Typed before." not in others.content.decode()
    secret = page.post(
        reverse("accounts:me"), {"password": "abc"}, headers={"Origin": "http://testserver"}
    )
    assert "Send it again" not in secret.content.decode()


def test_an_assessment_is_sent_sent_back_signed_and_printed(begun, hub):
    page, manager = browser(hub.worker), browser(hub.manager)
    one = reverse("casework:assessment", args=[begun.pk])
    assert "answers are still needed" in page.get(one).content.decode()
    for link in re.findall(r'href="([^"]+/part/[^"]+)"', page.get(one).content.decode()):
        form = page.get(link).context["form"]
        needed = {slot.key: "5" if slot.question.kind == "score" else "Said & heard <here>."
                  for slot in form.part.slots if slot.question.needed}  # fmt: skip
        page.post(link, {"had": had(page.get(link)), **needed})

    page.post(one + "send/")
    assert "With the manager" in page.get(one).content.decode()
    assert page.post(part(begun), {"had": "{}", "about-why": "Late"}).status_code == 409
    assert page.post(one + "sign/").status_code == 403
    assert one in manager.get(reverse("casework:to_sign")).content.decode()
    manager.post(one + "back/", {"reason": "Ask Ada too."})
    assert "Ask Ada too." in page.get(one).content.decode()
    page.post(one + "send/")
    manager.post(one + "sign/")

    see_as(hub.worker)
    assert Assessment.objects.get().status == "signed"
    case_page = page.get(reverse("casework:case", args=[begun.case.reference])).content.decode()
    assert "Distance travelled" in case_page and "Scored once" in case_page
    paper = page.get(one + "pdf/")
    assert paper["Content-Type"] == "application/pdf"
    assert b"/StructTreeRoot" in paper.content
    history = page.get(reverse("casework:family", args=[begun.case.family.reference]))
    assert "Assessment signed" in history.content.decode()


def test_the_number_of_questions_does_not_grow_with_the_answers(
    begun, hub, django_assert_max_num_queries
):
    page = browser(hub.worker)
    page.get(part(begun))
    autosave(page, part(begun), "{}", about__why="A", about__home="B", about__others="C")

    with django_assert_max_num_queries(24):
        page.get(part(begun))
    with django_assert_max_num_queries(26):
        page.get(reverse("casework:assessment", args=[begun.pk]))


def test_the_county_makes_a_new_version_of_the_form(hub):
    page = browser(make_user("county_lead", make_team("Leads", "desk"), "Lena Lead"))
    form = reverse("casework:assessment_form")
    assert "Make a new version" in page.get(form).content.decode()
    page.post(form)

    wrong = page.post(form + "question/", {"section": "about", "label": "", "kind": "words"})
    assert "Enter the question" in wrong.content.decode()
    page.post(
        form + "question/",
        {"section": "about", "label": "Screen time", "kind": "choice", "choices": "Little\nMuch"},
    )
    assert "Screen time" in page.get(form).content.decode()
    page.post(reverse("casework:assessment_form_take_out", args=["about", "own_screen_time"]))
    assert "Screen time" not in page.get(form).content.decode()
    one = {"section": "about", "label": "Which pets?", "kind": "choice", "choices": "A dog"}
    few = page.post(form + "question/", one).content.decode()
    assert '<a href="#id_choices">Enter two or more answers' in few, "said at the field"
    page.post(form + "question/", {"section": "about", "label": "Pets", "kind": "yes_no"})
    page.post(form + "release/", {"changes": "Asks about pets"})

    shown = page.get(form).content.decode()
    assert "Asks about pets" in shown and "Version 2" in shown
