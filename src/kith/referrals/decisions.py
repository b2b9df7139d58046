"""The decisions of the desk in words: what each is called, and what its sender might be told.

The words are a start: whoever decides changes them before they are sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from kith.referrals import actions
from kith.ui.fields import PlainTextField


@dataclass(frozen=True)
class Decision:
    """One thing the desk may decide, other than accepting (which opens a case)."""

    key: str
    label: str  # of the button
    title: str  # of the page
    done: str  # afterwards
    act: Callable[..., Any]
    words: str  # for the sender, to begin with
    organisation: bool = False  # it goes to a partner, who must be chosen
    reason: bool = True  # it needs a reason for the record
    hint: str = ""


DECISIONS = {
    decision.key: decision
    for decision in (
        Decision(
            "send-on",
            "Send on to a partner",
            "Send on to a partner",
            "Sent on",
            actions.send_on,
            "Thank you for telling us about {children}. {organisation} can help best with this, so "
            "we have asked them to get in touch with the family.",
            organisation=True,
        ),
        Decision(
            "ask-more",
            "Ask the sender for more",
            "Ask the sender for more",
            "Asked for more",
            actions.ask_more,
            "Thank you for telling us about {children}. Before we can decide, please tell us: ",
            reason=False,
            hint="The promise waits until they answer.",
        ),
        Decision(
            "social-care",
            "Pass to children’s social care",
            "Pass to children’s social care",
            "Passed to children’s social care",
            actions.pass_to_social_care,
            "Thank you for telling us about {children}. What you wrote needs a social worker to look "
            "at it, so we have passed your request to children’s social care today. They may ring "
            "you. If a child is in danger now, ring 999.",
            hint="Ring social care as well: this only records that you did.",
        ),
        Decision(
            "already-helped",
            "Already being helped",
            "Already being helped",
            "Already being helped",
            actions.already_helped,
            "Thank you for telling us about {children}. Somebody is already working with the family, "
            "and we have passed on what you wrote.",
        ),
        Decision(
            "no-further-action",
            "No further action",
            "No further action",
            "No further action",
            actions.no_further_action,
            "Thank you for telling us about {children}. We have thought about it carefully. The help "
            "that is open to every family is enough for now: you can find it in the local offer. If "
            "things get worse, please ask us again.",
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
