"""What people who work with families are sent, as it comes with Kith. A county may change the words.

Nothing personal leaves the house by e-mail: cases have their numbers, families no names.
"""

from kith.notices.words import Wording, register

DIGEST = register(
    Wording(
        key="casework.digest",
        name="To a worker: what is due",
        when="To a hub worker on the morning of a working day, when something is due by the next.",
        subject="What is due with your families",
        body="""Good morning ((name)).

((contacts))

((actions))

((ask))

((reviews))

See your families:
((link))
""",
        fields={
            "name": "Alex Field",
            "contacts": "First contact:\n- C-2026-004217: due tomorrow",
            "actions": "Actions:\n- C-2026-003980: overdue since 12 November",
            "ask": "Ask the family about what they took on:\n- C-2026-003980: due tomorrow",
            "reviews": "Reviews of the plan:\n- C-2026-003911: due tomorrow",
            "link": "https://kith.example/cases/",
        },
    )
)
MANAGER_DIGEST = register(
    Wording(
        key="casework.manager_digest",
        name="To a hub manager: what is overdue",
        when="To a hub manager on the morning of a working day, when a first contact is overdue, "
        "a family waits for a worker and is promised one by the next working day, or a plan’s review, or an "
        "action of a worker or a partner, is overdue for a week.",
        subject="What is overdue at your hub",
        body="""Good morning ((name)). This is about ((hub)).

((overdue))

((waiting))

((reviews))

((actions))

See what needs doing today:
((link))
""",
        fields={
            "name": "Robin Marsh",
            "hub": "Banbury",
            "overdue": "First contact overdue:\n- C-2026-004217, with Alex Field: since 12 November",
            "waiting": "Waiting for a worker, first contact promised:\n- C-2026-004301: due tomorrow",
            "reviews": "Reviews of the plan overdue for a week:\n- C-2026-003911, with Alex Field: overdue since 12 November",
            "actions": "Actions overdue for a week:\n- C-2026-003990, Home-Start: overdue since 12 November",
            "link": "https://kith.example/today/",
        },
    )
)
PARTNER_ASKED = register(
    Wording(
        key="casework.partner_asked",
        name="To a partner: an action for you",
        when="To a partner organisation, when a hub plans an action of theirs.",
        subject="An action for your organisation",
        body="""((hub)) has written down something that ((organisation)) will do for a family, by ((due)).

See what, and tell us when it is done:
((link))

If you cannot sign in, or this is not yours, ring the hub: ((phone))
""",
        fields={
            "hub": "Banbury",
            "organisation": "Home-Start",
            "due": "27 November 2026",
            "link": "https://kith.example/cases/our-actions/",
            "phone": "01632 960 150",
        },
    )
)
PARTNER_DIGEST = register(
    Wording(
        key="casework.partner_digest",
        name="To a partner: actions that are due",
        when="To a partner organisation on the morning of a working day, when an action of theirs "
        "is due by the next, and once a week while it is overdue.",
        subject="Actions of your organisation that are due",
        body="""Actions that ((organisation)) has agreed to do for families: ((due)) due by ((day)), ((overdue)) overdue.

See them, and tell us what is done:
((link))

You have no account? Open the page of your team with the newest link that we sent you in an e-mail about it, or ask the hub for a new one.
""",
        fields={
            "organisation": "Home-Start",
            "due": "2",
            "day": "27 November 2026",
            "overdue": "1",
            "link": "https://kith.example/cases/our-actions/",
        },
    )
)
PARTNER_DONE = register(
    Wording(
        key="casework.partner_done",
        name="To a worker: a partner has done its part",
        when="To the worker of a case, when a partner marks its action as done.",
        subject="A partner has finished an action in ((reference))",
        body="""((organisation)) has finished an action in ((reference)).

See what came of it:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "organisation": "Home-Start",
            "link": "https://kith.example/cases/C-2026-004217/",
        },
    )
)
MINUTES_OWED = register(
    Wording(
        key="casework.minutes_owed",
        name="To whoever leads a team: minutes to write",
        when="On the morning of a working day, once, two working days after a meeting of a team around a "
        "family that has no minutes: to the lead professional, or the family's worker.",
        subject="A meeting that nobody has written down",
        body="""Good morning ((name)).

These meetings have no minutes yet:
((meetings))

Write them, or cancel the meeting if it was not held:
((link))
""",
        fields={
            "name": "Sam Bright",
            "meetings": "- C-2026-004217: 12 November 2026 at 10:00",
            "link": "https://kith.example/cases/C-2026-004217/team/",
        },
    )
)
STEP_UP_CODE = register(
    Wording(
        key="casework.step_up_code",
        name="To social care: the code that opens a request",
        when="To the address to which the private link went, each time somebody opens it and asks for "
        "a code.",
        subject="Your code",
        body="""Your code is ((code)). It is good for ten minutes, and opens one request for help.

If you did not ask for it, do nothing: without it the link opens nothing.
""",
        fields={"code": "123456"},
    )
)
SERVICE_CODE = register(
    Wording(
        key="casework.service_code",
        name="To a service: the code that opens what it is asked",
        when="To the address to which the private link went, each time somebody opens it and asks for "
        "a code.",
        subject="Your code",
        body="""Your code is ((code)). It is good for ten minutes, and opens one request for a family.

If you did not ask for it, do nothing: without it the link opens nothing.
""",
        fields={"code": "123456"},
    )
)
_SERVICE_FIELDS = {
    "service": "Young carers club",
    "asker": "Banbury hub",
    "phone": "01632 960 150",
    "since": "12 November 2026",
    "link": "https://kith.example/asked/open/abc/",
}
SERVICE_ASKED = register(
    Wording(
        key="casework.service_asked",
        name="To a service: can you take a family?",
        when="To the mailbox of a service, when a hub or the county desk asks it to take a family that "
        "agreed to it.",
        subject="Can your service help a family?",
        body="""((asker)) asks whether ((service)) can help a family. They have agreed that we ask you.

Read what we ask, and answer:
((link))

The link is for your service alone. Do not pass it on. It asks for a code, which comes to this address. With the same link you can tell us later how it went.

Questions? Ring ((asker)): ((phone))
""",
        fields=_SERVICE_FIELDS,
    )
)
SERVICE_CHASED = register(
    Wording(
        key="casework.service_chased",
        name="To a service: nobody has answered",
        when="To the mailbox of a service, once, five working days after it was asked to take a family, "
        "when nobody has answered.",
        subject="A family waits for your answer",
        body="""On ((since)) ((asker)) asked whether ((service)) can help a family. Nobody has answered yet.

Read what we ask, and answer. This link is new; the one before opens nothing any more:
((link))

Questions? Ring ((asker)): ((phone))
""",
        fields=_SERVICE_FIELDS,
    )
)
SERVICE_TAKEN_BACK = register(
    Wording(
        key="casework.service_taken_back",
        name="To a service: a family is asked for no more",
        when="To the mailbox of a service, when a family that it was asked to take has changed its mind, "
        "or was asked for by mistake.",
        subject="You need not do anything more for a family",
        body="""On ((since)) ((asker)) asked whether ((service)) can help a family. That is taken back: please do not get in touch with them. The link we sent opens nothing any more.

Questions? Ring ((asker)): ((phone))
""",
        fields={name: words for name, words in _SERVICE_FIELDS.items() if name != "link"},
    )
)
SERVICE_NEWS = register(
    Wording(
        key="casework.service_news",
        name="To a worker or the desk: a service has answered",
        when="To whoever asked a service to take a family, and to the family’s worker, when the service "
        "answers.",
        subject="A service has answered, in ((reference))",
        body="""A service that was asked to take a family has answered, in ((reference)).

Read what it said, and tell the family:
((link))
""",
        fields={"reference": "C-2026-004217", "link": "https://kith.example/cases/C-2026-004217/"},
    )
)
STEP_UP_BY_LEAD = register(
    Wording(
        key="casework.step_up_by_lead",
        name="To a hub: a county lead had social care asked",
        when="To the worker and the managers of a hub, when a county lead approves in a manager's place "
        "that social care is asked.",
        subject="A county lead had social care asked, in ((reference))",
        body="""In ((reference)), a county lead approved in the manager’s place that social care is asked.

See why, and how it stands:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "how": "sent, no receipt yet",
            "since": "12 November 2026",
            "link": "https://kith.example/cases/social-care/3/",
        },
    )
)
LEAD_PLANNED = register(
    Wording(
        key="casework.lead_planned",
        name="To a worker: the lead professional planned an action",
        when="To the worker of a case, when a partner's lead professional puts an action into the plan.",
        subject="A new action in the plan of ((reference))",
        body="""((lead)), who leads the team around the family, has put an action into the plan of ((reference)).

See it:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "lead": "Sam Bright",
            "link": "https://kith.example/cases/C-2026-004217/",
        },
    )
)
PARTNER_WITHHELD = register(
    Wording(
        key="casework.partner_withheld",
        name="To a partner: an action is no longer theirs",
        when="To a partner organisation, when a family takes back that it may be told, or that runs out.",
        subject="An action is no longer for your organisation",
        body="""An action that ((hub)) had planned with ((organisation)), due by ((due)), is no longer for you to do: the family's agreement that you are told has ended. You cannot see it any more.

Please do nothing more for it, and share nothing that you know from it. If a child may be in danger, act as your own safeguarding rules say.

Questions? Ring the hub: ((phone))
""",
        fields={
            "hub": "Banbury",
            "organisation": "Home-Start",
            "due": "27 November 2026",
            "phone": "01632 960 150",
        },
    )
)
PARTNER_ENDED = register(
    Wording(
        key="casework.partner_ended",
        name="To a partner: an action has ended with the hub’s help",
        when="To a partner organisation, when a case closes in which an action of theirs was open.",
        subject="An action of your organisation has ended",
        body="""An action that ((organisation)) had agreed with ((hub)), due by ((due)), has ended, because the hub's help for the family has ended. There is nothing more to do for it.

See what has ended, and what is still yours:
((link))

Questions? Ring the hub: ((phone))
""",
        fields={
            "hub": "Banbury",
            "organisation": "Home-Start",
            "due": "27 November 2026",
            "link": "https://kith.example/cases/our-actions/",
            "phone": "01632 960 150",
        },
    )
)
HANDOVER_OFFERED = register(
    Wording(
        key="casework.handover_offered",
        name="To a hub manager: a case is offered",
        when="To the managers of a hub, when another hub asks it to take a case over.",
        subject="Another hub asks yours to take over ((reference))",
        body="""((from)) asks ((to)) to take over ((reference)). Until your hub has answered, the case and its duty stay with ((from)).

Read the handover, and answer:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "from": "Banbury",
            "to": "Witney",
            "link": "https://kith.example/cases/handovers/12/",
        },
    )
)
GIVEN = register(
    Wording(
        key="casework.given",
        name="To a worker: a family is with you now",
        when="To a worker, or whoever stands in for them, when somebody else gives them a family.",
        subject="((reference)) is with you now",
        body="""((by)) gave you ((reference)) of ((hub)).

See it, and what is due:
((link))
""",
        fields={
            "by": "Nicola Goodwin",
            "reference": "C-2026-004217",
            "hub": "Witney",
            "link": "https://kith.example/cases/C-2026-004217/",
        },
    )
)
GIVEN_ON = register(
    Wording(
        key="casework.given_on",
        name="To a worker: a colleague has a family now",
        when="To the worker who had a family, or whoever stands in for them, when somebody else gives it "
        "to a colleague.",
        subject="((reference)) is with a colleague now",
        body="""((by)) gave ((reference)) to ((worker)). Your open actions in it went along.

See it:
((link))
""",
        fields={
            "by": "Nicola Goodwin",
            "reference": "C-2026-004217",
            "worker": "Hannah Turner",
            "link": "https://kith.example/cases/C-2026-004217/",
        },
    )
)
HANDOVER_ANSWERED = register(
    Wording(
        key="casework.handover_answered",
        name="To a hub: the answer to a case it offered",
        when="To the managers of a hub that offered a case, and to its worker, when the other hub takes it "
        "over or declines.",
        subject="The other hub has answered about ((reference))",
        body="""Your hub asked ((to)) to take over ((reference)): ((to)) ((what)).

See the answer:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "to": "Witney",
            "what": "has taken it over",
            "link": "https://kith.example/cases/handovers/12/",
        },
    )
)
HANDOVER_WITHDRAWN = register(
    Wording(
        key="casework.handover_withdrawn",
        name="To a hub manager: a case is offered no more",
        when="To the managers of a hub that was asked to take a case over, when the other hub keeps it.",
        subject="The other hub keeps ((reference))",
        body="""((from)) had asked ((to)) to take over ((reference)), and keeps the case now. You need do nothing.
""",
        fields={"reference": "C-2026-004217", "from": "Banbury", "to": "Witney"},
    )
)
HANDOVER_WAITS = register(
    Wording(
        key="casework.handover_waits",
        name="To a hub manager: a case offered waits for an answer",
        when="To the managers of a hub each working day, when a case offered to it has waited two working days.",
        subject="((reference)) waits for your hub’s answer",
        body="""((from)) has asked ((to)) to take over ((reference)) since ((since)), and has no answer. The family waits.

Read the handover, and answer:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "from": "Banbury",
            "to": "Witney",
            "since": "12 November 2026",
            "link": "https://kith.example/cases/handovers/12/",
        },
    )
)
HANDOVER_UNANSWERED = register(
    Wording(
        key="casework.handover_unanswered",
        name="To a hub manager: the case it offered has no answer",
        when="To the managers of a hub that offered a case each working day, when that has waited four working days.",
        subject="No answer yet about ((reference))",
        body="""((to)) has not answered about ((reference)), offered on ((since)). The case and its duty are still yours. Ring ((to)), or take the offer back:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "to": "Witney",
            "since": "12 November 2026",
            "link": "https://kith.example/cases/handovers/12/",
        },
    )
)
PARTNER_MOVED = register(
    Wording(
        key="casework.partner_moved",
        name="To a partner: another hub has the case",
        when="To a partner organisation with an open action, when another hub takes the case over.",
        subject="Another hub has a plan that you are part of",
        body="""((organisation)) has an action in a plan of ((from)). ((hub)) has taken that case over. What you agreed to do stays as it is.

See your actions:
((link))

Questions? Ring ((hub)): ((phone))
""",
        fields={
            "organisation": "Home-Start",
            "from": "Banbury",
            "hub": "Witney",
            "phone": "01632 960 150",
            "link": "https://kith.example/cases/our-actions/",
        },
    )
)
STEP_UP = register(
    Wording(
        key="casework.step_up",
        name="To social care: a family to take up",
        when="To children’s social care, when a hub’s manager asks it to take a family up.",
        subject="A request to children’s social care, ((reference))",
        body="""((hub)) asks children’s social care to look at a family: early help is not enough. Our reference is ((reference)).

Read it, and tell us that you have it:
((link))

The link is for your desk alone. Do not pass it on. We ask again each working day until somebody has said that it is there.

If a child is in danger now and you cannot open it, ring the hub: ((phone))
""",
        fields={
            "hub": "Banbury",
            "reference": "C-2026-004217",
            "phone": "01632 960 150",
            "since": "12 November 2026",
            "link": "https://kith.example/social-care/open/abc/",
        },
    )
)
STEP_UP_CHASED = register(
    Wording(
        key="casework.step_up_chased",
        name="To social care: a receipt is missing",
        when="To children’s social care each working day, while nobody has said that a request is there.",
        subject="Have you received our request ((reference))?",
        body="""On ((since)) ((hub)) asked you to look at a family, ((reference)). Nobody has told us that it is there.

Read it, and tell us that you have it. This link is new; the one before opens nothing any more:
((link))

Questions? Ring the hub: ((phone))
""",
        fields={
            "hub": "Banbury",
            "reference": "C-2026-004217",
            "phone": "01632 960 150",
            "since": "12 November 2026",
            "link": "https://kith.example/social-care/open/abc/",
        },
    )
)
STEP_UP_ASKED = register(
    Wording(
        key="casework.step_up_asked",
        name="To a hub manager: a worker wants social care asked",
        when="To the managers of a hub, when a worker asks that social care takes a family up.",
        subject="Social care is to be asked about ((reference))",
        body="""In ((reference)), a worker asks you to let children’s social care take the family up.

Read why, and decide:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "link": "https://kith.example/cases/social-care/12/",
            "how": "with the manager",
            "since": "12 November 2026",
        },
    )
)
STEP_UP_NEWS = register(
    Wording(
        key="casework.step_up_news",
        name="To a hub: news of a request to social care",
        when="To the worker and the managers, when social care says that it has a request, or decides.",
        subject="News of the request to social care in ((reference))",
        body="""The request to social care in ((reference)): ((how)).

See it, and go on from there:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "how": "received, not decided yet",
            "link": "https://kith.example/cases/social-care/12/",
            "since": "12 November 2026",
        },
    )
)
STEP_UP_WAITS = register(
    Wording(
        key="casework.step_up_waits",
        name="To a hub: social care has not answered",
        when="To the worker and the managers each working day, while a receipt or a decision of social care is missing.",
        subject="Social care has not answered about ((reference))",
        body="""On ((since)) social care was asked about ((reference)). It stands: ((how)). The family is still yours. Ring social care, and write down what they say:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "how": "sent, no receipt yet",
            "since": "12 November 2026",
            "link": "https://kith.example/cases/social-care/12/",
        },
    )
)
ASSESSMENT_BACK = register(
    Wording(
        key="casework.assessment_back",
        name="To a worker: an assessment was sent back",
        when="To the worker of a case, and to whoever sent the assessment, when a manager does not sign it yet.",
        subject="An assessment was sent back in ((reference))",
        body="""((manager)) has sent the assessment in ((reference)) back, to be written further.

Read what is missing, and send it again when it is there:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "manager": "Jo Green",
            "link": "https://kith.example/cases/assessments/12/",
        },
    )
)
TAKEN_BACK = register(
    Wording(
        key="casework.taken_back",
        name="To a worker: an agreement was taken back",
        when="To the worker of a case, when the family takes back an agreement to share.",
        subject="An agreement to share was taken back in ((reference))",
        body="""In ((reference)), an agreement to share was taken back. What partners had taken on because of it is no longer shown to them.

See what it is, and decide what becomes of their actions:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "link": "https://kith.example/cases/C-2026-004217/sharing/",
        },
    )
)
FAMILY_PAGE = register(
    Wording(
        key="casework.family_page",
        name="To the family: their own page",
        when="To somebody of a family, when their worker gives them their own page.",
        subject="Your page",
        body="""((hub)) has made a page for you. It shows the plan you made together, who may be told, and lets you say what you think.

Open it here. We send you a code each time:
((link))

Do not pass this on: whoever has it can ask for your code.
""",
        fields={"hub": "Banbury", "link": "https://kith.example/our-page/open/abc/"},
    )
)
FAMILY_CODE = register(
    Wording(
        key="casework.family_code",
        name="To the family: the code for their page",
        when="To somebody of a family, when they open their own page.",
        subject="Your code",
        body="""Your code is ((code)). It is good for ten minutes, and once.

If you did not ask for it, do nothing, and ring us: somebody else may have your link.
""",
        fields={"code": "123456"},
    )
)
FAMILY_NEW = register(
    Wording(
        key="casework.family_new",
        name="To the family: something new on their page",
        when="To somebody of a family, when their worker puts an assessment on their own page.",
        subject="Something new on your page",
        body="""((hub)) has put something new on your page. Open it with the link that we sent you.

Lost the link? Ask your worker for a new one.
""",
        fields={"hub": "Banbury"},
    )
)
FAMILY_WROTE = register(
    Wording(
        key="casework.family_wrote",
        name="To a worker: the family wrote something",
        when="To the worker of a case, when somebody of the family writes on their own page.",
        subject="The family wrote something in ((reference))",
        body="""In ((reference)), somebody of the family wrote on their own page.

Read it:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "link": "https://kith.example/cases/C-2026-004217/",
        },
    )
)
FAMILY_ON_ACTION = register(
    Wording(
        key="casework.family_on_action",
        name="To a worker: the family says how its own part comes on",
        when="To the worker of a case, when somebody of the family says on their own page that "
        "something they took on is done, or that they need help with it.",
        subject="The family says how its part comes on, in ((reference))",
        body="""In ((reference)), somebody of the family ((said)) something they took on in the plan.

The plan stays as it is until you have talked with them. Read what they say:
((link))
""",
        fields={
            "reference": "C-2026-004217",
            "said": "needs help with",
            "link": "https://kith.example/cases/C-2026-004217/",
        },
    )
)
ACCEPT = register(
    Wording(
        key="casework.words.accept",
        name="Accept to a hub",
        when="Words for the sender, on the page on which the desk accepts a request for a hub.",
        subject="",
        body="The hub will get in touch with the family by ((ring_by)).",
        fields={"ring_by": "23 November 2026", "reference": "R-2026-004217"},
        on_page=True,
    )
)
TEAM_JOINED = register(
    Wording(
        key="casework.team_joined",
        name="To a partner: you are in a team around a family",
        when="To somebody of a partner organisation, when a hub adds them to the team around a family, and "
        "when they ask for a new link.",
        subject="You are in a team around a family",
        body="""((name)), ((hub)) has written you down for ((organisation)) in a team that helps a family together.

See which family, who else helps, the meetings, and what is yours to do:
((link))

This link is for you alone. If you cannot open it, or this is a mistake, ring the hub: ((phone))
""",
        fields={
            "name": "Sam Bright",
            "hub": "Banbury",
            "organisation": "Home-Start",
            "link": "https://kith.example/our-team/open/…/",
            "phone": "01632 960 150",
        },
    )
)
TEAM_LEADS = register(
    Wording(
        key="casework.team_leads",
        name="To a partner: you lead a team",
        when="To somebody of a partner organisation, when a hub makes them the lead professional of a team "
        "around a family.",
        subject="You lead a team around a family",
        body="""((name)), ((hub)) has written down that you are the lead professional of a team that helps a family together. You call its meetings, write its minutes and plan what its members do.

See the team:
((link))

If nobody asked you, or you cannot lead it, ring the hub: ((phone))
""",
        fields={
            "name": "Sam Bright",
            "hub": "Banbury",
            "link": "https://kith.example/cases/our-teams/12/",
            "phone": "01632 960 150",
        },
    )
)
TEAM_ASKED = register(
    Wording(
        key="casework.team_asked",
        name="To a partner in a team: something for you to do",
        when="To somebody of a partner organisation without an account, who is in the team around a family, "
        "when something is planned that their organisation will do.",
        subject="Something for you to do in your team",
        body="""((name)), in a team that helps a family together, something is written down that ((organisation)) will do by ((due)).

See what, and tell us when it is done:
((link))

This link is for you alone, and asks for a code that we send you. If you cannot open it, or this is not yours, ring the hub: ((phone))
""",
        fields={
            "name": "Sam Bright",
            "organisation": "Home-Start",
            "due": "27 November 2026",
            "link": "https://kith.example/our-team/open/…/",
            "phone": "01632 960 150",
        },
    )
)
TEAM_CODE = register(
    Wording(
        key="casework.team_code",
        name="To a partner: the code for their page",
        when="To somebody of a partner organisation without an account, when they open their page of a team.",
        subject="Your code",
        body="""Your code is ((code)). It is good for ten minutes, and once.

If you did not ask for it, do nothing, and ring the hub: somebody else may have your link.
""",
        fields={"code": "123456"},
    )
)
TEAM_LEFT = register(
    Wording(
        key="casework.team_left",
        name="To a partner: you are no longer in a team",
        when="To somebody of a partner organisation, when they leave the team around a family, when the family "
        "takes back that they are told, or when help ends.",
        subject="You are no longer in a team around a family",
        body="""((name)), you are no longer in a team of ((hub)) that helps a family. You see no more of it from now on. Meetings of this team in your calendar are cancelled.

If you do not know why, ring the hub: ((phone))
""",
        fields={"name": "Sam Bright", "hub": "Banbury", "phone": "01632 960 150"},
    )
)
MEETING_CALLED = register(
    Wording(
        key="casework.meeting_called",
        name="To a team: a meeting",
        when="To everybody who is asked to a meeting of a team around a family, when it is called or changed.",
        subject="A meeting of your team",
        body="""((name)), ((hub)) asks you to a meeting of a team that helps a family together.

When: ((when))
Where: ((place))

Say whether you will come, and see what it is about:
((link))
""",
        fields={
            "name": "Sam Bright",
            "hub": "Banbury",
            "when": "Thursday 3 December 2026, 2pm",
            "place": "Banbury hub",
            "link": "https://kith.example/cases/our-actions/",
        },
    )
)
MEETING_FAMILY = register(
    Wording(
        key="casework.meeting_family",
        name="To the family: a meeting",
        when="To somebody of the family, at an e-mail address that is safe to use, when a meeting about "
        "the help they have is called or changed.",
        subject="A meeting with you",
        body="""((name)), we would like to meet you.

When: ((when))
Where: ((place))

Tell us if the day or place does not suit you: ((phone))
""",
        fields={
            "name": "Grace Okafor",
            "when": "Thursday 3 December 2026, 2pm",
            "place": "Banbury hub",
            "phone": "01632 960 150",
        },
    )
)
MEETING_CANCELLED = register(
    Wording(
        key="casework.meeting_cancelled",
        name="To a team and the family: a meeting is cancelled",
        when="To everybody who was asked to a meeting of a team around a family, when it is cancelled.",
        subject="A meeting is cancelled",
        body="""((name)), the meeting on ((when)) is cancelled. If you do not know why, ring us: ((phone))
""",
        fields={
            "name": "Sam Bright",
            "when": "Thursday 3 December 2026, 2pm",
            "phone": "01632 960 150",
        },
    )
)
MEETING_TOMORROW = register(
    Wording(
        key="casework.meeting_tomorrow",
        name="To a team and the family: a meeting soon",
        when="On the morning of the working day before a meeting of a team around a family, to everybody "
        "who was asked and has not said that they cannot come.",
        subject="A meeting soon",
        body="""((name)), this is to remind you of the meeting.

When: ((when))
Where: ((place))

If you cannot come, tell us: ((phone))
""",
        fields={
            "name": "Sam Bright",
            "when": "Thursday 3 December 2026, 2pm",
            "place": "Banbury hub",
            "phone": "01632 960 150",
        },
    )
)
MINUTES_READY = register(
    Wording(
        key="casework.minutes_ready",
        name="To a team: minutes",
        when="To those of a team around a family to whom the minutes of a meeting are sent, and again when "
        "they were put right.",
        subject="Minutes of your team’s meeting",
        body="""((name)), the minutes of the meeting on ((when)) are there for you to read:
((link))

They are not in this e-mail because they are about a family.
""",
        fields={
            "name": "Sam Bright",
            "when": "Thursday 3 December 2026, 2pm",
            "link": "https://kith.example/cases/our-actions/",
        },
    )
)
ASSESSMENT_OPENED = register(
    Wording(
        key="casework.assessment_opened",
        name="To a partner: an assessment to read",
        when="To somebody of a partner in the team around a family, when an assessment is opened to them: "
        "the family agreed that they read it, and a manager has signed it.",
        subject="An assessment is there for you to read",
        body="""((name)), in a team that you are in, the family agreed that you read its assessment, and ((hub)) has signed one.((until))

Read it on your page of the team:
((way))

It is not in this e-mail because it is about a family. The family sees when you look. Questions? Ring the hub: ((phone))
""",
        fields={
            "name": "Sam Bright",
            "hub": "Banbury",
            "until": " You can read it until 23 May 2027.",
            "way": "https://kith.example/cases/our-teams/12/",
            "phone": "01632 960 150",
        },
    )
)
ASSESSMENT_CLOSED = register(
    Wording(
        key="casework.assessment_closed",
        name="To a partner: an assessment is no longer open to you",
        when="To somebody of a partner who stays in the team around a family, when the family takes back that "
        "they read its assessment, or its last day has passed.",
        subject="An assessment is no longer open to you",
        body="""((name)), in a team of ((hub)) that you are in, you can no longer read the family’s assessment: its agreement has ended. You stay in the team, and the rest of your page is as it was.

Delete what you kept of the assessment, unless you must keep it by law. If you do not know why this is, ring the hub: ((phone))
""",
        fields={"name": "Sam Bright", "hub": "Banbury", "phone": "01632 960 150"},
    )
)
