"""The tables of the Standard Safeguarding Dataset that concern early help.

Names and order of columns: data-to-insight/ssd-data-model, `data/objects`. What Kith does not hold
is an empty column, never one left out.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date

from kith.analytics.returns.codes import SOURCES, UNKNOWN_SOURCE
from kith.analytics.returns.episodes import Episode, episodes
from kith.analytics.returns.facts import Facts

Cell = str | int | float | date | None
Rows = Iterator[tuple[Cell, ...]]
HISTORY_YEARS = 6
GENDER_NOT_KNOWN = "00"  # Kith asks for sex alone
LEAD_WORKER = "Early help worker"

COLUMNS: dict[str, tuple[str, ...]] = {
    "ssd_person": (
        "pers_person_id", "pers_forename", "pers_surname", "pers_sex", "pers_gender",
        "pers_ethnicity", "pers_dob", "pers_expected_dob", "pers_common_child_id",
        "pers_legacy_id", "pers_upn_unknown", "pers_send_flag", "pers_death_date",
        "pers_is_mother", "pers_nationality",
    ),
    "ssd_family": ("fami_table_id", "fami_family_id", "fami_person_id"),
    "ssd_address": (
        "addr_table_id", "addr_person_id", "addr_address_type", "addr_address_start_date",
        "addr_address_end_date", "addr_address_postcode", "addr_address_json",
    ),
    "ssd_contacts": (
        "cont_contact_id", "cont_person_id", "cont_contact_date", "cont_contact_source_code",
        "cont_contact_source_desc", "cont_contact_outcome_json",
    ),
    "ssd_early_help_episodes": (
        "earl_episode_id", "earl_person_id", "earl_episode_start_date", "earl_episode_end_date",
        "earl_episode_reason", "earl_episode_end_reason", "earl_episode_organisation",
        "earl_episode_worker_id",
    ),
    "ssd_involvements": (
        "invo_involvements_id", "invo_professional_id", "invo_professional_role_id",
        "invo_professional_team", "invo_involvement_start_date", "invo_involvement_end_date",
        "invo_worker_change_reason", "invo_person_id", "invo_referral_id",
    ),
    "ssd_professionals": (
        "prof_professional_id", "prof_staff_id", "prof_professional_name",
        "prof_social_worker_registration_no", "prof_professional_job_title",
        "prof_professional_caseload", "prof_professional_department",
        "prof_full_time_equivalency", "prof_agency_worker_flag",
    ),
    "ssd_department": (
        "dept_team_id", "dept_team_name", "dept_team_parent_id", "dept_team_parent_name",
    ),
}  # fmt: skip
# Every key is always there, whatever came of the contact.
OUTCOME_FLAGS = (
    "NEW_REFERRAL_FLAG", "EXISTING_REFERRAL_FLAG", "CP_ENQUIRY_FLAG", "NFA_FLAG",
    "NON_AGENCY_ADOPTION_FLAG", "PRIVATE_FOSTERING_FLAG", "ADVICE_FLAG", "MISSING_FLAG",
    "OLA_CP_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
# What the front door decided, as a flag. Early help itself has none yet.
FLAG_OF = {
    "social_care": "NEW_REFERRAL_FLAG",
    "sent_on": "ADVICE_FLAG",
    "no_further_action": "NFA_FLAG",
    "accepted": "OTHER_OUTCOMES_EXIST_FLAG",
    "already_helped": "OTHER_OUTCOMES_EXIST_FLAG",
    "withdrawn": "OTHER_OUTCOMES_EXIST_FLAG",
}
ADDRESS_KEYS = (
    "ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN", "UPRN", "EASTING", "NORTHING",
)  # fmt: skip


def person_id(number: int) -> str:
    """Return the number by which a child is known in every table."""
    return f"KP{number}"


def tables(facts: Facts, *, on: date) -> dict[str, Rows]:
    """Return the rows of each table as they are on a day, in the order of COLUMNS."""
    found = episodes(facts.spells)
    rows: dict[str, Callable[[], Rows]] = {
        "ssd_person": lambda: _people(facts),
        "ssd_family": lambda: _families(facts),
        "ssd_address": lambda: _addresses(facts),
        "ssd_contacts": lambda: _contacts(facts),
        "ssd_early_help_episodes": lambda: _episodes(found),
        "ssd_involvements": lambda: _involvements(found),
        "ssd_professionals": lambda: _professionals(facts, found, on=on),
        "ssd_department": lambda: _departments(facts),
    }
    return {name: rows[name]() for name in COLUMNS}


def outcome_json(outcome: str) -> str:
    """Return what came of a contact, with every key; all empty while nothing is decided."""
    flag = FLAG_OF.get(outcome)
    return json.dumps({key: ("Y" if key == flag else "N") if flag else "" for key in OUTCOME_FLAGS})


def _people(facts: Facts) -> Rows:
    for child in facts.children.values():
        yield (
            child.id,
            child.forename,
            child.surname,
            child.sex if child.sex in ("F", "M") else "U",
            GENDER_NOT_KNOWN,
            child.ethnicity,
            child.born,
            None if child.born else child.expected,
            None,
            None,
            None,
            None,
            None,
            "Y" if child.is_mother else "N",
            None,
        )


def _families(facts: Facts) -> Rows:
    for member in facts.members:
        yield f"FM{member.number}", member.family, person_id(member.child)


def _addresses(facts: Facts) -> Rows:
    for home in facts.homes:
        lines = [line for line in home.lines if line]
        held: dict[str, object] = dict.fromkeys(ADDRESS_KEYS, "")
        held["STREET"] = ", ".join(lines[:-1] if len(lines) > 1 else lines)
        held["TOWN"] = lines[-1] if len(lines) > 1 else ""
        held["EASTING"] = "" if home.easting is None else str(home.easting)
        held["NORTHING"] = "" if home.northing is None else str(home.northing)
        yield (
            f"AD{home.number}-{home.child}" + (f"-{home.part}" if home.part > 1 else ""),
            person_id(home.child),
            "Home",
            home.since,
            home.until,
            "".join(home.postcode.split()).upper(),
            json.dumps(held),
        )


def _contacts(facts: Facts) -> Rows:
    for contact in facts.contacts:
        source = contact.source if contact.source in SOURCES else UNKNOWN_SOURCE
        yield (
            f"{contact.reference}-{contact.child}",
            person_id(contact.child),
            contact.on,
            source,
            SOURCES[source],
            outcome_json(contact.outcome),
        )


def _episodes(found: list[Episode]) -> Rows:
    for episode in found:
        worker = episode.worker
        yield (
            episode.id,
            person_id(episode.child),
            episode.since,
            episode.until,
            episode.reason,
            episode.end_reason,
            episode.last.organisation,
            None if worker is None else str(worker),
        )


def _involvements(found: list[Episode]) -> Rows:
    told: set[tuple[int, int]] = set()
    for episode in found:
        for spell in episode.spells:
            for work in spell.work:
                if (work.number, episode.child) in told:
                    continue  # it went on from one case to the next
                told.add((work.number, episode.child))
                yield (
                    f"IN{work.number}-{episode.child}",
                    str(work.professional),
                    LEAD_WORKER,
                    None if spell.team is None else str(spell.team),
                    work.since,
                    work.until,
                    None,
                    person_id(episode.child),
                    spell.request,
                )


def last_30_september(on: date) -> date:
    """Return the last 30 September before a day, or that day."""
    this_year = date(on.year, 9, 30)
    return this_year if this_year <= on else date(on.year - 1, 9, 30)


def _professionals(facts: Facts, found: list[Episode], *, on: date) -> Rows:
    counted = last_30_september(on)
    cases: dict[int, set[str]] = {}
    for episode in found:
        for spell in episode.spells:
            for work in spell.work:
                if work.since <= counted and (work.until is None or work.until > counted):
                    cases.setdefault(work.professional, set()).add(spell.case)
    for one in facts.professionals:
        yield (
            str(one.number),
            str(one.number),
            one.name,
            None,
            one.job_title,
            len(cases.get(one.number, ())),
            one.department,
            one.full_time,
            None,
        )


def _departments(facts: Facts) -> Rows:
    for team in facts.departments:
        yield (
            str(team.number),
            team.name,
            None if team.parent is None else str(team.parent),
            team.parent_name or None,
        )
