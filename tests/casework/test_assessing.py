"""The assessment: what is asked, that nobody's words are lost, who signs, and that it then stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.audit.models import Entry
from kith.casework import actions, queries
from kith.casework.actions import Typed
from kith.casework.assessment_form import FormFaulty, Question, Section, check, read
from kith.casework.caf import FIRST
from kith.casework.models import AssessmentForm, Case, Clash
from kith.families import queries as families
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import AT, make_case, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def hub():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(hub) -> Case:
    case = make_case(hub, worker=hub.worker)
    see_as(hub.worker)
    return case


def begin(case, worker, at=AT):
    people = families.people_of(worker, case.family)
    return actions.start_assessment(case=case, people=people, by=worker, at=at)


def write(assessment, by, at=AT, **answers):
    """Write answers, with underscores for the hyphens of their keys, as one who sees what stands."""
    have = queries.answers_of(by, assessment)
    typed = {
        key: Typed(words, have[key].revision if key in have else 0)
        for name, words in answers.items()
        if (key := name.replace("__", "-"))
    }
    return actions.save_answers(assessment=assessment, answers=typed, by=by, at=at)


def fill(assessment, by, at=AT, score="4", **answers):
    """Answer whatever must be answered."""
    have = queries.answers_of(by, assessment)
    typed = {}
    for part in assessment.parts():
        for slot in part.slots:
            if slot.question.needed:
                words = score if slot.question.kind == "score" else "Said together."
                typed[slot.key] = Typed(words, have[slot.key].revision if slot.key in have else 0)
    actions.save_answers(assessment=assessment, answers=typed, by=by, at=at)
    write(assessment, by, at, **answers)


def signed(case, hub, at=AT, **answers):
    with seeing_as(hub.worker):
        assessment = begin(case, hub.worker, at)
        fill(assessment, hub.worker, at, **answers)
        actions.send_to_manager(assessment=assessment, by=hub.worker, at=at)
    with seeing_as(hub.manager):
        return actions.sign(assessment=assessment, by=hub.manager, at=at)


def words_of(viewer, assessment):
    return {key: answer.words for key, answer in queries.answers_of(viewer, assessment).items()}


def test_each_child_and_each_adult_is_asked(case, hub):
    child, mother = families.people_of(hub.worker, case.family)

    assessment = begin(case, hub.worker)

    keys = [part.key for part in assessment.parts()]
    assert f"development-{child.person.pk}" in keys
    assert f"parent_voice-{mother.person.pk}" in keys
    assert f"development-{mother.person.pk}" not in keys
    with pytest.raises(actions.AssessmentInHand, match="Go on with that one"):
        begin(case, hub.worker)
    with pytest.raises(actions.NothingAssessed, match="unborn child counts"):
        actions.start_assessment(case=case, people=[mother], by=hub.worker, at=AT)


def test_only_the_hub_that_has_the_case_writes_it(case, hub):
    assessment = begin(case, hub.worker)
    witney = make_staffed_hub("Witney")

    write(assessment, hub.worker, about__why="School rang.")

    with seeing_as(witney.worker):
        assert not queries.assessments_visible_to(witney.worker).exists()
        assert queries.answers_of(witney.worker, assessment) == {}
    with pytest.raises(PermissionDenied, match="staff of the hub"):
        actions.save_answers(assessment=assessment, answers={}, by=witney.worker, at=AT)


def test_words_written_at_once_are_all_kept_until_a_person_decides(case, hub):
    colleague = make_worker(hub.hub, "Colleague")
    assessment = begin(case, hub.worker)
    write(assessment, hub.worker, about__why="School rang.")

    first = actions.save_answers(
        assessment=assessment, answers={"about-why": Typed("The first.", 1)}, by=hub.worker, at=AT
    )
    with seeing_as(colleague):
        second = actions.save_answers(
            assessment=assessment,
            answers={
                "about-why": Typed("The second.", 1),
                "about-home": Typed("With their aunt.", 0),
            },
            by=colleague,
            at=LATER,
        )
        more = actions.save_answers(
            assessment=assessment,
            answers={"about-why": Typed("The second, longer.", 1)},
            by=colleague,
            at=LATER,
        )

    assert first.clashes == {}
    assert set(second.clashes) == {"about-why"}
    assert second.clashes["about-why"].pk == more.clashes["about-why"].pk
    see_as(hub.worker)
    assert words_of(hub.worker, assessment)["about-why"] == "The first."
    assert words_of(hub.worker, assessment)["about-home"] == "With their aunt."
    [waiting] = queries.clashes_of(hub.worker, assessment)["about-why"]
    assert (waiting.words, waiting.by) == ("The second, longer.", colleague)
    fill(assessment, hub.worker)
    # The answer was written again by `fill`, under the eyes of whoever decides.
    with pytest.raises(actions.NotReady, match="two texts were written at once"):
        actions.send_to_manager(assessment=assessment, by=hub.worker, at=LATER)
    with pytest.raises(actions.NotPossible, match="just written here again"):
        actions.settle(clash=waiting, words="Both.", revision=2, by=hub.worker, at=LATER)
    actions.settle(clash=waiting, words="Both.", revision=3, by=hub.worker, at=LATER)
    assert words_of(hub.worker, assessment)["about-why"] == "Both."
    with pytest.raises(actions.NotPossible, match="decided already"):
        actions.settle(clash=waiting, words="Again.", revision=4, by=hub.worker, at=LATER)
    actions.send_to_manager(assessment=assessment, by=hub.worker, at=LATER)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.booleans(), st.text("abc", max_size=3)), max_size=8)
)
def test_whatever_two_people_type_stands_or_waits_beside(case, hub, saves):
    """Any order of saves from two pages, each of which may be stale: no words are ever lost."""
    with transaction.atomic():
        colleague = make_worker(hub.hub, "Colleague")
        assessment = begin(case, hub.worker)
        seen = [0, 0]
        typed: dict[int, str] = {}
        for who, looks_again, words in saves:
            by = (hub.worker, colleague)[who]
            see_as(by)
            stands = queries.answers_of(by, assessment).get("about-why")
            if looks_again:
                seen[who] = stands.revision if stands else 0
            saved = actions.save_answers(
                assessment=assessment,
                answers={"about-why": Typed(words, seen[who])},
                by=by,
                at=AT,
            )
            if not saved.clashes:
                seen[who] = saved.revisions["about-why"]
            typed[who] = words
            now = queries.answers_of(by, assessment).get("about-why")
            beside = [one.words for one in queries.clashes_of(by, assessment).get("about-why", [])]
            assert words in ((now.words if now else ""), *beside)
            # Nobody is written over who had not been seen.
            if stands and (not now or now.words != stands.words):
                assert seen[who] == stands.revision + 1
        transaction.set_rollback(True)


def test_a_manager_signs_what_somebody_else_sent(case, hub):
    assessment = begin(case, hub.worker)
    with pytest.raises(actions.NotReady) as refusal:
        actions.send_to_manager(assessment=assessment, by=hub.worker, at=AT)
    assert any("What led to this assessment?" in line for line in refusal.value.where)
    fill(assessment, hub.worker)

    actions.send_to_manager(assessment=assessment, by=hub.worker, at=AT)

    with pytest.raises(actions.NotADraft, match="with the manager"):
        write(assessment, hub.worker, about__why="More.")
    with pytest.raises(PermissionDenied, match="Only a manager"):
        actions.sign(assessment=assessment, by=hub.worker, at=AT)
    see_as(hub.manager)
    assert list(queries.to_sign(hub.manager)) == [assessment]
    actions.send_back(assessment=assessment, reason="Ask Ada too.", by=hub.manager, at=AT)
    with seeing_as(front_door()):
        told = Notice.objects.get(key="casework.assessment_back")
    assert told.to == hub.worker.email and f"/assessments/{assessment.pk}/" in told.body
    assert "Ada" not in told.subject + told.body, "what is missing is read on the page"
    see_as(hub.worker)
    write(assessment, hub.worker, about__home="At home.")
    actions.send_to_manager(assessment=assessment, by=hub.worker, at=AT)
    see_as(hub.manager)
    done = actions.sign(assessment=assessment, by=hub.manager, at=LATER)
    assert (done.status, done.signed_by, done.signed_at) == ("signed", hub.manager, LATER)
    with seeing_as(make_user("dpo", make_team(kind="desk"))):
        told = [
            entry.what
            for entry in Entry.objects.filter(what__startswith="assessment").order_by("at", "pk")
        ]
    assert {
        "assessment.started",
        "assessment.sent",
        "assessment.sent_back",
        "assessment.signed",
    } <= set(told)


def test_a_manager_does_not_sign_what_they_sent_themselves(case, hub):
    see_as(hub.manager)
    assessment = begin(case, hub.manager)
    fill(assessment, hub.manager)
    actions.send_to_manager(assessment=assessment, by=hub.manager, at=AT)

    with pytest.raises(PermissionDenied, match="Somebody else signs"):
        actions.sign(assessment=assessment, by=hub.manager, at=AT)
    other = make_user("hub_manager", hub.team, "Other")
    see_as(other)
    assert actions.sign(assessment=assessment, by=other, at=AT).signed_by == other


def test_the_database_keeps_what_was_signed(case, hub):
    assessment = signed(case, hub)
    see_as(hub.worker)
    for statement in (
        "update casework_answer set words = 'Other' where assessment_id = %s",
        "delete from casework_answer where assessment_id = %s",
        "update casework_assessment set status = 'draft', signed_at = null, signed_by_id = null"
        " where id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [assessment.pk])


def test_the_next_one_begins_with_the_last_and_marks_what_changed(case, hub):
    signed(case, hub, about__home="With their aunt.", about__others="The school nurse.")
    see_as(hub.worker)

    second = begin(case, hub.worker, LATER)
    assert words_of(hub.worker, second)["about-home"] == "With their aunt."
    write(second, hub.worker, LATER, about__home="Back at home.", surroundings__wider="An uncle.")

    marks = {
        answer.label: (answer.mark, answer.before)
        for part in queries.read_assessment(hub.worker, second)
        for answer in part.answers
    }
    assert marks["How do the family live at the moment?"] == ("Changed", "With their aunt.")
    assert marks["Who else helps the family?"] == ("As last time", "")
    assert marks["Wider family"] == ("New", "")


def test_the_distance_travelled_is_told_by_area(case, hub):
    signed(case, hub)
    later = AT + timedelta(days=90)
    with seeing_as(hub.worker):
        second = begin(case, hub.worker, later)
        fill(second, hub.worker, later, score="7", surroundings__score="3")
        assert {one.change for one in queries.distances(hub.worker, case.family)} == {None}
        actions.send_to_manager(assessment=second, by=hub.worker, at=later)
    with seeing_as(hub.manager):
        actions.sign(assessment=second, by=hub.manager, at=later)

    see_as(hub.worker)
    found = {one.title: one.change for one in queries.distances(hub.worker, case.family)}
    assert found == {
        "Development: Ada Okafor": 3,
        "Parents and carers": 3,
        "Family and surroundings": -1,
    }


def test_a_draft_that_is_not_used_leaves_room_for_another(case, hub):
    assessment = begin(case, hub.worker)
    with pytest.raises(actions.ReasonMissing):
        actions.discard(assessment=assessment, reason=" ", by=hub.worker, at=AT)

    actions.discard(assessment=assessment, reason="Begun twice.", by=hub.worker, at=AT)

    assert begin(case, hub.worker, LATER).pk != assessment.pk


def test_a_closed_case_takes_no_assessment(case, hub):
    assessment = begin(case, hub.worker)
    with seeing_as(hub.manager):
        actions.close(
            case=case,
            reason="declined",
            outcome="unknown",
            words="They did not want it.",
            family_words="Come back at any time.",
            rest_ends=False,
            by=hub.manager,
            at=LATER,
        )
    see_as(hub.worker)

    with pytest.raises(actions.CaseClosed):
        write(assessment, hub.worker, LATER, about__why="Late.")


# --- The form -------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return make_user("county_lead", make_team("Leads", "desk"), "Lena Lead")


def test_a_county_adds_its_own_questions_in_a_new_version(case, hub, lead):
    old = signed(case, hub)
    see_as(lead)
    draft = actions.draft_form(by=lead, at=AT)
    assert actions.draft_form(by=lead, at=AT) == draft
    with pytest.raises(actions.NotPossible, match="Nothing has been changed"):
        actions.release_form(form=draft, changes="Nothing", by=lead, at=AT)

    draft = actions.add_question(
        form=draft, section="about", label="Screen time", kind="choice",
        choices=("Little", "Much"), needed=True, by=lead, at=AT,
    )  # fmt: skip
    for kind, label, wrong in (
        ("choice", "Pets", "two or more answers"),
        ("words", "SCREEN TIME", "asks this already"),
        ("words", "  ", "Write the question"),
    ):
        with pytest.raises(actions.NotPossible, match=wrong):
            actions.add_question(
                form=draft, section="about", label=label, kind=kind, by=lead, at=AT
            )
    with pytest.raises(actions.QuestionFaulty, match="county added"):
        actions.remove_question(form=draft, section="about", key="why", by=lead, at=AT)
    released = actions.release_form(form=draft, changes="Asks about screens", by=lead, at=LATER)

    with pytest.raises(actions.FormReleased, match="stays as it is"):
        actions.remove_question(
            form=released, section="about", key="own_screen_time", by=lead, at=LATER
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        AssessmentForm.objects.filter(pk=released.pk).update(changes="Else")
    see_as(hub.worker)
    new = begin(case, hub.worker, LATER)
    asked = [slot.question.label for part in new.parts() for slot in part.slots]
    assert "Screen time" in asked
    assert "Screen time" not in [
        answer.label for part in queries.read_assessment(hub.worker, old) for answer in part.answers
    ]
    with pytest.raises(PermissionDenied, match="county lead or an administrator"):
        actions.draft_form(by=hub.manager, at=LATER)


def test_the_form_is_read_as_it_was_stored():
    assert read(FIRST.as_data()) == FIRST
    for broken in (
        [{"title": "No key"}],
        [{"key": "a", "title": "A", "questions": [{}]}],
        "x",
        None,
    ):
        with pytest.raises(FormFaulty):
            read(broken)


@pytest.mark.parametrize(
    "question, wrong",
    [
        (Question("Bad key", "A"), "is no key"),
        (Question("a", "A", "colour"), "of no kind"),
        (Question("a", "A", "choice", choices=("One",)), "two or more"),
    ],
)
def test_a_faulty_question_is_refused(question, wrong):
    with pytest.raises(FormFaulty, match=wrong):
        check([Section("about", "About", questions=(question,))])
    with pytest.raises(FormFaulty, match="stands twice"):
        check([Section("about", "About", questions=(Question("a", "A"), Question("a", "B")))])


def test_clashes_are_seen_by_the_hub_alone(case, hub):
    assessment = begin(case, hub.worker)
    write(assessment, hub.worker, about__why="One.")
    actions.save_answers(
        assessment=assessment, answers={"about-why": Typed("Two.", 0)}, by=hub.worker, at=AT
    )
    see_as(make_staffed_hub("Witney").worker)
    assert not Clash.objects.exists()
