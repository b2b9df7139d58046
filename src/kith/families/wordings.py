"""What people are told about families' records, as it comes with Kith. A county may change it."""

from kith.notices.words import Wording, register

EMERGENCY = register(
    Wording(
        key="family.emergency",
        name="Somebody has looked at a record in an emergency",
        when="To the data protection officer, and the managers of the hubs that work with the "
        "family, when somebody opens its record in an emergency.",
        subject="An emergency look at the record ((reference))",
        body="""((who)) has opened the record of the family ((reference)) in an emergency. It is open to them until ((until)).

They say why:
((reason))

The data protection officer reviews every such look:
((link))
""",
        fields={
            "reference": "F-004217",
            "who": "Sam Field, hub worker",
            "until": "2pm on Wednesday 18 November 2026",
            "reason": "The school has rung: a child is missing since this morning.",
            "link": "https://kith.example/families/emergencies/",
        },
    )
)

EMERGENCY_REFUSED = register(
    Wording(
        key="family.emergency_refused",
        name="Somebody asked in an emergency for a record kept to named people",
        when="To the data protection officer, when somebody who is not named tries to open, in an "
        "emergency, a record that is kept to named people. They were told that there is none.",
        subject="Asked for in an emergency: ((reference))",
        body="""((who)) asked in an emergency for the record ((reference)), which is kept to named people. It was not opened, and they were not told that it is there.

They say why:
((reason))

Ring them now. If they must see it, name them:
((link))
""",
        fields={
            "reference": "F-004217",
            "who": "Sam Field, hub worker",
            "reason": "The school has rung: a child is missing since this morning.",
            "link": "https://kith.example/cases/restrictions/",
        },
    )
)
