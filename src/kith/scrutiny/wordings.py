"""What members of committees are sent, and what minutes say at nearly every meeting."""

from kith.notices.words import Wording, register

_FIELDS = {
    "name": "Cllr Sam Field",
    "review": "Early intervention hubs",
    "place": "Banbury hub",
    "when": "Tuesday 1 December 2026, 10am to midday",
    "address": "The Hill, Banbury OX16 9RG",
    "with_whom": "Cllr Alex Brook",
    "link": "https://kith.example/committee/reviews/visits/12/",
}

VISIT_ASKED = register(
    Wording(
        key="scrutiny.visit_asked",
        name="To a member: you are on a visit",
        when="To a member of a committee who signs up for a visit of a review, or is put down for one. "
        "It brings an entry for the calendar.",
        subject="You are on a visit for the committee",
        body="""Dear ((name)),

You are on a visit for the review “((review))”:
((place)), ((when))
((address))

((contact))

((travel))

With you: ((with_whom))

The questions of the visit, and the page for your notes:
((link))

If you cannot go, say so on that page, so that somebody else can.
""",
        fields={
            **_FIELDS,
            "contact": "At the door: ask for the hub manager",
            "travel": "Getting there: car park behind the building",
        },
    )
)

VISIT_CHANGED = register(
    Wording(
        key="scrutiny.visit_changed",
        name="To a member: a visit has moved",
        when="To every member on a visit when its day, time or place changes. The entry in the calendar "
        "moves with it.",
        subject="A visit for the committee has moved",
        body="""Dear ((name)),

A visit for the review “((review))” has moved: ((why))

It is now:
((place)), ((when))
((address))

The page of the visit:
((link))

If you cannot go, say so on that page, so that somebody else can.
""",
        fields={**_FIELDS, "why": "The hub is closed on that day."},
    )
)

VISIT_CANCELLED = register(
    Wording(
        key="scrutiny.visit_cancelled",
        name="To a member: a visit is cancelled",
        when="To every member on a visit that is cancelled; and to a member whom an officer takes off a "
        "visit. The entry in the calendar is taken back.",
        subject="You are not on a visit any more",
        body="""Dear ((name)),

You are not on this visit any more:
((place)), ((when))

((why))
""",
        fields={key: _FIELDS[key] for key in ("name", "place", "when")}
        | {"why": "It is cancelled: the building is closed."},
    )
)

SECTION = "section 9FE of the Local Government Act 2000."
_RECOMMENDED = {
    "to": "Director for Children’s Services",
    "committee": "Children’s Services Scrutiny Committee",
    "number": "R1",
    "words": "That every hub publishes the same core offer.",
    "by_when": "Please answer by 25 November 2026.",
    "law": f"This is the notice of {SECTION}",
    "link": "https://kith.example/committee/recommendations/answer/abcdefgh/",
}
_ANSWER_HERE = """
((by_when))

((law))

Answer here. You need no account:
((link))

The link is for you alone. Nothing changes by opening it.
"""

RECOMMENDED = register(
    Wording(
        key="scrutiny.recommended",
        name="To an owner: a committee recommends",
        when="To the post or body that shall answer a recommendation, when a committee officer sends it.",
        subject="A recommendation to you from a committee of ((county))",
        body="""Dear ((to)),

The ((committee)) has agreed a recommendation and asks for your answer:

((number)): ((words))
"""
        + _ANSWER_HERE,
        fields=_RECOMMENDED,
    )
)

REMINDED = register(
    Wording(
        key="scrutiny.reminded",
        name="To an owner: a committee waits for an answer",
        when="Once, from two weeks before an answer to a recommendation is due.",
        subject="A committee of ((county)) waits for your answer",
        body="""Dear ((to)),

The ((committee)) has no answer from you yet to this recommendation:

((number)): ((words))
"""
        + _ANSWER_HERE,
        fields=_RECOMMENDED,
    )
)

UNANSWERED = register(
    Wording(
        key="scrutiny.unanswered",
        name="To committee officers: an answer is due",
        when="To the committee’s mailbox, once, when its owner is reminded of a recommendation.",
        subject="No answer yet to a recommendation",
        body="""Good morning.

There is no answer yet from ((to)), due on ((due)):

((number)): ((words))

((link))
""",
        fields={
            **{key: _RECOMMENDED[key] for key in ("number", "words", "to")},
            "due": "25 November 2026",
            "link": "https://kith.example/committee/recommendations/abc/",
        },
    )
)

_ALERT = {"about": "“home visits” in the Children’s Services Scrutiny Committee"}
_ALERT_LINK = {"link": "https://kith.example/committees/told/confirm/8d1f…/"}

