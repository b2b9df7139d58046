"""A request for help as it arrives, and what is wrong with it.

The web form, the partners' JSON interface and the file reader all build a `NewRequest` and ask
`check`, so that each refuses the same things in the same words.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from kith.places.postcodes import NotAPostcode, tidy

LONGEST_TEXT = 10_000
LONGEST_NAME = 100
OLDEST_CHILD_YEARS = 25  # young people with special needs are helped until 25
MOST_CHILDREN = 15
MOST_ADULTS = 10

SEXES = {"F": "Female", "M": "Male", "U": "Not known"}
SENDERS = ("partner", "professional", "parent", "young_person", "other")
PROFESSIONALS = ("partner", "professional")
ADULT_ROLES = {
    "mother": "Mother",
    "father": "Father",
    "step_parent": "Step-parent or parent's partner",
    "carer": "Other carer",
    "grandparent": "Grandparent",
    "other": "Other adult",
}
GROUPS = {
    "young_carer": "A young carer: a child who looks after somebody at home",
    "disability": "A child or parent with a disability",
    "father": "A father or male carer is bringing up the children",
}
AGREED_HOW = {
    "spoken": "They said so",
    "written": "They signed",
    "self": "They are asking themselves",
}
AGENCIES = {
    "school": "The school, nursery or college",
    "health": "Health: GP, health visitor, school nurse",
    "police": "Police",
    "housing": "Housing",
    "voluntary": "Voluntary and community groups",
    "social_care": "Social care",
    "early_help": "Hubs and children's centres",
}
CONTACT_BY = {"phone": "Telephone", "text": "Text message", "email": "E-mail", "post": "Post"}


@dataclass(frozen=True)
class NewChild:
    """A child or young person for whom help is asked."""

    given_names: str
    family_name: str
    date_of_birth: date | None = None
    expected_on: date | None = None
    sex: str = "U"
    ethnicity: str = ""
    school_id: int | None = None
    school_name: str = ""
    year_group: str = ""
    young_carer: bool = False
    disabilities: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewAdult:
    """A parent, carer or other adult of the household."""

    given_names: str
    family_name: str
    role: str = "carer"
    date_of_birth: date | None = None
    parental_responsibility: bool | None = None
    lives_here: bool = True
    phone: str = ""
    phone_safe: bool = True
    email: str = ""
    email_safe: bool = True


@dataclass(frozen=True)
class NewRequest:
    """Everything that is asked of somebody who sends a request. Missing text is "", not None."""

    channel: str
    sender_kind: str
    sender_name: str
    worry: str
    children: tuple[NewChild, ...]
    basis: str
    adults: tuple[NewAdult, ...] = ()
    sender_role: str = ""
    sender_organisation_id: int | None = None
    sender_organisation_name: str = ""
    sender_email: str = ""
    sender_phone: str = ""
    sender_reference: str = ""
    address: str = ""
    postcode: str = ""
    no_fixed_address: bool = False
    going_well: str = ""
    tried: str = ""
    would_be_different: str = ""
    needs: tuple[str, ...] = ()
    main_need: str = ""
    groups: tuple[str, ...] = ()
    agreed_by: str = ""
    agreed_how: str = ""
    agreed_on: date | None = None
    lawful_reason: str = ""
    agencies_told: tuple[str, ...] = ()
    outcome_may_be_told: bool = True
    interpreter: str = ""
    contact_by: tuple[str, ...] = ()
    contact_advice: str = ""
    post_is_safe: bool = True
    urgent: bool = False
    # A service of the directory in which a place is asked for: its `uid`, and its name at that time.
    service: str = ""
    service_name: str = ""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a request: where (`children.0.date_of_birth`), and what to do."""

    field: str
    message: str


def check(request: NewRequest, *, today: date, known_needs: Collection[str]) -> list[Problem]:
    """Return everything that is wrong with a request, in the order of the form. [] means none."""
    return list(_problems(request, today, known_needs))


def as_kept(request: NewRequest) -> dict[str, Any]:
    """Return a request as plain values, for keeping what was sent exactly as it was sent."""

    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (NewRequest, NewChild, NewAdult)):
            return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        return value

    kept: dict[str, Any] = plain(request)
    return kept


