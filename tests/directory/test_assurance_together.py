"""A group confirms an entry in the very moment in which it would be hidden."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kith.accounts.viewer import clock, seeing_as
from kith.directory import actions, assured
from kith.directory.actions import set_up_terms
from kith.directory.models import Provider, Service
from kith.directory.said import mark_of
from tests.factories.accounts import make_team
from tests.factories.directory import make_service
from tests.factories.together import in_one_moment

HIDES = date(2026, 9, 10)


def morning(day):
    return datetime(day.year, day.month, day.day, 7, 40, tzinfo=ZoneInfo("Europe/London"))


def ask(day):
    with seeing_as(clock()):
        return actions.ask_for_assurance(by=clock(), at=morning(day))


@pytest.mark.parametrize("first", ["confirm", "hide"])
def test_confirming_and_hiding_in_one_moment_leave_it_shown(first, fresh_database):
    set_up_terms()
    make_team("County desk", "desk")
    service = make_service("Play", assured_on=date(2026, 3, 10))
    Provider.objects.update(keeper_email="hello@friends.example")
    ask(HIDES - timedelta(days=14))
    read = {service.uid: mark_of(assured.kept_by(service.provider).get())}

    def confirm():
        return actions.confirm(provider=service.provider, read=read, by=None, at=morning(HIDES))

    def hide():
        return ask(HIDES)

    acts = (confirm, hide) if first == "confirm" else (hide, confirm)
    came = in_one_moment(*acts)

    assert not isinstance(came, Exception), came
    kept = Service.objects.get()
    assert (kept.published, kept.hidden_on, kept.assured_on) == (True, None, HIDES)
