"""Django's e-mail, by way of the outbox: what a library sends is retried and seen like any notice."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from kith.notices import actions

KEY = "accounts.mail"


class Backend(BaseEmailBackend):
    """Puts e-mails in the outbox, in the transaction that sends them. Set as `EMAIL_BACKEND`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put each message in the outbox, for each of its receivers."""
        at = timezone.now()
        for message in email_messages:
            for to in message.recipients():
                actions.post(
                    key=KEY, to=to, subject=str(message.subject), body=str(message.body), at=at
                )
        return len(email_messages)
