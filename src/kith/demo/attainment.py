"""Key Stage 2 results of the generated county: invented, in the shape in which they are published.

Two years, the newer of them provisional, written as files and taken in as an officer would do it.
"""

import csv
import io
from datetime import datetime
from random import Random

from kith.accounts.models import User
from kith.accounts.viewer import seeing_as
from kith.demo.people import address
from kith.partners.models import Organisation
from kith.places.actions import import_attainment

AUTHORITY = "931"
SUBJECTS = {"READ": 75, "WRITTA": 72, "MAT": 74, "GPS": 73}
ENGLAND = {"PTRWM_EXP": 62, "PTRWM_HIGH": 8, "DIS": 47, "OTH": 69}  # about what it has been
FEWEST = 6  # below so many pupils the publisher withholds
HEADINGS = (
    *("RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "PCODE", "NFTYPE", "TOTPUPS", "TELIG"),
    *("TFSM6CLA1A", "TNotFSM6CLA1A", "PTRWM_EXP", "PTRWM_HIGH"),
    *(f"PT{subject}_{level}" for subject in SUBJECTS for level in ("EXP", "HIGH")),
    *("PTSCITA_EXP", "READ_AVERAGE", "MAT_AVERAGE", "GPS_AVERAGE"),
    *("PTRWM_EXP_FSM6CLA1A", "PTRWM_EXP_NotFSM6CLA1A", "DIFFN_RWM_EXP"),
)


def tell_attainment(rng: Random, at: datetime) -> None:
    """Take in the results of the last two school years: the older revised, the newer provisional."""
    lead = User.objects.filter(email=address("lead")).first()
    if lead is None:
        return
    schools = [_School(rng, row) for row in _primary_schools()]
    # Provisional results come in September, revised ones in December.
    newest = at.year if (at.month, at.day) > (9, 12) else at.year - 1
    revised = datetime(newest - 1, 12, 15, 10, 0, tzinfo=at.tzinfo)
    provisional = datetime(newest, 9, 12, 10, 0, tzinfo=at.tzinfo)
    for status, shift, then in (("revised", 0.0, revised), ("provisional", 1.5, provisional)):
        year = then.year
        data = _file(rng, schools, shift)
        name = f"{year - 1}-{year}_{AUTHORITY}_ks2{status}.csv"
        with seeing_as(lead):
            import_attainment(data=data, name=name, year=None, status="", by=lead, at=then)


def _primary_schools() -> list[Organisation]:
    schools = Organisation.objects.filter(phase="primary", active=True, urn__isnull=False)
    return list(schools.order_by("pk"))


class _School:
    """An invented school: how large its last year is, how many are disadvantaged, how it stands."""

    def __init__(self, rng: Random, row: Organisation) -> None:
        self.row = row
        self.pupils = max(3, round((row.pupils or 210) / 7))
        self.disadvantaged = float(row.free_meals_percent or 18) / 100 * 1.3
        self.level = rng.gauss(0, 9)


def _file(rng: Random, schools: list[_School], shift: float) -> bytes:
    lines, total = [], _Sums()
    for school in schools:
        lines.append(_line(rng, school, shift, total))
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, restval="")
    writer.writeheader()
    writer.writerows(lines)
    writer.writerow({"RECTYPE": "3", "LEA": AUTHORITY, "SCHNAME": "Oxfordshire", **total.line()})
    writer.writerow({"RECTYPE": "5", **_england(shift)})
    return out.getvalue().encode("utf-8-sig")


class _Sums:
    """The county as its schools add up to it, with those that are withheld."""

    def __init__(self) -> None:
        self.reached: dict[str, float] = {}
        self.of: dict[str, int] = {}
        self.numbers: dict[str, int] = {}

    def add(self, heading: str, reached: float, of: int) -> None:
        self.reached[heading] = self.reached.get(heading, 0.0) + reached
        self.of[heading] = self.of.get(heading, 0) + of

    def line(self) -> dict[str, str]:
        shares = {
            heading: f"{reached / self.of[heading]:.0f}" + ("" if "AVERAGE" in heading else "%")
            for heading, reached in self.reached.items()
            if self.of[heading]
        }
        return {**{heading: str(many) for heading, many in self.numbers.items()}, **shares}


