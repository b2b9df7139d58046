"""Whoever leads is told when somebody's place ends, so that they do not wait for them."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.notices import actions as notices
from kith.supports import wordings
from kith.supports.models import Leading, Placement, Support


def tell_leaders(placement: Placement, *, by: User, at: datetime) -> None:
    """Tell those who lead a support that a place on it ends, but whoever ended it: one e-mail a day to
    each, however many places end on the same day. Who it is stands on the register, not in the mail.
    """
    today = timezone.localdate(at)
    with seeing_as(front_door()):
        support = Support.objects.select_related("leader", "team__hub").get(pk=placement.support_id)
        led = Leading.objects.filter(
            Q(until__isnull=True) | Q(until__gte=today), support=support, ended_at__isnull=True
        ).select_related("user")
        ways = {one.user: reverse("supports:led") for one in led.order_by("pk")}
        ways[support.leader] = reverse("supports:one", args=[support.pk])
        for person, way in ways.items():
            if person.pk == by.pk or not person.is_active:
                continue
            notices.send(
                wordings.PLACE_ENDS,
                to=person.email,
                context={
                    "name": person.name,
                    "group": support.name,
                    "until": f"{placement.until:%-d %B %Y}",
                    "link": settings.KITH_ADDRESS + way,
                    "hub": support.team,
                },
                once_key=f"supports.place_ends:{support.pk}:{person.pk}:{placement.until}:{today}",
                at=at,
            )
