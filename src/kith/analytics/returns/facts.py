"""What goes into a return: plain facts, each with the number it is known by elsewhere."""

from dataclasses import dataclass, field
from datetime import date

from kith.analytics.days import age_on


@dataclass(frozen=True, slots=True)
class Child:
    """A child or young person, born or expected. `number` is never given to another."""

    number: int
    forename: str
    surname: str
    sex: str = "U"  # F, M, U
    ethnicity: str = ""
    born: date | None = None
    expected: date | None = None
    is_mother: bool = False
    disabilities: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The number as the standards want it: letters and digits, 20 at most."""
        return f"KP{self.number}"

    def age_on(self, day: date) -> int | None:
        """Return whole years; None where the birth is not known, or still to come."""
        if self.born is None or self.born > day:
            return None
        return age_on(self.born, day)


@dataclass(frozen=True, slots=True)
class Member:
    """A child belongs to a family."""

    number: int
    family: str
    child: int


@dataclass(frozen=True, slots=True)
class Home:
    """Where a child lives or has lived; `part` numbers the times they lived there."""

    number: int
    child: int
    lines: tuple[str, ...] = ()
    postcode: str = ""
    easting: int | None = None
    northing: int | None = None
    since: date | None = None
    until: date | None = None
    part: int = 1


@dataclass(frozen=True, slots=True)
class Contact:
    """A request for help names a child."""

    reference: str
    child: int
    on: date
    source: str
    outcome: str = ""  # as the front door decided: accepted, social_care ...; none yet
    family: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A professional works with a family. `until` is the day on which it ended."""

    number: int
    professional: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A child is helped without a break in one case. `until` is None while it goes on."""

    child: int
    case: str
    since: date
    until: date | None
    reason: str = ""
    end_reason: str = ""
    organisation: str = ""
    team: int | None = None
    work: tuple[Work, ...] = ()
    request: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """An early help assessment is about a child. `completed` is None until it is signed."""

    child: int
    case: str
    started: date
    completed: date | None = None


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A child was passed to children's social care, by the front door or from a case."""

    reference: str
    child: int
    on: date
    source: str
    primary_need: str = ""  # N0 to N9
    team: str = ""  # whose decision it was
    worker: str = ""
    family: str = ""
    nfa: bool | None = None  # whether social care took no further action; None: not known


@dataclass(frozen=True, slots=True)
class Professional:
    """Somebody who works with families."""

    number: int
    name: str
    job_title: str = ""
    department: str = ""
    full_time: float | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """A team, and the one it belongs to."""

    number: int
    name: str
    parent: int | None = None
    parent_name: str = ""


@dataclass(frozen=True)
class Facts:
    """All that a return is made from."""

    children: dict[int, Child] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    passed_on: list[PassedOn] = field(default_factory=list)
    professionals: list[Professional] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
