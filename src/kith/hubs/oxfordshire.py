"""The seven hubs of Oxfordshire. Their places are real; addresses and telephone numbers are not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NewHub:
    """A hub to be opened when Kith is set up."""

    name: str
    slug: str
    postcode: str
    address: str
    phone: str  # from the numbers kept free for fiction
    premises: str = ""
    shares_with: str = ""
    opening_hours: str = "Monday to Thursday, 9am to 5pm\nFriday, 9am to 4pm"

    @property
    def email(self) -> str:
        return f"{self.slug}@hubs.kith.example"


OXFORDSHIRE = (
    NewHub(
        "Abingdon",
        "abingdon",
        "OX14 3QZ",
        "Old Malthouse\nWharf Row\nAbingdon",
        "01632 960101",
        "Three rooms for families and a kitchen on the ground floor. Step-free.",
    ),
    NewHub(
        "Banbury",
        "banbury",
        "OX16 5LS",
        "Canal House\nTanner’s Yard\nBanbury",
        "01632 960102",
        "A house of its own with a garden and two group rooms. Step-free, hearing loop.",
    ),
    NewHub(
        "Bicester",
        "bicester",
        "OX26 6HY",
        "Garth Rooms\nLinden Close\nBicester",
        "01632 960103",
        "Ground floor of an office building. Step-free, parking for six cars.",
    ),
    NewHub(
        "Didcot",
        "didcot",
        "OX11 8SH",
        "Station Rooms\nJunction Way\nDidcot",
        "01632 960104",
        "Two family rooms and a group room, five minutes from the station. Lift.",
    ),
    NewHub(
        "East Oxford",
        "east-oxford",
        "OX4 2AG",
        "Union Hall\nAlma Row\nOxford",
        "01632 960105",
        "A former school: four family rooms, a hall and a kitchen. Step-free.",
        opening_hours="Monday to Thursday, 9am to 6pm\nFriday, 9am to 4pm",
    ),
    NewHub(
        "Littlemore",
        "littlemore",
        "OX4 4PF",
        "Littlemore Library\nMinchery Row\nOxford",
        "01632 960106",
        "One room and a desk. Families are often met elsewhere.",
        "Littlemore Library",
        "Monday, Tuesday and Thursday, 9.30am to 5pm",
    ),
    NewHub(
        "Witney",
        "witney",
        "OX28 6HA",
        "Blanket Hall Rooms\nMill Turn\nWitney",
        "01632 960107",
        "Two family rooms above a community café. Lift.",
    ),
)
