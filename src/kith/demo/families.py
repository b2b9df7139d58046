"""Families of the demonstration county: who belongs together, how old, living where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from kith.analytics.linkage.keys import forms_of, keys_of
from kith.demo import names
from kith.demo.book import Book, Row
from kith.demo.ground import Spot
from kith.demo.names import Culture

# Who brings the children up, and how often.
SHAPES = {
    "mother": 34,
    "both": 32,
    "step": 13,  # mother and her partner
    "two_homes": 13,  # mother here, father elsewhere, children with both
    "father": 4,
    "grandparent": 4,
}
HOW_MANY = ((1, 30), (2, 37), (3, 20), (4, 9), (5, 4))
TWINS = 0.03
MOVES = 0.08
UNSAFE_POST = 0.04
MISSPELT = (
    *(("ie", "ei"), ("ei", "ie"), ("ph", "f"), ("ck", "k"), ("ll", "l"), ("nn", "n"), ("tt", "t")),
    *(
        ("ss", "s"),
        ("ee", "ea"),
        ("ea", "ee"),
        ("oo", "ou"),
        ("ou", "ow"),
        ("ey", "y"),
        ("on", "en"),
    ),
    *(("er", "ar"), ("an", "en"), ("c", "k"), ("h", ""), ("y", "i"), ("z", "s"), ("ia", "iya")),
)


@dataclass
class Human:
    """One person, before and beside their row."""

    role: str
    given: str
    surname: str
    sex: str
    born: date | None
    expected: date | None = None
    known_as: str = ""
    here: bool = True
    phone: str = ""
    email: str = ""
    school: int | None = None
    young_carer: bool = False
    disabilities: list[str] = field(default_factory=list)
    ethnicity: str = ""
    responsible: bool | None = None
    row: Row | None = None

    def age(self, on: date) -> int:
        if self.born is None:
            return 0
        before = (on.month, on.day) < (self.born.month, self.born.day)
        return on.year - self.born.year - before


@dataclass
class Home:
    """A family: its people, where it lives, and the rows that hold it."""

    culture: Culture
    shape: str
    spot: Spot
    street: str
    hub: str
    children: list[Human]
    adults: list[Human]
    interpreter: str
    safe: bool
    row: Row | None = None
    address: Row | None = None
    busy_until: datetime | None = None
    known_to: set[int] = field(default_factory=set)  # the teams that have standing

    @property
    def carer(self) -> Human:
        return self.adults[0]

    @property
    def name(self) -> str:
        return " and ".join(dict.fromkeys(child.surname for child in self.children))[:200]


class Households:
    """Makes families, and writes them into the book as the front door files them."""

    def __init__(self, rng: Random, book: Book, front_door: int) -> None:
        self.rng, self.book, self.front_door = rng, book, front_door
        self.mixes: Mapping[str, tuple[list[Culture], list[float]]] = {
            slug: ([names.CULTURES[key] for key in mix], list(mix.values()))
            for slug, mix in names.MIX.items()
        }
        self.shapes = (list(SHAPES), list(SHAPES.values()))
        self.spelled: set[str] = set()  # words whose spellings are written
        self.found_by: set[tuple[int, int, str]] = set()  # person, family, key
        self.sizes = ([n for n, _ in HOW_MANY], [weight for _, weight in HOW_MANY])

    def make(self, *, hub: str, spot: Spot, day: date, ages: tuple[int, int]) -> Home:
        """Invent a family with a child of an age in the given years."""
        rng = self.rng
        culture = rng.choices(*self.mixes[hub])[0]
        shape = rng.choices(*self.shapes)[0]
        surname = rng.choice(culture.surnames)
        age = rng.randint(*ages)
        born = self._birthday(day, age)
        births = [born]
        count = rng.choices(*self.sizes)[0]
        older = rng.randint(0, count - 1)
        last = born
        for _ in range(older):
            last = last - timedelta(days=rng.randint(420, 1500))
            if (day - last).days < 18.5 * 365:
                births.append(last)
        last = born
        for _ in range(count - 1 - older):
            last = last + timedelta(days=rng.randint(420, 1500))
            births.append(last)
        if rng.random() < TWINS:
            births.append(born)
        ethnicity = self._ethnicity(culture)
        children: list[Human] = []
        for birth in births:
            children.append(self._child(culture, surname, birth, day, children, ethnicity))
        adults = self._adults(culture, shape, surname, children, day, ethnicity)
        if shape in ("step", "two_homes") and len(children) > 1 and rng.random() < 0.4:
            # The younger children have another father, and his name.
            other = rng.choice(culture.surnames)
            for child in children[1:]:
                if child.born is None or child.born > born:
                    child.surname = other
        return Home(
            culture=culture,
            shape=shape,
            spot=spot,
            street=self.street(),
            hub=hub,
            children=children,
            adults=adults,
            interpreter=culture.language
            if culture.interpreter and rng.random() < culture.interpreter
            else "",
            safe=rng.random() >= UNSAFE_POST,
        )

    def file(self, home: Home, at: datetime) -> Row:
        """Write a family into the book as the front door files a request's family."""
        book, by = self.book, self.front_door
        family = book.add(
            "families.Family",
            at,
            by,
            id=(number := book.next_number("families.Family")),
            reference=f"F-{number:06d}",
            name=home.name,
            made_at=at,
            merged_into_id=None,
            head_id=number,
        )
        home.row = family
        home.address = book.add(
            "families.Address",
            at,
            by,
            family_id=family.id,
            lines=home.street,
            postcode=home.spot.postcode,
            easting=home.spot.easting,
            northing=home.spot.northing,
            safe=home.safe,
            since=None,
            until=None,
        )
        for human in (*home.children, *home.adults):
            self._file_person(home, family, human, at)
        return family

    def _file_person(self, home: Home, family: Row, human: Human, at: datetime) -> None:
        book, by = self.book, self.front_door
        person = book.add(
            "families.Person",
            at,
            by,
            id=(number := book.next_number("families.Person")),
            given_names=human.given,
            family_name=human.surname,
            known_as=human.known_as,
            date_of_birth=human.born,
            expected_on=human.expected,
            sex=human.sex,
            ethnicity=human.ethnicity,
            disabilities=human.disabilities,
            language=home.interpreter if human.role != "child" else "",
            interpreter_needed=bool(home.interpreter) and human.role != "child",
            young_carer=human.young_carer,
            merged_into_id=None,
            head_id=number,
        )
        human.row = person
        book.add(
            "families.Membership",
            at,
            by,
            family_id=family.id,
            person_id=person.id,
            role=human.role,
            parental_responsibility=human.responsible,
            lives_here=human.here,
            since=None,
            until=None,
        )
        for kind, value in (("phone", human.phone), ("email", human.email)):
            if value:
                book.add(
                    "families.ContactDetail",
                    at,
                    by,
                    person_id=person.id,
                    kind=kind,
                    value=value,
                    safe=home.safe,
                    preferred=False,
                    advice="",
                    until=None,
                )
        keys = keys_of(
            given_names=human.given,
            family_name=human.surname,
            known_as=human.known_as,
            birth=human.born or human.expected,
            postcodes=(home.spot.postcode,),
            phones=(human.phone,),
            emails=(human.email,),
        )
        self.find_by(book, keys, at, by, person_id=person.id, family_id=family.id)

    def find_by(
        self, book: Book, keys: set[str], at: datetime, by: int | None, **whom: int
    ) -> None:
        """Let somebody of a family be found by what they are not found by yet."""
        for key in sorted(keys):
            known = (whom["person_id"], whom["family_id"], key)
            if known in self.found_by:
                continue
            self.found_by.add(known)
            book.add("families.SearchKey", at, by, **whom, key=key)
            word = key[2:]
            if key.startswith("n:") and word not in self.spelled:
                self.spelled.add(word)
                for form in sorted(forms_of(word)):
                    book.add("families.Spelling", at, by, form=form, word=word)

    def street(self) -> str:
        """Return a house in a street that does not exist."""
        rng = self.rng
        flat = f"Flat {rng.randint(1, 9)}, " if rng.random() < 0.12 else ""
        return (
            f"{flat}{rng.randint(1, 140)} {rng.choice(names.STREET_FIRST)} "
            f"{rng.choice(names.STREET_SECOND)}"
        )

    def again(self, home: Home, day: date) -> Home:
        """Return the same family as another sender writes it down: with slips."""
        rng = self.rng
        copies = [self._slip(child, day) for child in home.children[:2]]
        adults = [
            Human(
                role=a.role,
                given=a.given,
                surname=a.surname,
                sex=a.sex,
                born=None if rng.random() < 0.5 else a.born,
                here=a.here,
                phone=a.phone if rng.random() < 0.6 else "",
                responsible=a.responsible,
            )
            for a in home.adults[:1]
        ]
        return Home(
            culture=home.culture,
            shape=home.shape,
            spot=home.spot,
            street=home.street if rng.random() < 0.6 else home.street.replace("Road", "Rd"),
            hub=home.hub,
            children=copies,
            adults=adults,
            interpreter="",
            safe=True,
        )

    def _slip(self, child: Human, day: date) -> Human:
        """Return a child as somebody else writes them down: as they are, or with one slip."""
        rng = self.rng
        given, surname, born = child.given, child.surname, child.born
        kind = rng.choice(("none", "none", "short", "given", "surname", "swap", "near"))
        if kind == "short":
            given = names.SHORT.get(given, given)
        elif kind == "given":
            given = self._misspelt(given)
        elif kind == "surname":
            surname = self._misspelt(surname)
        elif kind == "swap" and born and born.day <= 12:
            born = born.replace(day=born.month, month=born.day)
        elif kind == "near" and born:
            born = born + timedelta(days=rng.choice((-1, 1, -10, 10)))
        if born and born > day:
            born = child.born
        return Human(
            role="child",
            given=given,
            surname=surname,
            sex=child.sex,
            born=born,
            expected=child.expected,
            school=child.school,
        )

    def _misspelt(self, name: str) -> str:
        """Return a name as it is often misheard or mistyped."""
        fits = [(a, b) for a, b in MISSPELT if a in name[1:]]
        if not fits:
            return name
        heard, written = self.rng.choice(fits)
        return name[0] + name[1:].replace(heard, written, 1)

    def _birthday(self, day: date, age: int) -> date:
        return day - timedelta(days=int(age * 365.25) + self.rng.randint(1, 364))

    def _ethnicity(self, culture: Culture) -> str:
        codes = [code for code, _ in culture.ethnicity]
        return self.rng.choices(codes, [weight for _, weight in culture.ethnicity])[0]

    def _child(
        self,
        culture: Culture,
        surname: str,
        born: date,
        day: date,
        before: list[Human],
        ethnicity: str,
    ) -> Human:
        rng = self.rng
        girl = rng.random() < 0.48
        pool = culture.girls if girl else culture.boys
        taken = {child.given for child in before}
        given = rng.choice(pool)
        while given in taken:
            given = rng.choice(pool)
        unborn = born > day
        if unborn and (born - day).days > 250:
            born = day - timedelta(days=rng.randint(30, 300))
            unborn = False
        human = Human(
            role="child",
            given="" if unborn else given,
            surname=surname,
            sex="U" if unborn else ("F" if girl else "M"),
            born=None if unborn else born,
            expected=born if unborn else None,
            ethnicity="" if unborn else ethnicity,
        )
        if not unborn and given in names.SHORT and rng.random() < 0.15:
            human.known_as = names.SHORT[given]
        return human

    def _adults(
        self,
        culture: Culture,
        shape: str,
        surname: str,
        children: list[Human],
        day: date,
        ethnicity: str,
    ) -> list[Human]:
        rng = self.rng
        eldest = min(child.born or child.expected or day for child in children)
        mother_name = (
            rng.choice(culture.surnames) if rng.random() < culture.mother_keeps_name else surname
        )
        grown = eldest - timedelta(days=int(rng.triangular(18, 40, 26) * 365))

        def adult(role: str, sex: str, family_name: str, born: date, **more: object) -> Human:
            pool = culture.women if sex == "F" else culture.men
            human = Human(
                role=role,
                given=rng.choice(pool),
                surname=family_name,
                sex=sex,
                born=born if rng.random() < 0.7 else None,
                ethnicity=ethnicity,
            )
            for name, value in more.items():
                setattr(human, name, value)
            if rng.random() < 0.92:
                human.phone = f"07700 900{rng.randint(0, 999):03d}"
            if rng.random() < 0.45:
                human.email = (
                    f"{human.given}.{human.surname}{rng.randint(1, 9999)}@mail.example".lower()
                )
            return human

        mother = adult("mother", "F", mother_name, grown, responsible=True)
        father_born = grown - timedelta(days=rng.randint(-900, 2500))
        match shape:
            case "both":
                return [mother, adult("father", "M", surname, father_born, responsible=True)]
            case "step":
                other = rng.choice(culture.surnames)
                return [mother, adult("step_parent", "M", other, father_born, responsible=False)]
            case "two_homes":
                return [
                    mother,
                    adult("father", "M", surname, father_born, responsible=True, here=False),
                ]
            case "father":
                return [adult("father", "M", surname, father_born, responsible=True)]
            case "grandparent":
                old = grown - timedelta(days=rng.randint(6800, 8800))
                return [adult("grandparent", "F", surname, old, responsible=None)]
            case _:
                return [mother]
