from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kith.audit.models import Entry
from kith.families import actions, queries
from tests.factories.accounts import make_team, make_user
from tests.factories.families import make_desk_worker, make_family, make_person

pytestmark = pytest.mark.django_db
REASON = "The police are at the door and ask who lives here."


@pytest.fixture
def now():
    """Standing ends by the database's own clock."""
    return timezone.now()


def test_a_worker_opens_a_record_in_an_emergency_for_some_hours(seen_by, now):
    worker = make_user("hub_worker", make_team("Witney"))
    family = make_family(team=make_team("Banbury"))
    make_person(family)
    seen_by(worker)
    assert queries.people_of(worker, family) == []

    opened = actions.break_glass(
        family_reference=family.reference.lower(), reason=REASON, by=worker, at=now
    )

    assert opened.until == now + timedelta(hours=4)
    assert len(queries.people_of(worker, family)) == 1
    assert queries.open_emergency(worker, family) == opened
    again = actions.break_glass(family_reference=family.reference, reason=REASON, by=worker, at=now)
    assert again == opened
    with pytest.raises(PermissionDenied):
        actions.rename_family(family=family, name="Changed", by=worker, at=now)


def test_an_emergency_ends_by_itself(seen_by, now):
    worker = make_user("hub_worker", make_team("Witney"))
    family = make_family()
    seen_by(worker)

    with pytest.raises(Exception, match="row-level security"):
        # What is over already cannot even be written by whoever would no longer see it.
        actions.break_glass(
            family_reference=family.reference, reason=REASON, by=worker, at=now - timedelta(hours=9)
        )


def test_an_emergency_opens_all_records_of_a_family(seen_by, now):
    desk, worker = make_desk_worker(), make_user("hub_worker", make_team("Witney"))
    kept, gone = make_family(), make_family()
    seen_by(desk)
    actions.merge(kept=kept, gone=gone, by=desk, at=now)
    seen_by(worker)

    actions.break_glass(family_reference=gone.reference, reason=REASON, by=worker, at=now)

    assert set(queries.visible_to(worker)) == {kept, gone}


def test_an_emergency_needs_a_role_a_reason_and_a_family(seen_by, now):
    worker, referrer = (
        make_user("hub_worker", make_team()),
        make_user("referrer", make_team(kind="partner")),
    )
    family = make_family()
    seen_by(worker)

    with pytest.raises(actions.ReasonMissing, match="Write why"):
        actions.break_glass(family_reference=family.reference, reason="need it", by=worker, at=now)
    with pytest.raises(actions.NoSuchFamily, match="no family"):
        actions.break_glass(family_reference="F-999999", reason=REASON, by=worker, at=now)
    seen_by(referrer)
    with pytest.raises(PermissionDenied, match="Only hub staff"):
        actions.break_glass(family_reference=family.reference, reason=REASON, by=referrer, at=now)


def test_every_emergency_is_reviewed_once_by_somebody_else(seen_by, now):
    worker, dpo = (
        make_user("hub_worker", make_team()),
        make_user("dpo", make_team(kind="desk"), "Pat Privacy"),
    )
    family = make_family()
    seen_by(worker)
    opened = actions.break_glass(
        family_reference=family.reference, reason=REASON, by=worker, at=now
    )
    with pytest.raises(PermissionDenied):
        actions.review_emergency(emergency=opened, justified=True, review="Fine", by=worker, at=now)

    seen_by(dpo)
    assert list(queries.emergencies(dpo)) == [opened]
    with pytest.raises(actions.ReasonMissing):
        actions.review_emergency(emergency=opened, justified=True, review=" ", by=dpo, at=now)
    reviewed = actions.review_emergency(
        emergency=opened, justified=False, review="No call was made", by=dpo, at=now
    )

    assert (reviewed.justified, reviewed.reviewed_by) == (False, dpo)
    with pytest.raises(actions.AlreadyReviewed, match=r"^You have already"):
        actions.review_emergency(emergency=opened, justified=True, review="x", by=dpo, at=now)
    another = make_user("dpo", make_team(kind="desk"))
    seen_by(another)
    with pytest.raises(actions.AlreadyReviewed, match=r"^Pat Privacy has already"):
        actions.review_emergency(emergency=opened, justified=True, review="x", by=another, at=now)
    seen_by(dpo)
    log = Entry.objects.filter(what__in=["family.emergency", "emergency.reviewed"])
    assert set(log.values_list("family_id", flat=True)) == {family.pk}
    assert not queries.visible_to(dpo).exists()
