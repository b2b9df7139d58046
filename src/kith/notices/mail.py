"""The demonstration's letter-box: e-mails that were written to the folder, for anyone to read."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

NEWEST = 200


@dataclass(frozen=True)
class Letter:
    """One e-mail in the folder."""

    pk: UUID
    to: str
    subject: str
    at: datetime
    text: str


def letters() -> list[Letter]:
    """Return the newest letters, newest first."""
    folder = Path(settings.KITH_MAIL_FOLDER)
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_open(path) for path in files[:NEWEST]]


def letter(pk: UUID) -> Letter | None:
    """Return one letter, if it is there."""
    path = Path(settings.KITH_MAIL_FOLDER) / f"{pk}.eml"
    return _open(path) if path.exists() else None


def _open(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return Letter(
        pk=UUID(path.stem),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone()),
        text=body.get_content() if body else "",
    )
