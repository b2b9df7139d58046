"""What is rare in the lives of the demonstration county's families, made by the rooms' own actions: a
birth, a death, a foster child, a child of two families, and records kept to named people."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.viewer import front_door, seeing_as
from kith.casestudies.models import CaseStudy
from kith.casework import actions as casework
from kith.casework.models import Case, HandoverOffer
from kith.demo.people import address
from kith.families import actions
from kith.families.models import Family, Membership, Person

# Hubs that are asked: a small county has families to tell of at some of them only.
HUBS = ("banbury", "east-oxford", "littlemore", "bicester", "didcot", "abingdon", "witney")


def tell_rare_lives(chance: Random, now: datetime) -> None:
    """Let a few families that two hubs work with now live through what few families do."""
    at = now - timedelta(hours=18)
    with_cases = [(slug, cases) for slug in HUBS if (cases := _cases(slug, at))]
    for (slug, cases), last in zip(with_cases, (_of_a_colleague, _adopted), strict=False):
        # A small county has few families: then one lives through more than one of these.
        for number, tell in enumerate(TURNS):
            tell(chance, cases[number % len(cases)], slug, at)
        last(chance, cases[-1], slug, at)


def _cases(slug: str, at: datetime) -> list[Case]:
    """Return the open cases of a hub whose families are not told of in a case study, nor offered to
    another hub: a record that is offered cannot be kept to named people."""
    with seeing_as(front_door()):
        waiting = HandoverOffer.objects.filter(state=HandoverOffer.State.WAITING)
        offered = waiting.values("case__family")
        return list(
            Case.objects.filter(team__hub__slug=slug, status="open", worker__isnull=False)
            .filter(first_contact_at__lt=at - timedelta(days=30))
            .exclude(pk__in=CaseStudy.objects.values("case"))
            .exclude(family__in=offered)
            .select_related("family", "worker", "team")
            .order_by("-opened_at", "pk")
        )


def _people(viewer: User, family: Family) -> tuple[list[Person], list[Person]]:
    """Return the children and the adults of a family who live."""
    belongs = Membership.objects.filter(
        family=family, until__isnull=True, person__died_on__isnull=True
    ).select_related("person")
    held = list(belongs.order_by("pk"))
    children = [one.person for one in held if one.role == Membership.Role.CHILD]
    return children, [one.person for one in held if one.role != Membership.Role.CHILD]


def _postcode(family: Family) -> str:
    return str(family.addresses.order_by("pk").values_list("postcode", flat=True)[0])


def _expect(case: Case, due: date, at: datetime) -> Person:
    assert case.worker
    children, adults = _people(case.worker, case.family)
    surname = (children or adults)[0].family_name
    baby = actions.add_member(
        family=case.family, role="child", given_names="Baby", family_name=surname,
        expected_on=due, by=case.worker, at=at,
    )  # fmt: skip
    if adults:
        actions.relate(
            person=adults[0], other=baby, family=case.family, kind="parent",
            parental_responsibility=True, by=case.worker, at=at,
        )  # fmt: skip
    return baby


def _expected(chance: Random, case: Case, slug: str, at: datetime) -> None:
    """A child is expected in some weeks."""
    assert case.worker
    with seeing_as(case.worker):
        _expect(case, at.date() + timedelta(days=chance.randint(20, 120)), at)


def _born(chance: Random, case: Case, slug: str, at: datetime) -> None:
    """A child was expected, and is born."""
    assert case.worker
    on = at.date() - timedelta(days=chance.randint(6, 18))
    with seeing_as(case.worker):
        baby = _expect(case, on + timedelta(days=5), at)
        actions.say_born(
            person=baby, family=case.family, on=on, given_names=chance.choice(("Robin", "Noor")),
            family_name=baby.family_name, sex="F", by=case.worker, at=at + timedelta(minutes=5),
        )  # fmt: skip


def _died(chance: Random, case: Case, slug: str, at: datetime) -> None:
    """A grandmother who lived with the family died; a child helped to look after her."""
    assert case.worker
    says: dict[str, Any] = {"by": case.worker, "at": at}
    with seeing_as(case.worker):
        children, _ = _people(case.worker, case.family)
        nan = actions.add_member(
            family=case.family, role="grandparent", given_names="Joan",
            family_name=children[0].family_name, date_of_birth=date(1949, 4, 11), **says,
        )  # fmt: skip
        for child in children:
            actions.relate(person=nan, other=child, family=case.family, kind="grandparent", **says)
        old = [
            child for child in children if child.date_of_birth and child.date_of_birth.year < 2017
        ]
        if old:
            actions.correct_person(person=old[0], family=case.family, young_carer=True, **says)
        casework.record_death(
            person=nan, family=case.family, on=at.date() - timedelta(days=chance.randint(20, 45)),
            **says,
        )  # fmt: skip


def _fostered(chance: Random, case: Case, slug: str, at: datetime) -> None:
    """A child lives with the family in foster care, and is called by another name there."""
    assert case.worker
    says: dict[str, Any] = {"by": case.worker, "at": at}
    with seeing_as(case.worker):
        _, adults = _people(case.worker, case.family)
        since = at.date() - timedelta(days=chance.randint(60, 200))
        child = actions.add_member(
            family=case.family, role="child", given_names="Callum", family_name="Ashdown",
            known_as="Cal", date_of_birth=date(at.year - 9, 5, 17), since=since, **says,
        )  # fmt: skip
        for adult in adults[:1]:
            actions.relate(
                person=adult, other=child, family=case.family, kind="foster_carer",
                parental_responsibility=False, since=since, **says,
            )  # fmt: skip
        actions.add_other_name(
            person=child, family=case.family, kind="former", given_names="Callum",
            family_name="Verrill", until=since, **says,
        )  # fmt: skip


def _two_families(chance: Random, case: Case, slug: str, at: datetime) -> None:
    """A child lives with a second family too: a parent's new household, of which the hub knows."""
    assert case.worker
    with seeing_as(case.worker):
        children, _ = _people(case.worker, case.family)
    with seeing_as(front_door()):
        second = actions.add_family(name="Garland", by=front_door(), at=at)
        actions.give_standing(
            family=second, team=Team.objects.get(pk=case.team_id), reason="case", by=front_door(),
            at=at,
        )  # fmt: skip
        partner = actions.add_person(
            family=second, role="father", given_names="Dean", family_name="Garland", by=front_door(),
            at=at,
        )  # fmt: skip
        actions.add_address(
            family=second, postcode=_postcode(case.family), lines=f"{chance.randint(2, 90)} Orchard Way",
            by=front_door(), at=at,
        )  # fmt: skip
    since = at.date() - timedelta(days=chance.randint(90, 400))
    with seeing_as(case.worker):
        child = next(one for one in children if one.date_of_birth)
        actions.join_known(
            person=child, family=second, role="child", since=max(since, child.date_of_birth or since),
            kind="other", other=partner, by=case.worker, at=at,
        )  # fmt: skip


