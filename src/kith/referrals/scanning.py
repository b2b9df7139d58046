"""How the worker scans files that could not be scanned when they were sent."""

import logging

from django.conf import settings
from django.utils import timezone

from kith.accounts.viewer import clock, seeing_as
from kith.referrals.actions import scanning as actions
from kith.typed.clamd import NotReachable, NotScanned, virus_in

log = logging.getLogger("kith.referrals")
SECONDS = 30
AT_ONCE = 100


def scan_waiting() -> None:
    """Scan files one by one, oldest first, until all are done or the scanner cannot be reached.

    No transaction is open while a file is scanned, so that nobody waits for the scanner who sends
    or withdraws the request it belongs to.
    """
    waiting = []
    with seeing_as(clock()):
        for model in actions.SCANNED:
            files = model._default_manager.filter(scan__in=actions.NOT_YET)
            numbers = files.order_by("added_at", "pk").values_list("pk", flat=True)[:AT_ONCE]
            waiting += [(model, number) for number in numbers]
    for model, number in waiting:
        with seeing_as(clock()):
            file = model._default_manager.filter(pk=number, scan__in=actions.NOT_YET).first()
        if file is None:
            continue
        try:
            virus = virus_in(bytes(file.content), daemon=settings.KITH_CLAMD, seconds=SECONDS)
        except NotReachable as why:
            log.warning("files wait to be scanned: %s", why)
            return
        except NotScanned as why:
            log.warning("file %s waits to be scanned: %s", number, why)
            continue
        with seeing_as(clock()):
            actions.note_scanned(file=file, virus=virus, by=clock(), at=timezone.now())