def _problems(request: NewRequest, today: date, known_needs: Collection[str]) -> Iterator[Problem]:
    yield from _sender(request)
    yield from _children(request, today)
    yield from _adults(request, today)
    yield from _home(request)
    yield from _worry(request, known_needs)
    yield from _agreement(request, today)
    yield from _reach(request)
    yield from _unprintable(request)


def _sender(request: NewRequest) -> Iterator[Problem]:
    if request.sender_kind not in SENDERS:
        yield Problem("sender_kind", "Choose who is asking for help")
    yield from _name(request.sender_name, "sender_name", "your name", longest=200)
    yield from _text(request.sender_role, "sender_role", longest=200)
    yield from _text(request.sender_organisation_name, "sender_organisation_name", longest=200)
    yield from _text(request.sender_reference, "sender_reference", longest=100)
    if request.sender_kind == "professional" and not (
        request.sender_organisation_id or request.sender_organisation_name.strip()
    ):
        yield Problem("sender_organisation_name", "Enter the name of your organisation")
    yield from _email(request.sender_email, "sender_email")
    yield from _phone(request.sender_phone, "sender_phone")
    if request.sender_kind != "partner" and not (
        request.sender_email.strip() or request.sender_phone.strip()
    ):
        yield Problem(
            "sender_email",
            "Enter an e-mail address or a telephone number, so that we can tell you what happens",
        )


def _children(request: NewRequest, today: date) -> Iterator[Problem]:
    if not request.children:
        yield Problem("children", "Add at least one child or young person")
    if len(request.children) > MOST_CHILDREN:
        yield Problem("children", f"Add no more than {MOST_CHILDREN} children to one request")
    for number, child in enumerate(request.children):
        where = f"children.{number}"
        unborn = child.expected_on is not None
        if not unborn or child.given_names.strip():
            yield from _name(child.given_names, f"{where}.given_names", "the child's first name")
        yield from _name(child.family_name, f"{where}.family_name", "the child's last name")
        if child.date_of_birth and child.expected_on:
            yield Problem(
                f"{where}.date_of_birth",
                "Enter a date of birth, or the date a baby is expected, not both",
            )
        elif not child.date_of_birth and not child.expected_on:
            yield Problem(
                f"{where}.date_of_birth",
                "Enter the date of birth, or the date the baby is expected",
            )
        if child.date_of_birth:
            if child.date_of_birth > today:
                yield Problem(f"{where}.date_of_birth", "The date of birth must be in the past")
            elif child.date_of_birth < _years_before(today, OLDEST_CHILD_YEARS):
                yield Problem(
                    f"{where}.date_of_birth",
                    f"Hubs help children and young people up to {OLDEST_CHILD_YEARS}. "
                    "Check the year of birth",
                )
        if child.expected_on and not (
            today - timedelta(weeks=6) <= child.expected_on <= today + timedelta(weeks=42)
        ):
            yield Problem(
                f"{where}.expected_on", "The date the baby is expected must be within nine months"
            )
        if child.sex not in SEXES:
            yield Problem(f"{where}.sex", "Choose female, male or not known")
        yield from _text(child.school_name, f"{where}.school_name", longest=200)
        yield from _text(child.year_group, f"{where}.year_group", longest=20)
        yield from _text(child.ethnicity, f"{where}.ethnicity", longest=4)


def _adults(request: NewRequest, today: date) -> Iterator[Problem]:
    if len(request.adults) > MOST_ADULTS:
        yield Problem("adults", f"Add no more than {MOST_ADULTS} adults to one request")
    for number, adult in enumerate(request.adults):
        where = f"adults.{number}"
        yield from _name(adult.given_names, f"{where}.given_names", "the adult's first name")
        yield from _name(adult.family_name, f"{where}.family_name", "the adult's last name")
        if adult.role not in ADULT_ROLES:
            yield Problem(f"{where}.role", "Choose who this is to the child")
        if adult.date_of_birth and not (
            _years_before(today, 120) < adult.date_of_birth < _years_before(today, 10)
        ):
            yield Problem(f"{where}.date_of_birth", "Check the year of birth")
        yield from _phone(adult.phone, f"{where}.phone")
        yield from _email(adult.email, f"{where}.email")


def _home(request: NewRequest) -> Iterator[Problem]:
    yield from _text(request.address, "address", longest=500)
    if request.postcode.strip():
        try:
            tidy(request.postcode)
        except NotAPostcode as problem:
            yield Problem("postcode", str(problem))
    elif not request.no_fixed_address:
        yield Problem("postcode", "Enter a postcode, or say that the family has no fixed address")


