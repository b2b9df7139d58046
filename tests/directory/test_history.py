"""What was changed of a service, step by step, and what stood once put back as a new change."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import seeing_as
from kith.directory import actions, history, proposed
from kith.directory.actions import DirectoryRefused, Times, Told, set_up_terms
from kith.directory.models import NotHeld, Service, Term
from tests.factories.accounts import make_user
from tests.factories.directory import make_place
from tests.factories.places import make_hub, make_places


@pytest.fixture
def manager(fresh_database):
    make_places()
    set_up_terms()
    return make_user("hub_manager", make_hub("Banbury").team, "Mia Manager")


@pytest.fixture
def act(manager):
    """Do something as the manager, in a transaction of its own."""

    def act(action, **given):
        with seeing_as(manager):
            return action(**given, by=manager, at=timezone.now())

    return act


@pytest.fixture
def club(act) -> Service:
    giver = act(actions.write_provider, details=actions.Giver("Family Friends", "A charity."))
    return act(actions.write_service, details=told(giver))


def told(giver, **changes) -> Told:
    terms = tuple(Term.objects.filter(name__in=changes.pop("kinds", ["Young carers"])))
    given = {"name": "Club", "description": "Toast and tea.", "phone": "01632 960 001"}
    return Told(giver, **{**given, "published": True, **changes}, terms=terms)


def change(act, service, **changes) -> Service:
    return act(actions.write_service, details=told(service.provider, **changes), known=service)


def times(act, service, held, **given):
    details = Times("week", **{"weekday": 1, "opens": time(10), "closes": time(11), **given})
    return act(actions.write_schedule, service=service, details=details, held=held)


def put_back(act, service, step, **given):
    service.refresh_from_db()
    _, now, _ = history.to_put_back(service, step.values, timezone.localdate())
    mark = given.pop("mark", history.mark_of(now, step.key))
    return act(actions.put_back, service=service, key=step.key, mark=mark, **given)


def test_each_change_is_a_step_with_its_words_and_whoever_made_it(act, club, manager):
    change(act, club, name="Young carers’ club", kinds=["Activities", "Young carers"])
    held = act(actions.hold_at, service=club, place=make_place())
    schedule = times(act, club, held)
    act(actions.call_off, schedule=schedule, day=date(2030, 1, 2), words="Trip")

    off, timed, placed, renamed, written = history.steps_of(club)

    assert [(line.label, line.before, line.proposed) for line in renamed.lines] == [
        ("Name", "Club", "Young carers’ club"),
        ("Sorted under", "Young carers", "Activities, Young carers"),
    ]
    assert "The Old Chapel" in placed.lines[0].proposed
    assert "Tuesday" in timed.lines[0].proposed
    assert "Not on 2 January 2030: Trip" in off.lines[0].proposed
    assert {step.by for step in (off, timed, placed, renamed, written)} == {manager.pk}
    assert written.first and not renamed.first


def test_what_stands_after_the_last_step_is_what_stands(act, club):
    held = act(actions.hold_at, service=club, place=make_place())
    schedule = times(act, club, held)
    times(act, club, None, weekday=4)
    act(actions.drop_schedule, schedule=schedule)
    change(act, club, kinds=["Activities"], from_months=60, languages=("Polish",))

    last, *_ = history.steps_of(club)

    values = dict(last.values)
    told = {name: values.pop(name) for name in history.TOLD}
    assert told == {"published": True, "professional_only": False, "provider": "Family Friends"}
    club.refresh_from_db()
    assert values == proposed.values_of(club)


def test_what_stood_once_is_put_back_and_that_is_a_new_change(act, club):
    held = act(actions.hold_at, service=club, place=make_place())
    times(act, club, held)
    before = history.steps_of(club)[0]
    stood = history.to_put_back(club, before.values, timezone.localdate())[1]
    change(act, club, name="Chess", description="Chess only.", kinds=["Activities"])
    act(actions.leave_place, held=held)

    put_back(act, club, before)

    club.refresh_from_db()
    now = proposed.values_of(club)
    same = set(proposed.LABELS)
    assert {name: now[name] for name in same} == {name: stood[name] for name in same}
    # The place and its times are there again, under numbers of their own.
    assert sorted(map(str, (now[name]["opens"] for name in now if name.startswith("time-")))) == ["10:00:00"]  # fmt: skip
    assert [now[name]["place"] for name in now if name.startswith("place-")] == [str(held.place.uid)]  # fmt: skip
    assert history.steps_of(club)[0].at > before.at
    assert len(history.steps_of(club)) == 6, "nothing of the history is lost"


def test_some_of_it_stays_as_it_stands_now(act, club):
    before = history.steps_of(club)[0]
    change(act, club, name="Chess", description="Chess only.")

    put_back(act, club, before, keep=["name"])

    club.refresh_from_db()
    assert (club.name, club.description) == ("Chess", "Toast and tea.")
    with pytest.raises(DirectoryRefused, match="All of it is to stay"):
        put_back(act, club, before, keep=["name"])


def test_nobody_puts_back_what_they_did_not_see(act, club):
    before = history.steps_of(club)[0]
    change(act, club, name="Chess")
    _, now, _ = history.to_put_back(club, before.values, timezone.localdate())
    mark = history.mark_of(now, before.key)
    change(act, club, name="Chess and draughts")

    with pytest.raises(DirectoryRefused, match="changed while you read"):
        put_back(act, club, before, mark=mark)
    club.refresh_from_db()
    assert club.name == "Chess and draughts"


def test_a_keeper_reads_the_history_and_puts_one_thing_back_on_the_page(act, club, manager, client):
    change(act, club, name="Chess", phone="01632 960 002")
    written = history.steps_of(club)[-1]
    client.force_login(manager)

    page = client.get(reverse("directory:changes", args=[club.uid])).content.decode()
    address = reverse("directory:put_back", args=[club.uid, written.key])
    assert "Mia Manager" in page and address in page
    question = client.get(address)
    assert "Stood then" in question.content.decode()
    mark = question.context["form"].initial["mark"]
    nothing = client.post(address, {"mark": mark, "phone": "proposed"})
    assert "Choose what is to stand: Name" in nothing.content.decode()
    answer = client.post(address, {"mark": mark, "phone": "proposed", "name": "now"})
    assert answer.status_code == 302

    club.refresh_from_db()
    assert (club.name, club.phone) == ("Chess", "01632 960 001")
    assert client.get(reverse("directory:put_back", args=[club.uid, "1.5"])).status_code == 404


def test_the_history_asks_as_many_questions_however_long_it_is(
    act, club, django_assert_num_queries
):
    change(act, club, name="Chess")
    with django_assert_num_queries(11):
        history.steps_of(club)
    for number in range(12):
        change(act, club, name=f"Chess {number}", kinds=["Activities" if number % 2 else "Young carers"])  # fmt: skip
    with django_assert_num_queries(11):
        assert len(history.steps_of(club)) == 14


def test_a_place_that_was_left_and_is_given_again_stays_with_its_times(act, club):
    place = make_place()
    held = act(actions.hold_at, service=club, place=place)
    times(act, club, held)
    before = history.steps_of(club)[0]
    act(actions.leave_place, held=held)
    again = act(actions.hold_at, service=club, place=place)
    same = times(act, club, again)
    change(act, club, name="Chess")

    lines, _, _ = history.to_put_back(Service.objects.get(pk=club.pk), before.values, timezone.localdate())  # fmt: skip
    assert [line.label for line in lines] == ["Name"]
    put_back(act, club, before)

    assert [one.pk for one in club.at_places.all()] == [again.pk]
    assert [one.pk for one in club.schedules.all()] == [same.pk]


def test_only_its_times_are_put_back_where_the_place_was_given_again(act, club):
    place = make_place()
    held = act(actions.hold_at, service=club, place=place)
    times(act, club, held)
    before = history.steps_of(club)[0]
    act(actions.leave_place, held=held)
    again = act(actions.hold_at, service=club, place=place, words="the back room")
    times(act, club, again, weekday=4)

    put_back(act, club, before)

    (now,) = club.at_places.all()
    assert (now.pk, now.words) == (again.pk, "")
    assert [(one.weekday, one.at_place_id) for one in club.schedules.all()] == [(1, again.pk)]


def test_a_day_called_off_since_is_held_after_all_and_what_is_past_stays(act, club):
    schedule = times(act, club, None)
    before = history.steps_of(club)[0]
    act(actions.call_off, schedule=schedule, day=date(2030, 1, 2), words="Trip")
    NotHeld.objects.create(schedule=schedule, day=date(2020, 1, 7))

    put_back(act, club, before)

    assert [str(away.day) for away in schedule.not_held.all()] == ["2020-01-07"]


def test_a_kind_that_was_retired_is_not_taken_back_unseen(act, club):
    before = history.steps_of(club)[0]
    change(act, club, kinds=["Activities"])
    Term.objects.filter(name="Young carers").update(active=False)

    with pytest.raises(DirectoryRefused, match=r"Young carers.* is not in use any more"):
        put_back(act, club, before)

    club.refresh_from_db()
    assert [tag.term.name for tag in club.tags.all()] == ["Activities"]


def test_what_was_known_until_a_day_that_is_past_is_not_put_back(act, club):
    today = timezone.localdate()
    change(act, club, taking="waiting", taking_until=today + timedelta(days=1))
    before = history.steps_of(club)[0]
    change(act, club, taking="open")

    lines, *_ = history.to_put_back(
        Service.objects.get(pk=club.pk), before.values, today + timedelta(days=2)
    )

    assert [line.label for line in lines] == ["Whether somebody new can come"]
