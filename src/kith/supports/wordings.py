"""What people who lead sessions are sent. No family's name leaves the house by e-mail."""

from kith.notices.words import Wording, register

UNTAKEN = register(
    Wording(
        key="supports.untaken",
        name="To whoever leads a session: register not taken",
        when="On the morning of a working day, to whoever leads a session of an earlier day whose "
        "register is not taken, and to the hub’s manager when that is more than a week ago.",
        subject="Registers that are not taken",
        body="""Good morning ((name)).

These registers are not taken, or somebody on them is not marked yet:
((registers))

Take them here:
((link))
""",
        fields={
            "name": "Alex Field",
            "registers": "- Stay and play, 17 November",
            "link": "https://kith.example/supports/registers/",
        },
    )
)

MAY_LEAD = register(
    Wording(
        key="supports.may_lead",
        name="To a partner or volunteer: you lead a group",
        when="When a hub lets somebody of a partner, or a volunteer, lead a group and take its register.",
        subject="You lead a group for a hub",
        body="""Dear ((name)),

((hub)) has asked you to lead ((group)) from ((since)) on. Its registers are here:
((link))

You see the names of those who have a place, and what you must know to keep them safe. Please do not
write them down anywhere else.
""",
        fields={
            "name": "Alex Field",
            "group": "Young carers",
            "hub": "Banbury hub",
            "since": "23 November 2026",
            "link": "https://kith.example/supports/led/",
        },
    )
)

PLACE_ENDS = register(
    Wording(
        key="supports.place_ends",
        name="To whoever leads a group: somebody stops coming",
        when="To whoever leads a group, session or one-to-one support, when a place on it ends: with the "
        "family’s case, when another hub takes that over, or by itself. Not to whoever ended it.",
        subject="A place on your group ends",
        body="""((name)), somebody who has a place on ((group)) stops coming: the last day is ((until)).

See here who has a place. Whoever is not on the register after that day is not expected:
((link))

Their name is not in this e-mail because it is about a family. Questions? Ask ((hub)).
""",
        fields={
            "name": "Alex Field",
            "group": "Young carers",
            "until": "23 November 2026",
            "link": "https://kith.example/supports/led/",
            "hub": "Banbury",
        },
    )
)
