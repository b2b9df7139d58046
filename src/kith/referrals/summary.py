"""A request in words: for the page of answers, the sender's own page, and paper."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from kith.referrals.drafts import VOICES
from kith.referrals.requests import (
    ADULT_ROLES,
    AGENCIES,
    AGREED_HOW,
    CONTACT_BY,
    GROUPS,
    PROFESSIONALS,
    SEXES,
    NewAdult,
    NewChild,
    NewRequest,
)


@dataclass(frozen=True)
class Row:
    """A question and its answer. `field` names the part of the request it shows."""

    key: str
    value: str
    field: str


@dataclass(frozen=True)
class Section:
    """Some answers that belong together."""

    title: str
    rows: tuple[Row, ...]


def sections(
    request: NewRequest, *, need_names: Mapping[str, str], to_sender: bool = True
) -> list[Section]:
    """Return everything that a request says, in the order in which it was asked.

    It says "you" to the sender, and not to the desk and the hubs.
    """
    return [
        Section("Who is asking", tuple(_sender(request, to_sender))),
        *(
            Section(
                f"Child {number + 1}" if len(request.children) > 1 else "Child or young person",
                tuple(_child(child, number)),
            )
            for number, child in enumerate(request.children)
        ),
        *(
            Section(ADULT_ROLES.get(adult.role, "Adult"), tuple(_adult(adult, number)))
            for number, adult in enumerate(request.adults)
        ),
        Section("Home", tuple(_home(request))),
        Section("What is asked", tuple(_asked(request, need_names))),
        Section("Agreement", tuple(_agreement(request, to_sender))),
        Section("Getting in touch", tuple(_reach(request))),
    ]


def from_kept(kept: Mapping[str, Any]) -> NewRequest:
    """Return the request that was kept as plain values (`requests.as_kept`)."""
    request = {name: _value(name, value) for name, value in kept.items() if name in _REQUEST}
    request["children"] = tuple(
        NewChild(**{n: _value(n, v) for n, v in child.items() if n in _CHILD})
        for child in kept.get("children", [])
    )
    request["adults"] = tuple(
        NewAdult(**{n: _value(n, v) for n, v in adult.items() if n in _ADULT})
        for adult in kept.get("adults", [])
    )
    blank = {"channel": "web", "sender_kind": "other", "sender_name": "", "worry": "", "basis": ""}
    return NewRequest(**{**blank, **request})


def first_names(request: NewRequest) -> str:
    """Return how the children are spoken of to somebody who knows them: "Ada and Ben"."""
    return names_of(child.given_names for child in request.children)


def names_of(given_names: Iterable[str]) -> str:
    """Return children's given names as they are spoken of; one without a name is not born yet."""
    names = [name or "a baby to be born" for name in given_names]
    return (
        names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
    )


def said_day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _sender(request: NewRequest, to_sender: bool) -> Iterator[Row]:
    yield Row("Name", request.sender_name, "sender_name")
    if request.sender_role:
        yield Row("Role", request.sender_role, "sender_role")
    if request.sender_organisation_name:
        field = "sender_organisation_name"
        yield Row("Organisation", request.sender_organisation_name, field)
    yield Row("E-mail", request.sender_email, "sender_email")
    yield Row("Telephone", request.sender_phone, "sender_phone")
    if request.sender_kind in PROFESSIONALS:
        whose = "Your" if to_sender else "Their"
        yield Row(f"{whose} own number", request.sender_reference, "sender_reference")


def _child(child: NewChild, number: int) -> Iterator[Row]:
    where = f"children.{number}"
    yield Row("Name", f"{child.given_names} {child.family_name}".strip(), f"{where}.given_names")
    if child.expected_on:
        yield Row("Expected", said_day(child.expected_on), f"{where}.expected_on")
    else:
        yield Row("Date of birth", said_day(child.date_of_birth), f"{where}.date_of_birth")
    yield Row("Sex", SEXES.get(child.sex, ""), f"{where}.sex")
    school = ", ".join(part for part in (child.school_name, child.year_group) if part)
    yield Row("School, nursery or college", school, f"{where}.school_name")
    more = [DISABILITY_NAMES.get(code, code) for code in child.disabilities]
    more += ["looks after somebody at home"] if child.young_carer else []
    yield Row("Difficulties and caring", ", ".join(more), f"{where}.disabilities")
    yield Row("Ethnic background", ETHNICITY_NAMES.get(child.ethnicity, ""), f"{where}.ethnicity")


def _adult(adult: NewAdult, number: int) -> Iterator[Row]:
    where = f"adults.{number}"
    yield Row("Name", f"{adult.given_names} {adult.family_name}".strip(), f"{where}.given_names")
    responsible = {True: "Yes", False: "No", None: "Not known"}[adult.parental_responsibility]
    yield Row("Parental responsibility", responsible, f"{where}.parental_responsibility")
    yield Row("Lives with the child", "Yes" if adult.lives_here else "No", f"{where}.lives_here")
    yield Row("Telephone", _safe(adult.phone, adult.phone_safe), f"{where}.phone")
    yield Row("E-mail", _safe(adult.email, adult.email_safe), f"{where}.email")


def _safe(value: str, safe: bool) -> str:
    return value if safe or not value else f"{value} (not safe to use)"


