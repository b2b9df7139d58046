"""How a notice leaves the house: by mail server, into a folder, or through GOV.UK Notify.

A notice keeps one number through every try, so that a second copy, which a worker killed in the
very moment of sending can cause, is recognised: it is the e-mail's Message-ID and Notify's reference.
"""

import logging
import re
import smtplib
from email.mime.text import MIMEText
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import APIError, HTTPError

from kith.accounts.viewer import clock, seeing_as
from kith.notices import actions, words
from kith.notices.models import Channel, Notice
from kith.notices.queries import no_provider

log = logging.getLogger("kith.notices")
# Notify's client would log what the service answers, which may repeat a number or a name.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
NOTIFY_SECONDS = 20
TRY_LATER_CODES = (408, 429)


class NoUse(Exception):
    """This notice will never be taken as it is. The message says why, naming nobody."""


class TryLater(Exception):
    """The notice could not be given away this time. The message says why, naming nobody."""


def deliver(notice_id: str) -> None:
    """Try to send a notice that is due, and note what became of it."""
    with seeing_as(clock()):
        notice = actions.claim(notice_id=notice_id, at=timezone.now())
    if notice is None:
        return
    try:
        reference = give_away(notice)
    except (NoUse, TryLater) as problem:
        log.warning("notice %s was not sent: %s", notice.pk, problem)
        with seeing_as(clock()):
            hopeless = isinstance(problem, NoUse)
            actions.note_problem(notice=notice, why=str(problem), hopeless=hopeless)
        return
    with seeing_as(clock()):
        actions.note_sent(notice=notice, reference=reference, at=timezone.now())


def give_away(notice: Notice) -> str:
    """Hand a notice to whoever carries it, and return their number for it. Raises NoUse, TryLater."""
    if notice.channel == Channel.EMAIL:
        return _mail(notice) if settings.EMAIL_HOST else _put_in_folder(notice)
    if missing := no_provider(notice.channel):
        raise NoUse(missing)
    return _notify(notice)


def message_id(notice: Notice) -> str:
    """Return the number of an e-mail: the same at every try."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "kith.example"
    return f"<{notice.pk}@{host}>"


def _message(notice: Notice) -> EmailMessage:
    message = EmailMessage(
        subject=notice.subject,
        body=notice.body + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.to],
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
    )
    wording = words.find(notice.key)
    if wording and wording.stopped_by_link and notice.secrets:
        # Mail programs offer to stop it, without opening the letter (RFC 8058).
        message.extra_headers["List-Unsubscribe"] = f"<{notice.secrets[0]}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if notice.calendar:
        # Calendars act on the method named in the part's own head (RFC 6047).
        entry = MIMEText(notice.calendar, "calendar", "utf-8")
        if method := re.search(r"^METHOD:(\w+)", notice.calendar, re.MULTILINE):
            entry.set_param("method", method[1])
        entry.add_header("Content-Disposition", "attachment", filename="meeting.ics")
        message.attach(entry)
    return message


def _mail(notice: Notice) -> str:
    server = EmailBackend(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        username=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        use_tls=settings.EMAIL_USE_TLS,
        timeout=settings.EMAIL_TIMEOUT,
    )
    try:
        server.send_messages([_message(notice)])
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        if 500 <= code < 600:
            raise NoUse(f"The mail server does not take this address ({code}).") from None
        raise TryLater(f"The mail server does not take this address now ({code}).") from None
    except smtplib.SMTPDataError as refused:
        if 500 <= refused.smtp_code < 600:
            raise NoUse(f"The mail server refused the message ({refused.smtp_code}).") from None
        code = refused.smtp_code
        raise TryLater(f"The mail server does not take the message now ({code}).") from None
    except smtplib.SMTPResponseException as refused:
        # Of us, not of the message: a wrong password can be mended, and then it goes.
        raise TryLater(f"The mail server refused Kith ({refused.smtp_code}).") from None
    except (smtplib.SMTPException, OSError) as error:
        raise TryLater(f"The mail server could not be reached ({type(error).__name__}).") from None
    return message_id(notice)


def _put_in_folder(notice: Notice) -> str:
    """Keep an e-mail in a folder, where there is no mail server. The same notice is one file."""
    folder = Path(settings.KITH_MAIL_FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = folder / f".{notice.pk}.part"
        part.touch(mode=0o600)
        part.write_bytes(_message(notice).message().as_bytes())
        part.rename(folder / f"{notice.pk}.eml")
    except OSError as error:
        raise TryLater(f"The folder for mail cannot be written ({type(error).__name__}).") from None
    return message_id(notice)


def _notify(notice: Notice) -> str:
    reference = str(notice.pk)
    try:
        client = NotificationsAPIClient(
            settings.KITH_NOTIFY_KEY, base_url=settings.KITH_NOTIFY_ADDRESS, timeout=NOTIFY_SECONDS
        )
        if notice.tries > 1:
            # A worker may have died between sending and saying so: ask whether Notify has it.
            there = client.get_all_notifications(reference=reference)["notifications"]
            if there:
                return str(there[0]["id"])
        if notice.channel == Channel.TEXT:
            answer = client.send_sms_notification(
                phone_number=notice.to,
                template_id=settings.KITH_NOTIFY_TEXT_TEMPLATE,
                personalisation={"body": notice.body},
                reference=reference,
            )
        else:
            lines = [line.strip() for line in notice.to.splitlines() if line.strip()]
            answer = client.send_letter_notification(
                template_id=settings.KITH_NOTIFY_LETTER_TEMPLATE,
                personalisation={
                    **{f"address_line_{n}": line for n, line in enumerate(lines, start=1)},
                    "subject": notice.subject,
                    "body": notice.body,
                },
                reference=reference,
            )
    except HTTPError as refused:
        code = refused.status_code
        if 400 <= code < 500 and code not in TRY_LATER_CODES and code != 403:
            raise NoUse(f"GOV.UK Notify does not take this notice ({code}).") from None
        raise TryLater(f"GOV.UK Notify does not take it now ({code}).") from None
    except (APIError, KeyError, TypeError, ValueError) as error:
        kind = type(error).__name__
        raise TryLater(f"GOV.UK Notify answered something else ({kind}).") from None
    return str(answer["id"])
