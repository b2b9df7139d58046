"""Offers of a case answered by several people at once, on a database that commits."""

from django.db import transaction
from django.utils import timezone

from kith.accounts.viewer import see_as
from kith.casework import actions
from kith.casework.models import Case
from tests.factories.casework import make_case, make_staffed_hub, offer_case
from tests.factories.together import in_one_moment


def test_of_an_answer_and_a_withdrawal_in_one_moment_one_counts(fresh_database):
    banbury, witney = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    at = timezone.now()
    offers = []
    for _ in range(2):
        case = make_case(banbury, worker=banbury.worker, at=at)
        with transaction.atomic():
            see_as(banbury.manager)
            offers.append(offer_case(case, witney.hub, banbury.manager, at))

    def take(offer):
        see_as(witney.manager)
        return actions.take_over(offer=offer, worker=witney.worker, by=witney.manager, at=at)

    def withdraw(offer):
        see_as(banbury.manager)
        return actions.withdraw_offer(offer=offer, reason="x", by=banbury.manager, at=at)

    def write(offer):
        see_as(banbury.worker)
        case = Case.objects.get(pk=offer.case_id)
        return actions.add_note(case=case, happened_at=at, words="x", by=banbury.worker, at=at)

    too_late = in_one_moment(lambda: take(offers[0]), lambda: withdraw(offers[0]))
    taken_late = in_one_moment(lambda: withdraw(offers[1]), lambda: take(offers[1]))
    assert isinstance(too_late, actions.OfferOver)
    assert isinstance(taken_late, actions.OfferOver)
    with transaction.atomic():
        see_as(banbury.manager)
        case = Case.objects.get(pk=offers[1].case_id)
        again = offer_case(case, witney.hub, banbury.manager, at)
    note = in_one_moment(lambda: take(again), lambda: write(again))
    assert note.by == banbury.worker
