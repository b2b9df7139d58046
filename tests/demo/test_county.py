"""The demonstration county keeps every rule that real data keep."""

import io
import os
import subprocess
import sys
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from kith.demo.management.commands.make_county import a_line_a_step
from kith.machine.postgres import Cluster
from kith.places.county import OXFORDSHIRE
from tests.conftest import copy_database, drop_database

TODAY = date(2026, 11, 20)
NOW = datetime.combine(TODAY, time(7, 30), ZoneInfo("Europe/London"))


def make(cluster: Cluster, template: str, what: str):
    """Make a tiny county in a database of its own, as its owner."""
    name = copy_database(cluster, template, what)
    done = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "django", "make_county", "-v0"),
            *("--size", "tiny", "--date", TODAY.isoformat()),
        ],
        env={
            **os.environ,
            "KITH_DATABASE_ROLE": "owner",
            "KITH_OWNER_DATABASE_URL": cluster.url("kith_owner", name),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return cluster.connect(name)


@pytest.fixture(scope="module")
def county(cluster, template):
    """A connection to a tiny county, which sees everything."""
    with make(cluster, template, "county") as connection:
        name = connection.info.dbname
        yield connection
    drop_database(cluster, name)


def rows(county, query: str, *values: object) -> list[tuple]:
    return county.execute(query, values or None).fetchall()


def one(county, query: str, *values: object):
    return rows(county, query, *values)[0][0]


def test_it_holds_something_of_everything(county):
    for table in (
        *("families_family", "families_merge", "families_standing", "families_searchkey"),
        *("referrals_referral", "referrals_step", "referrals_referralneed"),
        *("casework_case", "casework_allocation", "casework_contact", "casework_note"),
        *("casework_assessment", "casework_answer", "families_spelling"),
        *("casework_goal", "casework_planreview", "casework_goalprogress"),
        *("casework_plannedaction", "audit_entry", "audit_sight", "hubs_staffpost"),
    ):
        assert one(county, f"select count(*) from {table}") > 10, table
    statuses = {status for (status,) in rows(county, "select status from referrals_referral")}
    assert {"waiting", "more_asked", "accepted", "sent_on", "no_further_action"} <= statuses


def test_assessments_are_written_sent_and_signed_and_most_families_come_on(county):
    states = dict(rows(county, "select status, count(*) from casework_assessment group by 1"))
    assert states.keys() >= {"draft", "signed"}
    scores = """
        select avg(later.words::int - earlier.words::int)
        from casework_assessment again
        join casework_answer later on later.assessment_id = again.id and later.key like '%score%'
        join casework_answer earlier on earlier.assessment_id = again.previous_id
            and earlier.key = later.key
        where later.key ~ '-score(-[0-9]+)?$' and again.status = 'signed'
    """
    assert one(county, scores) > 0.3
    assert one(county, "select count(*) from casework_assessment where sent_at <= started_at") == 0
    assert one(county, "select count(*) from casework_assessment where signed_at <= sent_at") == 0


def test_some_cases_are_told_and_one_is_released(county):
    states = {state for (state,) in rows(county, "select status from casestudies_casestudy")}

    assert states == {"draft", "sent", "released"}
    assert one(county, "select count(*) from casestudies_releasedversion") == 1


def test_it_shows_what_seldom_happens(county):
    from kith.referrals.attachments import check_file

    states = {state for (state,) in rows(county, "select state from notices_notice")}
    assert states == {"sent", "waiting", "failed"}
    assert one(county, "select min(next_try_at) from notices_notice where state = 'waiting'") > NOW
    files = rows(county, "select name, content, content_type, size from referrals_attachment")
    for name, content, kind, size in files:
        assert check_file(name, content) == (name, kind) and len(content) == size
    reviewed = rows(
        county, "select reviewed_at is not null from families_emergencyaccess order by at"
    )
    assert {flag for (flag,) in reviewed} == {True, False} and reviewed[-1] == (False,)
    astray = """
        select count(*) from casework_handover h join casework_case c on c.id = h.case_id
            join referrals_referral r on r.id = c.referral_id
            where c.team_id <> h.to_team_id or r.team_id <> c.team_id
        union all select count(*) from casework_reopening p join casework_case c on c.id = p.case_id
            where c.status = 'closed' or p.at < p.had_closed_at
        union all select count(*) from casework_note n join casework_handover h using (case_id)
            where n.recorded_at > h.at
        union all select count(*) from families_emergencyaccess e where not exists (
            select 1 from families_standing s where s.user_id = e.user_id
                and s.family_id = e.family_id and s.until = e.until)
    """
    assert {count for (count,) in rows(county, astray)} == {0}
    assert files and one(county, "select count(*) from casework_handover") > 0
    assert one(county, "select count(*) from casework_reopening") > 0
    assert one(county, "select count(*) from casework_stepup where state <> 'decided'") > 0
    not_taken_up = """
        select count(*) from casework_case c where closing_reason = 'stepped_up' and not exists (
            select 1 from casework_stepup s where s.case_id = c.id and s.decision = 'accepted'
                and s.decided_at <= c.closed_at)
    """
    assert one(county, not_taken_up) == 0
    offers = dict(rows(county, "select state, count(*) from casework_handoveroffer group by 1"))
    assert offers["waiting"] and offers["accepted"] == one(
        county, "select count(*) from casework_handover"
    )


def test_some_cases_are_stuck_and_some_families_came_back_within_a_year(county):
    untouched = """
        select count(*) filter (where last < %s::timestamptz - interval '21 days'), count(*)
        from (select c.id, greatest(
                (select max(at) from casework_contact t where t.case_id = c.id and succeeded),
                (select max(happened_at) from casework_note n where n.case_id = c.id and child_seen)
            ) as last from casework_case c where status = 'open') found
    """
    stuck, still_open = rows(county, untouched, NOW)[0]
    assert 0 < stuck < still_open
    came_back = """
        select count(*) from casework_case again join families_family f on f.id = again.family_id
        where exists (
            select 1 from casework_case before join families_family g on g.id = before.family_id
            where g.head_id = f.head_id and before.closed_at <= again.opened_at
                and before.closed_at > again.opened_at - interval '1 year')
    """
    assert one(county, came_back) > 0


def test_nothing_happens_after_this_morning_or_before_it_could(county):
    assert one(county, "select max(received_at) from referrals_referral") < NOW
    assert one(county, "select max(at) from audit_entry") < NOW
    assert one(county, "select max(recorded_at) from casework_note") < NOW
    early = """
        select count(*) from referrals_referral r where decided_at < received_at
        union all select count(*) from casework_case where opened_at < (
            select received_at from referrals_referral r where r.id = referral_id)
        union all select count(*) from casework_case where allocated_at < opened_at
            or first_contact_at < opened_at or closed_at < opened_at
        union all select count(*) from casework_note where recorded_at < happened_at
        union all select count(*) from casework_contact where recorded_at < at
        union all select count(*) from casework_plannedaction where done_on < made_at::date
        union all select count(*) from casework_allocation where until < since
    """
    assert {count for (count,) in rows(county, early)} == {0}


def test_every_decision_has_its_step_and_every_request_was_received(county):
    missing = """
        select count(*) from referrals_referral r where status not in ('waiting', 'more_asked')
            and not exists (select 1 from referrals_step s
                            where s.referral_id = r.id and s.kind = r.status)
        union all select count(*) from referrals_referral r where not exists (
            select 1 from referrals_step s where s.referral_id = r.id and s.kind = 'received'
                and s.at = r.received_at)
        union all select count(*) from referrals_referral r where status = 'accepted'
            and not exists (select 1 from casework_case c
                            where c.referral_id = r.id and c.team_id = r.team_id)
        union all select count(*) from referrals_referral r where not exists (
            select 1 from referrals_referralneed n where n.referral_id = r.id and n.main)
        union all select count(*) from referrals_referral r where not exists (
            select 1 from referrals_referralchild c where c.referral_id = r.id)
    """
    assert {count for (count,) in rows(county, missing)} == {0}


def test_every_open_case_has_a_worker_with_a_post_at_its_hub(county):
    astray = """
        select c.reference from casework_case c where status = 'open' and not exists (
            select 1 from hubs_staffpost p join hubs_hub h on h.id = p.hub_id
            join accounts_membership m on m.user_id = p.user_id and m.team_id = h.team_id
            where p.user_id = c.worker_id and h.team_id = c.team_id
              and (p.until is null or p.until > %s) and m.until is null)
    """
    assert rows(county, astray, TODAY) == []
    allocations = """
        select c.reference from casework_case c where status = 'open' and not exists (
            select 1 from casework_allocation a
            where a.case_id = c.id and a.worker_id = c.worker_id and a.until is null)
    """
    assert rows(county, allocations) == []


def test_a_hub_knows_the_families_it_works_with_and_both_records_of_a_family(county):
    unknown = """
        select c.reference from casework_case c
        join families_family f on f.head_id = (
            select head_id from families_family where id = c.family_id)
        where not exists (
            select 1 from families_standing s
            where s.family_id = f.id and s.team_id = c.team_id and s.until is null)
    """
    assert rows(county, unknown) == []


def test_people_are_of_an_age_that_fits(county):
    assert one(county, "select min(date_of_birth) from families_person") > date(1916, 1, 1)
    too_young = """
        select count(*) from families_membership m
        join families_person p on p.id = m.person_id
        join families_membership k on k.family_id = m.family_id and k.role = 'child'
        join families_person child on child.id = k.person_id
        where m.role in ('mother', 'father', 'grandparent')
          and child.date_of_birth < p.date_of_birth + interval '15 years'
    """
    assert one(county, too_young) == 0
    assert one(county, "select max(date_of_birth) from families_person") < TODAY
    assert one(county, "select count(*) from families_person where family_name = ''") == 0


def test_each_family_lives_at_a_real_postcode_of_the_county(county):
    lived_at = "select count(distinct family_id) from families_address where until is null"
    assert one(county, lived_at) == one(county, "select count(*) from families_family")
    strays = """
        select count(*) from families_address a left join places_postcode p
        on p.code = replace(a.postcode, ' ', '') where p.code is null
    """
    assert one(county, strays) == 0
    outward = {
        row[0][:-2].replace(" ", "")
        for row in rows(county, "select postcode from families_address")
    }
    assert not outward & OXFORDSHIRE.ended, "nobody lives in what Royal Mail has recoded"


def test_history_ends_with_what_is_there_now(county):
    for table in ("families_family", "families_person", "referrals_referral", "casework_case"):
        event = {
            "families_family": "families_familyevent",
            "families_person": "families_personevent",
            "referrals_referral": "referrals_referralevent",
            "casework_case": "casework_caseevent",
        }[table]
        differing = f"""
            select count(*) from {table} t join lateral (
                select * from {event} e where e.pgh_obj_id = t.id order by pgh_id desc limit 1
            ) last on true
            where to_jsonb(t) - 'as_sent' is distinct from to_jsonb(last)
                - 'pgh_id' - 'pgh_created_at' - 'pgh_label' - 'pgh_by' - 'pgh_obj_id'
        """
        assert one(county, differing) == 0, table
        assert one(county, f"select count(distinct pgh_obj_id) from {event}") == one(
            county, f"select count(*) from {table}"
        )


def test_the_walls_stand_again_afterwards(county, cluster):
    open_tables = """
        select c.relname from pg_class c join pg_trigger t on t.tgrelid = c.oid
        where not t.tgisinternal and t.tgenabled = 'D'
        union select relname from pg_class where relrowsecurity and not relforcerowsecurity
    """
    assert rows(county, open_tables) == []
    import psycopg

    name = county.info.dbname
    for role in ("kith_owner", "kith_app"):
        with psycopg.connect(cluster.url(role, name)) as connection:
            assert connection.execute("select count(*) from families_person").fetchone() == (0,)


def test_references_and_numbers_go_on_where_the_county_stops(county):
    highest = one(county, "select max(id) from families_family")
    assert one(county, "select nextval(pg_get_serial_sequence('families_family', 'id'))") > highest
    used = one(county, "select max(right(reference, 6)::int) from referrals_referral")
    assert one(county, "select nextval('referrals_reference')") > used


def test_schools_send_most_and_no_school_is_a_real_one(county):
    from_schools = one(county, "select avg((source = '2A')::int) from referrals_referral")
    assert from_schools > 0.4
    # Real numbers of the register of schools have six digits and begin with 1 to 4 these days.
    assert one(county, "select min(urn) from partners_organisation") > 900_000
    assert one(county, "select count(*) from hubs_hub where shares_with <> ''") == 1


def test_the_command_does_nothing_where_a_county_stands(county, cluster):
    name = county.info.dbname
    before = one(county, "select count(*) from referrals_referral")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", "make_county", "--size", "tiny"],
        env={
            **os.environ,
            "KITH_DATABASE_ROLE": "owner",
            "KITH_OWNER_DATABASE_URL": cluster.url("kith_owner", name),
        },
        check=False,
    )
    assert done.returncode == 0
    assert one(county, "select count(*) from referrals_referral") == before
    refused = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", "make_county", "--fresh"],
        env={
            **os.environ,
            "KITH_DATABASE_ROLE": "app",
            "DATABASE_URL": cluster.url("kith_app", name),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "owner of the database" in refused.stderr


def test_without_a_terminal_each_step_is_one_line():
    out = io.StringIO()
    show = a_line_a_step(out)

    for words, done in [("Reading", 0), ("Reading", 1), ("Telling", 2), ("Telling", 90)]:
        show(words, done, 100)

    assert out.getvalue() == "Reading\nTelling\n"


def test_a_county_thrown_away_leaves_the_forms_that_came_with_kith(cluster, template):
    """What the migrations wrote is needed by the next county."""
    name = copy_database(cluster, template, "thrown_away")
    throw = "import django; django.setup(); from kith.demo import actions; actions.empty_county()"
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", throw],
            env={
                **os.environ,
                "KITH_DATABASE_ROLE": "owner",
                "KITH_OWNER_DATABASE_URL": cluster.url("kith_owner", name),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        with cluster.connect(name) as emptied:
            for table in ("casework_assessmentform", "casework_caseauditform"):
                assert one(emptied, f"select min(id) || ' ' || max(version) from {table}") == "1 1"
    finally:
        drop_database(cluster, name)


def test_families_have_lives_of_their_own(county):
    for table in ("families_relationship", "families_residence", "casework_schooling"):
        assert one(county, f"select count(*) from {table}") > 10, table
    kinds = {kind for (kind,) in rows(county, "select distinct kind from families_relationship")}
    assert kinds >= {"parent", "partner", "foster_carer", "grandparent"}
    lived = """
        select count(*) from casework_schooling s join families_person p on p.id = s.person_id
            where s.since < p.date_of_birth or s.until > now() or s.since > now()
        union all select count(*) from families_residence r join families_person p
            on p.id = r.person_id where r.since < p.date_of_birth
    """
    assert {count for (count,) in rows(county, lived)} == {0}
    assert one(county, "select count(*) from families_person where died_on is not null") > 0
    expected = "select count(*) from families_person where expected_on > %s"
    assert one(county, expected, TODAY) > 0
    two = """
        select count(*) from (select person_id from families_membership
            where until is null group by 1 having count(*) > 1) twice
    """
    assert one(county, two) > 0
    kept = rows(county, "select reason, address_id is null from families_restriction order by 1")
    assert {("refuge", False), ("staff", True)} <= set(kept)
    assert one(county, "select count(*) from kith_walls") > 0
