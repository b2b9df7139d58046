"""What people are told about a request, as it comes with Kith. A county may change the words."""

from kith.notices.words import Wording, register

_COMMON = {
    "reference": "R-2026-004217",
    "link": "https://kith.example/requests/sent/R-2026-004217",
}
_DECIDED = {**_COMMON, "outcome": "Accepted", "words": "Banbury hub will ring the family."}

RECEIVED = register(
    Wording(
        key="referral.received",
        name="To the sender: your request has arrived",
        when="To the sender, when a request arrives.",
        subject="Your request ((reference)) has arrived",
        body="""Thank you for your request for help. Its number is ((reference)).

We will decide what happens next by ((decide_by)), and tell you.

You can see where it has got to at any time:
((link))

If a child is in danger now, ring 999. Do not wait for us.
""",
        fields={**_COMMON, "decide_by": "5pm on Wednesday 18 November 2026"},
    )
)
DECIDED = register(
    Wording(
        key="referral.decided",
        name="To the sender: what was decided",
        when="To the sender, when the desk has decided.",
        subject="Your request ((reference)): what we decided",
        body="""What we decided about your request ((reference)): ((outcome)).

((words))

See the whole way of your request:
((link))
""",
        fields=_DECIDED,
    )
)
STEP_DOWN_RECEIPT = register(
    Wording(
        key="referral.step_down_receipt",
        name="To social care: the hub has the family",
        when="To children’s social care, when a hub gives its receipt for a step-down.",
        subject="Your step-down ((reference)): our receipt",
        body="""The hub has the family of your step-down ((reference)).

((words))

See the whole way of it:
((link))
""",
        fields={**_COMMON, "words": "Alex Field rings the family on Monday."},
    )
)
ASKED = register(
    Wording(
        key="referral.more_asked",
        name="To the sender: we need to know more",
        when="To the sender, when the desk needs to know more.",
        subject="Your request ((reference)): a question for you",
        body="""We cannot decide about your request ((reference)) yet. We need to know:

((words))

Please answer here:
((link))
""",
        fields=_DECIDED,
    )
)
FIRST_CONTACT = register(
    Wording(
        key="referral.first_contact",
        name="To the sender: first contact with the family",
        when="To the sender, when the family has been reached.",
        subject="Your request ((reference)): we have been in touch",
        body="""We have been in touch with the family of your request ((reference)).

((words))

((link))
""",
        fields=_DECIDED,
    )
)
ENDED = register(
    Wording(
        key="referral.ended",
        name="To the sender: help has ended, and what came of it",
        when="To the sender, when help has ended.",
        subject="Your request ((reference)): what came of it",
        body="""Our help for the family of your request ((reference)) has ended.

((words))

((link))
""",
        fields=_DECIDED,
    )
)
REOPENED = register(
    Wording(
        key="referral.reopened",
        name="To the sender: we look at your request again",
        when="To the sender, when the desk opens a request again that was decided.",
        subject="Your request ((reference)): we look at it again",
        body="""We had decided about your request ((reference)), and look at it again.

((words))

You need not do anything. See the whole way of your request:
((link))
""",
        fields={**_DECIDED, "words": "We decide by 5pm on Wednesday 18 November 2026."},
    )
)
MOVED = register(
    Wording(
        key="referral.moved",
        name="To the sender: another hub takes over",
        when="To the sender, when a hub hands the family to another hub.",
        subject="Your request ((reference)): another hub takes over",
        body="""Another of our hubs now helps the family of your request ((reference)).

((words))

((link))
""",
        fields={**_DECIDED, "words": "Witney hub helps now. You can ring them on 01632 960 150."},
    )
)
RESUMED = register(
    Wording(
        key="referral.resumed",
        name="To the sender: help has begun again",
        when="To the sender, when a hub works with a family again after help had ended.",
        subject="Your request ((reference)): help has begun again",
        body="""We had told you that our help for the family of your request ((reference)) had ended. It has begun again.

((words))

((link))
""",
        fields={**_DECIDED, "words": "Banbury hub helps again."},
    )
)
FAMILY_COPY = register(
    Wording(
        key="referral.family_copy",
        name="To the family: its own copy of a request",
        when="To the parent or carer who agreed, at an e-mail address that is safe to use, when a "
        "request arrives and when it is decided.",
        subject="Your copy of ((reference))",
        body="""This is your own copy of a request for help, ((reference)).

((asked))

What happens now: ((happens))

((rights))

Your whole copy, with whom to call if you need help now:
((link))

If this was not meant for you, please delete it, and tell us.
""",
        fields={
            **_COMMON,
            "asked": "Help for Amira and Sam, asked for by Alex Field, Example Primary School, on "
            "16 November 2026.",
            "happens": "Banbury hub will help. Somebody from there gets in touch with you.",
            "rights": "Early help is your choice. You can say no, or change your mind, at any time.",
        },
    )
)
FAMILY_ENDED = register(
    Wording(
        key="referral.family_ended",
        name="To the family: help has ended",
        when="To the parent or carer who agreed, at an e-mail address that is safe to use, when "
        "help has ended.",
        subject="Your copy of ((reference)): help has ended",
        body="""Our help has ended, ((reference)).

((words))

You can ask us again at any time. Your own copy:
((link))
""",
        fields={**_COMMON, "words": "We are glad that mornings are calmer now."},
    )
)
ALERT = register(
    Wording(
        key="referral.alert",
        name="To the county desk: look at this request now",
        when="To the county desk, when an answer suggests danger.",
        subject="Look now: request ((reference))",
        body="""An answer in request ((reference)) suggests that a child may be in danger.

Open it now: ((link))
""",
        fields=_COMMON,
    )
)
ANSWERED = register(
    Wording(
        key="referral.answered",
        name="To the county desk: the sender has answered",
        when="To whoever holds the request, when the sender has answered.",
        subject="Request ((reference)): the sender has answered",
        body="""The sender of request ((reference)) has answered your question.

((link))
""",
        fields=_COMMON,
    )
)
WAY_BACK = register(
    Wording(
        key="referral.way_back",
        name="To somebody who saves a request: the way back to it",
        when="To an address that somebody without an account gives, when they save a request.",
        subject="Your unfinished request for help",
        body="""You saved a request for help. It has not been sent yet.

Go on with it here:
((link))

Do not pass this link on: whoever has it can read what you wrote. We keep it until ((until)), then we delete it.

If a child is in danger now, ring 999. Do not wait for us.
""",
        fields={"link": "https://kith.example/requests/back/s3cr3t/", "until": "14 December 2026"},
    )
)
STOPPED = register(
    Wording(
        key="referral.stopped",
        name="To the county desk: somebody hinted at danger and did not go on",
        when="To the county desk, when such a request has not been sent for half an hour.",
        subject="A request that hints at danger was not sent",
        body="""Somebody began a request for help on ((begun)), gave an answer that suggests that a child may be in danger, and has not sent it. They were shown whom to call.

It came from ((from)). We do not keep who or what it was about where you can read it. If you know whom to ask, ask.
""",
        fields={"begun": "16 November 2026 at 09:30", "from": "Example Primary School"},
    )
)
NEW_LINK = register(
    Wording(
        key="referral.new_link",
        name="A new link to a request",
        when="To a sender without an account, when they ask for a new link.",
        subject="Your new link",
        body="""Here is a new link to your request for help. The old one no longer works.

((link))

Do not pass this link on: whoever has it can read what you wrote.
""",
        fields={"link": "https://kith.example/requests/link/s3cr3t/"},
    )
)