def _worry(request: NewRequest, known_needs: Collection[str]) -> Iterator[Problem]:
    if not request.worry.strip():
        yield Problem("worry", "Write what you are worried about")
    for name in ("worry", "going_well", "tried", "would_be_different"):
        yield from _text(getattr(request, name), name)
    for code in request.needs:
        if code not in known_needs:
            yield Problem("needs", f"“{code[:40]}” is not one of the needs to choose from")
    if not request.needs:
        yield Problem("needs", "Choose at least one thing that the family needs help with")
    if request.main_need and request.main_need not in request.needs:
        yield Problem("main_need", "Choose the main need from those you have named")
    for group in request.groups:
        if group not in GROUPS:
            yield Problem("groups", f"“{group[:40]}” is not one of the groups to choose from")


def _agreement(request: NewRequest, today: date) -> Iterator[Problem]:
    if request.basis not in ("consent", "no_consent"):
        yield Problem("basis", "Say whether the family has agreed to this request")
        return
    if request.basis == "no_consent":
        if request.sender_kind not in PROFESSIONALS:
            yield Problem("basis", "We need the family's agreement to help")
        if not request.lawful_reason.strip():
            yield Problem(
                "lawful_reason",
                "Give the lawful reason for asking without the family's agreement",
            )
    else:
        yield from _name(request.agreed_by, "agreed_by", "who agreed", longest=200)
        if request.agreed_how not in AGREED_HOW:
            yield Problem("agreed_how", "Choose how they agreed")
        if request.agreed_on is None:
            yield Problem("agreed_on", "Enter the date on which they agreed")
    if request.agreed_on and request.agreed_on > today:
        yield Problem("agreed_on", "The date on which they agreed must be today or in the past")
    yield from _text(request.lawful_reason, "lawful_reason")
    for agency in request.agencies_told:
        if agency not in AGENCIES:
            yield Problem("agencies_told", f"“{agency[:40]}” is not one of the agencies")


def _reach(request: NewRequest) -> Iterator[Problem]:
    yield from _text(request.interpreter, "interpreter", longest=60)
    yield from _text(request.contact_advice, "contact_advice", longest=2000)
    for way in request.contact_by:
        if way not in CONTACT_BY:
            yield Problem("contact_by", f"“{way[:40]}” is not a way to be in touch")


def _unprintable(request: NewRequest) -> Iterator[Problem]:
    """Text that cannot be stored, or that would hide what it says."""

    def each(value: Any, where: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield where, value
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                yield from each(item, f"{where}.{number}")
        elif isinstance(value, (NewChild, NewAdult, NewRequest)):
            for part in fields(value):
                yield from each(getattr(value, part.name), f"{where}.{part.name}".lstrip("."))

    for where, text in each(request, ""):
        if hides_something(text):
            yield Problem(where, "Remove the hidden characters from this text and type it again")


def hides_something(text: str) -> bool:
    """Say whether a text holds characters that cannot be printed or that turn text round."""
    return any(
        (unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") and letter not in "\n\r\t")
        or letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for letter in text
    )


def _name(value: str, where: str, what: str, longest: int = LONGEST_NAME) -> Iterator[Problem]:
    if not value.strip():
        yield Problem(where, f"Enter {what}")
    elif not any(letter.isalpha() for letter in value):
        yield Problem(where, f"Enter {what} in letters")
    yield from _text(value, where, longest=longest)


def _text(value: str, where: str, longest: int = LONGEST_TEXT) -> Iterator[Problem]:
    if len(value) > longest:
        yield Problem(where, f"Use {longest:,} characters or fewer. You have used {len(value):,}")


def _email(value: str, where: str) -> Iterator[Problem]:
    value = value.strip()
    if value and (
        len(value) > 254 or not re.fullmatch(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"'.]{2,}", value)
    ):
        yield Problem(where, "Enter an e-mail address like name@example.com")


def _phone(value: str, where: str) -> Iterator[Problem]:
    digits = re.sub(r"[\s().+-]", "", value)
    if value.strip() and not re.fullmatch(r"\d{9,15}", digits):
        yield Problem(where, "Enter a telephone number like 01632 960 001 or 07700 900 982")


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=28)
