"""Scanning files for viruses, where the county has a scanner (`KITH_CLAMD`)."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from kith.accounts.models import User
from kith.audit.actions import record
from kith.jobs.actions import soon
from kith.referrals.attachments import NotAccepted
from kith.referrals.models import Attachment, KeptFile
from kith.referrals.permissions import may_scan_files
from kith.typed.clamd import NotScanned, virus_in

log = logging.getLogger("kith.referrals")
SCAN_FILES = "referrals.scan_files"
Scan = KeptFile.Scan
# Files of every sort that wait for the scanner; rooms above add their own.
SCANNED: list[type[KeptFile]] = [Attachment]
NOT_YET = (Scan.NONE, Scan.WAITING)
SECONDS_IN_PAGE = 8  # somebody waits for the page


def scan_also(model: type[KeptFile]) -> None:
    """Let the worker scan another sort of files too."""
    SCANNED.append(model)


def first_look(content: bytes) -> str:
    """Return what is known of a file that is being sent. Raises NotAccepted where it has a virus."""
    if not settings.KITH_CLAMD:
        return Scan.NONE
    try:
        virus = virus_in(content, daemon=settings.KITH_CLAMD, seconds=SECONDS_IN_PAGE)
    except NotScanned as why:
        log.warning("a file waits to be scanned: %s", why)
        return Scan.WAITING
    if virus:
        raise NotAccepted(
            "This file holds a virus, so we have not kept it. Choose another file, or go on "
            "without one. Tell whoever looks after your computer"
        )
    return Scan.CLEAN


def scan_soon(*, by: User, at: datetime) -> None:
    """Have the worker scan what waits for it, if anything does. Raises PermissionDenied."""
    may_scan_files(by).or_raise()
    if settings.KITH_CLAMD and any(
        model._default_manager.filter(scan__in=NOT_YET).exists() for model in SCANNED
    ):
        soon(SCAN_FILES)


@transaction.atomic
def note_scanned(*, file: KeptFile, virus: str, by: User, at: datetime) -> None:
    """Note that a file is clean; or throw away what it holds, and say so. Raises PermissionDenied."""
    may_scan_files(by).or_raise()
    files = type(file)._default_manager.select_for_update()
    locked = files.filter(pk=file.pk, scan__in=NOT_YET).first()
    if locked is None:
        return
    locked.scan = Scan.VIRUS if virus else Scan.CLEAN
    if virus:
        locked.content = b""
        record("attachment.virus_found", subject=locked, by=by, at=at, after={"virus": virus[:100]})
    locked.save(update_fields=["scan", "content"] if virus else ["scan"])
