"""Children in need census: the elements that early help knows of a child it passed to social care.

Follows the DfE's `CIN_schema_2024.xsd`. What social care alone knows (its assessment, plan, UPN,
closure) is left out, which the schema allows; its own system adds it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from xml.etree import ElementTree as Xml

from kith.analytics.returns import codes
from kith.analytics.returns.facts import Child, Facts, PassedOn

SEX = {"M": "1", "F": "2"}
SEX_NOT_KNOWN = "0"  # also of an unborn child
NEED_NOT_STATED = "N0"
NEEDS = frozenset(f"N{number}" for number in range(10))


class NobodyPassedOn(Exception):
    """The schema knows no census without a child."""


def census_year(on: date) -> int:
    """Return the year of the census in whose twelve months, ending on 31 March, a day lies."""
    return on.year if on <= date(on.year, 3, 31) else on.year + 1


def census(facts: Facts, *, since: date, on: date, authority: str, made_at: datetime) -> bytes:
    """Return the census of those passed on in a period. Raises NobodyPassedOn."""
    passed: dict[int, dict[date, PassedOn]] = {}
    for one in sorted(facts.passed_on, key=lambda one: (one.on, one.reference)):
        if since <= one.on <= on:
            # Two referrals of a child on one day are one.
            passed.setdefault(one.child, {}).setdefault(one.on, one)
    if not passed:
        raise NobodyPassedOn
    message = Xml.Element("Message")
    _header(message, on=on, authority=authority, made_at=made_at)
    children = Xml.SubElement(message, "Children")
    for number in sorted(passed):
        _child(children, facts.children[number], passed[number].values())
    Xml.indent(message)
    document: bytes = Xml.tostring(message, encoding="utf-8", xml_declaration=True)
    return document


def _header(message: Xml.Element, *, on: date, authority: str, made_at: datetime) -> None:
    year = census_year(on)
    header = Xml.SubElement(message, "Header")
    collection = Xml.SubElement(header, "CollectionDetails")
    _say(collection, "Collection", "CIN")
    _say(collection, "Year", str(year))
    _say(collection, "ReferenceDate", date(year, 3, 31).isoformat())
    source = Xml.SubElement(header, "Source")
    _say(source, "SourceLevel", "L")
    _say(source, "LEA", authority)
    _say(source, "SoftwareCode", "Kith")
    _say(source, "Release", "1")
    _say(source, "SerialNo", "001")
    _say(source, "DateTime", made_at.replace(microsecond=0, tzinfo=None).isoformat())


def _child(children: Xml.Element, child: Child, passed: Iterable[PassedOn]) -> None:
    element = Xml.SubElement(children, "Child")
    identifiers = Xml.SubElement(element, "ChildIdentifiers")
    _say(identifiers, "LAchildID", child.id)
    if child.born:
        _say(identifiers, "PersonBirthDate", child.born.isoformat())
    elif child.expected:
        _say(identifiers, "ExpectedPersonBirthDate", child.expected.isoformat())
    _say(identifiers, "GenderCurrent", SEX.get(child.sex, SEX_NOT_KNOWN))
    characteristics = Xml.SubElement(element, "ChildCharacteristics")
    known = child.ethnicity in codes.ETHNICITIES
    _say(characteristics, "Ethnicity", child.ethnicity if known else codes.NOT_OBTAINED)
    held = [code for code in dict.fromkeys(child.disabilities) if code in codes.DISABILITIES]
    if held:
        disabilities = Xml.SubElement(characteristics, "Disabilities")
        for code in held if held == ["NONE"] else [code for code in held if code != "NONE"]:
            _say(disabilities, "Disability", code)
    for one in passed:
        details = Xml.SubElement(element, "CINdetails")
        _say(details, "CINreferralDate", one.on.isoformat())
        source = one.source if one.source in codes.SOURCES else codes.UNKNOWN_SOURCE
        _say(details, "ReferralSource", source)
        need = one.primary_need if one.primary_need in NEEDS else NEED_NOT_STATED
        _say(details, "PrimaryNeedCode", need)
        # Early help passed the child on so that something is done, unless social care said otherwise.
        _say(details, "ReferralNFA", "true" if one.nfa else "false")


def _say(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = text