def _home(request: NewRequest) -> Iterator[Row]:
    if request.no_fixed_address:
        yield Row("Address", "No fixed address", "postcode")
    else:
        lines = [line for line in (*request.address.splitlines(), request.postcode) if line]
        yield Row("Address", "\n".join(lines), "postcode")


def _asked(request: NewRequest, need_names: Mapping[str, str]) -> Iterator[Row]:
    if request.service_name:
        yield Row("A place is asked for in", request.service_name, "service_name")
    yield Row("The worry", request.worry, "worry")
    yield Row("What goes well", request.going_well, "going_well")
    yield Row("What was tried", request.tried, "tried")
    yield Row("What would be different", request.would_be_different, "would_be_different")
    named = [need_names.get(code, code) for code in request.needs]
    yield Row("Needs", "\n".join(named), "needs")
    if len(named) > 1:
        yield Row("Main need", need_names.get(request.main_need, ""), "main_need")
    if request.sender_kind != "young_person":
        groups = "\n".join(GROUPS[key] for key in request.groups if key in GROUPS)
        yield Row("Groups", groups or "None of them", "groups")


def _agreement(request: NewRequest, to_sender: bool) -> Iterator[Row]:
    if request.basis == "no_consent":
        yield Row("Agreement", "Shared without agreement, for a lawful reason", "basis")
        yield Row("Lawful reason", request.lawful_reason, "lawful_reason")
    elif request.sender_kind in PROFESSIONALS or request.sender_kind == "other":
        agreed = (
            request.agreed_by,
            AGREED_HOW.get(request.agreed_how, ""),
            said_day(request.agreed_on),
        )
        yield Row("Agreed by", ", ".join(part for part in agreed if part), "agreed_by")
    told = "\n".join(AGENCIES[key] for key in request.agencies_told if key in AGENCIES)
    if request.basis != "no_consent":
        yield Row("Who may be told", told or "Nobody else", "agencies_told")
    if request.basis != "no_consent" and request.sender_kind not in ("parent", "young_person"):
        told_outcome = "Yes" if request.outcome_may_be_told else "No"
        who = "You" if to_sender else "Sender"
        yield Row(f"{who} may hear the outcome", told_outcome, "outcome_may_be_told")


def _reach(request: NewRequest) -> Iterator[Row]:
    yield Row("Interpreter", request.interpreter or "Not needed", "interpreter")
    ways = ", ".join(CONTACT_BY[key] for key in request.contact_by if key in CONTACT_BY)
    yield Row("Ways to get in touch", ways, "contact_by")
    yield Row("Letters", "Safe" if request.post_is_safe else "Not safe to send", "post_is_safe")
    yield Row("To know before", request.contact_advice, "contact_advice")


def _value(name: str, value: Any) -> Any:
    if name in ("date_of_birth", "expected_on", "agreed_on"):
        return date.fromisoformat(value) if value else None
    return tuple(value) if isinstance(value, list) else value


_REQUEST = {field.name for field in fields(NewRequest)} - {"children", "adults"}
_CHILD = {field.name for field in fields(NewChild)}
_ADULT = {field.name for field in fields(NewAdult)}
# The colour of a state's tag, whose words say the same.
# A state as whoever sent the request reads it, where the desk speaks of it otherwise.
TO_SENDERS = {"more_asked": "Waiting for your answer", "withdrawn": "Withdrawn"}
# Where an accepted request has got to, by the last step that its sender was told of.
SINCE_ACCEPTED = {
    "first_contact": "In touch with the family",
    "moved": "Another hub took over",
    "resumed": "Help has begun again",
    "ended": "Help has ended",
}
COLOURS = {
    "waiting": "blue",
    "more_asked": "orange",
    "accepted": "green",
    "sent_on": "teal",
    "social_care": "red",
    "already_helped": "purple",
    "no_further_action": "grey",
    "withdrawn": "grey",
}
# The Department for Education's codes, in words that a parent uses.
ETHNICITY_NAMES = {
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WIRT": "Traveller of Irish heritage",
    "WROM": "Gypsy or Roma",
    "WOTH": "Any other White background",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "Any other mixed background",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "CHNE": "Chinese",
    "AOTH": "Any other Asian background",
    "BCRB": "Black Caribbean",
    "BAFR": "Black African",
    "BOTH": "Any other Black background",
    "OOTH": "Any other ethnic background",
}
DISABILITY_NAMES = {
    "MOB": "Moving about",
    "HAND": "Using hands",
    "PC": "Washing, dressing or eating",
    "INC": "Staying dry or clean",
    "COMM": "Talking or understanding",
    "LD": "Learning",
    "HEAR": "Hearing",
    "VIS": "Seeing",
    "BEH": "Behaviour",
    "CON": "Fits or blackouts",
    "AUT": "Autism",
    "DDA": "Another long-lasting condition",
}


def state_for_sender(referral: Any, last_told: str = "") -> tuple[str, str]:
    """Return where a request has got to, in words for whoever sent it, and the colour of its tag.

    `last_told` is the kind of the last step that the sender was told of: `queries.last_told`.
    """
    if referral.status == "accepted" and last_told in SINCE_ACCEPTED:
        own = VOICES.get(referral.sender_kind) != "worker"
        words = SINCE_ACCEPTED[last_told]
        if own and last_told == "first_contact":
            words = "In touch with you"
        return words, "grey" if last_told == "ended" else COLOURS["accepted"]
    words = TO_SENDERS.get(referral.status) or str(referral.get_status_display())
    return words, COLOURS.get(referral.status, "blue")
