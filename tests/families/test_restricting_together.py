"""Somebody joins a family in the moment in which it is restricted, on a database that commits."""

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.families import actions
from kith.families.models import Membership, Person
from tests.factories.casework import make_staffed_hub
from tests.factories.families import make_desk_worker, make_family
from tests.factories.together import in_one_moment


def test_who_joins_in_the_moment_in_which_a_family_is_restricted_is_hidden_too(fresh_database, at):
    banbury = make_staffed_hub("Banbury")
    families = [make_family(name, team=banbury.hub.team) for name in ("First", "Second")]

    def restrict(family):
        see_as(banbury.manager)
        return actions.restrict(
            family=family, reason="staff", words="Works here", people=[banbury.manager],
            by=banbury.manager, at=at,
        )  # fmt: skip

    def join(family):
        # Whatever is done with a family locks it first; the wall holds also where something did not.
        with seeing_as(front_door()):
            born = Person.objects.create(given_names="New", family_name="Child")
            Membership.objects.create(family=family, person=born, role="child")

    in_one_moment(lambda: restrict(families[0]), lambda: join(families[0]))
    in_one_moment(lambda: join(families[1]), lambda: restrict(families[1]))

    with seeing_as(make_desk_worker()):
        assert not Person.objects.exists()
    with seeing_as(banbury.manager):
        assert Person.objects.count() == 2