def _line(rng: Random, school: _School, shift: float, total: _Sums) -> dict[str, str]:
    pupils = max(2, school.pupils + rng.randint(-3, 3))
    poor = min(pupils, round(pupils * school.disadvantaged))
    numbers = {"TELIG": pupils, "TFSM6CLA1A": poor, "TNotFSM6CLA1A": pupils - poor}
    said = {"TOTPUPS": str(school.row.pupils or 210), "TELIG": str(pupils)}
    for heading, many in numbers.items():
        total.numbers[heading] = total.numbers.get(heading, 0) + many
    level = school.level + shift + rng.gauss(0, 3)
    wanted = {
        "PTRWM_EXP_FSM6CLA1A": (45 + level, poor),
        "PTRWM_EXP_NotFSM6CLA1A": (68 + level, pupils - poor),
    }
    for subject, usual in SUBJECTS.items():
        wanted[f"PT{subject}_EXP"] = (usual + level, pupils)
        wanted[f"PT{subject}_HIGH"] = (usual / 3 + level / 2, pupils)
    wanted |= {"PTSCITA_EXP": (81 + level / 2, pupils), "PTRWM_HIGH": (8 + level / 4, pupils)}
    reached = {heading: _reached(rng, percent, of) for heading, (percent, of) in wanted.items()}
    # All who reached the standard are disadvantaged or not.
    reached["PTRWM_EXP"] = reached["PTRWM_EXP_FSM6CLA1A"] + reached["PTRWM_EXP_NotFSM6CLA1A"]
    wanted["PTRWM_EXP"] = (0.0, pupils)
    for heading, (_, of) in wanted.items():
        total.add(heading, 100 * reached[heading], of)
        said[heading] = _share(reached[heading], of)
    for subject in ("READ", "MAT", "GPS"):
        score = round(104 + level / 5 + rng.gauss(0, 0.8))
        total.add(f"{subject}_AVERAGE", score * pupils, pupils)
        said[f"{subject}_AVERAGE"] = str(score) if pupils >= FEWEST else "SUPP"
    if said["PTRWM_EXP_FSM6CLA1A"].endswith("%"):
        gap = round(100 * reached["PTRWM_EXP_FSM6CLA1A"] / poor) - round(ENGLAND["OTH"] + shift)
        said["DIFFN_RWM_EXP"] = str(gap)
    else:
        said["DIFFN_RWM_EXP"] = said["PTRWM_EXP_FSM6CLA1A"]
    for heading in ("TFSM6CLA1A", "TNotFSM6CLA1A"):
        said[heading] = str(numbers[heading]) if pupils >= FEWEST else "SUPP"
    return {
        "RECTYPE": "1",
        "LEA": AUTHORITY,
        "ESTAB": str(2000 + (school.row.urn or 0) % 1000),
        "URN": str(school.row.urn),
        "SCHNAME": school.row.name,
        "PCODE": school.row.postcode,
        "NFTYPE": "CY",
        **said,
    }


def _reached(rng: Random, percent: float, of: int) -> int:
    share = min(0.98, max(0.01, percent / 100))
    return sum(rng.random() < share for _ in range(of))


def _share(reached: int, of: int) -> str:
    if not of:
        return "NA"
    return f"{100 * reached / of:.0f}%" if of >= FEWEST else "SUPP"


def _england(shift: float) -> dict[str, str]:
    share = {f"PT{subject}_EXP": usual for subject, usual in SUBJECTS.items()}
    share |= {f"PT{subject}_HIGH": round(usual / 2.6) for subject, usual in SUBJECTS.items()}
    share |= {
        "PTRWM_EXP": ENGLAND["PTRWM_EXP"],
        "PTRWM_HIGH": ENGLAND["PTRWM_HIGH"],
        "PTSCITA_EXP": 82,
    }
    share |= {"PTRWM_EXP_FSM6CLA1A": ENGLAND["DIS"], "PTRWM_EXP_NotFSM6CLA1A": ENGLAND["OTH"]}
    return {
        **{heading: f"{usual + round(shift)}%" for heading, usual in share.items()},
        **dict.fromkeys(("READ_AVERAGE", "MAT_AVERAGE", "GPS_AVERAGE"), "105"),
        "TELIG": "652000",
        "TFSM6CLA1A": "204000",
        "TNotFSM6CLA1A": "448000",
    }