ALERT_ASKED = register(
    Wording(
        key="scrutiny.alert_asked",
        name="To anybody: do you want letters about committees?",
        when="To an address for which somebody asked to be told what committees publish. Nothing else is sent "
        "until the link is followed.",
        subject="Do you want to be told what committees publish?",
        body="""Hello,

Somebody asked that this address be told by e-mail, at most once a day, of what is published about:
((about))

If that was you, follow this link within three days:
((link))

If it was not you, do nothing: nothing more is sent, and this address is forgotten.
""",
        fields={**_ALERT, **_ALERT_LINK},
    )
)

ALERT_KNOWN = register(
    Wording(
        key="scrutiny.alert_known",
        name="To anybody: you get these letters already",
        when="To an address that gets letters about something already, where somebody asks for them once more.",
        subject="You are told of this already",
        body="""Hello,

Somebody asked that this address be told of what is published about:
((about))

It is told already, so nothing changes. Each letter has a link that stops them. This one shows what you asked for:
((link))
""",
        fields={**_ALERT, **_ALERT_LINK},
    )
)

ALERT = register(
    Wording(
        key="scrutiny.alert",
        name="To anybody who asked: what committees published",
        when="At most once a day, to those who asked for it and confirmed it, if something is new.",
        subject="New from the committees",
        body="""Hello,

New about ((about)):

((news))

((more))

To stop these letters, and have your address forgotten:
((link))
""",
        fields={
            **_ALERT,
            "news": "Meeting: Children’s Services Scrutiny Committee, 23 September 2026\nhttps://kith.example/…",
            "more": "And 4 more, which a search on the website finds.",
            "link": "https://kith.example/committees/told/stop/8d1f…/",
        },
        stopped_by_link=True,
    )
)

# Ready phrases of minutes, by the kind of item: what the sentence is, and its words.
PHRASES = {
    "apologies": [
        ("note", "Apologies for absence were received as listed above."),
        ("note", "There were no apologies for absence."),
    ],
    "declarations": [("note", "There were no declarations of interests.")],
    "whip": [("note", "No member declared the existence of a party whip.")],
    "minutes": [
        ("resolution", "That the minutes of the last meeting be confirmed as a correct record."),
    ],
    "questions": [("note", "There were no questions from the public.")],
}
OF_ANY_ITEM = [
    ("resolution", "That the report be noted."),
    ("note", "The chair thanked the officers."),
]


def phrases_for(kind: str) -> list[tuple[str, str]]:
    """Return the ready phrases of an item's kind."""
    return [*PHRASES.get(kind, []), *OF_ANY_ITEM]


_INVITED = {
    "name": "Head of Housing",
    "committee": "Children’s Services Scrutiny Committee",
    "item": "Housing and families",
    "when": "Wednesday 2 December 2026 at 10am",
    "place": "County Hall",
}
_TO_ANSWER = {
    "words": "How homes are given to families in need.",
    "link": "https://kith.example/committees/asked/8d1f…/",
}

INVITED = register(
    Wording(
        key="scrutiny.invited",
        name="To officers and other bodies: you are asked to come to a committee",
        when="To whoever is asked to come to an item, where their address is known. It brings an entry for the "
        "calendar.",
        subject="You are asked to come to a committee",
        body="""Dear ((name)),

The ((committee)) asks you to come to its item “((item))”:
((when)), ((place))

((words))

Say whether you come, or who comes instead:
((link))
""",
        fields={**_INVITED, **_TO_ANSWER},
    )
)

INVITED_AGAIN = register(
    Wording(
        key="scrutiny.invited_again",
        name="To officers and other bodies: the committee meets at another time",
        when="To whoever was asked to come to an item, when the meeting moves. The entry in the calendar moves with it.",
        subject="The committee to which you are asked meets at another time",
        body="""Dear ((name)),

The meeting of the ((committee)) with the item “((item))” has moved: ((why))

It is now:
((when)), ((place))

Say whether you come, or who comes instead:
((link))
""",
        fields={**_INVITED, "link": _TO_ANSWER["link"], "why": "The room is not free."},
    )
)

NOT_INVITED = register(
    Wording(
        key="scrutiny.not_invited",
        name="To officers and other bodies: you need not come to a committee",
        when="To whoever was asked to come to an item, when the meeting is cancelled or they are asked no longer. "
        "The entry in the calendar is taken back.",
        subject="You need not come to the committee",
        body="""Dear ((name)),

You need not come to the item “((item))” of the ((committee)) on ((when)).

((why))
""",
        fields={name: _INVITED[name] for name in ("name", "committee", "item", "when")}
        | {"why": "The meeting is cancelled."},
    )
)
