"""The decisions of the desk in words: what each is called, and what its sender might be told.

The words are a start: the county puts them in its own (`wordings.py`, under Settings), and whoever
decides changes them before they are sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from kith.notices.words import Wording
from kith.referrals import actions, wordings
from kith.ui.fields import PlainTextField


@dataclass(frozen=True)
class Decision:
    """One thing the desk may decide, other than accepting (which opens a case)."""

    key: str
    label: str  # of the button
    title: str  # of the page
    done: str  # afterwards
    act: Callable[..., Any]
    words: Wording  # for the sender, to begin with
    organisation: bool = False  # it goes to a partner, who must be chosen
    reason: bool = True  # it needs a reason for the record
    hint: str = ""
    asks: bool = False  # a question, which is not put twice unknowingly
    tells_family: bool = True  # its own copy goes out, where an e-mail is safe
    services: bool = False  # services of the directory may be named in the letters


DECISIONS = {
    decision.key: decision
    for decision in (
        Decision(
            "send-on",
            "Send on to a partner",
            "Send on to a partner",
            "Sent on",
            actions.send_on,
            wordings.SEND_ON,
            organisation=True,
            services=True,
        ),
        Decision(
            "ask-more",
            "Ask the sender for more",
            "Ask the sender for more",
            "Asked for more",
            actions.ask_more,
            wordings.ASK_MORE,
            reason=False,
            hint="The promise waits until they answer.",
            asks=True,
            tells_family=False,
        ),
        Decision(
            "social-care",
            "Pass to children’s social care",
            "Pass to children’s social care",
            "Passed to children’s social care",
            actions.pass_to_social_care,
            wordings.SOCIAL_CARE,
            hint="Ring social care as well: this only records that you did.",
            tells_family=False,
        ),
        Decision(
            "already-helped",
            "Already being helped",
            "Already being helped",
            "Already being helped",
            actions.already_helped,
            wordings.ALREADY_HELPED,
            services=True,
        ),
        Decision(
            "no-further-action",
            "No further action",
            "No further action",
            "No further action",
            actions.no_further_action,
            wordings.NO_FURTHER_ACTION,
            services=True,
        ),
    )
}


class DecisionForm(forms.Form):
    """The reason for the record, and the words for the sender."""

    reason = PlainTextField(
        label="Reason, for the record",
        help_text="Colleagues and the family may read it. Say what you weighed.",
        lines=True,
        max_length=4000,
        error_messages={"required": "Write the reason for this decision"},
    )
    words = PlainTextField(
        label="Words for the sender",
        help_text="Change these words as you like. They are sent as soon as you confirm.",
        lines=True,
        max_length=4000,
        error_messages={"required": "Write what the sender is told"},
    )

    def __init__(self, *args: Any, decision: Decision, **options: Any) -> None:
        super().__init__(*args, **options)
        if not decision.reason:
            del self.fields["reason"]
            self.fields["words"].label = "What do you need to know?"


class ReopenForm(forms.Form):
    """Why a decided request is looked at again."""

    reason = PlainTextField(
        label="Why do you open this request again?",
        lines=True,
        max_length=4000,
        error_messages={"required": "Write why this request is opened again"},
    )