def _keep(case: Case, slug: str, at: datetime, reason: str, words: str) -> None:
    assert case.worker
    manager = User.objects.get(email=address(f"manager.{slug}"))
    with seeing_as(manager):
        casework.keep_to_named(
            family=case.family, reason=reason, words=words, people={manager, case.worker},
            by=manager, at=at,
        )  # fmt: skip


def _of_a_colleague(chance: Random, case: Case, slug: str, at: datetime) -> None:
    """The family of somebody who works for the council."""
    _keep(case, slug, at, "staff", "The mother works at our front desk.")


def _adopted(chance: Random, case: Case, slug: str, at: datetime) -> None:
    """An adopted child, whose first family must not find them."""
    _keep(case, slug, at, "adoption", "The child was adopted; the first family looks for them.")


def _refuge(chance: Random, case: Case, slug: str, at: datetime) -> None:
    """The family lives at a refuge, whose address is masked."""
    assert case.worker
    manager = User.objects.get(email=address(f"manager.{slug}"))
    with seeing_as(case.worker):
        children, adults = _people(case.worker, case.family)
        home = actions.add_home(
            family=case.family, people=[*adults[:1], *children],
            before=case.family.addresses.order_by("pk").first(), stay_on=adults[1:],
            postcode=_postcode(case.family),
            lines="The refuge", called="A safe place", safe=False,
            since=timezone.localdate(at) - timedelta(days=chance.randint(10, 25)), by=case.worker,
            at=at,
        )  # fmt: skip
    with seeing_as(manager):
        casework.keep_to_named(
            family=case.family, address=home, reason="refuge",
            words="They fled from violence. Nobody must find them.", people={manager, case.worker},
            by=manager, at=at,
        )  # fmt: skip


TURNS = (_refuge, _born, _died, _fostered, _two_families, _expected)
