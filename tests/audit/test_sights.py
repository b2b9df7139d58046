"""Who saw whom: noted once in ten minutes, in the transaction of the page."""

from datetime import timedelta

import pytest

from kith.audit import actions
from kith.audit.models import Sight
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db


def test_a_second_look_at_the_same_page_within_minutes_is_one_sight(
    seen_by, at, django_capture_on_commit_callbacks
):
    worker, dpo = make_user(), make_user("dpo", make_team("County", "desk"))

    def look(page: str, minutes: int) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            actions.saw_once(
                viewer=worker, family_id=7, page=page, at=at + timedelta(minutes=minutes)
            )

    look("family", 0)
    look("family", 5)
    look("case", 5)
    look("family", 11)

    seen_by(dpo)
    assert list(Sight.objects.order_by("at", "page").values_list("page", flat=True)) == [
        "family",
        "case",
        "family",
    ]


def test_a_look_that_came_to_nothing_is_not_remembered(seen_by, at):
    worker = make_user()

    assert actions.saw_once(viewer=worker, family_id=8, page="family", at=at)
    # The transaction has not been committed: the next look is noted all the same.
    assert actions.saw_once(viewer=worker, family_id=8, page="family", at=at)
