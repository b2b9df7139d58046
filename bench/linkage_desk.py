"""How well the desk's suggestions find people who are known already: precision and recall.

    python bench/linkage_desk.py [families]

Families are invented with twins, namesakes in one household, short names, slips of spelling and of
dates, moves and changed names; four in ten are known from an earlier record. Every person of a new
record is looked up as the desk does (two things in common, by keys) and compared.
"""

import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kith.analytics.linkage import keys
from kith.analytics.linkage.compare import Facts, compare

GIVEN = [
    "Olivia",
    "Amelia",
    "Isla",
    "Ava",
    "Ivy",
    "Freya",
    "Lily",
    "Florence",
    "Mia",
    "Willow",
    "Rosie",
    "Sophia",
    "Isabella",
    "Grace",
    "Daisy",
    "Poppy",
    "Emily",
    "Ella",
    "Evie",
    "Sienna",
    "Charlotte",
    "Phoebe",
    "Evelyn",
    "Millie",
    "Matilda",
    "Elsie",
    "Harper",
    "Alice",
    "Maya",
    "Sofia",
    "Aisha",
    "Fatima",
    "Zara",
    "Maryam",
    "Amina",
    "Noah",
    "George",
    "Oliver",
    "Arthur",
    "Leo",
    "Muhammad",
    "Luca",
    "Harry",
    "Archie",
    "Jack",
    "Henry",
    "Freddie",
    "Theo",
    "Charlie",
    "Alfie",
    "Theodore",
    "Oscar",
    "Jude",
    "Edward",
    "Thomas",
    "William",
    "James",
    "Jacob",
    "Lucas",
    "Alexander",
    "Daniel",
    "Samuel",
    "Joseph",
    "Benjamin",
    "Max",
    "Mohammed",
    "Ibrahim",
    "Yusuf",
    "Adam",
    "Omar",
    "Katherine",
    "Elizabeth",
    "Margaret",
    "Jessica",
    "Hannah",
    "Rebecca",
    "Rachel",
    "Sarah",
    "Victoria",
    "Jennifer",
    "Susan",
    "Michelle",
    "Nicola",
    "Samantha",
    "Robert",
    "Richard",
    "Michael",
    "David",
    "Christopher",
    "Matthew",
    "Andrew",
    "Stephen",
    "Anthony",
    "Patrick",
    "Nicholas",
    "Timothy",
    "Peter",
    "Philip",
    "Oluwaseun",
    "Adaeze",
    "Chidi",
    "Ngozi",
    "Kwame",
    "Piotr",
    "Katarzyna",
    "Mateusz",
    "Zuzanna",
    "Ioana",
    "Andrei",
    "Priya",
    "Arjun",
    "Rohan",
    "Siobhan",
    "Niamh",
    "Rhys",
    "Carys",
]
FAMILY = [
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Johnson",
    "Davies",
    "Patel",
    "Robinson",
    "Wright",
    "Thompson",
    "Evans",
    "Walker",
    "White",
    "Roberts",
    "Green",
    "Hall",
    "Wood",
    "Jackson",
    "Clarke",
    "Khan",
    "Lewis",
    "Harris",
    "Clark",
    "Turner",
    "Hill",
    "Scott",
    "Cooper",
    "Morris",
    "Ward",
    "Moore",
    "King",
    "Watson",
    "Baker",
    "Harrison",
    "Morgan",
    "Young",
    "Allen",
    "Mitchell",
    "James",
    "Anderson",
    "Phillips",
    "Lee",
    "Bell",
    "Parker",
    "Davis",
    "Bennett",
    "Miller",
    "Cook",
    "Shaw",
    "Cox",
    "Ali",
    "Begum",
    "Hussain",
    "Ahmed",
    "Okafor",
    "Adeyemi",
    "Mensah",
    "Kowalski",
    "Nowak",
    "Popescu",
    "Ionescu",
    "Singh",
    "Kaur",
    "Sharma",
    "O'Brien",
    "Murphy",
    "Kelly",
    "Reed",
    "Fletcher",
    "Mason",
    "Hunt",
    "Palmer",
    "Holmes",
    "Mills",
    "Grant",
    "Knight",
    "Lane",
    "Marsh",
    "Nash",
    "Page",
    "Quinn",
    "Rowe",
    "Sharp",
    "Tate",
    "Vance",
    "Webb",
    "York",
    "Ashworth",
    "Blackwood",
    "Cartwright",
    "Dunmore",
    "Eastwood",
    "Fairfax",
    "Goodwin",
    "Hargreaves",
    "Inglewood",
    "Jessop",
    "Kingsley",
    "Lockwood",
    "Merriman",
    "Netherton",
    "Oakley",
    "Pemberton",
    "Radcliffe",
    "Stanhope",
    "Thornton",
    "Underhill",
    "Vickers",
    "Whitmore",
    "Yardley",
    "Smith-Jones",
    "Reed-Okafor",
]
SHORT = {
    "Katherine": "Kate", "Elizabeth": "Liz", "Margaret": "Maggie", "Jessica": "Jess", "Rebecca": "Becky",
    "Victoria": "Vicky", "Jennifer": "Jenny", "Susan": "Sue", "Nicola": "Nicky", "Samantha": "Sam",
    "Robert": "Rob", "Richard": "Rick", "Michael": "Mike", "David": "Dave", "Christopher": "Chris",
    "Matthew": "Matt", "Andrew": "Andy", "Stephen": "Steve", "Anthony": "Tony", "Nicholas": "Nick",
    "Timothy": "Tim", "Philip": "Phil", "William": "Will", "Thomas": "Tom", "Joseph": "Joe",
    "Benjamin": "Ben", "Alexander": "Alex", "Daniel": "Dan", "Samuel": "Sam", "Isabella": "Bella",
    "Theodore": "Theo", "Edward": "Ted", "Jacob": "Jake", "Matilda": "Tilly", "Muhammad": "Mohammed",
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One record of somebody: who they really are, in which record of a family."""

    person: int
    family: int
    facts: Facts


def records(families: int, seed: int = 1) -> tuple[list[Record], list[Record]]:
    """Return earlier records, and new ones of which some are of the same people."""
    chance = random.Random(seed)
    earlier: list[Record] = []
    new: list[Record] = []
    person = 0
    homes = [
        (f"OX{area} {sector}{a}{b}", f"{number} {street}")
        for area in range(1, 30)
        for sector in range(1, 9)
        for a in "ABDE"
        for b in "FGHJ"
        for number in range(1, 16)
        for street in [chance.choice(["High Street", "Mill Lane", "Church Road"])]
    ]
    for family in range(families):
        members = list(_household(chance, homes))
        known, asked = chance.random() < 0.7, chance.random() < 0.6
        for facts in members:
            if known:
                earlier.append(Record(person, family * 2, facts))
            if asked:
                seen = _as_written(facts, chance) if known else facts
                new.append(Record(person, family * 2 + 1, seen))
            person += 1
        if known and asked and chance.random() < 0.15:  # they moved in between
            home = frozenset({chance.choice(homes)})
            new[-len(members) :] = [
                replace(record, facts=replace(record.facts, homes=home))
                for record in new[-len(members) :]
            ]
    return earlier, new


def _household(chance: random.Random, homes: list[tuple[str, str]]):  # type: ignore[no-untyped-def]
    surname = chance.choices(FAMILY, [1 / (place + 5) for place in range(len(FAMILY))])[0]
    home, school = frozenset({chance.choice(homes)}), frozenset({f"School {chance.randrange(250)}"})
    phone = frozenset({f"07700{chance.randrange(10**6):06d}"})
    names = iter(chance.sample(GIVEN, 6))
    mother_born = date(1975, 1, 1) + timedelta(days=chance.randrange(9000))
    yield Facts(
        next(names), surname if chance.random() < 0.7 else chance.choice(FAMILY),
        birth=mother_born if chance.random() < 0.4 else None, sex="F", adult=True,
        homes=home, phones=phone,
    )  # fmt: skip
    father = next(names)
    if chance.random() < 0.6:
        yield Facts(father, surname, sex="M", adult=True, homes=home)
    born, number = (
        date(2006, 1, 1) + timedelta(days=chance.randrange(5000)),
        chance.choice([1, 2, 2, 3]),
    )
    for child in range(number):
        if child and chance.random() > 0.04:  # else a twin
            born += timedelta(days=chance.randrange(400, 1500))
        name = father if child == 0 and chance.random() < 0.02 else next(names)
        yield Facts(
            name, surname, birth=born, sex=chance.choice("FM"), adult=False, homes=home,
            schools=school if chance.random() < 0.8 else frozenset(),
        )  # fmt: skip


def _as_written(facts: Facts, chance: random.Random) -> Facts:
    """Return what somebody else wrote of the same person, another time."""
    changes: dict[str, object] = {}
    given, family, birth = facts.given_names, facts.family_name, facts.birth
    if given in SHORT and chance.random() < 0.25:
        changes["given_names"] = SHORT[given]
    elif chance.random() < 0.08:
        changes["given_names"] = _slip(given, chance)
    if chance.random() < 0.06:
        changes["family_name"] = _slip(family, chance)
    elif chance.random() < 0.03:
        changes["family_name"] = chance.choice(FAMILY)
    if birth and chance.random() < 0.1:
        changes["birth"] = chance.choice(sorted(keys.birth_slips(birth)))
    elif birth and chance.random() < 0.02:
        changes["birth"] = birth + timedelta(days=chance.randrange(-300, 300))
    if chance.random() < 0.3:
        changes["phones"] = frozenset()
    if chance.random() < 0.1:
        changes["sex"] = "U"
    return replace(facts, **changes)  # type: ignore[arg-type]


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word))
    letter = chance.choice("aeiourstlnmd")
    return chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
        ]
    )


@dataclass(frozen=True)
class Quality:
    """What the suggestions were worth. Pairs are of an earlier record and a new one."""

    same: int  # pairs that truly are one person
    found: int  # of these, suggested
    wrong: int  # suggested, but two people
    twins_wrong: int  # of these, twins
    namesakes_wrong: int  # of these, a parent and a child of one name
    compared: int

    @property
    def recall(self) -> float:
        return self.found / self.same

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong)


def measure(families: int, seed: int = 1) -> Quality:
    """Look everybody of the new records up among the earlier ones, and count."""
    earlier, new = records(families, seed)
    by_key: dict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(earlier):
        for key in set().union(*_things(record.facts, slips=False)):
            by_key[key].append(number)
    persons = {record.person for record in earlier}
    same = sum(record.person in persons for record in new)
    found = wrong = twins = namesakes = compared = 0
    for record in new:
        shared: dict[int, int] = defaultdict(int)
        for thing in _things(record.facts, slips=True):
            for number in {number for key in thing for number in by_key.get(key, ())}:
                shared[number] += 1
        for number in (number for number, things in shared.items() if things > 1):
            other = earlier[number]
            compared += 1
            if not compare(record.facts, other.facts).suggests:
                continue
            if other.person == record.person:
                found += 1
                continue
            wrong += 1
            if other.family // 2 == record.family // 2:
                twins += other.facts.birth == record.facts.birth is not None
                namesakes += other.facts.adult != record.facts.adult
    return Quality(same, found, wrong, twins, namesakes, compared)


def _things(facts: Facts, *, slips: bool) -> list[set[str]]:
    things = [
        keys.name_keys(facts.given_names),
        keys.name_keys(facts.family_name),
    ]
    if facts.birth:
        births = {facts.birth} | (keys.birth_slips(facts.birth) if slips else set())
        things.append({f"b:{birth.isoformat()}" for birth in births})
    things.append(
        keys.keys_of(
            given_names="",
            family_name="",
            postcodes=[code for code, _ in facts.homes],
            phones=facts.phones,
        )
    )
    return [thing for thing in things if thing]


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    began = time.perf_counter()
    quality = measure(size)
    seconds = time.perf_counter() - began
    print(
        f"{size:,} families, {quality.same:,} people known already, {quality.compared:,} pairs compared"
    )
    print(f"recall {quality.recall:.3f}  precision {quality.precision:.3f}")
    print(
        f"wrong {quality.wrong}: twins {quality.twins_wrong}, namesakes {quality.namesakes_wrong}"
    )
    print(f"{seconds:.1f} s, {seconds / max(quality.compared, 1) * 1e6:.0f} microseconds a pair")
