"""Extracts of six agencies about invented people, with the truth: families with twins, fathers and
sons of one name, moves, flats let again, married names, slips, gaps, and days of birth made up.

Everything comes from a seed. The names are made of syllables and of common names, so that some are
shared by many and most by few; nobody here exists.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pyarrow as pa

AGENCIES = ("schools", "health", "benefits", "housing", "police", "social care")
_GIRLS = [
    "olivia",
    "amelia",
    "isla",
    "ava",
    "emily",
    "ella",
    "grace",
    "mia",
    "poppy",
    "lily",
    "evie",
    "sophie",
    "jessica",
    "ruby",
    "chloe",
    "daisy",
    "elizabeth",
    "katherine",
    "margaret",
    "fatima",
    "aisha",
    "maryam",
    "zofia",
    "maja",
    "oluwaseun",
    "ngozi",
    "priya",
    "ananya",
    "wei",
]
_BOYS = [
    "oliver",
    "harry",
    "george",
    "noah",
    "jack",
    "jacob",
    "leo",
    "oscar",
    "charlie",
    "thomas",
    "james",
    "william",
    "joshua",
    "daniel",
    "mohammed",
    "muhammad",
    "yusuf",
    "ibrahim",
    "jakub",
    "filip",
    "chukwuemeka",
    "tunde",
    "arjun",
    "rohan",
    "hao",
    "michael",
    "robert",
]
_SHORT = {
    "elizabeth": "liz", "katherine": "kate", "margaret": "maggie", "thomas": "tom",
    "james": "jim", "william": "bill", "joshua": "josh", "daniel": "dan", "michael": "mike",
    "robert": "bob", "mohammed": "muhammad", "jessica": "jess", "oliver": "ollie",
}  # fmt: skip
_PARTS = [
    "ash",
    "bar",
    "bec",
    "car",
    "col",
    "dal",
    "den",
    "ed",
    "fair",
    "gar",
    "hal",
    "har",
    "ing",
    "ken",
    "lan",
    "mar",
    "mor",
    "nor",
    "ol",
    "pen",
    "rad",
    "ros",
    "sal",
    "shel",
    "stan",
    "tan",
    "thor",
    "wal",
    "wes",
    "whit",
    "wil",
]
_ENDS = [
    "ton",
    "ley",
    "ford",
    "by",
    "well",
    "man",
    "son",
    "er",
    "field",
    "wood",
    "ham",
    "worth",
    "bury",
    "ick",
]
_COMMON = [
    "smith",
    "jones",
    "khan",
    "patel",
    "ali",
    "brown",
    "taylor",
    "begum",
    "nowak",
    "hussain",
    "singh",
    "ahmed",
]


@dataclass
class Person:
    number: int
    family: int
    given: str
    middle: str
    surname: str
    earlier: str  # the surname before it changed, or the same
    born: date
    sex: str
    homes: list[str]
    postcodes: list[str]
    phone: str
    nhs: str


def people(families: int, seed: int) -> list[Person]:
    """Make so many families: one or two adults, children, twins in one of forty."""
    random, made = Random(seed), []
    streets = [f"{random.choice(_PARTS)}{random.choice(_ENDS)} road" for _ in range(families)]
    for family in range(families):
        surname = _surname(random)
        moved = random.random() < 0.35
        homes, postcodes = [], []
        for _ in range(1 + moved):
            # One address in fourteen is somebody else's too: flats are let again.
            street = random.randrange(max(1, family)) if random.random() < 0.07 else family
            homes.append(f"{1 + street % 90} {streets[street]}")
            postcodes.append(f"OX{1 + street % 28} {street // 17 % 10}{_letters(street // 170)}")
        members: list[Person] = []
        adults = 1 + (random.random() < 0.6)
        for place in range(adults + random.choice((0, 1, 1, 2, 2, 3, 4))):
            sex = random.choice("FM") if place >= adults else "FM"[place % 2]
            others = {member.given for member in members}
            given = random.choice([n for n in (_GIRLS if sex == "F" else _BOYS) if n not in others])
            young = place >= adults
            born = date(2012, 1, 1) - timedelta(
                days=random.randrange(200, 6500) if young else random.randrange(7500, 20000)
            )
            if young and members[-1].born.year > 1994 and random.random() < 0.025:
                born = members[-1].born
            fathers = [one for one in members if one.sex == "M" and one.born.year < 1994]
            if young and sex == "M" and fathers and random.random() < 0.03:
                given = fathers[0].given
            changed = not young and sex == "F" and random.random() < 0.15
            members.append(
                Person(
                    len(made) + len(members), family, given,
                    random.choice((*_GIRLS, *_BOYS)) if random.random() < 0.4 else "",
                    surname if random.random() < 0.93 else _surname(random),
                    "", born, sex, homes, postcodes,
                    f"07{random.randrange(10**9):09}" if random.random() < 0.7 else "",
                    _nhs(random),
                )
            )  # fmt: skip
            members[-1].earlier = _surname(random) if changed else members[-1].surname
        made += members
    return made


def extracts(made: list[Person], seed: int) -> tuple[pa.Table, list[int]]:
    """Return what the agencies hold, in the standard layout, and the person of each row."""
    random, rows, truth = Random(seed), [], []
    for person in made:
        for agency in AGENCIES:
            if random.random() > 0.38:
                continue
            row = _record(person, agency, random)
            for _ in range(2 if random.random() < 0.25 else 1):
                rows.append({**row, "record_id": f"{agency[:2]}{len(rows)}"})
                truth.append(person.number)
    order = list(range(len(rows)))
    random.shuffle(order)
    table = pa.Table.from_pylist([rows[place] for place in order])
    return table, [truth[place] for place in order]


def _record(person: Person, agency: str, random: Random) -> dict[str, str | None]:
    early = random.random() < 0.4
    home = 0 if early else -1
    given = f"{person.given} {person.middle}".strip()
    if random.random() < 0.06:
        given = _SHORT.get(person.given, person.given)
    if random.random() < 0.05:
        given = _slip(given, random)
    surname = person.earlier if early else person.surname
    if random.random() < 0.05:
        surname = _slip(surname, random)
    if random.random() < 0.01:
        given, surname = surname, given
    born = person.born
    chance = random.random()
    if chance < 0.01 and born.day <= 12:
        born = date(born.year, born.day, born.month)
    elif chance < 0.04:
        born += timedelta(days=random.choice((-10, -1, 1, 10, 365)))
    elif chance < 0.05:
        born = date(1900, 1, 1)
    return {
        "source": agency,
        "record_id": "",
        "given_names": given.title(),
        "family_name": surname.title(),
        "date_of_birth": None if random.random() < 0.04 else born.isoformat(),
        "sex": None if random.random() < 0.05 else person.sex,
        "address": None if random.random() < 0.08 else person.homes[home].title(),
        "postcode": None if random.random() < 0.05 else person.postcodes[home],
        "observed_on": f"{2009 if early else 2011}-0{random.randrange(1, 10)}-15",
        "phone": (person.phone or None) if random.random() < 0.3 else None,
        "nhs_number": person.nhs if agency == "health" and random.random() < 0.9 else None,
    }


def _surname(random: Random) -> str:
    if random.random() < 0.12:
        return random.choice(_COMMON)
    return (
        random.choice(_PARTS)
        + random.choice(("", "", random.choice(_PARTS)))
        + random.choice(_ENDS)
    )


def _letters(number: int) -> str:
    return f"{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}"


def _slip(word: str, random: Random) -> str:
    if len(word) < 3:
        return word
    place = random.randrange(1, len(word) - 1)
    letter = random.choice("aeinorst")
    return random.choice(
        (
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
    )


def _nhs(random: Random) -> str:
    while True:
        digits = [random.randrange(10) for _ in range(9)]
        check = 11 - sum(d * (10 - place) for place, d in enumerate(digits)) % 11
        if check != 10:
            return "".join(map(str, digits)) + str(check % 11)