# The words with which a decision begins: whoever decides changes them before they are sent.


def _to_begin(key: str, name: str, body: str, **fields: str) -> Wording:
    return register(
        Wording(
            key=f"referral.words.{key}",
            name=name,
            when="Words for the sender, on the page of this decision.",
            subject="",
            body=body,
            fields={"children": "Amira and Sam", "reference": "R-2026-004217", **fields},
            on_page=True,
        )
    )


SEND_ON = _to_begin(
    "send_on",
    "Send on to a partner",
    "Thank you for telling us about ((children)). ((organisation)) can help best with this, so we "
    "have asked them to get in touch with the family.",
    organisation="Home-Start",
)
ASK_MORE = _to_begin(
    "ask_more",
    "Ask the sender for more",
    "Thank you for telling us about ((children)). Before we can decide, please tell us:",
)
SOCIAL_CARE = _to_begin(
    "social_care",
    "Pass to children’s social care",
    "Thank you for telling us about ((children)). What you wrote needs a social worker to look at "
    "it, so we have passed your request to children’s social care today. They may ring you. If a "
    "child is in danger now, ring 999.",
)
ALREADY_HELPED = _to_begin(
    "already_helped",
    "Already being helped",
    "Thank you for telling us about ((children)). Somebody is already working with the family, and "
    "we have passed on what you wrote.",
)
NO_FURTHER_ACTION = _to_begin(
    "no_further_action",
    "No further action",
    "Thank you for telling us about ((children)). We have thought about it carefully. The help that "
    "is open to every family is enough for now: you can find it in the local offer. If things get "
    "worse, please ask us again.",
)
