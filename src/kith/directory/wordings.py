"""What those who keep an entry of the directory are sent. Nothing is about a family."""

from kith.notices.words import Wording, register

PLEASE_CHECK = register(
    Wording(
        key="directory.please_check",
        name="To a provider: is this still true?",
        when="To the mailbox of whoever gives services, a fortnight before three months are over since "
        "somebody said that what stands in the directory is true, again when they are over, and before "
        "and when an entry is hidden. One e-mail a day lists all of its services.",
        subject="Is this still true? Your services in the directory of ((county))",
        body="""Dear ((provider)),

Families find you in the directory of ((county)). Please read what it says, and tell us that it is true.

Open this page and press one button. You need no account. You can also tell us there what has changed:
((link))

((services))

((hiding))

((hidden))

This link is for ((provider)) alone. Nothing changes by opening it.
""",
        fields={
            "provider": "Banbury Family Friends",
            "services": "Baby group\nWhen and where: The Old Chapel, Banbury, every Tuesday, 10am",
            "hiding": "What nobody confirms is hidden on the day that stands beside it.",
            "hidden": "Already hidden: Youth club. It is shown again as soon as you confirm it.",
            "link": "https://kith.example/find-help/check/abcdefgh/",
        },
    )
)

TO_CHECK = register(
    Wording(
        key="directory.to_check",
        name="To a team that keeps the directory: what needs checking",
        when="To the mailbox of the hub at whose place a service is given, else of the county desk: when a "
        "provider does not answer, when something is due that has no mailbox to ask, and before and "
        "when it is hidden. One e-mail a day.",
        subject="Entries of the directory that need checking",
        body="""Good morning.

Nobody has said of late that these are true:
((services))

See when each was asked about, and check it or change it, here:
((link))
""",
        fields={
            "services": "- Baby group (Banbury Family Friends): due on 23 November 2026",
            "link": "https://kith.example/directory/checking/",
        },
    )
)

ANSWERED = register(
    Wording(
        key="directory.answered",
        name="To whoever gave feedback on an entry: our reply",
        when="To whoever said something about an entry of the directory and gave an address for a reply, "
        "when somebody who keeps the directory writes one.",
        subject="Your feedback ((reference))",
        body="""Thank you for telling us about ((service)).

((reply))

You wrote:
((words))

We delete your address 30 days from today.
""",
        fields={
            "reference": "D-2026-000042",
            "service": "Stay and play, Banbury",
            "reply": "You are right: it is on Wednesdays now. The entry says so.",
            "words": "The day is wrong.",
        },
    )
)

PROPOSAL_DECIDED = register(
    Wording(
        key="directory.proposal_decided",
        name="To whoever gives a service: what became of a change to the directory",
        when="To whoever of a partner proposed what the directory says of a service, or to the mailbox of a "
        "group that sent it from its link, when those who keep the directory have approved it or sent it back.",
        subject="Your change to the directory of ((county))",
        body="""Dear ((name)),

You told us what the directory should say of: ((service)).

((decision))

((answer))

You find it here:
((link))
""",
        fields={
            "name": "Sam Field",
            "service": "Breakfast club",
            "decision": "It stands in the directory now, for everybody to read.",
            "answer": "Please say from which age.",
            "link": "https://kith.example/our-services/",
        },
    )
)

PROPOSALS_WAIT = register(
    Wording(
        key="directory.proposals_wait",
        name="To those who keep the directory: changes that wait too long",
        when="To the mailbox of the hub at whose place a service is given, else of the county desk, when "
        "what a partner or a group sent about a service has waited for more than five working days; after "
        "ten, to the county lead too. Again when another has waited as long.",
        subject="Changes to the directory wait for an answer",
        body="""Hello ((name)),

These changes to the directory have waited too long for somebody to approve them or send them back:
((changes))

Until then families read what stood before. You find them here:
((link))
""",
        fields={
            "name": "Priya Lead",
            "changes": "- Breakfast club (Banbury School): 6 working days",
            "link": "https://kith.example/directory/proposals/",
        },
    )
)
